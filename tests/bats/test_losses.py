"""Losses against closed forms and finite differences, and the answers read from spikes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from snn_explorer.bats.losses import FirstSpikeLoss, Loss, SpikeCountLoss, SpikeTimeLoss
from snn_explorer.bats.readout import counts_until, spike_time
from snn_explorer.bats.spikes import Spikes
from snn_explorer.engine import ParameterError
from tests.bats.made_spikes import made

TWO = [[(0.1, 0), (0.2, 1), (0.3, 0), (0.4, 2)], [(0.05, 2), (0.15, 2)]]
"""Outputs 0, 1, 2 spike 2, 1, 1 times in one sample, and 0, 0, 2 times in the other."""


def slopes(loss: Callable[[Spikes, Tensor], Tensor], spikes: Spikes, target: Tensor) -> Tensor:
    """Gradient of the sum of losses in the spike times."""
    (slope,) = torch.autograd.grad(loss(spikes, target).sum(), spikes.time)
    return slope


def differences(loss: Callable[[Spikes, Tensor], Tensor], spikes: Spikes, target: Tensor) -> Tensor:
    """The same by central differences."""
    step, result = 1e-6, torch.zeros_like(spikes.time)
    for k in torch.isfinite(spikes.time).nonzero().tolist():
        for sign in (-1, 1):
            time = spikes.time.detach().clone()
            time[k[0], k[1]] += sign * step
            moved = Spikes(spikes.events._replace(time=time), spikes.n_neurons, spikes.per_neuron)
            result[k[0], k[1]] += sign * loss(moved, target).sum() / (2 * step)
    return result


def test_the_count_loss_is_half_the_squared_distance() -> None:
    loss = SpikeCountLoss(target_true=5, target_false=1)(made(TWO, 3), torch.tensor([0, 2]))
    assert loss.tolist() == [((5 - 2) ** 2 + 0 + 0) / 2, (1 + 1 + (5 - 2) ** 2) / 2]


def test_every_spike_gets_its_neurons_count_error() -> None:
    loss = SpikeCountLoss(target_true=5, target_false=0)
    slope = slopes(loss, made(TWO, 3), torch.tensor([0, 1]))
    # target - count: descent moves spikes of the neuron that should spike more forward in time
    assert slope.tolist() == [[3, -1, 3, -1], [-2, -2, 0, 0]]


def test_the_count_error_follows_the_weight_of_each_sample() -> None:
    spikes = made(TWO, 3)
    per_sample = SpikeCountLoss(target_true=5, target_false=0)(spikes, torch.tensor([0, 1]))
    (slope,) = torch.autograd.grad((per_sample * torch.tensor([0.5, 0.0])).sum(), spikes.time)
    assert slope.tolist() == [[1.5, -0.5, 1.5, -0.5], [0, 0, 0, 0]]


def test_the_first_spike_loss_is_the_cross_entropy_of_first_times() -> None:
    loss, spikes = FirstSpikeLoss(tau_loss=0.1, duration=20.0), made(TWO, 3)
    e = [math.exp(-t / 0.1) for t in (0.1, 0.2, 0.4)]
    assert loss(spikes, torch.tensor([1, 2])).tolist() == pytest.approx([-math.log(e[1] / sum(e)), 0.0], abs=1e-12)


def test_the_first_spike_loss_moves_first_spikes_only() -> None:
    loss, spikes, labels = FirstSpikeLoss(tau_loss=0.1, duration=0.5), made(TWO, 3), torch.tensor([1, 2])
    e = torch.tensor([math.exp(-t / 0.1) for t in (0.1, 0.2, 0.4)], dtype=torch.float64)
    p = e / e.sum()
    slope = slopes(loss, spikes, labels)
    expected = torch.tensor([-p[0], 1 - p[1], 0.0, -p[2]], dtype=torch.float64) / 0.1
    torch.testing.assert_close(slope[0], expected)
    torch.testing.assert_close(slope, differences(loss, spikes, labels), rtol=1e-6, atol=1e-7)


def test_a_silent_label_delays_the_others_and_stays_finite() -> None:
    loss, spikes, labels = FirstSpikeLoss(tau_loss=0.1, duration=0.5), made(TWO, 3), torch.tensor([1, 0])
    slope = slopes(loss, spikes, labels)
    assert slope[1, 0] < 0
    assert slope[1, 1:].tolist() == [0, 0, 0]
    torch.testing.assert_close(slope, differences(loss, spikes, labels), rtol=1e-6, atol=1e-7)


def test_a_sample_without_spikes_costs_as_much_as_guessing_and_moves_nothing() -> None:
    loss, spikes = FirstSpikeLoss(tau_loss=0.01, duration=0.5), made([[(0.1, 0)], []], 3)
    labels = torch.tensor([0, 1])
    assert float(loss(spikes, labels)[1].detach()) == pytest.approx(math.log(3))
    assert slopes(loss, spikes, labels)[1].tolist() == [0]


def test_the_spike_time_loss_counts_in_units_of_tau() -> None:
    loss, spikes = SpikeTimeLoss(tau_loss=0.1, duration=0.5), made(TWO, 3)
    wanted = torch.tensor([[0.3, 0.2, math.inf], [0.4, math.inf, 0.05]], dtype=torch.float64)
    # the second sample's output 0 is silent, which counts as a spike at 0.5 s
    assert loss(spikes, wanted).tolist() == pytest.approx([0.5 * 2.0**2, 0.5 * 1.0**2])
    slope = slopes(loss, spikes, wanted)
    torch.testing.assert_close(slope, differences(loss, spikes, wanted), rtol=1e-6, atol=1e-7)
    assert slope[0].tolist() == pytest.approx([(0.1 - 0.3) / 0.1**2, 0, 0, 0])
    assert slope[1].tolist() == [0, 0, 0, 0]


def test_the_spike_time_loss_can_want_a_later_spike() -> None:
    loss, spikes = SpikeTimeLoss(tau_loss=0.1, duration=0.5, nth=2), made(TWO, 3)
    wanted = torch.tensor([[0.2, math.inf, math.inf], [math.inf, math.inf, 0.25]], dtype=torch.float64)
    slope = slopes(loss, spikes, wanted)
    torch.testing.assert_close(slope, differences(loss, spikes, wanted), rtol=1e-6, atol=1e-7)
    assert slope.tolist() == [pytest.approx([0, 0, 10, 0]), pytest.approx([0, -10, 0, 0])]


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_the_nth_spike_of_each_neuron(nth: int) -> None:
    samples = [[(0.1, 0), (0.2, 1), (0.3, 0), (0.4, 1), (0.5, 0)], [(0.3, 1)]]
    expected = []
    for sample in samples:
        own = [[t for t, j in sample if j == neuron] for neuron in range(2)]
        expected.append([times[nth - 1] if len(times) >= nth else math.inf for times in own])
    assert spike_time(made(samples, 2), nth).tolist() == expected


def test_most_spikes_up_to_a_moment_win() -> None:
    loss, spikes = SpikeCountLoss(), made([[(0.1, 2), (0.2, 1), (0.3, 1), (0.4, 0)], []], 3)
    assert [loss.decode(spikes, until).tolist() for until in (0.05, 0.1, 0.2, 0.3, None)] == [
        [-1, -1], [2, -1], [1, -1], [1, -1], [1, -1],
    ]  # fmt: skip
    assert counts_until(spikes, 0.3).tolist() == [[0, 2, 1], [0, 0, 0]]


@pytest.mark.parametrize("loss", [FirstSpikeLoss(0.1, 1.0), SpikeTimeLoss(0.1, 1.0)])
def test_the_first_spike_up_to_a_moment_wins(loss: Loss) -> None:
    spikes = made([[(0.1, 2), (0.2, 1), (0.3, 1)], [(0.2, 0)], []], 3)
    assert loss.decode(spikes).tolist() == [2, 0, -1]
    assert loss.decode(spikes, until=0.15).tolist() == [2, -1, -1]
    assert loss.decode(spikes, until=0.2).tolist() == [2, 0, -1]


def test_the_answer_can_be_the_first_second_spike() -> None:
    loss = SpikeTimeLoss(0.1, 1.0, nth=2)
    assert loss.decode(made([[(0.1, 0), (0.2, 1), (0.3, 1), (0.4, 0)], [(0.1, 2)]], 3)).tolist() == [1, -1]


@pytest.mark.parametrize("loss", [SpikeCountLoss(), FirstSpikeLoss(0.1, 1.0)])
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (torch.tensor([0, 3]), "A label is 3; allowed are 0 to 2"),
        (torch.tensor([-1, 0]), "A label is -1; allowed are 0 to 2"),
        (torch.tensor([0]), "The labels have the shape (1,)"),
        (torch.tensor([0.0, 1.0]), "the type torch.float32; they must be int64"),
    ],
)
def test_bad_labels_are_refused(loss: Loss, labels: Tensor, message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        loss(made(TWO, 3), labels)


def test_bad_wanted_times_are_refused() -> None:
    loss = SpikeTimeLoss(0.1, 1.0)
    with pytest.raises(ParameterError, match=r"A wanted spike time is nan; it must be at least 0"):
        loss(made(TWO, 3), torch.full((2, 3), math.nan))
    with pytest.raises(ParameterError, match=r"shape \(2,\); it must be that of samples and outputs, \(2, 3\)"):
        loss(made(TWO, 3), torch.zeros(2))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SpikeCountLoss(target_true=math.nan), "target_true is nan"),
        (lambda: SpikeCountLoss(target_false=-1), "target_false is -1"),
        (lambda: FirstSpikeLoss(0.0, 1.0), "tau_loss is 0.0"),
        (lambda: FirstSpikeLoss(0.1, math.inf), "duration is inf"),
        (lambda: SpikeTimeLoss(0.1, 1.0, nth=0), "nth is 0"),
    ],
)
def test_bad_constants_are_refused(make: Callable[[], Loss], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        make()
