"""Per-parameter rates against their formulas and torch's own, and the regulariser's strength."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from snn_explorer.engine import ParameterError
from snn_explorer.superspike import RMaxProp
from snn_explorer.superspike.optimisers import GRADIENT_UNIT, OPTIMISERS, Plain, RMSprop
from snn_explorer.superspike.regulariser import strength
from snn_explorer.superspike.traces import DoubleExponential


def test_rmaxprop_follows_section_3_3_6() -> None:
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(3, 2, 5, generator=generator, dtype=torch.float64)
    optimiser = RMaxProp([weights], lr=0.01, gamma=0.7, eps=1e-3)
    w, v = weights.numpy().copy(), np.zeros((3, 2, 5))
    for _ in range(6):
        gradient = torch.randn(3, 2, 5, generator=generator, dtype=torch.float64)
        weights.grad = gradient
        optimiser.step()
        v = np.maximum(0.7 * v, gradient.numpy() ** 2)
        w -= 0.01 * gradient.numpy() / (np.sqrt(v) + 1e-3)
        np.testing.assert_allclose(weights.numpy(), w, rtol=1e-12)


def test_rmsprop_and_plain_are_those_of_torch() -> None:
    generator = torch.Generator().manual_seed(2)
    start = torch.randn(4, 3, generator=generator, dtype=torch.float64)
    pairs = [
        (
            RMSprop,
            {"lr": 0.02, "gamma": 0.9, "eps": 1e-3},
            torch.optim.RMSprop,
            {"lr": 0.02, "alpha": 0.9, "eps": 1e-3},
        ),
        (Plain, {"lr": 0.02}, torch.optim.SGD, {"lr": 0.02 / GRADIENT_UNIT}),
    ]
    for ours, our_values, theirs, their_values in pairs:
        mine, other = start.clone(), start.clone()
        optimisers = [(mine, ours([mine], **our_values)), (other, theirs([other], **their_values))]
        for _ in range(8):
            gradient = torch.randn(4, 3, generator=generator, dtype=torch.float64)
            for weights, optimiser in optimisers:
                weights.grad = gradient.clone()
                optimiser.step()
        torch.testing.assert_close(mine, other, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_each_network_may_have_its_own_rate(name: str) -> None:
    together, alone = torch.zeros(2, 1, 1), [torch.zeros(1, 1, 1), torch.zeros(1, 1, 1)]
    rates = torch.tensor([0.1, 0.03])
    optimisers = [OPTIMISERS[name]([weights], lr=float(rate)) for weights, rate in zip(alone, rates, strict=True)]
    optimiser = OPTIMISERS[name]([together], lr=rates[:, None, None])
    together.grad = torch.tensor([2.0, -3.0])[:, None, None]
    optimiser.step()
    for weights, one, gradient in zip(alone, optimisers, (2.0, -3.0), strict=True):
        weights.grad = torch.full_like(weights, gradient)
        one.step()
    torch.testing.assert_close(together, torch.cat(alone))
    assert float(together[0]) < 0 < float(together[1])


def test_it_descends_a_loss_given_as_a_closure_and_skips_what_has_no_gradient() -> None:
    x = torch.tensor([3.0], requires_grad=True)
    idle = torch.tensor([1.0], requires_grad=True)
    optimiser = RMaxProp([x, idle], lr=0.1, gamma=0.0)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = (x**2).sum()
        loss.backward()
        return loss

    losses = [optimiser.step(closure).item() for _ in range(20)]
    assert losses[0] == 9
    assert losses[-1] < 2
    assert float(idle.detach()) == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [({"lr": -1.0}, "lr is -1.0"), ({"gamma": 1.5}, "gamma is 1.5.*from 0 to 1"), ({"eps": -1e-9}, "eps is -1e-09")],
)
def test_bad_values_are_named(values: dict[str, float], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        RMaxProp([torch.zeros(1)], **values)


def test_rho_of_one_is_as_strong_as_in_the_original_simulation() -> None:
    """About 0.2 in the paper's units, where the original's product is 1000 / (5000 steps) times another area."""
    assert strength(DoubleExponential(1e-4)) == pytest.approx(0.198, abs=5e-4)
