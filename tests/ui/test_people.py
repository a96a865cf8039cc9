"""What different people need of the page: addresses, keyboards, screen readers, phones, projectors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from snn_explorer import __version__
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.views.session import sessions
from tests.ui.conftest import wait_until

pytestmark = pytest.mark.browser

NAMED = {"button", "slider", "combobox", "textbox", "spinbutton", "radio", "checkbox", "switch", "image", "img", "link"}
"""Roles that a screen reader announces by name."""

CANVASES = """() => {
  const found = []
  const walk = (root, host) => {
    for (const element of root.children) {
      const named = element.getAttribute("role") === "img" ? element : host
      if (element.tagName === "CANVAS") { found.push(named?.getAttribute("aria-label") ?? "") }
      if (element.shadowRoot) { walk(element.shadowRoot, named) }
      walk(element, named)
    }
  }
  walk(document.body, null)
  return found
}"""

WIDEST = """() => {
  let widest = 0, which = ""
  const walk = (root) => {
    for (const element of root.children) {
      const box = element.getBoundingClientRect()
      if (box.width > 1 && getComputedStyle(element).visibility !== "hidden") {
        if (box.right > widest) { [widest, which] = [box.right, element.outerHTML.slice(0, 200)] }
      }
      if (element.matches(".bk-Figure")) { continue }  // what it draws outside its frame is cut off
      if (element.shadowRoot) { walk(element.shadowRoot) }
      walk(element)
    }
  }
  walk(document.body)
  return [Math.max(widest, document.documentElement.scrollWidth), which]
}"""


def test_the_address_holds_every_parameter(shared):
    shared.wait_until(lambda: f"v={__version__}" in shared.page.url)
    for name in SuperSpikeParameters.param:
        assert name == "name" or f"{name}=" in shared.page.url


def test_an_address_leads_to_its_network(open_page):
    opened = open_page("?preset=fig2&seed=7&learning_rate=0.0005&speed=max")
    assert opened.lab.run.preset.key == "fig2"
    assert opened.lab.run.values["seed"] == 7
    assert opened.lab.run.speed is None
    expect(opened.page.get_by_role("textbox", name="Learning rate")).to_have_value("0.5")


def test_an_address_that_cannot_be_used_is_explained_and_the_rest_is_used(open_page):
    opened = open_page("?preset=fig9&rho=much&n_hidden=8&colour=red")
    alert = opened.page.get_by_role("alert").filter(has_text="address")
    for said in ("fig9", "'much'", "'colour'"):
        expect(alert).to_contain_text(said)
    assert opened.lab.run.values["n_hidden"] == 8
    assert opened.lab.run.preset.key == "fig4"


def test_shortcuts(opened):
    keyboard = opened.page.keyboard
    keyboard.press(" ")
    opened.wait_until(lambda: opened.lab.run.state == "paused")
    time = opened.lab.run.time
    keyboard.press("ArrowRight")
    opened.wait_until(lambda: opened.lab.run.time == pytest.approx(time + 0.5))
    keyboard.press("r")
    opened.wait_until(lambda: opened.lab.run.time < 0)
    keyboard.press("?")
    expect(opened.page.get_by_role("dialog")).to_be_visible()
    keyboard.press("Escape")
    expect(opened.page.get_by_role("dialog")).to_be_hidden()


def test_keys_in_a_field_stay_in_the_field(opened):
    field = opened.page.get_by_role("textbox", name="Seed")
    field.click()
    field.press("End")
    opened.page.keyboard.type("2")
    expect(field).to_have_value("12")
    assert opened.lab.run.preset.key == "fig4"


def test_a_closed_hint_never_comes_back(opened):
    hint = opened.page.get_by_role("button", name="Close this hint").first
    text = hint.get_attribute("aria-label")
    n_hints = opened.page.get_by_role("button", name="Close this hint").count()
    hint.click()
    opened.page.reload()
    opened.page.wait_for_function("window.snn_explorer?.numbers !== undefined")
    expect(opened.page.get_by_role("button", name="Close this hint")).to_have_count(n_hints - 1)
    expect(opened.page.get_by_role("button", name=text)).to_have_count(0)


def test_every_control_has_a_name(shared):
    client = shared.page.context.new_cdp_session(shared.page)
    client.send("Accessibility.enable")
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    seen = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in NAMED
    ]
    assert len(seen) > 20
    assert [role for role, name in seen if not name] == []


def test_every_plot_has_a_name_and_a_live_text_line(shared):
    canvases = shared.page.evaluate(CANVASES)
    assert len(canvases) >= 9
    assert all(canvases)
    expect(shared.page.get_by_text("targets are met").first).to_be_attached()


def test_a_factor_of_the_equation_explains_itself(shared):
    shared.page.get_by_role("img", name="how strongly a small change").focus()
    expect(shared.page.get_by_text("a surrogate, because the true derivative is zero")).to_be_visible()


def test_a_phone_shows_everything_in_its_width(open_page):
    opened = open_page(width=390, height=844)
    opened.wait_for_frames()
    opened.page.wait_for_timeout(1000)
    widest, which = opened.page.evaluate(WIDEST)
    assert widest <= 390, which
    expect(opened.page.get_by_role("img", name="Output membrane")).to_be_in_viewport()
    opened.page.get_by_role("button", name="Open drawer").click()
    expect(opened.page.get_by_role("slider", name="Learning rate")).to_be_visible()


def test_a_projector_gets_larger_type(open_page):
    opened = open_page("?projector=1")
    assert opened.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--snn-text')") == "18px"
    opened.wait_until(lambda: "projector=1" in opened.page.url)


def test_who_loads_the_page_again_gets_the_place_back(opened, monkeypatch):
    monkeypatch.setattr(sessions, "limit", sessions.taken)
    opened.page.reload()
    opened.page.wait_for_function("window.snn_explorer?.numbers !== undefined")


def test_who_comes_too_late_is_told_so(strict_page, address, monkeypatch):
    monkeypatch.setattr(sessions, "limit", 0)
    strict_page.goto(address)
    expect(strict_page.get_by_text("All 0 places are taken.")).to_be_visible()


def test_two_who_come_at_once_get_no_more_than_one_place(address, monkeypatch):
    before = set(sessions.open)
    monkeypatch.setattr(sessions, "limit", sessions.taken + 1)

    def is_told_to_wait(_person):
        with urlopen(address) as answer:
            return b'http-equiv="refresh"' in answer.read()

    with ThreadPoolExecutor() as people:
        assert sorted(people.map(is_told_to_wait, range(3))) == [False, True, True]
    (lab,) = wait_until(lambda: set(sessions.open) - before)
    assert sessions.coming == 0
    sessions.close([lab])
