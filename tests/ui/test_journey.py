"""Steps through time as the learning systems declare them, without a browser."""

from __future__ import annotations

import pytest

from snn_explorer.views.superspike.gallery import GALLERY
from snn_explorer.views.superspike.journey import JOURNEY, chunks_of_trial
from snn_explorer.views.timeline import time_cursor, veil
from tests.ui.frames import live_frame


@pytest.mark.parametrize(
    ("period", "now", "chunks"), [(1.89, 0.25, 4), (1.89, 1.5, 1), (1.89, 1.89, 4), (2.0, 0.5, 3), (2.0, 2.0, 4)]
)
def test_a_trial_ends_with_the_pattern(period, now, chunks):
    assert chunks_of_trial(live_frame(period=period, now=now)) == chunks
    assert now % period + 0.5 * (chunks - 1) < period <= now % period + 0.5 * chunks


def test_a_trial_that_is_no_longer_than_a_chunk_is_one_chunk():
    assert chunks_of_trial(live_frame()) == 1
    assert chunks_of_trial(None) == 1


def test_units_go_from_the_smallest_to_the_largest():
    assert list(JOURNEY.units) == ["time step", "spike", "chunk", "trial"]
    assert "0.1 ms" in JOURNEY.units["time step"]


def test_what_the_journey_names_is_drawn():
    figures = GALLERY.fresh_figures()
    sources = {drawn.name for figure in figures.values() for drawn in figure.renderers}
    named = {*JOURNEY.spikes, JOURNEY.swept_now, *(readout.source for readout in JOURNEY.readouts.values())}
    assert named <= sources
    assert figures["error"].x_range.name == JOURNEY.axis
    assert figures["input"].x_range.name == JOURNEY.swept_axis


def test_plots_of_one_axis_share_its_veils():
    figures = GALLERY.fresh_figures()
    name = veil(time_cursor(JOURNEY.axis)).name
    veils = [[one for one in figures[plot].center if one.name == name] for plot in ("error", "probe")]
    assert len(veils[0]) == 2
    assert veils[0] == veils[1]
