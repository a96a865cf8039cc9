"""What axe-core, served from this machine, finds wrong with the page: nothing serious, in any theme or width."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PRESETS = ("fig4", "bats-digits")
"""Presets whose pages differ; nothing of them is left out of the check."""

SERIOUS = ("serious", "critical")


def faults(page):
    """Rule and place of what is seriously wrong now."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(fault["id"], node["html"]) for fault in found if fault["impact"] in SERIOUS for node in fault["nodes"]]


def help_is(page, *, open):
    """Press the key for help, and wait for it to come or go."""
    page.keyboard.press("?" if open else "Escape")
    expect(page.get_by_role("dialog")).to_have_count(1 if open else 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("preset", PRESETS)
def test_on_a_wide_screen_light_and_dark(open_page, preset, theme):
    page = open_page(f"?preset={preset}&theme={theme}").page
    expect(page.locator("html")).to_have_css("color-scheme", theme)
    assert faults(page) == []
    help_is(page, open=True)
    assert faults(page) == []
    help_is(page, open=False)
    page.get_by_role("button", name="Data of output spikes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").first).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_on_a_phone_with_the_drawer_and_with_help(open_page, preset):
    page = open_page(f"?preset={preset}", width=390, height=844).page
    assert faults(page) == []
    help_is(page, open=True)
    assert faults(page) == []
    help_is(page, open=False)
    page.get_by_role("button", name="Open drawer").click()
    expect(page.get_by_role("slider", name="Learning rate, slider")).to_be_visible()
    expect(page.locator(".MuiDrawer-paper")).to_have_css("transform", "none")
    for more in page.get_by_text("More", exact=True).all():
        more.click()
    assert faults(page) == []


def test_the_check_finds_what_is_wrong(opened):
    opened.page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'data:,'}))")
    assert [rule for rule, _ in faults(opened.page)] == ["image-alt"]
