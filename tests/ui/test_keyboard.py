"""The page by keys alone: what a lesson asks for, without a pointer, and what every shortcut does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from snn_explorer.views.guidance import SHORTCUTS
from tests.ui.browser import tab_to

pytestmark = pytest.mark.browser


def test_a_lesson_by_keys_alone(opened):
    page, keyboard, lab = opened.page, opened.page.keyboard, opened.lab

    tab_to(page, "combobox", "Preset")
    keyboard.press("ArrowDown")
    opened.wait_until(lambda: lab.run.preset.key != "fig4" and lab.drawing.preset is lab.run.preset)
    opened.wait_for_frames()

    before = lab.run.values["learning_rate"]
    tab_to(page, "slider", "Learning rate, slider")
    for _ in range(5):
        keyboard.press("ArrowRight")
    opened.wait_until(lambda: lab.run.values["learning_rate"] > before)
    feedback = lab.run.values["feedback"]
    word = {"symmetric": "sym"}.get(feedback, feedback)
    tab_to(page, "radio", word)
    keyboard.press("ArrowRight")
    opened.wait_until(lambda: lab.run.values["feedback"] != feedback)
    keyboard.press("Control+z")
    opened.wait_until(lambda: lab.run.values["feedback"] == feedback)

    field = tab_to(page, "textbox", "Hidden units")
    keyboard.press("Control+a")
    keyboard.type("80")
    keyboard.press("Enter")
    opened.wait_until(lambda: lab.drawing.last.frame.matrices["output_weights"].shape[1] == 80)
    expect(field).to_have_value("80")
    keyboard.press("Control+z")
    opened.wait_until(lambda: lab.drawing.last.frame.matrices["output_weights"].shape[1] != 80)

    field = tab_to(page, "spinbutton", "Presynaptic neuron")
    keyboard.press("Control+a")
    keyboard.type("3")
    keyboard.press("Enter")
    opened.wait_until(lambda: lab.drawing.last.frame.watch.probe_pre == 2)

    tab_to(page, "tab", "Network")
    keyboard.press("ArrowRight")
    opened.wait_until(lambda: lab.drawing.side.seen == "timing")

    opened.wait_until(lambda: opened.numbers()["time"] > 1)
    tab_to(page, "button", "Pin")
    keyboard.press("Enter")
    opened.wait_until(lambda: lab.drawing.pinned)

    tab_to(page, "button", "Play or pause")
    keyboard.press("Enter")
    opened.wait_until(lambda: lab.run.state == "paused")
    opened.settle()
    time = lab.run.time
    keyboard.press("ArrowRight")
    opened.wait_until(lambda: lab.run.time == pytest.approx(time + 0.5))
    opened.settle()

    button = tab_to(page, "button", "Data of learning curve")
    keyboard.press("Enter")
    table = page.get_by_role("table", name="Cost of the pinned run")
    expect(table.get_by_role("columnheader")).to_have_text(["learning time [s]", "cost [1/s]"])
    expect(table.get_by_role("rowheader").first).to_have_text(re.compile(r"^0(\.0+)?$"))
    keyboard.press(" ")  # belongs to the dialog
    keyboard.press("Escape")
    expect(button).to_be_focused()
    assert lab.run.state == "paused"

    keyboard.press("?")
    dialog = page.get_by_role("dialog", name="How to read this page")
    expect(dialog.get_by_role("row")).to_have_count(len(SHORTCUTS))
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_every_shortcut_does_something(opened):
    """Those that go through time stay in the browser; the last preset has a page of its own, to which it leads."""
    lab, page = opened.lab, opened.page
    keys = [key for shortcut in SHORTCUTS for key in shortcut.keys]
    assert len(set(keys)) == len(keys)
    travel = {"ArrowRight", "ArrowLeft", ",", ".", "Escape"}
    assert travel <= {*keys}
    told = [*(key for key in keys if key not in {*travel, "9"}), "9"]
    heard = []
    lab.shortcuts._on_key = lambda key: (heard.append(key), lab.press(key))
    for key in told:
        page.keyboard.press("+".join({"mod": "Control", "shift": "Shift"}.get(part, part) for part in key.split("+")))
        if key in ("l", "t", "?"):
            expect(page.get_by_role("dialog")).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
    opened.wait_until(lambda: len(heard) == len(told))
    assert heard == told
    page.wait_for_url("**preset=bats-digits*")


def test_a_lost_connection_is_said_in_plain_words(page, address):
    """Not on a page that fails for complaints: the browser's console complains of the lost connection."""
    sockets = []

    def route(socket):
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/ws*", route)
    page.goto(address)
    page.wait_for_function("window.snn_explorer?.numbers !== undefined")
    notice = page.get_by_role("alert").filter(has_text="The connection to SNN Explorer is lost")
    expect(notice).to_be_hidden()
    sockets[0].close()
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("start it again")
    expect(notice.get_by_role("button", name="Load again")).to_be_visible()


def test_after_a_choice_by_pointer_the_keys_are_for_the_page(opened):
    page, lab = opened.page, opened.lab
    speed = page.get_by_role("combobox", name="Speed")
    speed.focus()
    speed.dispatch_event("pointerdown")
    speed.select_option("× 20")
    opened.wait_until(lambda: lab.run.speed == 20)
    page.keyboard.press(" ")
    opened.wait_until(lambda: lab.run.state == "paused")
    speed.focus()
    speed.press("ArrowDown")
    opened.wait_until(lambda: lab.run.speed == 50)
    expect(speed).to_be_focused()
