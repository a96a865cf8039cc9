"""Taking changes back: the history by itself, and on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from snn_explorer.quantities import in_words
from snn_explorer.superspike.parameters import SuperSpikeParameters
from snn_explorer.views.changes import Change, Changes


def noted(*changes):
    history = Changes()
    for change in changes:
        history.note(Change(*change))
    return history


class TestHistory:
    def test_changes_are_taken_back_from_the_last_to_the_first_and_done_again(self):
        history = noted(("rho", 0.0, 1.0), ("seed", 1, 2))
        assert [history.undo(), history.undo(), history.undo()] == [Change("seed", 2, 1), Change("rho", 1.0, 0.0), None]
        assert [history.redo(), history.redo(), history.redo()] == [Change("rho", 0.0, 1.0), Change("seed", 1, 2), None]
        assert history.undo() == Change("seed", 2, 1)

    def test_a_drag_is_one_step(self):
        history = noted(*(("rho", float(i), float(i + 1), 7) for i in range(50)))
        assert history.undo() == Change("rho", 50.0, 0.0)
        assert history.undo() is None
        assert history.redo() == Change("rho", 0.0, 50.0)

    def test_another_drag_another_parameter_and_typed_values_are_steps_of_their_own(self):
        history = noted(("rho", 0, 1, 1), ("rho", 1, 2, 2), ("seed", 1, 2, 2), ("rho", 2, 3), ("rho", 3, 4))
        undone = [history.undo() for _ in range(6)]
        assert [change and change.after for change in undone] == [3, 2, 1, 1, 0, None]

    def test_a_drag_that_goes_on_after_it_was_taken_back_is_a_new_step(self):
        history = noted(("rho", 0, 1, 1))
        history.undo()
        history.note(Change("rho", 0, 2, 1))
        assert history.undo() == Change("rho", 2, 0)
        assert history.redo() == Change("rho", 0, 2)
        history.note(Change("rho", 2, 3, 1))
        assert history.undo() == Change("rho", 3, 2)

    def test_a_step_that_changes_nothing_is_none(self):
        history = noted(("rho", 1.0, 1.0), ("rho", 1.0, 2.0, 3), ("rho", 2.0, 1.0, 3))
        assert history.last is None

    def test_a_new_change_ends_what_could_be_done_again(self):
        history = noted(("rho", 0, 1))
        history.undo()
        history.note(Change("seed", 1, 2))
        assert history.redo() is None

    def test_nothing_is_left_when_it_is_forgotten(self):
        history = noted(("rho", 0, 1), ("rho", 1, 2))
        history.undo()
        history.forget()
        assert (history.last, history.undo(), history.redo()) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("learning_rate", 2.5e-3, "learning rate 2.5 mV"),
        ("feedback", "random", "random feedback"),
        ("learning", False, "learning off"),
        ("n_hidden", 4, "hidden units 4"),
    ],
)
def test_a_value_in_words(name, value, words):
    assert in_words(SuperSpikeParameters.param[name], value) == words


@pytest.mark.browser
class TestPage:
    def test_a_drag_with_the_mouse_is_taken_back_as_one_and_done_again(self, opened):
        page, before = opened.page, opened.lab.run.values["learning_rate"]
        button = page.get_by_role("button", name="Undo")
        expect(button).to_be_disabled()
        box = page.get_by_role("slider", name="Learning rate, slider").bounding_box()
        height, rate = box["y"] + box["height"] / 2, before

        def drag(part):
            nonlocal rate
            page.mouse.move(box["x"] + part * box["width"], height)
            page.mouse.down()
            rate = opened.wait_until(lambda: (now := opened.lab.run.values["learning_rate"]) != rate and now)

        for part in (0.2, 0.3, 0.9):
            drag(part)
        page.wait_for_timeout(800)  # who rests with the button held is still dragging
        drag(0.5)
        page.mouse.up()
        page.get_by_role("button", name="Undo: back to learning rate 1 mV").click()
        opened.wait_until(lambda: opened.lab.run.values["learning_rate"] == before)
        expect(page.get_by_role("textbox", name="Learning rate")).to_have_value("1")
        expect(button).to_be_disabled()
        page.keyboard.press("Control+Shift+Z")
        opened.wait_until(lambda: opened.lab.run.values["learning_rate"] == rate)
        opened.wait_until(lambda: f"learning_rate={rate:.9g}" in page.url)

    def test_taking_back_a_change_that_made_a_new_network_makes_it_anew(self, opened):
        page = opened.page
        field = page.get_by_role("textbox", name="Hidden units")
        field.fill("8")
        field.press("Enter")
        opened.wait_until(lambda: opened.lab.drawing.last.frame.matrices["hidden_weights"].shape[0] == 8)
        opened.wait_until(lambda: opened.lab.run.time > 5)
        page.keyboard.press("Control+z")  # the field has the focus, but nobody types in it
        opened.wait_until(lambda: opened.lab.drawing.last.frame.matrices["hidden_weights"].shape[0] == 4)
        assert opened.lab.drawing.last.frame.time < 5
        expect(field).to_have_value("4")

    def test_a_field_keeps_the_key_while_somebody_types(self, opened):
        page = opened.page
        page.get_by_role("radio", name="random").check()
        opened.wait_until(lambda: opened.lab.run.values["feedback"] == "random")
        field = page.get_by_role("textbox", name="Seed")
        field.press("End")
        page.keyboard.type("23")
        page.keyboard.press("Control+z")
        expect(field).not_to_have_value("123")
        opened.wait_for_frames()
        assert opened.lab.run.values["feedback"] == "random"

    def test_another_preset_has_nothing_to_take_back(self, opened):
        opened.page.get_by_role("radio", name="random").check()
        expect(opened.page.get_by_role("button", name="Undo: back to symmetric feedback")).to_be_enabled()
        opened.page.keyboard.press("2")
        expect(opened.page.get_by_role("button", name="Undo")).to_be_disabled()
