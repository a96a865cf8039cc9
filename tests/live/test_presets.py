"""Presets in runs: worth looking at."""

from __future__ import annotations

import pytest

from snn_explorer.live import Run
from snn_explorer.presets import available_presets
from snn_explorer.tasks import SpikingXor

WORTH_WATCHING = 15.0
"""A newcomer watches for so long [s]."""


def advanced(key, frame_of):
    """The preset as fast as possible for as long as a newcomer watches it."""
    preset = available_presets()[key]
    run = Run(preset)
    run.speed = None
    run.play()
    while run.time < WORTH_WATCHING * preset.speed:
        run.work(0)
    run.pause()
    return frame_of(run)


@pytest.mark.usefixtures("no_data")
@pytest.mark.parametrize("key", ["fig1", "fig2", "fig4", "own"])
def test_a_network_visibly_gets_better_while_a_newcomer_watches(key, frame_of):
    live = advanced(key, frame_of)
    assert live.curve_cost.max() > 0.9 * live.silent_cost
    assert live.curve_cost[-1] < 0.35 * live.silent_cost


def test_the_exclusive_or_is_learned_by_the_seed_of_the_preset(frame_of):
    assert isinstance(available_presets()["fig5"].task(), SpikingXor)
    live = advanced("fig5", frame_of)
    assert live.frame.numbers["accuracy"] > 0.8
