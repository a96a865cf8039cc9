"""Targets of one's own on the page: typed, uploaded, drawn, by keyboard and by address, and what is wrong with them."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from snn_explorer.presets import own_target
from snn_explorer.tasks import word_targets
from snn_explorer.views.superspike.own_dialog import HOW, KINDS
from tests.ui.browser import drawn

pytestmark = pytest.mark.browser

LINE = b"time,neuron\n0.1,0\n0.2,1\n0.3,2\n"


def opened_dialog(opened, kind="Word"):
    """Open the dialog at this tab; gives it."""
    opened.page.get_by_role("button", name="Own target").click()
    dialog = opened.page.get_by_role("dialog", name="Own target")
    dialog.get_by_role("tab", name=kind).click()
    return dialog


def learn(opened, dialog):
    """Learn what the dialog has; gives the task, when the page shows its frames."""
    before = opened.lab.run
    dialog.get_by_role("button", name="Learn it").click()
    expect(dialog).to_be_hidden()
    opened.wait_until(lambda: opened.lab.run is not before and opened.lab.run.task is not None)
    opened.wait_until(lambda: opened.lab.run.time > opened.lab.run.task.period)
    opened.settle()
    return opened.lab.run.task


def shown_targets(opened):
    """Targets that the browser draws, as pairs of time [ms] and output."""
    columns = drawn(opened.page, "output.targets")
    return set(zip(np.rint(columns["x"] * 1e4).astype(int), columns["y"].astype(int), strict=True))


def spikes(trains):
    return set(zip(trains.step.tolist(), trains.neuron.tolist(), strict=True))


def picture(width=300, height=120):
    """A PNG file with a dark disc."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).ellipse((0.2 * width, 0.2 * height, 0.6 * width, 0.8 * height), fill="black")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def give(dialog, place, name, content, kind="application/octet-stream"):
    """Choose a file."""
    file = {"name": name, "mimeType": kind, "buffer": content}
    dialog.locator("input[type=file]").nth(place).set_input_files(files=[file])


def test_a_word_that_is_typed_is_what_the_page_wants_of_the_network(opened):
    dialog = opened_dialog(opened)
    dialog.get_by_role("textbox", name="Word").fill("OK")
    outputs = dialog.get_by_role("textbox", name="Outputs")
    outputs.fill("40")
    outputs.press("Enter")
    wanted = word_targets("OK", n_outputs=40, period=2.0)
    expect(dialog.get_by_text(f"{wanted.n_spikes} target spikes on")).to_be_visible()
    expect(dialog.get_by_role("img", name=f"{wanted.n_spikes} target spikes on")).to_be_visible()
    task = learn(opened, dialog)
    assert spikes(task.targets) == shown_targets(opened) == spikes(wanted)
    expect(opened.page.get_by_text("40 outputs learn to write OK in spikes").last).to_be_visible()
    expect(opened.page).to_have_url(re.compile("preset=own&word=OK&outputs=40&seconds=2&"))


def test_an_address_leads_to_its_word(open_page):
    opened = open_page("?preset=own&word=Hi+%3C3&outputs=30&seconds=1&n_hidden=0&speed=max")
    opened.wait_until(lambda: opened.lab.run.time > 1)
    opened.settle()
    assert shown_targets(opened) == spikes(word_targets("Hi <3", n_outputs=30, period=1.0))
    assert opened.lab.run.values["n_hidden"] == 0
    expect(opened.page.get_by_text("30 outputs learn to write Hi <3 in spikes").last).to_be_visible()
    dialog = opened_dialog(opened)
    expect(dialog.get_by_role("textbox", name="Word")).to_have_value("Hi <3")
    expect(dialog.get_by_role("textbox", name="Outputs")).to_have_value("30")


def test_an_address_with_a_word_that_cannot_be_written_says_so(open_page):
    opened = open_page("?preset=own&word=%E6%BC%A2")
    alert = opened.page.get_by_role("alert").filter(has_text="address")
    expect(alert).to_contain_text("the font has none of its letters")
    assert opened.lab.run.preset.query["word"] == own_target.DEFAULT_WORD


def test_a_picture_is_learned_and_an_address_without_it_says_so(opened, open_page):
    dialog = opened_dialog(opened, "Picture")
    expect(dialog.get_by_role("button", name="Learn it")).to_be_disabled()
    content = picture()
    give(dialog, 0, "disc.png", content, "image/png")
    expect(dialog.get_by_text("disc.png")).to_be_visible()
    task = learn(opened, dialog)
    same = own_target.picture_to_learn(own_target.File("disc.png", len(content), content)).task()
    assert spikes(task.targets) == shown_targets(opened) == spikes(same.targets)
    expect(opened.page.get_by_text("this page alone has it, for a link cannot hold it").last).to_be_visible()
    opened.wait_until(lambda: "preset=own" in opened.page.url and "word=" not in opened.page.url)
    # as in another tab: this one would go on with its run, picture and all
    opened.page.evaluate("sessionStorage.clear()")
    opened = open_page(opened.page.url[opened.page.url.index("?") :])
    said = "a picture, a drawing or spike trains stay"
    expect(opened.page.get_by_role("status").filter(has_text=said)).to_be_visible()


def test_what_is_drawn_becomes_spikes_where_it_was_drawn(opened):
    dialog, page = opened_dialog(opened, "Draw"), opened.page
    expect(dialog.get_by_text("Draw something.")).to_be_visible()
    box = dialog.get_by_role("img", name="Canvas to draw on").bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    for place in np.linspace(0.25, 0.5, 8):
        page.mouse.move(box["x"] + place * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.up()
    expect(dialog.get_by_text("target spikes on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    dialog = opened_dialog(opened, "Draw")
    expect(dialog.get_by_text("target spikes on")).to_be_visible()  # nothing is lost
    targets = learn(opened, dialog).targets
    time, height = targets.step * 1e-4 / 2.0, targets.neuron / 99
    assert time.min() > 0.15
    assert time.max() < 0.6
    assert np.median(height) == pytest.approx(0.8, abs=0.05)
    assert shown_targets(opened) == spikes(targets)


def test_the_canvas_can_be_cleared(opened):
    dialog, page = opened_dialog(opened, "Draw"), opened.page
    dialog.get_by_role("img", name="Canvas to draw on").click()
    expect(dialog.get_by_text("target spikes on")).to_be_visible()
    dialog.get_by_role("button", name="Clear").click()
    expect(dialog.get_by_text("Draw something.")).to_be_visible()
    expect(page.get_by_role("button", name="Learn it")).to_be_disabled()


def test_spike_trains_from_files(opened):
    dialog = opened_dialog(opened, "Spike trains")
    give(dialog, 1, "targets.csv", b"time,neuron\n0.1,2\n0.2,x\n")
    expect(dialog.get_by_role("alert").filter(has_text="targets.csv, line 3: the neuron id 'x'")).to_be_visible()
    expect(dialog.get_by_role("button", name="Learn it")).to_be_disabled()
    give(dialog, 1, "targets.csv", LINE)
    expect(dialog.get_by_text("3 target spikes on 3 of 3 outputs in 0.4 s.")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Outputs")).to_have_value("3")
    expect(dialog.get_by_role("textbox", name="Length of a trial")).to_have_value("0.4")
    give(dialog, 2, "inputs.ras", b"0.05 0\n0.15 1\n0.45 1\n")
    expect(dialog.get_by_text("3 target spikes on 3 of 3 outputs in 0.5 s.")).to_be_visible()
    task = learn(opened, dialog)
    assert spikes(task.inputs) == {(500, 0), (1500, 1), (4500, 1)}
    assert shown_targets(opened) == {(1000, 0), (2000, 1), (3000, 2)}


def test_a_file_can_be_removed(opened):
    dialog = opened_dialog(opened, "Spike trains")
    give(dialog, 1, "targets.csv", LINE)
    give(dialog, 2, "inputs.ras", b"nonsense\n")
    expect(dialog.get_by_role("alert").filter(has_text="inputs.ras")).to_be_visible()
    dialog.get_by_role("button", name="Remove").nth(1).click()
    expect(dialog.get_by_text("3 target spikes on 3 of 3 outputs")).to_be_visible()


def test_what_cannot_be_used_is_said_and_nothing_is_lost(opened):
    dialog = opened_dialog(opened)
    word, outputs = (dialog.get_by_role("textbox", name=name) for name in ("Word", "Outputs"))
    word.fill("漢字")
    expect(dialog.get_by_role("alert").filter(has_text="the font has none of its letters")).to_be_visible()
    word.fill("OK")
    outputs.fill("10000")
    outputs.press("Enter")
    expect(dialog.get_by_role("alert").filter(has_text="at most 1024 neurons are allowed, because")).to_be_visible()
    outputs.fill("many")
    outputs.press("Enter")
    expect(dialog.get_by_role("alert").filter(has_text="it must be a whole number")).to_be_visible()
    outputs.fill("50")
    outputs.press("Enter")
    expect(dialog.get_by_text("of 50 outputs")).to_be_visible()
    expect(word).to_have_value("OK")
    dialog.get_by_role("tab", name="Picture").click()
    for name, content, said in (
        ("blank.png", None, "no drawable ink"),
        ("text.png", b"no picture", "'text.png' is not a picture"),
        ("huge.png", bytes(own_target.MAX_PICTURE_BYTES + 1), "'huge.png' has 8.0 MB; at most 8 MB can be used"),
    ):
        give(dialog, 0, name, blank() if content is None else content)
        expect(dialog.get_by_role("alert").filter(has_text=said)).to_be_visible()
    assert opened.lab.run.preset.key == "fig4"


def blank():
    """A PNG file of one pixel."""
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    return file.getvalue()


def test_by_keyboard_alone(opened):
    page = opened.page
    page.get_by_role("button", name="Own target").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Own target")
    tab = dialog.get_by_role("tab", name="Word")
    expect(tab).to_be_visible()
    for _ in range(4):
        if tab.evaluate("tab => tab.getRootNode().activeElement === tab"):
            break
        page.keyboard.press("Tab")
    for kind in KINDS[1:]:
        page.keyboard.press("ArrowRight")
        expect(dialog.get_by_role("tab", name=kind)).to_be_focused()
        expect(dialog.get_by_text(HOW[kind])).to_be_visible()
    page.keyboard.press("Home")
    word = dialog.get_by_role("textbox", name="Word")
    expect(word).to_be_visible()
    page.keyboard.press("Tab")
    expect(word).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("r1")
    page.keyboard.press("Enter")
    opened.wait_until(lambda: opened.lab.run.preset.query.get("word") == "r1")
    expect(dialog).to_be_hidden()


def test_a_dialog_on_a_phone_fits(open_page):
    opened = open_page(width=390, height=844)
    opened.page.get_by_role("button", name="Open drawer").click()
    for kind in KINDS:
        dialog = opened_dialog(opened, kind)
        box = dialog.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        opened.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_a_network_writes_its_word(open_page):
    """With the values of its preset: five letters within a minute of learning, most of their spikes in their place."""
    opened = open_page("?preset=own&word=SPIKE&speed=max")
    opened.wait_until(lambda: opened.lab.run.time > 60)
    opened.settle()
    live = opened.lab.drawing.last
    found, wanted = (np.zeros((101, 41)) for _ in range(2))
    for raster, cells in ((live.rasters["output"], found), (live.rasters["target"], wanted)):
        np.add.at(cells, (raster.neuron.astype(int), (raster.time * 20).astype(int)), 1)
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.6
