"""What is happening, in plain words: the line at the foot of the page, and one line for each plot."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from snn_explorer.engine import FloatArray
from snn_explorer.live.frame import SuperSpikeFrame
from snn_explorer.views import network_drawing
from snn_explorer.views.foot import foot
from snn_explorer.views.live_text import LiveText, number
from snn_explorer.views.superspike import rasters

NEARLY_ALL: Final = 0.95
"""Share of right answers from which a task of classification counts as solved."""


def status_line() -> LiveText:
    """The line at the foot of the page."""
    items = [
        f'class="more" data-if="hidden_rate_hz">hidden rate {number("hidden_rate_hz", digits=1, width=5)} Hz',
        f'class="more">output rate {number("output_rate_hz", digits=1, width=5)} Hz',
        f">matched {number('matched', width=2)} of {number('targets', width=2)}",
        f">missing {number('missing', width=2)}",
        f">extra {number('extra', width=2)}",
        f'data-only="accuracy" hidden>right answers {number("accuracy", width=3)} %',
        f'class="more">weights at the limit {number("weights_at_limit", width=2)} %',
    ]
    return foot(items)


def texts(live: SuperSpikeFrame) -> dict[str, str]:
    """Sentences of a frame by name: `sentence` for the status line, one for each plot, and notes in labels."""
    n, frame = live.frame.numbers, live.frame
    wanted = "windows are answered" if "accuracy" in n else "targets are met"
    met = f"{n['matched']:.0f} of {n['targets']:.0f} {wanted}, {n['missing']:.0f} spikes are missing and "
    met += f"{n['extra']:.0f} are too many."
    layers = network_drawing.sizes(frame)
    n_hidden = layers.get("hidden", 0)
    watched = ", ".join(str(output + 1) for output in frame.watch.output) if layers["output"] > 1 else ""
    n_rows = len(rasters.hidden_rows(n_hidden))
    said = {
        "sentence": sentence(live),
        "error": f"The error is at most {np.abs(frame.traces['output_error']).max(initial=0.0):.0f} Hz.",
        "output_membrane": _voltages("The output's voltage is", frame.traces["output_membrane"]),
        "output": met,
        "output_note": _output_note(live),
        "output_membrane_note": f"of output {watched}" if watched else "of the output",
        "hidden_membrane_note": _hidden_membrane_note(frame.watch.hidden, n_hidden),
        "hidden_note": f"{n_rows} of {n_hidden} shown" if n_rows < n_hidden else "",
        "curve": f"After {frame.time:.0f} s of learning the cost is {n['cost']:.2g}; a silent network has "
        f"{live.silent_cost:.2g}.",
        "input": f"{len(live.rasters['input'].time)} input spikes.",
        "probe": f"The weight is {n['probe_weight'] * 1e3:.2f} mV and changed by {n['probe_change'] * 1e3:+.2f} mV.",
    }
    if "hidden_rate_hz" in n:
        said["hidden"] = f"The hidden neurons fire at {n['hidden_rate_hz']:.0f} Hz on average."
    if "hidden_membrane" in frame.traces:
        said["hidden_membrane"] = _voltages("The voltages of these neurons are", frame.traces["hidden_membrane"])
    return said


def _voltages(words: str, volts: FloatArray) -> str:
    low, high = (f"{1e3 * volt:.1f}".replace("-", "−") for volt in (volts.min(initial=0.0), volts.max(initial=-1.0)))
    return f"{words} between {low} and {high} mV."


def _hidden_membrane_note(watched: tuple[int, ...], n_hidden: int) -> str:
    """Whose membranes are drawn, where that is not all in their order."""
    if watched == tuple(range(n_hidden)):
        return ""
    return f"of {', '.join(str(neuron + 1) for neuron in reversed(watched))}"


def _output_note(live: SuperSpikeFrame) -> str:
    """What is drawn beside the output spikes."""
    if "accuracy" in live.frame.numbers:
        return "box: spike in here"
    return "○ targets" if live.sweep is None else f"○ targets; one pattern of {live.sweep.period:.3g} s, line: now"


def sentence(live: SuperSpikeFrame) -> str:
    """One sentence on what the network is doing."""
    if live.message:
        return live.message
    n = live.frame.numbers
    if live.frame.time < 0:
        return f"Settling before learning starts: {-live.frame.time:.0f} s to go."
    return "Paused. " + _doing(n) if live.state == "paused" else _doing(n)


def _doing(n: dict[str, float]) -> str:
    if "accuracy" in n:
        return _answering(n)
    if n["targets"] == 0:
        return "This task wants no output spike."
    if n["output_rate_hz"] == 0:
        return "The output is silent: a missing spike strengthens what could have caused it."
    if n["missing"] == 0 and n["extra"] == 0:
        return "Every target is met" + (": there is no error left." if n["chunk_cost"] < 1e-6 else " within 1 ms.")
    if n["missing"] == 0:
        return "Every target is met; what causes the spikes too many is weakened."
    if n["matched"] == 0:
        return "The output fires at wrong times; the error moves its spikes."
    return "Some targets are met; the error moves the other spikes."


def _answering(n: dict[str, float]) -> str:
    if math.isnan(n["accuracy"]):
        return "No stimulus has ended yet."
    if n["output_rate_hz"] == 0:
        return "The outputs are silent: a miss strengthens what could have caused a spike."
    if n["accuracy"] >= NEARLY_ALL:
        return "Nearly every answer is right."
    if n["extra"] > n["missing"]:
        return "Too many spikes: what causes a wrong one is weakened at once."
    return "Some answers are right; misses and wrong spikes teach the rest."
