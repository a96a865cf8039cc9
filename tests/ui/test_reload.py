"""A page that is loaded again goes on with its run, and only then."""

from __future__ import annotations

import re
import threading
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer.live.shelf import Shelf
from snn_explorer.views.session import sessions
from snn_explorer.views.superspike.why import Question
from tests.ui.browser import drawn, shown_range
from tests.ui.conftest import PATIENCE, Opened, bits, wait_until

HEARD = """() => Bokeh.documents.flatMap(doc => [...doc.all_models])
  .find(one => one.class_name === "Tab").data.heard"""


def load_again(opened, url=""):
    """Load the page again, or go to another address in its tab; gives what is there then."""
    before = set(sessions.open)
    if url:
        opened.page.goto(url)
    else:
        opened.page.reload()
    (lab,) = wait_until(lambda: set(sessions.open) - before, opened.page)
    opened.page.wait_for_function("window.snn_explorer?.numbers !== undefined")
    return Opened(opened.page, lab)


def from_shelf(opened):
    """Leave the page until its session has ended, and come back."""
    url, lab = opened.page.url, opened.lab
    opened.page.goto("about:blank")
    sessions.remove(lab)
    opened.wait_until(lambda: lab.run.closed)
    return load_again(opened, url)


def learn(opened, past):
    opened.wait_until(lambda: opened.lab.run.time > past)
    opened.settle()


@pytest.mark.parametrize(
    ("query", "past"),
    [
        ("?preset=fig4&learning_rate=0.0012345678901234567&seed=3&burn_in=0", 10.0),
        ("?preset=bats-digits&speed=max&seed=2", 200.0),
    ],
)
def test_a_reloaded_page_shows_the_same_bits_and_goes_on(open_page, query, past):
    opened = open_page(query)
    learn(opened, past)
    watch = replace(opened.lab.run.watch, probe_pre=2)
    opened.lab.run.look(watch)
    opened.wait_until(lambda: opened.lab.drawing.last.frame.watch == watch)
    numbers, saved, values = opened.numbers(), bits(opened.lab.run), opened.lab.run.values
    again = load_again(opened)
    assert again.lab is not opened.lab
    assert bits(again.lab.run) == saved
    assert (again.lab.run.values, again.lab.run.watch, again.lab.run.state) == (values, watch, "paused")
    shown = again.numbers()
    for name in {"time", "cost", "epoch", "accuracy"} & numbers.keys():
        assert shown[name] == pytest.approx(numbers[name], nan_ok=True)
    expect(again.page.get_by_role("button", name=re.compile("Play"))).to_be_visible()
    time = again.lab.run.time
    again.page.keyboard.press("ArrowRight")
    again.wait_until(lambda: again.lab.run.time > time)


def test_a_page_that_takes_back_its_leaving_is_found_again(open_page):
    opened = open_page("?preset=fig4&burn_in=0")
    learn(opened, 3)
    saved, client = bits(opened.lab.run), opened.lab.client
    left = []

    def serve_late(route):
        opened.wait_until(lambda: client.left)
        left.append(client.left)
        opened.wait_until(lambda: not client.left)
        left.append(client.left)
        route.continue_()

    # the page need not wait five seconds to find that it is still there
    opened.page.evaluate("{ const wait = setTimeout; window.setTimeout = (act, ms) => wait(act, Math.min(ms, 500)) }")
    opened.page.route(opened.page.url, serve_late)
    again = load_again(opened)
    assert left == [True, False]
    assert bits(again.lab.run) == saved


def test_a_run_that_is_still_being_put_on_the_shelf_is_waited_for(open_page, monkeypatch):
    opened = open_page("?preset=fig4&burn_in=0")
    learn(opened, 3)
    saved = bits(opened.lab.run)
    begun, come = threading.Event(), threading.Event()
    put = Shelf.put

    def put_late(shelf, key, waiting):
        begun.set()
        assert come.wait(PATIENCE)
        put(shelf, key, waiting)

    monkeypatch.setattr(Shelf, "put", put_late)
    url, lab = opened.page.url, opened.lab
    opened.page.goto("about:blank")
    sessions.remove(lab)
    assert begun.wait(PATIENCE)
    before = set(sessions.open)
    opened.page.goto(url)
    (lab,) = opened.wait_until(lambda: set(sessions.open) - before)
    opened.wait_until(lambda: lab.tab.heard)
    assert lab.run.state == "paused"
    come.set()
    opened.wait_until(lambda: lab.run.time > 0)
    assert bits(lab.run) == saved


def test_the_tab_learns_that_it_was_heard_and_says_no_more(opened):
    opened.page.wait_for_function(HEARD)


def test_a_playing_page_plays_on(open_page):
    opened = open_page("?preset=fig4&burn_in=0")
    opened.wait_until(lambda: opened.lab.run.time > 3)
    again = load_again(opened)
    assert (again.lab.run.state, again.lab.run is opened.lab.run) == ("playing", True)


def test_after_the_old_session_has_ended_the_run_comes_from_the_shelf(open_page):
    opened = open_page("?preset=fig4&burn_in=0")
    learn(opened, 3)
    saved, key = bits(opened.lab.run), opened.lab.tab.key
    again = from_shelf(opened)
    assert again.lab.tab.key != key
    assert (bits(again.lab.run), again.lab.run.state) == (saved, "paused")


def test_two_runs_side_by_side_come_from_the_shelf_with_what_was_set_in_between(open_page):
    opened = open_page("?preset=fig4&burn_in=0&speed=max&beside=1&b.feedback=random")
    pair = opened.wait_until(lambda: opened.lab.beside.pair)
    opened.wait_until(lambda: opened.lab.run.time > 2)
    opened.wish(opened.lab.settings.change, "rho", 2.0)
    opened.wait_until(lambda: pair.second.values["rho"] == 2 and opened.lab.run.time > 5)
    opened.settle()
    opened.wait_until(lambda: pair.second.time == pair.first.time)
    saved = bits(pair.first, pair.second)
    again = from_shelf(opened)
    assert pair.first.closed
    assert pair.second.closed
    pair = again.lab.beside.pair
    assert bits(pair.first, pair.second) == saved
    assert (again.lab.run.state, pair.first.values["rho"], pair.second.values["rho"]) == ("paused", 0, 2)
    time = again.lab.run.time
    again.page.keyboard.press("ArrowRight")
    again.wait_until(lambda: pair.second.time == pair.first.time > time)


def test_an_address_that_asks_for_something_else_begins_anew(open_page):
    opened = open_page("?preset=fig4&burn_in=0&speed=max")
    learn(opened, 3)
    again = load_again(opened, opened.page.url.replace("seed=1", "seed=2"))
    assert again.lab.run is not opened.lab.run
    assert again.lab.run.values["seed"] == 2


def test_a_copied_tab_leaves_the_run_to_the_first(open_page):
    opened = open_page("?preset=fig4&burn_in=0")
    learn(opened, 3)
    before = set(sessions.open)
    with opened.page.expect_popup() as caught:  # which copies what the tab remembers, as a copied tab does
        opened.page.evaluate("void window.open(location.href)")
    (lab,) = wait_until(lambda: set(sessions.open) - before, opened.page)
    caught.value.wait_for_function("window.snn_explorer?.numbers !== undefined")
    assert caught.value.evaluate("sessionStorage.getItem('snn-explorer')") == lab.tab.key
    assert lab.run is not opened.lab.run
    assert opened.lab.run.state == "paused"
    caught.value.close()


def comes_to_show(opened, shown, *figures):
    opened.wait_until(lambda: outlook_on_page(opened, *figures) == shown)


def drawn_membrane(opened):
    """The output's membrane, once the browser has what is watched now."""

    def there():
        frame, watch = opened.lab.drawing.last.frame, opened.lab.run.watch
        membrane = drawn(opened.page, "output_membrane.trace")["y"]
        watched = (frame.watch.output, frame.watch.window) == (watch.output, watch.window)
        return watched and np.array_equal(membrane, frame.traces["output_membrane"][0]) and [membrane]

    return opened.wait_until(there)[0]


def outlook_on_page(opened, *figures):
    """What a person sees of what they have set up: open tabs, the pinned curve, ranges of axes, the question."""
    page = opened.page
    tabs = page.get_by_role("tab", selected=True).all_inner_texts()
    pin = page.get_by_role("button", name=re.compile("^(Pin|Unpin)")).inner_text()
    ranges = [shown_range(page, figure) for figure in figures]
    return {"tabs": tabs, "pin": pin, "ranges": ranges, "why": opened.page.evaluate("snn_explorer.texts.why")}


def test_what_was_looked_at_is_looked_at_again(open_page):
    """SuperSpike with two runs, once while the old session is still there and once from the shelf."""
    opened = open_page("?preset=fig4&burn_in=0&speed=max&beside=1&b.feedback=random")
    learn(opened, 3)
    page, key = opened.page, opened.page.keyboard
    key.press("c")
    page.get_by_role("tab", name="Spike timing").click()
    page.get_by_label("A", exact=True).click()
    drawing = opened.lab.drawing
    opened.wait_until(lambda: drawing.chosen == 0)
    opened.lab.watching.synapse("hidden", 1, 2, Question(0.2))
    opened.wait_until(lambda: drawing.last.frame.watch.synapse == ("hidden", 1, 2))
    opened.wait_until(lambda: page.evaluate("snn_explorer.texts.why") == drawing.why.sentence(drawing.lives[0]))
    reference, shown = opened.lab.drawing.reference, outlook_on_page(opened)
    assert (shown["pin"], shown["tabs"]) == ("Unpin", ["Spike timing"])
    kept = drawn(page, "curve.reference")
    assert kept["x"].size
    for again in (load_again, from_shelf):
        opened = again(opened)
        comes_to_show(opened, shown)
        lab = opened.lab
        assert (lab.drawing.reference, lab.drawing.chosen, lab.beside.choice.value) == (reference, 0, "A")
        assert lab.drawing.why.question == Question(0.2)
        np.testing.assert_array_equal(drawn(page, "curve.reference")["y"], kept["y"])
    key.press("c")
    opened.wait_until(lambda: outlook_on_page(opened)["pin"] == "Pin")


def test_what_was_looked_at_of_a_sample_is_looked_at_again(open_page):
    """BATS with a part of the time axis, twice as above."""
    opened = open_page("?preset=bats-digits&speed=max")
    learn(opened, 200)
    page, key = opened.page, opened.page.keyboard
    for pressed in "cn+":
        key.press(pressed)
    page.get_by_role("tab", name="Latency").click()
    page.get_by_role("tab", name="Loss").click()
    opened.lab.watching.spike("output", 3, 0.05)
    opened.wait_until(lambda: "output 4" in page.evaluate("snn_explorer.texts.why"))
    opened.wait_until(lambda: opened.lab.drawing.last.frame.watch.window == (0.05, 0.15))
    opened.settle()
    shown = outlook_on_page(opened, "error", "input", "probe")
    assert (shown["tabs"], shown["pin"]) == (["Latency", "Loss"], "Unpin")
    assert shown["ranges"] == 3 * [[50, 150]]
    kept, membrane = drawn(page, "accuracy.reference"), drawn_membrane(opened)
    for again in (load_again, from_shelf):
        opened = again(opened)
        comes_to_show(opened, shown, "error", "input", "probe")
        assert opened.lab.drawing.moment == 0.05
        np.testing.assert_array_equal(drawn(page, "accuracy.reference")["y"], kept["y"])
        np.testing.assert_array_equal(drawn_membrane(opened), membrane)
    key.press("-")
    opened.wait_until(lambda: shown_range(page, "error") == [0, 200])
