"""Moved images are the spikes of images moved by other means, and training sees them anew each time."""

from __future__ import annotations

import pytest
import torch

from snn_explorer import tasks
from snn_explorer.bats import BatsParameters, Network
from snn_explorer.bats.encoding import time_to_first_spike
from snn_explorer.bats.moved_images import draw_moves, move_images
from snn_explorer.engine import ParameterError
from tests.bats.tiny import network

SHAPE = (4, 6)


def images(n: int) -> torch.Tensor:
    """Few grey levels, so that many spikes come at the same time, and many black pixels."""
    return torch.randint(0, 4, (n, *SHAPE), generator=torch.Generator().manual_seed(3)).clamp_max(2) / 2


@pytest.mark.parametrize("move", [(0, 0), (1, 0), (0, -2), (-3, 5), (4, 0), (0, 6), (-9, 0)])
def test_moved_spikes_are_those_of_the_moved_image(move: tuple[int, int]) -> None:
    down, right = move
    pixels = images(7)
    expected = torch.zeros_like(pixels)
    for row in range(SHAPE[0]):
        for column in range(SHAPE[1]):
            if 0 <= row + down < SHAPE[0] and 0 <= column + right < SHAPE[1]:
                expected[:, row + down, column + right] = pixels[:, row, column]
    wanted = time_to_first_spike(expected.flatten(1), 0.1)
    moved = move_images(time_to_first_spike(pixels.flatten(1), 0.1), torch.tensor([move] * 7), SHAPE)
    assert torch.equal(moved.count, wanted.count)
    assert torch.equal(moved.per_neuron, wanted.per_neuron)
    n = int(wanted.count.max())
    assert torch.equal(moved.time[:, :n], wanted.time[:, :n])
    assert torch.equal(moved.neuron[:, :n], wanted.neuron[:, :n])
    assert bool(torch.isinf(moved.time[:, n:]).all())


def test_each_image_moves_by_its_own() -> None:
    spikes, moves = time_to_first_spike(images(5).flatten(1), 0.1), draw_moves(5, 2, 1, 0)
    together = move_images(spikes, moves, SHAPE)
    for k in range(5):
        alone = move_images(time_to_first_spike(images(5)[k : k + 1].flatten(1), 0.1), moves[k : k + 1], SHAPE)
        n = int(alone.count[0])
        assert int(together.count[k]) == n
        assert torch.equal(together.neuron[k, :n], alone.neuron[0, :n])


def test_all_moves_are_as_likely_and_a_function_of_seed_and_batch() -> None:
    moves = torch.cat([draw_moves(50, 1, 7, batch) for batch in range(200)])
    _, times = moves.unique(dim=0, return_counts=True)
    assert len(times) == 9
    expected = len(moves) / 9
    assert float((times - expected).abs().max()) < 4 * (expected * 8 / 9) ** 0.5
    assert torch.equal(draw_moves(50, 1, 7, 3), draw_moves(50, 1, 7, 3))
    assert not torch.equal(draw_moves(50, 1, 7, 3), draw_moves(50, 1, 7, 4))
    assert not torch.equal(draw_moves(50, 1, 7, 3), draw_moves(50, 1, 8, 3))


def test_training_sees_moved_images_and_goes_on_to_the_same_bits() -> None:
    def made(**values: int) -> Network:
        return Network(tasks.digits(), BatsParameters(hidden=(8,), **values))

    still, net, other = made(), made(shift=1), made(shift=1)
    for each in (still, net):
        for _ in range(3):
            each.advance()
    assert not torch.equal(still.layers[0].weight, net.layers[0].weight)
    other.load_state_dict(net.state_dict())
    for each in (net, other):
        each.advance()
    assert torch.equal(net.layers[0].weight, other.layers[0].weight)
    still.parameters.shift = 1  # acts at the next batch
    still.load_state_dict(other.state_dict())
    for each in (still, other):
        each.advance()
    assert torch.equal(still.layers[0].weight, other.layers[0].weight)


def test_samples_that_are_no_images_cannot_move() -> None:
    with pytest.raises(ParameterError, match=r"\(shift\) is 2; .* are no images, so it must be 0"):
        network(shift=2)
