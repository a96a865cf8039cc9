"""What drags decides: a mouse or a pen zooms the time axis, a finger scrolls the page, even on a tablet like a Mac."""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession, Page

from tests.ui.browser import canvas, shown_range
from tests.ui.conftest import Opened

TABLET = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Safari/605.1.15"
)
"""What a tablet says that it is; no word of a finger."""

pytestmark = [pytest.mark.browser, pytest.mark.browser_context_args(has_touch=True, user_agent=TABLET)]

WHOLE = [0, 200]
STEPS = 10

NOTICE = """() => {
  window.pointers = []
  for (const kind of ["pointerdown", "pointerup", "pointercancel"]) {
    window.addEventListener(kind, ({pointerType}) => window.pointers.push(`${pointerType} ${kind}`), true)
  }
}"""

IN_VIEW = """name => Object.values(Bokeh.index)
  .flatMap(root => [...root.owner.query(v => v.model.name === name)])
  .find(view => view.model.type === "Figure").el.scrollIntoView({block: "center"})"""

CANCEL = """() => {
  const figure = Object.values(Bokeh.index).flatMap(root => [...root.owner.query(v => v.model.name === "hidden")])
    .find(view => view.model.type === "Figure")
  const {hit_area, ui_gestures} = figure.canvas.ui_event_bus
  const [pointerId] = ui_gestures.pointers.keys()
  const cancelled = {pointerId, pointerType: "pen", bubbles: true, composed: true}
  hit_area.dispatchEvent(new PointerEvent("pointercancel", cancelled))
}"""

SHADES = """() => Bokeh.documents.flatMap(doc => [...doc.all_models])
  .filter(({type, overlay}) => type === "BoxZoomTool" && overlay.visible).length"""


@pytest.fixture
def bats(open_page) -> Opened:
    """The page of the digits on a tablet, which notices what happens to pointers."""
    opened = open_page("?preset=bats-digits", width=820, height=700)
    opened.page.evaluate(NOTICE)
    return opened


@pytest.fixture
def devtools(bats: Opened) -> CDPSession:
    """Where fingers and pens come from."""
    return bats.page.context.new_cdp_session(bats.page)


def in_view(page: Page) -> tuple[float, float, float]:
    """A point a third along the hidden spikes, in the middle of the window, and their width."""
    page.evaluate(IN_VIEW, "hidden")
    at = canvas(page, "hidden")
    return at["x"] + 0.3 * at["width"], at["y"] + 0.5 * at["height"], at["width"]


def ended(bats: Opened, last: str) -> None:
    """Wait until the window heard of the end of a gesture."""
    bats.wait_until(lambda: bats.page.evaluate("window.pointers").count(last))
    assert bats.page.evaluate("window.pointers")[-1] == last
    bats.page.evaluate("window.pointers.length = 0")


def swipe(bats: Opened, devtools: CDPSession, across: float, down: float) -> float:
    """Move a finger over the hidden spikes; how far they went up or down with it [px]."""
    x, y, _ = in_view(bats.page)
    before = canvas(bats.page, "hidden")["y"]
    for k in range(STEPS + 1):
        points = [{"x": x + across * k / STEPS, "y": y + down * k / STEPS}]
        devtools.send("Input.dispatchTouchEvent", {"type": "touchMove" if k else "touchStart", "touchPoints": points})
        bats.page.evaluate("() => new Promise(requestAnimationFrame)")
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    # once the browser scrolls, the page hears no more of the finger
    ended(bats, "touch pointercancel" if down else "touch pointerup")
    bats.page.evaluate("() => new Promise(requestAnimationFrame)")
    return canvas(bats.page, "hidden")["y"] - before


def drag(bats: Opened, across: float) -> None:
    """Drag the mouse over the hidden spikes, a part of their width."""
    x, y, width = in_view(bats.page)
    bats.page.mouse.move(x, y)
    bats.page.mouse.down()
    bats.page.mouse.move(x + across * width, y + 5, steps=STEPS)
    bats.page.mouse.up()
    ended(bats, "mouse pointerup")


def pen(bats: Opened, devtools: CDPSession, across: float, *, scrolls: bool = False) -> None:
    """Drag a pen over the hidden spikes, a part of their width; perhaps the browser scrolls with it in the end."""
    x, y, width = in_view(bats.page)
    held = {"button": "left", "buttons": 1, "clickCount": 1, "pointerType": "pen"}
    devtools.send("Input.dispatchMouseEvent", {"type": "mousePressed", "x": x, "y": y, **held})
    for k in range(1, STEPS + 1):
        at = {"x": x + across * width * k / STEPS, "y": y}
        devtools.send("Input.dispatchMouseEvent", {"type": "mouseMoved", **at, **held})
    if scrolls:
        bats.page.evaluate(CANCEL)
    devtools.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **at, **held, "buttons": 0})
    ended(bats, "pen pointerup")


def test_a_finger_scrolls_the_page_and_a_mouse_zooms(bats, devtools):
    page = bats.page
    for across, down in ((10, -200), (-60, 160)):
        # the browser takes the first few pixels to see that it is to scroll
        assert swipe(bats, devtools, across, down) == pytest.approx(down, abs=40)
        assert shown_range(page, "output") == WHOLE
    assert swipe(bats, devtools, 150, 0) == 0
    assert shown_range(page, "output") == WHOLE
    drag(bats, 0.25)
    assert shown_range(page, "output") == pytest.approx([60, 110], abs=1)
    bats.wait_until(lambda: bats.lab.zoom.window == pytest.approx((0.06, 0.11), abs=1e-3))
    zoomed = shown_range(page, "output")
    assert swipe(bats, devtools, 10, -200) == pytest.approx(-200, abs=40)
    assert swipe(bats, devtools, 150, 0) == 0
    assert shown_range(page, "output") == zoomed


def test_a_pen_zooms_unless_the_browser_scrolls_with_it(bats, devtools):
    pen(bats, devtools, 0.25, scrolls=True)
    assert shown_range(bats.page, "output") == WHOLE
    assert bats.page.evaluate(SHADES) == 0
    pen(bats, devtools, 0.25)
    assert shown_range(bats.page, "output") == pytest.approx([60, 110], abs=1)
    assert bats.page.evaluate(SHADES) == 0


def test_a_click_zooms_nothing_and_leaves_nothing_behind(bats, devtools):
    drag(bats, 0)
    assert swipe(bats, devtools, 150, 0) == 0
    assert shown_range(bats.page, "output") == WHOLE
