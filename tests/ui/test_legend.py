"""The equation is the legend: what belongs to a factor lights up with it, in a real browser and without a server."""

from __future__ import annotations

import re

import pytest

from snn_explorer.views import legend
from snn_explorer.views.superspike.control_set import ROLES
from snn_explorer.views.superspike.gallery import GALLERY
from snn_explorer.views.superspike.labels import LABELS
from snn_explorer.views.superspike.probe import LANES
from tests.ui.browser import drawn

FACTORS = ("change", "error", "eligibility", "surrogate", "presynaptic")
SHOWN = {
    "error": {"error", "output", "network", "curve", "probe"},
    "surrogate": {"output_membrane", "hidden_membrane", "probe"},
    "presynaptic": {"hidden", "input", "probe"},
    "eligibility": {"probe"},
    "change": {"network", "probe"},
}
"""Plots of each factor."""

OPACITIES = """() => Object.fromEntries(Bokeh.documents.flatMap(doc => [...doc.all_models])
  .filter(one => one.type === "Figure")
  .map(one => [one.name, Number(getComputedStyle(Bokeh.index.find_one(one).el).opacity)]))"""

LANE_OPACITIES = """() => Object.fromEntries(Bokeh.documents.flatMap(doc => [...doc.all_models])
  .filter(one => one.type === "GlyphRenderer" && one.tags[0] === "factor" && one.name)
  .map(one => [one.tags[1], one.glyph.line_alpha.value ?? one.glyph.line_alpha]))"""

BLUR = """() => {
  let focused = document.activeElement
  while (focused.shadowRoot?.activeElement) { focused = focused.shadowRoot.activeElement }
  focused.blur()
}"""


class TestDeclared:
    """Which figure, label, lane and control belongs to which factor is said once."""

    def test_labels_name_the_plots_of_each_factor(self):
        shown = {role: {name for name, label in LABELS.items() if role in label.shows} for role in FACTORS}
        assert shown == SHOWN

    def test_controls_and_labels_have_roles_of_factors_only(self):
        assert set(ROLES.values()) <= set(legend.ROLES)
        assert {role for label in LABELS.values() for role in label.shows} <= {*legend.ROLES, "ink"}

    def test_each_lane_of_the_synapse_has_its_line_and_its_words_tagged(self):
        tags = [tuple(one.tags) for one in GALLERY.fresh_figures()["probe"].renderers if one.tags]
        assert sorted(tags) == sorted([("factor", lane.role) for lane in LANES] * 2)

    def test_what_shows_several_factors_fades_for_none_of_them(self):
        assert legend.opacity(("change", "error")) == "max(var(--snn-shown-change, 1), var(--snn-shown-error, 1))"
        assert legend.opacity(("ink",)) == "max(var(--snn-shown-none, 1))"


def factor(page, role):
    """The factor's first place in the equation."""
    return page.locator(f"[data-factor={role}]").first


def focus(place):
    """Focus it, as by a key."""
    place.focus()
    place.page.keyboard.press("Shift")


def lit(page):
    """Roles of the factors that are lit in the equation."""
    names = [role for role in legend.ROLES if float(value(page, f"--snn-lit-{role}") or 0)]
    tinted = page.locator("[data-factor]").evaluate_all(
        "all => all.filter(one => !getComputedStyle(one).backgroundColor.endsWith(' 0)')"
        " && getComputedStyle(one).backgroundColor !== 'rgba(0, 0, 0, 0)').map(one => one.dataset.factor)"
    )
    return set(names) if set(names) == set(tinted) else None


def value(page, name):
    return page.evaluate("name => document.documentElement.style.getPropertyValue(name)", name)


def unfaded(page):
    """Names of the figures that have all their ink."""
    return {name for name, opacity in page.evaluate(OPACITIES).items() if opacity == 1}


def boxes(page):
    return [one.bounding_box() for one in page.get_by_role("img").all()]


@pytest.mark.browser
class TestInTheBrowser:
    @pytest.fixture(autouse=True)
    def nothing_pointed_at(self, shared):
        yield
        shared.page.mouse.move(700, 20)
        shared.page.evaluate(BLUR)
        shared.wait_until(lambda: unfaded(shared.page) == set(LABELS) and lit(shared.page) == set())

    @pytest.mark.parametrize("role", FACTORS)
    def test_pointing_at_a_factor_leaves_only_its_plots_with_all_their_ink(self, shared, role):
        page = shared.page
        before = boxes(page)
        factor(page, role).hover()
        shared.wait_until(lambda: unfaded(page) == SHOWN[role])
        assert lit(page) == {role}
        lanes = page.evaluate(LANE_OPACITIES)
        assert {name for name, opacity in lanes.items() if opacity == 1} == {role}
        assert min(lanes.values()) < 0.5
        assert boxes(page) == before, "nothing moves"
        page.mouse.move(700, 20)
        shared.wait_until(lambda: unfaded(page) == set(LABELS))
        assert set(page.evaluate(LANE_OPACITIES).values()) == {1}

    def test_the_keyboard_does_the_same_and_marks_labels_and_controls(self, shared):
        page = shared.page
        background = "one => getComputedStyle(one).backgroundColor"
        control = page.locator(".control[data-shows=error]").first
        label = page.locator(".label[data-shows=error]").first
        plain = control.evaluate(background), label.evaluate(background)
        focus(factor(page, "error"))
        shared.wait_until(lambda: unfaded(page) == SHOWN["error"])
        shared.wait_until(lambda: control.evaluate(background) != plain[0] and label.evaluate(background) != plain[1])
        other = page.locator(".control[data-shows=surrogate]").first
        assert other.evaluate(background) == plain[0]
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        shared.wait_until(lambda: unfaded(page) == SHOWN["surrogate"])

    def test_pointing_at_a_plot_or_focusing_its_label_lights_its_factor_and_fades_nothing(self, shared):
        page = shared.page
        for name, roles in (
            ("Input spikes", {"presynaptic"}),
            ("Error\\.", {"error"}),
            ("Network", {"change", "error"}),
        ):
            page.get_by_role("img", name=re.compile(f"^{name}")).hover()
            shared.wait_until(lambda roles=roles: lit(page) == roles)
        focus(page.locator(".label[data-shows=surrogate]").first)
        shared.wait_until(lambda: lit(page) == {"surrogate"})
        focus(page.get_by_role("slider", name="Regulariser strength"))
        shared.wait_until(lambda: lit(page) == {"muted"})
        assert unfaded(page) == set(LABELS)

    def test_each_lane_of_the_synapse_lights_its_own_factor(self, shared):
        page = shared.page
        box = page.get_by_role("img", name=re.compile("^Synapse")).bounding_box()
        inner = box["height"] - 45  # without the time axis
        for place, lane in enumerate(reversed(LANES)):
            x, y = box["x"] + box["width"] / 2, box["y"] + inner * (place + 0.5) / len(LANES)
            page.mouse.move(x - 3, y)
            page.mouse.move(x, y)
            shared.wait_until(lambda role=lane.role: lit(page) == {role})

    def test_no_message_goes_to_the_server(self, shared):
        page = shared.page
        serial = shared.lab.drawing.last.serial
        shown = drawn(page, "error.output")["y"]
        for role in FACTORS:
            factor(page, role).hover()
            shared.wait_until(lambda role=role: lit(page) == {role})
        assert shared.lab.drawing.last.serial == serial
        assert (drawn(page, "error.output")["y"] == shown).all()
