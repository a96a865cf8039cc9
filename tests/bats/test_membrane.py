"""Membranes in closed form: as a fine clock integrates them, at the threshold where they spike, exact at any zoom."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from snn_explorer.bats.answer import LayerAnswer, answer
from snn_explorer.bats.membrane import membranes, moments
from snn_explorer.bats.network import Network
from snn_explorer.engine import Watch
from tests.bats.tiny import network

FAST = {"tau_s": 0.013, "duration": 0.02, "encoding_time": 0.01, "theta": (0.003, 0.006)}


def exact(layer: LayerAnswer, window: tuple[float, float], neuron: int) -> tuple[NDArray, NDArray]:
    """Moments of one neuron's membrane, and u / theta at them."""
    when = moments(window, [layer.spikes.of(neuron)])
    found = membranes(when, layer.presynaptic, layer.spikes, layer.weight, [neuron], layer.constants)
    return when.time.numpy(), found[0].numpy()


def integrated(layer: LayerAnswer, neuron: int, dt: float) -> NDArray:
    """u / theta at 0, dt, 2 dt, ... by forward Euler of equation (1), which finds its own spikes."""
    constants, n_steps = layer.constants, round(layer.constants.duration / dt)
    arriving = np.zeros(n_steps + 1)
    step = np.ceil(layer.presynaptic.time.numpy() / dt).astype(int)
    w = layer.weight[layer.presynaptic.neuron, neuron].numpy()
    np.add.at(arriving, step[step < n_steps], w[step < n_steps])
    u = current = 0.0
    n_left, found = constants.n_max, np.zeros(n_steps + 1)
    for n in range(n_steps):
        current += arriving[n]
        u += dt * (current - u / constants.tau)  # u = tau v
        current -= dt * current / constants.tau_s
        if u >= constants.theta and n_left:
            u, n_left = u - constants.theta, n_left - 1
        found[n + 1] = u
    return found / constants.theta


@pytest.mark.parametrize("name", ["hidden", "output"])
def test_a_clock_of_half_a_microsecond_integrates_the_same(name: str) -> None:
    layer, dt, duration = answer(network(**FAST), 1).layers[name], 5e-7, FAST["duration"]
    for neuron in range(len(layer.per_neuron)):
        time, found = exact(layer, (0.0, duration), neuron)
        far = np.ones(len(time), bool)  # a clock is late with a spike, by a few of its steps
        for spike in layer.spikes.of(neuron).numpy():
            far &= np.abs(time - spike) > 2e-5
        assert far.sum() > 800
        expected = np.interp(time, np.arange(0, duration + dt / 2, dt), integrated(layer, neuron, dt))
        np.testing.assert_allclose(found[far], expected[far], atol=2e-3)
    assert int(layer.per_neuron.max()) > 2


@pytest.mark.parametrize("options", [{}, {"n_max": (1, 1), "init": (0.0, 1.0)}], ids=["many", "budget 1"])
def test_a_membrane_reaches_the_threshold_where_it_spikes_and_nowhere_else(options: dict) -> None:
    net, n_spikes, n_beyond = network(**options), 0, 0
    for sample in range(5):
        for layer in answer(net, sample).layers.values():
            for neuron, count in enumerate(layer.per_neuron.tolist()):
                time, u = exact(layer, (0.0, 0.2), neuron)
                spikes = layer.spikes.of(neuron).numpy()
                first = np.searchsorted(time, spikes)
                np.testing.assert_allclose(u[first], 1, atol=1e-11)
                np.testing.assert_allclose(u[first + 1], 0, atol=1e-11)
                n_spikes += count
                spent = count == layer.constants.n_max
                allowed = time <= spikes[-1] if spent else np.full(len(time), True)
                assert u[allowed].max() <= 1 + 1e-11
                n_beyond += u.max() > 1.01
    assert n_spikes > 20
    assert n_beyond > 0, "what a spent budget would have let through is shown too"


def watched(net: Network, window: tuple[float, float] | None) -> tuple[NDArray, NDArray]:
    """Moments and membranes of all neurons in a frame."""
    frame = net.frame(Watch(hidden=tuple(range(8)), output=(0, 1), sample=4, window=window))
    return frame.traces["membrane_time"][0], np.concatenate(
        [frame.traces["hidden_membrane"], frame.traces["output_membrane"]]
    )


def test_a_window_shows_the_same_membranes_finer() -> None:
    net, window = network(), (0.02, 0.09)
    time, whole = watched(net, None)
    fine_time, fine = watched(net, window)
    assert (fine_time[0], fine_time[-1]) == pytest.approx(window)
    assert (time[0], time[-1]) == pytest.approx((0, 0.2))
    inside = (time >= window[0]) & (time <= window[1])
    twice = np.isin(time, time[1:][np.diff(time) == 0])
    # at a spike there are two values, before and after; both frames have the same ones
    assert (inside & twice).sum() >= 10
    fine_twice = np.isin(fine_time, time[inside & twice])
    np.testing.assert_array_equal(fine_time[fine_twice], time[inside & twice])
    np.testing.assert_array_equal(fine[:, fine_twice], whole[:, inside & twice])
    alone = inside & ~twice  # between the points of the fine grid lie the kinks where spikes arrive
    assert alone.sum() > 200
    for one, other in zip(whole, fine, strict=True):
        np.testing.assert_allclose(one[alone], np.interp(time[alone], fine_time, other), atol=2e-4)


def test_a_window_of_a_microsecond_is_exact_at_the_times_it_gives() -> None:
    """In float32 such times lie apart by nearly 1 % of the window; u rises from 0 right after a reset."""
    net = network()
    layer = answer(net, 4).layers["output"]
    own = layer.spikes.of(0).numpy()
    start = float(own[1])
    time, found = watched(net, (start, start + 1e-6))
    rising = time > np.float32(start)
    assert 50 < len(np.unique(time)) < 1000
    w, tau = layer.weight[layer.presynaptic.neuron, 0].numpy(), layer.constants.tau
    spans = time.astype(float)[:, None] - layer.presynaptic.time.numpy()
    kept = np.where(spans > 0, np.exp(-spans / tau), 0)
    expected = (kept - kept**2) @ w / layer.constants.c
    expected -= np.exp(-(time.astype(float)[:, None] - own[:2]) / tau).sum(1)
    assert 1e-6 < expected[-1] < 1e-3
    np.testing.assert_allclose(found[8][rising], expected[rising], rtol=0, atol=1e-10)


def test_spikes_inside_the_window_are_moments_before_and_after_their_resets() -> None:
    """Two neurons that spike together are both before their resets, then both after."""
    spikes = [torch.tensor([0.01, 0.05, 0.2]).double(), torch.tensor([0.05]).double()]
    when = moments((0.02, 0.1), spikes)
    assert len(when.time) == 1000 + 2 * 2
    assert torch.equal(when.time.sort().values, when.time)
    (at,) = torch.nonzero(when.time == spikes[1][0], as_tuple=True)
    assert when.after[at].tolist() == [False, False, True, True]
    assert int(when.after.sum()) == 2
