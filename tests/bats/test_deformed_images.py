"""Elastic deformation: displacements have the statistics of smoothed noise, and pixels are read where they point."""

from __future__ import annotations

import math

import pytest
import torch

from snn_explorer.bats.deformed_images import deform_images, draw_displacements

SHAPE = (5, 7)
SQUARE = (32, 32)


def images(n: int, shape: tuple[int, int] = SHAPE) -> torch.Tensor:
    return torch.rand(n, *shape, generator=torch.Generator().manual_seed(3))


def everywhere(n: int, down: float, right: float, shape: tuple[int, int] = SHAPE) -> torch.Tensor:
    """The same displacement of all pixels."""
    return torch.tensor([down, right], dtype=torch.float64)[:, None, None].expand(n, 2, *shape).contiguous()


def drawn(strength: float = 1.0, width: float = 3.0, seed: int = 1, batch: int = 0, n: int = 200) -> torch.Tensor:
    return draw_displacements(n, SQUARE, strength, width, seed, batch)


@pytest.mark.parametrize("move", [(0, 0), (1, 0), (0, -2), (-3, 5), (4, 6), (5, 0), (0, -7), (90, -90)])
def test_the_same_whole_pixels_everywhere_move_an_image(move: tuple[int, int]) -> None:
    pixels = images(3)
    expected = torch.zeros_like(pixels)
    for row in range(SHAPE[0]):
        for column in range(SHAPE[1]):
            source = row + move[0], column + move[1]
            if 0 <= source[0] < SHAPE[0] and 0 <= source[1] < SHAPE[1]:
                expected[:, row, column] = pixels[:, *source]
    assert torch.equal(deform_images(pixels, everywhere(3, *move)), expected)


def test_between_pixels_a_ramp_stays_the_ramp() -> None:
    """To the last bit: all numbers are eighths and 512ths."""
    row, column = torch.meshgrid(torch.arange(8.0), torch.arange(8.0), indexing="ij")
    ramp = (7 * row + column) / 64
    generator = torch.Generator().manual_seed(2)
    places = torch.randint(0, 57, (20, 2, 8, 8), generator=generator).double() / 8  # 0 to 7, the outermost pixels
    found = deform_images(ramp.expand(20, 8, 8), places - torch.stack([row, column]))
    assert torch.equal(found, ((7 * places[:, 0] + places[:, 1]) / 64).float())


@pytest.mark.parametrize(("down", "right"), [(-0.25, 0.0), (0.25, 0.0), (0.0, -0.25), (0.0, 0.25)])
def test_between_the_outermost_pixels_and_black_values_go_over_evenly(down: float, right: float) -> None:
    found = deform_images(torch.ones(1, *SHAPE), everywhere(1, down, right))[0]
    expected = torch.ones(SHAPE)
    if down:
        expected[0 if down < 0 else -1] = 0.75
    else:
        expected[:, 0 if right < 0 else -1] = 0.75
    assert torch.equal(found, expected)


@pytest.mark.parametrize("strength", [1.0, 30.0, 1000.0])
def test_values_stay_within_those_of_the_image_and_black(strength: float) -> None:
    pixels = images(200, SQUARE).mul(2).clamp_max(1)  # half of them white
    found = deform_images(pixels, drawn(strength))
    assert float(found.min()) >= 0
    assert float(found.max()) <= 1
    inside = deform_images(torch.ones(200, *SQUARE), drawn(strength, width=1.0) % 1)[:, :-1, :-1]
    assert torch.equal(inside, torch.ones_like(inside))


def test_each_image_is_deformed_by_its_own_displacements() -> None:
    pixels, displacements = images(6, SQUARE), drawn(20.0, n=6)
    together = deform_images(pixels, displacements)
    for k in range(6):
        assert torch.equal(deform_images(pixels[k : k + 1], displacements[k : k + 1])[0], together[k])
    assert len({tuple(each.flatten().tolist()) for each in displacements.flatten(0, 1)}) == 12


@pytest.mark.parametrize("width", [1.5, 3.0])
def test_displacements_have_the_covariance_of_smoothed_noise(width: float) -> None:
    """alpha^2 / (12 pi sigma^2) exp(-d^2 / (4 sigma^2)), a third of which is the variance of even numbers in -1..1."""
    n, alpha = 500, 34.0
    field = drawn(alpha, width, n=n)
    variance = alpha**2 / (12 * math.pi * width**2)
    n_independent = 2 * n * SQUARE[0] * SQUARE[1] / (4 * math.pi * width**2)  # numbers; of products twice as many
    error = variance / math.sqrt(n_independent)
    for distance in range(8):
        expected = variance * math.exp(-((distance / width) ** 2) / 4)
        for dim in (2, 3):
            assert float((field * field.roll(distance, dim)).mean()) == pytest.approx(expected, abs=4 * error)
    assert abs(float(field.mean())) < 4 * math.sqrt(variance / n_independent)
    assert abs(float((field[:, 0] * field[:, 1]).mean())) < 4 * error


def test_pixels_at_the_edge_go_as_far_as_those_in_the_middle() -> None:
    n, width = 2000, 3.0
    field = drawn(1.0, width, n=n)
    edges = torch.cat([field[:, :, 0], field[:, :, -1], field[..., 0], field[..., -1]]).square().mean()
    n_independent = 2 * n * SQUARE[0] / (2 * math.sqrt(math.pi) * width)  # along one edge; all four are neighbours
    assert float(edges) * 12 * math.pi * width**2 == pytest.approx(1, abs=4 * math.sqrt(2 / n_independent))


def test_displacements_are_in_proportion_to_the_strength() -> None:
    one = drawn(1.0)
    assert float(one.abs().mean()) > 0
    for strength in (0.0, 0.3, 34.0):
        assert torch.equal(drawn(strength), strength * one)


def test_displacements_are_a_function_of_seed_and_batch() -> None:
    assert torch.equal(drawn(seed=7, batch=3), drawn(seed=7, batch=3))
    assert not torch.equal(drawn(seed=7, batch=3), drawn(seed=7, batch=4))
    assert not torch.equal(drawn(seed=7, batch=3), drawn(seed=8, batch=3))
