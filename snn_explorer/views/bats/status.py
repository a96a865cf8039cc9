"""What is happening, in plain words: the line at the foot of the page, and one line for each plot."""

from __future__ import annotations

from typing import Final

from snn_explorer.live.frame import BatsFrame
from snn_explorer.views.bats import curves, probe
from snn_explorer.views.bats.parts import Shape, class_names, raster
from snn_explorer.views.foot import foot
from snn_explorer.views.live_text import LiveText, number

NEARLY_ALL: Final = 0.95
"""Share of right answers from which the task counts as learned."""


def status_line() -> LiveText:
    """The line at the foot of the page."""
    return foot(
        [
            f">right answers {number('accuracy', digits=1, width=5)} %",
            f'class="more" data-if="held_out">held out {number("held_out", digits=1, width=5)} %',
            f">loss {number('loss', digits=2, width=6)}",
            f'class="more" data-if="hidden">hidden spikes {number("hidden", width=4)}',
            f'class="more">output spikes {number("output", width=3)}',
            f'class="more" data-if="hidden_silent">silent {number("hidden_silent", width=3)} %',
            f'class="more" data-if="hidden_saturated">saturated {number("hidden_saturated", width=3)} %',
        ]
    )


def texts(live: BatsFrame) -> dict[str, str]:
    """Sentences of a frame by name: `sentence` for the status line, one for each plot, and notes in labels."""
    n, frame, layers = live.frame.numbers, live.frame, Shape.of(live.frame).layers
    deltas = frame.traces["output_delta"]
    said = {
        "sentence": sentence(live),
        "error": f"{deltas.size} output spikes have errors up to {abs(deltas).max(initial=0.0):.3g} per second.",
        "output": f"{n['output_spikes']:.0f} output spikes; {n['output_silent']:.0f} of {layers['output']} outputs are "
        "silent.",
        "output_note": f"one row a class; loss {n['loss']:.3g}",
        "output_membrane_note": _watched(live, frame.watch.output, "output"),
        "hidden_membrane_note": _watched(live, frame.watch.hidden, "neuron"),
        "input": f"{len(raster(frame, 'input')['x'])} input spikes.",
        "input_note": f"{len(raster(frame, 'input')['x'])} of {layers['input']} spike",
        "probe": probe.sentence(frame),
    } | curves.sentences(live)
    if "hidden" in layers:
        n_spikes = len(raster(frame, "hidden")["x"])
        said["hidden"] = f"{n_spikes} hidden spikes of {layers['hidden']} neurons."
        said["hidden_note"] = f"{n_spikes} spikes"
    return said


def _watched(live: BatsFrame, neurons: tuple[int, ...], what: str) -> str:
    names = class_names(live.samples)
    called = [names[i] if what == "output" else str(i + 1) for i in neurons]
    return f"of {what}{'s' if len(neurons) > 1 else ''} {', '.join(called)}" if neurons else ""


def sentence(live: BatsFrame) -> str:
    """One sentence on what the network is doing."""
    if live.message:
        return live.message
    return "Paused. " + _doing(live) if live.state == "paused" else _doing(live)


def _doing(live: BatsFrame) -> str:
    n, accuracy = live.frame.numbers, live.curves["accuracy"][1]
    if not accuracy.size:
        return "Nothing has been learned yet."
    if n["pushed"]:
        return "The right output is silent: its weights are pushed up."
    if n["answer"] < 0:
        return "All outputs are silent: no spike, no gradient."
    if accuracy[-1] < NEARLY_ALL:
        right = "right" if n["answer"] == n["label"] else "wrong"
        return f"Answered {right}; spike errors move the weights."
    return "Nearly every answer is right."
