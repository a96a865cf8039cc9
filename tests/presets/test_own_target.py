"""Targets of one's own: what a person gives becomes the task, and what cannot be used is named."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

from snn_explorer.engine import ParameterError
from snn_explorer.presets import own_target
from snn_explorer.presets.own_target import File, picture_to_learn, spikes_to_learn, word_to_learn
from snn_explorer.tasks import Task, word_targets


def file(content, name="spikes.csv"):
    return File(name, len(content), content)


def picture(pixels):
    made = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(made, "PNG")
    return file(made.getvalue(), "shape.png")


def spikes(trains):
    return set(zip(trains.step.tolist(), trains.neuron.tolist(), strict=True))


def test_a_word_becomes_the_task_and_is_in_the_query():
    preset = word_to_learn(" TWO  words ", 40, 1.5)
    task = preset.task()
    assert isinstance(task, Task)
    assert spikes(task.targets) == spikes(word_targets("TWO words", n_outputs=40, period=1.5))
    assert (task.n_outputs, task.period) == (40, 1.5)
    assert preset.query == {"word": "TWO words", "outputs": "40", "seconds": "1.5"}
    assert "40 outputs learn to write TWO words" in preset.sentence


def test_a_picture_becomes_the_task_and_cannot_be_in_a_query():
    left_half_dark = np.full((50, 100), 255)
    left_half_dark[:, :50] = 0
    preset = picture_to_learn(picture(left_half_dark), 20, 1.0)
    step = preset.task().targets.step
    assert step.max() < 5000
    assert np.unique(preset.task().targets.neuron).tolist() == list(range(20))
    assert preset.query == {}
    assert "a link cannot hold it" in preset.sentence


def test_spike_trains_decide_on_outputs_and_length_unless_somebody_does():
    targets = file(b"time,neuron\n0.25,0\n0.5,2\n0.75,2\n")
    task = spikes_to_learn(targets).task()
    assert (task.n_outputs, task.period, task.n_inputs) == (3, 0.8, 100)
    assert spikes(task.targets) == {(2500, 0), (5000, 2), (7500, 2)}
    task = spikes_to_learn(targets, n_outputs=7, seconds=2.0).task()
    assert (task.n_outputs, task.period) == (7, 2.0)


def test_spike_trains_of_the_inputs_can_be_given_too():
    inputs = file(b"0.1 0\n1.21 4\n", "inputs.ras")
    task = spikes_to_learn(file(b"0.2 0\n"), inputs).task()
    assert spikes(task.inputs) == {(1000, 0), (12100, 4)}
    assert (task.n_inputs, task.period) == (5, 1.3)


@pytest.mark.parametrize("last", [0.0, 0.05, 0.0999, 0.1, 0.29, 0.3, 1.9999])
def test_a_trial_is_long_enough_for_the_last_spike_and_no_more_than_needed(last):
    period = spikes_to_learn(file(f"{last} 0\n".encode())).task().period
    assert last < period <= last + 0.1 + 1e-9


def test_the_output_with_most_to_do_is_watched():
    preset = spikes_to_learn(file(b"0.1 0\n0.1 3\n0.2 3\n0.1 4\n"))
    assert preset.watch.output == (3,)
    assert preset.watch.probe_post == 3


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: word_to_learn("  "), "word is empty"),
        (lambda: word_to_learn("漢字"), "the font has none of its letters"),
        (lambda: word_to_learn("A", 10_000), "at most 1024 neurons are allowed, because"),
        (lambda: word_to_learn("A", 100, 21.0), "up to 20 s, because longer trials are not shown as a whole"),
        (lambda: word_to_learn("A", 100, float("nan")), "nan s long"),
        (lambda: word_to_learn("A", 100, 0.0), "above 0"),
        (lambda: picture_to_learn(picture(np.full((40, 40), 255))), "no drawable ink"),
        (lambda: picture_to_learn(picture([[0]])), "no drawable ink"),
        (lambda: picture_to_learn(file(b"GIF89a nothing", "x.gif")), "'x.gif'"),
        (lambda: picture_to_learn(File("big.png", 9_000_000, None)), "has 9.0 MB; at most 8 MB can be used, because"),
        (lambda: picture_to_learn(file(bytes(8_000_001), "big.png")), "has 8.0 MB; at most 8 MB"),
        (lambda: picture_to_learn(File("folder", -1, None)), "could not be read; choose it again"),
        (lambda: spikes_to_learn(file(b"time,neuron\n0.1,2\n0.2,x\n")), "spikes.csv, line 3: the neuron id 'x'"),
        (lambda: spikes_to_learn(file(b"0.1 2\n"), n_outputs=2), "line 1: neuron id 2 is out of range"),
        (lambda: spikes_to_learn(file(b"0.1 2\n"), file(b"0.1,a", "in.csv")), "in.csv, line 1"),
        (lambda: spikes_to_learn(file(b"30 2\n")), "30.1 s long"),
        (lambda: spikes_to_learn(file(bytes(2_000_001))), "at most 2 MB"),
        (lambda: own_target.n_outputs_of("10,000"), "'10,000'; it must be a whole number"),
        (lambda: own_target.seconds_of("soon"), "'soon'; it must be a number of seconds"),
        (lambda: own_target.seconds_of("-2"), "-2 s long"),
    ],
)
def test_what_cannot_be_used_is_one_plain_sentence(make, said):
    with pytest.raises(ParameterError, match=re.escape(said)) as caught:
        make()
    assert re.fullmatch(r".+\.", str(caught.value))


def test_numbers_are_read_as_people_write_them():
    assert own_target.n_outputs_of(" 50 ") == 50
    assert own_target.seconds_of("1,5") == 1.5
