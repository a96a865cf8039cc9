"""Time travel in a real browser: back through the last minute, and through a window by steps and in slow motion."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from snn_explorer.tasks.pattern import DEFAULT_DT
from tests.ui.browser import drawn, shown_range

pytestmark = pytest.mark.browser

VEILS = """axis => Bokeh.documents.flatMap(doc => [...doc.all_models])
  .filter(one => one.name === `${axis}.veil` && one.visible).map(one => [one.left, one.right])"""

TICKS = """name => {
  const all = Bokeh.documents.flatMap(doc => [...doc.all_models])
  const [axis] = all.find(one => one.type === "Figure" && one.name === name).left
  return [...axis.major_label_overrides].map(([tick, text]) => [Number(tick), text])
}"""


def shown(opened, what="serial"):
    """Something of the frame that is drawn."""
    return opened.page.evaluate(f"snn_explorer.shown.{what}")


def minute(opened, what):
    """Something of the frames that the browser keeps."""
    return opened.page.evaluate(f"snn_explorer.minute.{what}")


def moment(opened):
    return opened.page.evaluate("snn_explorer.moment ?? null")


def press(opened, key, times=1):
    for _ in range(times):
        opened.page.keyboard.press(key)


def step_by(opened, unit):
    opened.page.get_by_label("What one step is").select_option(unit)
    opened.page.evaluate("document.activeElement.blur()")


def step_on(opened, unit, times):
    """So many steps at once."""
    opened.page.evaluate(
        """([unit, times]) => { for (let i = 0; i < times; i++) {
          document.dispatchEvent(new CustomEvent("snn-explorer-step", {detail: {unit, by: 1}})) } }""",
        [unit, times],
    )


def spike_times(frame):
    """Times of all spikes of the window, each once."""
    return np.unique(np.concatenate([frame.rasters[name].time for name in ("input", "hidden", "output")])).astype(float)


@pytest.fixture
def sent(opened):
    """What was sent to the browser, by serial number."""
    record, show = {}, opened.lab.drawing.show

    def recording(update):
        record[update.live.serial] = update
        show(update)

    opened.lab.drawing.show = recording
    opened.wait_until(lambda: minute(opened, "frames.length") > 3)
    return record


class TestTheLastMinute:
    def test_an_earlier_frame_is_drawn_bit_by_bit_while_learning_goes_on(self, opened, sent):
        opened.wait_until(lambda: len(sent) > 25)
        press(opened, ",", 15)
        serial, time = shown(opened), opened.lab.run.time
        opened.wait_until(lambda: opened.lab.run.time > time + 20)
        opened.wait_until(lambda: minute(opened, "newest.serial") > serial + 30)
        assert shown(opened) == serial
        assert len({len(update.message) for update in sent.values()}) > 1, "some sources were not sent again"
        for source, table in sent[serial].columns.items():
            columns = drawn(opened.page, source)
            for column, values in table.items():
                np.testing.assert_array_equal(columns[column], values)

    def test_numbers_and_sentences_are_those_of_the_frame(self, opened, sent):
        opened.wait_until(lambda: len(sent) > 25)
        press(opened, ",", 15)
        serial, page = shown(opened), opened.page
        frame = sent[serial].live.frame
        said = [update.texts for earlier, update in sent.items() if earlier <= serial and update.texts][-1]
        opened.wait_until(lambda: minute(opened, "newest.serial") > serial + 30)
        expect(page.locator("header [data-number=time]")).to_have_text(f"{frame.time:.1f}")
        expect(page.locator("[data-number=matched]")).to_have_text(f"{frame.numbers['matched']:.0f}")
        assert page.evaluate("snn_explorer.texts") == said
        expect(page.locator("[data-text=curve]")).to_have_text(said["curve"])
        expect(page.get_by_text(f"s ago · t = {frame.time:.1f} s")).to_be_visible()

    def test_back_to_the_present(self, opened, sent):
        page = opened.page
        live = page.get_by_role("button", name="live")
        slider = page.get_by_role("slider", name="Back through the last minute")
        for back in (lambda: page.keyboard.press("Escape"), live.click, lambda: slider.press("End")):
            expect(live).to_be_disabled()
            press(opened, ",", 3)
            serial = shown(opened)
            expect(live).to_be_enabled()
            opened.wait_until(lambda serial=serial: minute(opened, "newest.serial") > serial + 5)
            assert shown(opened) == serial
            back()
            opened.wait_until(lambda serial=serial: shown(opened) > serial + 5)
            opened.wait_for_frames()
            assert max(sent) >= shown(opened) > serial + 5

    def test_the_slider_goes_to_the_frame_of_that_time(self, opened, sent):
        opened.wait_until(lambda: minute(opened, "ago(snn_explorer.minute.frames[0])") > 4)
        slider = opened.page.get_by_role("slider", name="Back through the last minute")
        at = minute(opened, "newest.at") / 1e3
        slider.fill("-2")
        shown_at = shown(opened, "at") / 1e3
        assert at - 3 < shown_at < minute(opened, "newest.at") / 1e3 - 1
        assert slider.get_attribute("aria-valuetext").endswith(f"t = {shown(opened, 'numbers.time'):.1f} s")
        serial = shown(opened)
        slider.press("ArrowLeft")
        before = shown(opened)
        assert before < serial
        slider.press("ArrowRight")
        assert shown(opened) == serial
        assert opened.lab.run.state == "playing"

    def test_axes_are_as_they_were(self, opened):
        opened.wait_until(lambda: opened.numbers()["time"] > 55)
        assert shown_range(opened.page, "curve")[1] >= 100
        opened.page.get_by_role("slider", name="Back through the last minute").press("Home")
        assert opened.numbers()["time"] < 50
        assert shown_range(opened.page, "curve")[1] == 50
        opened.wait_until(lambda: opened.lab.run.time > 105)
        serial = shown(opened)
        opened.wait_until(lambda: minute(opened, "newest.numbers.time") > 105)
        assert (shown(opened), shown_range(opened.page, "curve")[1]) == (serial, 50)
        press(opened, "Escape")
        opened.settle()
        for name, figure in opened.lab.drawing.figures.items():
            for axis in ("x_range", "y_range"):
                ends = getattr(figure, axis)
                assert shown_range(opened.page, name, axis) == [ends.start, ends.end]
            ticks = [[float(tick), text] for tick, text in figure.yaxis[0].major_label_overrides.items()]
            assert sorted(opened.page.evaluate(TICKS, name)) == sorted(ticks)
        assert shown_range(opened.page, "curve")[1] >= 200

    def test_another_run_has_no_past(self, opened):
        opened.wait_until(lambda: minute(opened, "frames.length") > 10)
        press(opened, ",", 5)
        before = opened.lab.run.time
        opened.page.get_by_role("button", name="Start anew").click()
        opened.wait_until(lambda: opened.numbers()["time"] < before)
        expect(opened.page.get_by_role("button", name="live")).to_be_disabled()
        assert minute(opened, "frames.every(({numbers}) => numbers.time <= snn_explorer.minute.newest.numbers.time)")

    def test_memory_is_bounded_and_the_frame_that_is_shown_stays(self, opened, sent):
        opened.wish(setattr, opened.lab.time_travel, "megabytes", 1.0)
        opened.wait_until(lambda: len(sent) > 40 and minute(opened, "bytes") <= 1e6)
        held = """new Set(snn_explorer.minute.frames.flatMap(({tables}) => [...tables.values()]
          .flatMap(Object.values).map(({buffer}) => buffer)))"""
        total = f"[...{held}].reduce((sum, buffer) => sum + buffer.byteLength, 0)"
        counted, found = opened.page.evaluate(f"[snn_explorer.minute.bytes, {total}]")
        assert counted == found <= 1e6
        assert minute(opened, "frames.length") > 3
        press(opened, ",", 2)
        serial, times = shown(opened), drawn(opened.page, "output.spikes")["x"]
        opened.wish(setattr, opened.lab.time_travel, "seconds", 1.0)
        opened.wait_until(lambda: minute(opened, "frames[0].serial") > serial)
        assert minute(opened, "ago(snn_explorer.minute.frames[0])") <= 1
        assert shown(opened) == serial
        np.testing.assert_array_equal(drawn(opened.page, "output.spikes")["x"], times)
        press(opened, ".")
        assert shown(opened) > serial

    @pytest.mark.parametrize("width", [1440, 390])
    def test_it_has_room_and_nothing_moves(self, open_page, width):
        opened = open_page(width=width, height=844)
        slider = opened.page.get_by_role("slider", name="Back through the last minute")
        opened.wait_until(lambda: minute(opened, "frames.length") > 10)
        places = [slider.bounding_box()]
        press(opened, ",", 5)
        places.append(slider.bounding_box())
        opened.page.get_by_role("button", name="slow motion").click()
        opened.wait_until(lambda: moment(opened))
        places.append(slider.bounding_box())
        assert places[0] == places[1] == places[2]
        assert places[0]["width"] > 60
        for part in ("live", "slow motion", "One frame on"):
            box = opened.page.get_by_role("button", name=part).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


class TestTheMoment:
    def test_spikes_are_stepped_to_exactly(self, opened):
        opened.settle()
        step_by(opened, "spike")
        spikes = spike_times(opened.lab.drawing.last.frame)
        for wanted in spikes[:6]:
            press(opened, "ArrowRight")
            assert moment(opened) == wanted
            assert opened.page.evaluate(VEILS, "cursor") == [[wanted, 0.5]]
            assert opened.page.evaluate(VEILS, "pattern_cursor") == [[pytest.approx(wanted), 0.5]]
        press(opened, "ArrowLeft")
        assert moment(opened) == spikes[4]
        press(opened, "Escape")
        assert moment(opened) is None
        assert opened.page.evaluate(VEILS, "cursor") == []
        press(opened, "ArrowLeft")
        assert moment(opened) == spikes[-1]

    def test_after_the_last_spike_the_run_goes_on_by_one_chunk_and_back_again(self, opened):
        opened.settle()
        before, time = opened.lab.drawing.last.frame, opened.lab.run.time
        step_by(opened, "spike")
        step_on(opened, "spike", len(spike_times(before)))
        assert moment(opened) == spike_times(before)[-1]
        press(opened, "ArrowRight")
        opened.wait_until(lambda: opened.numbers()["time"] > time)
        assert opened.lab.run.time == pytest.approx(time + 0.5)
        assert opened.lab.run.state == "paused"
        assert moment(opened) == spike_times(opened.lab.drawing.last.frame)[0]
        press(opened, "ArrowLeft")
        assert opened.numbers()["time"] == pytest.approx(time, abs=1e-4)
        assert moment(opened) == spike_times(before)[-1]
        press(opened, "ArrowRight")
        assert opened.numbers()["time"] == pytest.approx(time + 0.5, abs=1e-4)
        assert opened.lab.run.time == pytest.approx(time + 0.5)

    def test_a_time_step_is_the_networks_and_so_are_the_values(self, opened):
        opened.settle()
        step_by(opened, "time step")
        traces, output = opened.lab.drawing.last.frame.traces, opened.lab.drawing.last.frame.rasters["output"]
        press(opened, "ArrowRight", 3)
        assert moment(opened) == pytest.approx(2 * DEFAULT_DT, abs=1e-9)
        near = round(float(output.time[0]) / DEFAULT_DT) if output.time.size else 1000
        step_on(opened, "time step", near - 5)
        for index in range(near - 2, near + 4):
            press(opened, "ArrowRight")
            assert moment(opened) == pytest.approx(index * DEFAULT_DT, abs=1e-9)
            shown = opened.page.locator(".moment .value").all_inner_texts()
            for text, value in zip(
                shown, (1e3 * traces["output_membrane"][0, index], traces["output_error"][0, index]), strict=True
            ):
                assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.0501)

    def test_a_step_within_the_window_pauses_a_run_that_plays(self, opened):
        step_by(opened, "spike")
        press(opened, "ArrowRight")
        opened.wait_until(lambda: moment(opened) is not None)
        assert opened.lab.run.state == "paused"
        assert shown(opened, "state") == "paused"
        assert moment(opened) == spike_times(opened.lab.drawing.last.frame)[0]
        press(opened, " ")
        opened.wait_until(lambda: moment(opened) is None)
        opened.wait_for_frames()
        assert shown(opened) > 0

    def test_slow_motion_goes_through_the_window_and_on_to_the_next(self, opened):
        opened.settle()
        time, slow = opened.lab.run.time, opened.page.get_by_role("button", name="slow motion")
        opened.page.get_by_label("How slow").select_option("× 1/100")
        slow.click()
        moments = [opened.wait_until(lambda: moment(opened))]
        for _ in range(3):
            moments.append(opened.wait_until(lambda: (now := moment(opened)) > moments[-1] and now))
        assert opened.lab.run.time == time
        slow.click()
        still = moment(opened)
        opened.page.wait_for_timeout(200)
        assert moment(opened) == still
        step_on(opened, "spike", int((spike_times(opened.lab.drawing.last.frame) > still).sum()))
        slow.click()
        opened.wait_until(lambda: opened.numbers()["time"] > time + 0.4)
        assert opened.wait_until(lambda: moment(opened)) < 0.4
        assert opened.lab.run.time == pytest.approx(time + 0.5)

    def test_a_frame_of_the_past_has_its_own_moments(self, opened):
        opened.wait_until(lambda: minute(opened, "frames.length") > 20)
        press(opened, ",", 10)
        serial = shown(opened)
        step_by(opened, "spike")
        press(opened, "ArrowRight", 2)
        assert shown(opened) == serial
        assert moment(opened) == np.unique(
            np.concatenate([drawn(opened.page, f"{layer}.spikes")["x"] for layer in ("input", "hidden", "output")])
        )[1].astype(float)
        assert opened.lab.run.state == "playing"
        press(opened, ",")
        assert moment(opened) is None

    def test_chunks_of_the_past_come_before_those_of_the_run(self, opened):
        opened.settle()
        time = opened.lab.run.time
        press(opened, "ArrowLeft")
        opened.page.wait_for_timeout(100)
        serial = shown(opened)
        assert serial < opened.lab.drawing.last.serial
        press(opened, "ArrowRight")
        assert shown(opened) > serial
        assert opened.lab.run.time == time
        press(opened, "ArrowRight")
        opened.wait_until(lambda: opened.lab.run.time == pytest.approx(time + 0.5))

    def test_on_the_axis_of_a_long_pattern_the_moment_is_in_its_chunk(self, open_page):
        opened = open_page("?word=HELLO")
        opened.wait_until(lambda: opened.numbers()["time"] > 3)
        opened.settle()
        sweep, page = opened.lab.drawing.last.sweep, opened.page
        step_by(opened, "spike")
        press(opened, "ArrowRight", 3)
        at = moment(opened)
        assert page.evaluate(VEILS, "cursor") == [[at, 0.5]]
        place = (sweep.now - 0.5 + at) % sweep.period
        wanted = [[place, sweep.now]] if place < sweep.now else [[place, sweep.period], [0, sweep.now]]
        np.testing.assert_allclose(page.evaluate(VEILS, "pattern_cursor"), wanted, atol=1e-5)
        columns = [drawn(page, f"{layer}.spikes")["x"] for layer in ("input", "hidden", "output")]
        assert np.abs(np.concatenate(columns) - place).min() < 1e-5

    def test_a_trial_goes_to_the_end_of_the_pattern(self, open_page):
        opened = open_page("?word=HELLO")
        opened.wait_until(lambda: opened.numbers()["time"] > 3)
        opened.settle()
        time, sweep = opened.lab.run.time, opened.lab.drawing.last.sweep
        step_by(opened, "trial")
        press(opened, "ArrowRight")
        left = (sweep.period - sweep.now) or sweep.period
        opened.wait_until(lambda: opened.lab.run.time > time + left - 1e-6)
        opened.settle()
        assert opened.lab.run.time < time + left + 0.5 - 1e-6
        assert opened.lab.run.state == "paused"
