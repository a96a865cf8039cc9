"""Words in spikes: they stand upright, run with time, fill the raster, and what cannot be drawn is refused."""

from __future__ import annotations

import numpy as np
import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.tasks import word_targets

PERIOD_STEPS = 35_000


def spikes_in(trains, ids, times):
    """Number of spikes of the outputs from ids[0] to ids[1] in the part of the period from times[0] to times[1]."""
    step = trains.step / PERIOD_STEPS
    inside = (trains.neuron >= ids[0]) & (trains.neuron < ids[1]) & (step >= times[0]) & (step < times[1])
    return np.count_nonzero(inside)


def test_a_letter_stands_upright_and_runs_with_time():
    foot_of_L = word_targets("L")
    assert spikes_in(foot_of_L, (0, 15), (0.5, 1)) > 100
    assert spikes_in(foot_of_L, (20, 100), (0.5, 1)) == 0
    assert spikes_in(foot_of_L, (20, 97), (0, 0.5)) > 500
    bars_of_F = word_targets("F")
    assert spikes_in(bars_of_F, (85, 100), (0.5, 0.95)) > spikes_in(bars_of_F, (40, 60), (0.5, 0.95)) > 0
    assert spikes_in(bars_of_F, (0, 30), (0.5, 1)) == 0


def test_the_first_letter_comes_first():
    bars, dots = word_targets("II."), word_targets(".II")
    high = (50, 100)
    assert spikes_in(bars, high, (0, 0.5)) > 300
    assert spikes_in(bars, high, (0.9, 1)) == 0
    assert spikes_in(dots, high, (0, 0.2)) == 0
    assert spikes_in(dots, high, (0.5, 1)) > 300


def test_low_signs_stay_on_the_line():
    dot = word_targets(".")
    assert dot.n_spikes == spikes_in(dot, (0, 25), (0, 1)) > 50


def test_a_word_is_comparable_with_the_paper_s_pattern():
    trains = word_targets("SNN")
    count = np.bincount(trains.neuron, minlength=100)
    assert trains.n_neurons == 100
    assert 1500 < trains.n_spikes < 2500
    assert 15 <= np.median(count) <= 25
    assert trains.count_short_intervals(500, PERIOD_STEPS) == 0


@pytest.mark.parametrize("word", ["SNN", "gyp", "I", "Hello"])
def test_a_word_fills_the_raster_but_for_a_margin(word):
    trains = word_targets(word)
    rows = np.flatnonzero(np.bincount(trains.neuron, minlength=100))
    assert 3 <= rows[0] <= 22  # what has no descender stands on its line
    assert 75 <= rows[-1] <= 96
    assert trains.step.min() >= 0.03 * PERIOD_STEPS
    assert trains.step.max() < 0.97 * PERIOD_STEPS


def test_the_size_of_the_raster_does_not_change_the_writing():
    small, large = word_targets("SNN"), word_targets("SNN", n_outputs=200, period=7.0)
    assert large.n_spikes == pytest.approx(4 * small.n_spikes, rel=0.02)


def test_blanks_around_a_word_do_not_count_and_the_same_word_is_the_same():
    plain, padded = word_targets("two words"), word_targets("  two \n words\t")
    assert np.array_equal(plain.step, padded.step)
    assert np.array_equal(plain.neuron, padded.neuron)


def test_the_alphabet_fits_and_one_letter_more_does_not():
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    assert word_targets(alphabet).n_spikes > 1000
    with pytest.raises(ParameterError, match=r"'abc.*' has 27 letters; at most 26 fit into 3.5 s, because .* 125 ms"):
        word_targets(alphabet + "!")
    assert word_targets(alphabet + "!", period=4.0).n_spikes > 1000


@pytest.mark.parametrize("word", ["", "   ", "\n\t"])
def test_an_empty_word_is_refused(word):
    with pytest.raises(ParameterError, match="The word is empty; type at least one letter"):
        word_targets(word)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("漢字", "The word '漢字' cannot be drawn: the font has none of its letters"),
        ("\U0001f642", "cannot be drawn: the font has none of its letters"),
        ("\u200b", "cannot be drawn: the font has none of its letters"),
        ("\x00", "cannot be drawn: the font has none of its letters"),
        ("SNN 漢", "The word 'SNN 漢' cannot be drawn: the font has no '漢'; it has Latin, Greek and Cyrillic letters"),
    ],
)
def test_letters_that_the_font_lacks_are_refused(word, message):
    with pytest.raises(ParameterError, match=message):
        word_targets(word)


def test_too_few_rows_for_letters_are_refused():
    with pytest.raises(ParameterError, match="n_outputs is 6; a word needs at least 7"):
        word_targets("SNN", n_outputs=6)
    with pytest.raises(ParameterError, match="n_outputs is 10000; at most 1024 neurons are allowed, because"):
        word_targets("SNN", n_outputs=10_000)


def test_a_stroke_too_thin_for_the_raster_is_refused():
    assert word_targets("-", n_outputs=30).n_spikes > 0
    with pytest.raises(
        ParameterError, match=r"The word '-' has no drawable ink: .* too thin for 7 outputs and 70 spikes"
    ):
        word_targets("-", n_outputs=7)


@pytest.mark.parametrize("word", ["Zoë", "Straße", "Привет", "λόγος"])
def test_names_with_accents_and_in_other_alphabets_can_be_written(word):
    plain = word_targets("".join(letter for letter in "ABCDEF"[: len(word)]))
    assert word_targets(word).n_spikes > plain.n_spikes / 2
