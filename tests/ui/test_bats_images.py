"""Images of a BATS page without a browser: maps as dots, places of maps and filters, scales, and what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from bokeh.models import GlyphRenderer, Plot, Text

from snn_explorer.bats.network import Network
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import Watch
from snn_explorer.live.frame import BatsFrame
from snn_explorer.presets import Preset
from snn_explorer.views import theme
from snn_explorer.views.bats import drive, maps, network
from snn_explorer.views.bats.gallery import GALLERY
from snn_explorer.views.bats.maps_as_neurons import neuron_of, synapse_of, with_maps_as_neurons
from snn_explorer.views.bats.side import views_of
from snn_explorer.views.bats.tables import NOT_IN_TABLES, TABLES
from snn_explorer.views.bats.tiling import Tiling
from snn_explorer.views.figures import show_square
from snn_explorer.views.network_drawing import sizes
from snn_explorer.views.scales import Following
from tests.bats.test_drive import CONV, images
from tests.bats.tiny import TINY, separable
from tests.ui.test_bats_parts import frame_of

SAMPLES = images()
CONV_PRESET = Preset("conv", "Conv", "Halves.", lambda: SAMPLES, system="bats", values={**TINY, **CONV})
TINY_SAMPLES = separable()
DENSE_PRESET = Preset("tiny", "Tiny", "Two halves.", lambda: TINY_SAMPLES, system="bats", values=TINY)


@pytest.fixture(scope="module")
def live() -> BatsFrame:
    return frame_of(CONV_PRESET, 2, Watch(hidden=(12, 60, 76, 81), output=(1,), sample=3, clock_step=1e-3))


def at(number: int, row: int, column: int) -> tuple[Any, ...]:
    return tuple(np.array([each], np.float32) for each in (number, row, column))


class TestMapsAsDots:
    def test_lines_are_mean_weights(self, live: BatsFrame) -> None:
        drawn, matrices = with_maps_as_neurons(live.frame), live.frame.matrices
        assert sizes(live.frame) == {"input": 49, "hidden1": 75, "hidden2": 4, "hidden3": 6, "output": 2}
        assert sizes(drawn) == {"input": 1, "hidden1": 3, "hidden2": 4, "hidden3": 6, "output": 2}
        first = matrices["hidden1_weights"].mean(1, keepdims=True)
        np.testing.assert_allclose(drawn.matrices["hidden1_weights"], first, rtol=1e-6)
        second = matrices["hidden2_weights"].reshape(4, 3, 4).mean(2)
        np.testing.assert_allclose(drawn.matrices["hidden2_weights"], second, rtol=1e-6)
        np.testing.assert_array_equal(drawn.matrices["output_weights"], matrices["output_weights"])
        assert drawn.watch.hidden == (0, 2, 3 + 1, 3 + 4 + 2)

    def test_dots_are_as_large_as_the_budget_is_spent(self, live: BatsFrame) -> None:
        raster, drawn = live.frame.rasters["hidden"].neuron, with_maps_as_neurons(live.frame).rasters["hidden"].neuron
        for unit in range(3):
            mean = ((raster >= 25 * unit) & (raster < 25 * (unit + 1))).sum() / 25
            assert (drawn == unit).sum() == np.rint(10 * mean / 3)
        np.testing.assert_array_equal(np.bincount(drawn.astype(int), minlength=13)[7:],
                                      np.bincount(raster.astype(int), minlength=85)[79:])  # fmt: skip

    def test_a_dot_stands_for_the_first_neuron_to_spike_and_a_line_for_a_synapse_that_there_is(
        self, live: BatsFrame
    ) -> None:
        net, raster = Network(SAMPLES, BatsParameters(**{**TINY, **CONV})), live.frame.rasters["hidden"]
        for unit in range(3):
            mine = (raster.neuron >= 25 * unit) & (raster.neuron < 25 * (unit + 1))
            if mine.any():
                first = raster.neuron[mine][raster.time[mine].argmin()]
                assert neuron_of(live.frame, "hidden1", unit) == first
        for post, pre in np.ndindex(4, 3):
            layer, neuron, seen = synapse_of(live.frame, "hidden2", post, pre)
            assert (layer, neuron, seen // 4) == ("hidden2", post, pre)
            assert net.layers[1].nearest_seen(seen, neuron) == seen
        assert neuron_of(live.frame, "hidden3", 5) == 5

    def test_a_dense_network_is_drawn_as_it_is(self) -> None:
        dense = frame_of(DENSE_PRESET, 1)
        assert with_maps_as_neurons(dense.frame) is dense.frame
        assert views_of(dense) == ["sample", "network", "budget", "latency", "clock"]


class TestTiling:
    @pytest.mark.parametrize("n_maps", [1, 8, 15, 40])
    def test_every_neuron_is_found_where_it_is_drawn_and_none_beside(self, n_maps: int) -> None:
        tiling = Tiling((n_maps, 4, 6), 3)
        for number, row, column in np.ndindex(n_maps, 4, 6):
            x, y = tiling.neurons(*at(number, row, column))
            assert tiling.neuron_at(float(x[0]), float(y[0])) == (number * 4 + row) * 6 + column
            assert 0 <= x[0] <= tiling.span[0]
            assert -tiling.span[1] <= y[0] <= 0
        for number in range(n_maps):
            x, y = tiling.weights(*at(number, 1, 1))
            assert tiling.neuron_at(float(x[0]), float(y[0])) is None
        assert tiling.neuron_at(-0.1, -0.1) is None
        assert tiling.neuron_at(tiling.span[0] + 0.1, -0.1) is None

    def test_filters_do_not_touch_maps(self) -> None:
        tiling = Tiling((8, 6, 6), 3)
        right = tiling.weights(*at(1, 0, 2))[0][0] + tiling.weight / 2
        left = tiling.weights(*at(1, 0, 0))[0][0] - tiling.weight / 2
        assert right < tiling.neurons(*at(1, 0, 0))[0][0] - tiling.pixel / 2
        assert left > tiling.neurons(*at(0, 0, 5))[0][0] + tiling.pixel / 2


class TestWords:
    def test_the_sentence_has_the_engines_numbers(self, live: BatsFrame) -> None:
        n, values = live.frame.numbers, live.frame.matrices["drive"]
        said = drive.sentence(live)
        assert said.startswith(f"Output {n['drive_neuron']:.0f}'s first spike, at {1e3 * n['drive_time']:.1f} ms. ")
        assert "the numbers add up to 1." in said
        assert f"orange pixels ({values[values > 0].sum():+.2f})" in said

    def test_a_silent_output_and_a_grazing_spike_are_said(self, live: BatsFrame) -> None:
        n = dict(live.frame.numbers)
        asked = replace(live.frame.watch, output_spike=(1 - int(n["drive_neuron"]), 0))
        silent = replace(live, frame=replace(live.frame, watch=asked))
        assert drive.sentence(silent).startswith(f"Output {asked.output_spike[0]} is silent. Output ")  # type: ignore[index]
        grazing = replace(live, frame=replace(live.frame, numbers=n | {"drive_sum": 1.7}))
        assert drive.sentence(grazing).endswith("so the numbers add up to +1.70, not to 1.")
        nothing = replace(live, frame=replace(live.frame, numbers=n | {"drive_neuron": -1.0}))
        assert drive.sentence(nothing).startswith("All outputs are silent")

    def test_maps_and_dots_are_counted(self, live: BatsFrame) -> None:
        spiked = np.unique(live.frame.rasters["hidden"].neuron)
        said = maps.sentence(live, maps.Chosen(1, 2))
        assert said.startswith(f"hidden2: {((spiked >= 75) & (spiked < 79)).sum()} of 4 neurons in 4 maps spike")
        assert "from map 3" in said
        assert maps.note(live, maps.Chosen()).startswith("3 maps of 5 × 5 neurons")
        assert network.sentence(live).endswith("Drawn as dots: 3 maps, 4 maps.")


def test_a_colour_scale_is_never_exceeded_and_never_more_than_twice_too_long() -> None:
    scale, rng = Following(0.05), np.random.default_rng(1)
    for largest in 10 ** rng.uniform(-1, 3, 300):
        before = scale.value
        scale.fit(largest)
        assert largest <= scale.value <= 2 * largest
        assert scale.value == before or not before / 2 <= largest <= before
    scale.fit(0.0)
    assert scale.value == 0.05


def test_units_are_as_wide_as_high_once_the_browser_says_how_large_the_plot_is() -> None:
    figure: Any = drive.figure()
    show_square(figure, (0, 8), (-8, 0))
    assert [figure.x_range.start, figure.x_range.end, figure.y_range.start, figure.y_range.end] == [0, 8, -8, 0]
    for name, size in (("inner_width", 300), ("inner_height", 100)):
        figure.set_from_json(name, size)
    show_square(figure, (0, 8), (-8, 0))
    assert [figure.x_range.start, figure.x_range.end, figure.y_range.start, figure.y_range.end] == [-8, 16, -8, 0]


def test_everything_that_is_drawn_is_in_a_table_of_its_figure_or_marks_what_a_table_says() -> None:
    figures: dict[str, Plot] = GALLERY.fresh_figures()
    for name, figure in figures.items():
        drawn = {
            one.name
            for one in figure.renderers
            if isinstance(one, GlyphRenderer) and not isinstance(one.glyph, Text) and one.name not in NOT_IN_TABLES
        }
        assert {table.source for table in TABLES[name]} == drawn, name


@pytest.mark.parametrize("shades", theme.SHADES.values(), ids=theme.SHADES)
def test_the_two_colours_of_images_are_far_from_the_paper_and_alike_in_strength(shades: dict[str, str]) -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in (red, green, blue)]
        return 116 * np.cbrt(np.dot([0.2126, 0.7152, 0.0722], linear)) - 16

    paper, above, below = (lightness(shades[role]) for role in ("paper", "excitatory", "inhibitory"))
    assert abs(above - below) < 8
    assert min(abs(above - paper), abs(below - paper)) > 30
