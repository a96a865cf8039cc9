"""The page of a network with convolutions in a real browser: maps, filters, and which pixels drove a spike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from snn_explorer.bats import Network
from snn_explorer.bats.answer import answer
from snn_explorer.bats.drive import drive
from snn_explorer.bats.feature_maps import feature_maps
from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.engine import Watch
from snn_explorer.presets import available_presets
from snn_explorer.views.bats.parts import MS
from tests.ui.browser import canvas, drawn, shown_range
from tests.ui.conftest import Opened

pytestmark = pytest.mark.browser

TWO = "?preset=bats-conv-digits&convolutions=4C3-6C3-P2&hidden=8&n_max=3,3,10,30&theta=0.03,0.05,0.06,0.1&speed=max"


@pytest.fixture
def conv(open_page) -> Opened:
    """The page of the preset, paused after it has learned."""
    opened = open_page("?preset=bats-conv-digits")
    opened.wait_until(lambda: opened.numbers()["time"] > 300)
    opened.settle()
    return opened


def alone(opened: Opened, **values: Any) -> Network:
    """The same network as that of the page, which nobody looks at."""
    preset = available_presets()["bats-conv-digits"]
    network = Network(preset.task(), BatsParameters(**{**preset.values, **values}))
    while network.time < opened.lab.run.time:
        network.advance()
    return network


def tap(opened: Opened, name: str, x: float, y: float) -> None:
    """Tap a point of a plot, in its data's units."""
    at, across = canvas(opened.page, name), shown_range(opened.page, name)
    up = shown_range(opened.page, name, "y_range")
    opened.page.mouse.click(
        at["x"] + at["width"] * (x - across[0]) / (across[1] - across[0]),
        at["y"] + at["height"] * (up[1] - y) / (up[1] - up[0]),
    )


def drawn_numbers(page: Page, name: str, shape: tuple[int, ...], *index: str) -> np.ndarray:
    """What both colours of an image show, in place; 0 where nothing is drawn."""
    found = np.zeros(shape, np.float32)
    for sign, factor in (("positive", 1), ("negative", -1)):
        columns = drawn(page, f"{name}.{sign}")
        assert (factor * columns["value"] > 0).all()
        found[tuple(columns[each].astype(int) for each in index)] = columns["value"]
    return found


def test_maps_and_filters_are_the_engines(conv: Opened) -> None:
    expect(conv.page.get_by_role("tab", name="Maps")).to_have_attribute("aria-selected", "true")
    network = alone(conv)
    first = feature_maps(answer(network, 0))["hidden"].first
    columns = drawn(conv.page, "maps.neurons")
    found = np.full(first.shape, np.inf, np.float32)
    found[tuple(columns[each].astype(int) for each in ("map", "row", "column"))] = columns["time"]
    np.testing.assert_array_equal(found, first.astype(np.float32) * MS)
    assert np.isfinite(first).sum() == len(columns["x"]) > 20
    assert (np.argsort(columns["fill_alpha"]) == np.argsort(-columns["time"], kind="stable")).mean() > 0.5
    weights = network.layers[0].weight.detach()[0].permute(2, 0, 1).numpy()
    np.testing.assert_array_equal(drawn_numbers(conv.page, "maps", (8, 3, 3), "map", "row", "column"), weights)
    largest = conv.numbers()["maps_scale"]
    assert largest / 2 <= np.abs(weights).max() <= largest
    filled = drawn(conv.page, "maps.positive")
    np.testing.assert_allclose(filled["fill_alpha"], filled["value"] / largest, rtol=1e-5)


def test_a_tapped_output_spike_is_the_one_whose_pixels_are_drawn(conv: Opened) -> None:
    page, lab, network = conv.page, conv.lab, alone(conv)
    page.get_by_role("tab", name="Drive").click()
    conv.wait_until(lambda: len(drawn(page, "drive.positive")["value"]))

    def shown(spike: tuple[int, int] | None) -> None:
        expected = drive(network, 0, spike)
        assert expected is not None
        wanted = expected.by_input(64).nan_to_num().float().numpy().reshape(8, 8)
        conv.wait_until(
            lambda: np.array_equal(drawn_numbers(page, "drive", (8, 8), "row", "column"), wanted.astype(np.float32))
        )
        assert wanted.sum() == pytest.approx(1, abs=1e-3)
        words = page.locator(".words p")
        expect(words).to_contain_text(f"at {1e3 * expected.time:.1f} ms. Make all pixels 1 ms later")
        expect(words).to_contain_text(f"Output {expected.neuron}'s ")

    shown(None)
    raster = lab.drawing.last.frame.rasters["output"]
    neuron = int(raster.neuron[-1])
    rank = int((raster.neuron == neuron).sum()) - 1
    assert rank > 0
    tap(conv, "output", 1e3 * float(raster.time[-1]), neuron)
    conv.wait_until(lambda: lab.drawing.last.frame.watch.output_spike == (neuron, rank))
    shown((neuron, rank))
    field = page.get_by_role("spinbutton", name="its spike")
    expect(field).to_have_value(str(rank + 1))
    field.fill("1")
    field.press("Enter")
    shown((neuron, 0))
    np.testing.assert_array_equal(drawn(page, "drive.pixels")["fill_alpha"] > 0, network.training.inputs[0] > 0)


def test_slow_motion_shows_the_spikes_that_have_been(conv: Opened) -> None:
    page = conv.page
    before = drawn(page, "maps.neurons")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="slow motion").click()
    page.wait_for_function("window.snn_explorer.moment > 40")
    page.get_by_role("button", name="slow motion").click()
    moment, during = page.evaluate("window.snn_explorer.moment"), drawn(page, "maps.neurons")
    later = before["time"] > moment + 1e-3
    assert 0 < later.sum() < len(later)
    assert not during["fill_alpha"][later].any()
    np.testing.assert_array_equal(during["fill_alpha"][~later], before["fill_alpha"][~later])
    page.keyboard.press("Escape")
    conv.wait_until(lambda: np.array_equal(drawn(page, "maps.neurons")["fill_alpha"], before["fill_alpha"]))


def test_layers_and_maps_before_can_be_chosen_and_neurons_tapped(open_page) -> None:
    opened = open_page(TWO)
    page, lab = opened.page, opened.lab
    opened.wait_until(lambda: opened.numbers()["time"] > 300)
    opened.settle()
    values = {"convolutions": "4C3-6C3-P2", "hidden": (8,), "n_max": (3, 3, 10, 30), "theta": (0.03, 0.05, 0.06, 0.1)}
    network = alone(opened, **values)
    page.get_by_role("combobox", name="maps of").select_option("hidden2")
    chosen = page.get_by_role("spinbutton", name="weights from map")
    chosen.fill("3")
    chosen.press("Enter")
    weights = network.layers[1].weight.detach()[2].permute(2, 0, 1).numpy()
    # weights from another map may have as many signs of each kind
    opened.wait_until(lambda: np.array_equal(drawn_numbers(page, "maps", (6, 3, 3), "map", "row", "column"), weights))
    first = feature_maps(answer(network, 0))["hidden2"].first
    columns = drawn(page, "maps.neurons")
    assert len(columns["x"]) == np.isfinite(first).sum() > 5
    k = len(columns["x"]) // 2
    tap(opened, "maps", float(columns["x"][k]), float(columns["y"][k]))
    post = int((columns["map"][k] * 4 + columns["row"][k]) * 4 + columns["column"][k])
    opened.wait_until(lambda: lab.drawing.last.frame.watch.synapse[:2] == ("hidden2", post))
    _, _, pre = lab.drawing.last.frame.watch.synapse
    strength = abs(network.layers[1].weight_between(pre, post))
    filter_weights = network.layers[1].weight.detach()[..., int(columns["map"][k])]
    assert strength == pytest.approx(float(filter_weights.abs().max()))
    assert 4 * 36 + post in lab.drawing.last.frame.watch.hidden
    page.get_by_role("spinbutton", name="Presynaptic neuron").fill("1")
    page.get_by_role("spinbutton", name="Presynaptic neuron").press("Enter")
    nearest = network.layers[1].nearest_seen(0, post)
    opened.wait_until(lambda: lab.drawing.last.frame.watch.synapse == ("hidden2", post, nearest))


def test_every_view_is_drawn_and_has_its_words(conv: Opened) -> None:
    page, lab = conv.page, conv.lab
    for view in ("Sample", "Drive", "Maps", "Network", "Budget", "Latency", "Clock"):
        page.get_by_role("tab", name=view).click()
        conv.wait_until(lambda view=view: page.evaluate(f"!!window.snn_explorer.texts['{view.lower()}']"))
    clock = page.evaluate("window.snn_explorer.texts.clock")
    assert clock.startswith("A network with convolutions does not run on a clock here")
    assert not len(drawn(page, "clock.clocked")["x"])
    page.get_by_role("tab", name="Network").click()
    conv.wait_until(lambda: len(drawn(page, "network.nodes")["x"]) == 1 + 8 + 10)
    names = {name: figure.html_attributes["aria-label"] for name, figure in lab.drawing.figures.items()}
    assert names["maps"].startswith("Maps. ")
    assert names["drive"].startswith("Drive. ")
    conv.wait_until(lambda: page.evaluate("!!window.snn_explorer.texts.network"))
    words = page.evaluate("window.snn_explorer.texts.network")
    assert words == "64 inputs, 288 hidden, 10 outputs. Drawn as dots: 8 maps."


def test_dense_networks_have_no_maps_and_samples_that_are_no_images_no_drive(open_page) -> None:
    opened = open_page("?preset=bats-conv-digits")
    page, lab = opened.page, opened.lab
    opened.wait_until(lambda: lab.drawing.last is not None)
    expect(page.get_by_role("tab", name="Maps")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Convolutions")).to_have_value("8C3-P2")
    opened.wish(lab.choose, "bats-digits")
    expect(page.get_by_role("tab", name="Maps")).to_have_count(0)
    expect(page.get_by_role("tab", name="Sample")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("textbox", name="Convolutions")).to_have_count(0)
    page.get_by_role("tab", name="Drive").click()
    opened.wait_until(lambda: len(drawn(page, "drive.positive")["value"]))
    opened.settle()
    frame = lab.drawing.last.frame
    expected = np.nan_to_num(frame.matrices["drive"])
    np.testing.assert_array_equal(drawn_numbers(page, "drive", (8, 8), "row", "column"), expected)
    opened.wish(lab.choose, "bats-yinyang")
    expect(page.get_by_role("tab", name="Drive")).to_have_count(0)
    expect(page.get_by_role("tab", name="Network")).to_have_count(1)
    assert opened.lab.run.watch == Watch(sample=0)


def test_two_runs_of_networks_with_convolutions_stand_side_by_side(conv: Opened) -> None:
    conv.page.keyboard.press("b")
    conv.wait_until(lambda: len(conv.lab.drawing.lives) == 2)
    conv.wait_until(lambda: len(drawn(conv.page, "b:hidden.spikes")["x"]) > 20)
    conv.settle()
    second = conv.lab.drawing.lives[1].frame
    np.testing.assert_array_equal(drawn(conv.page, "b:hidden.spikes")["x"], second.rasters["hidden"].time * MS)
