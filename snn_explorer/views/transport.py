"""The header: what to learn, play, pause, step, reset, how fast, and where the network is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from snn_explorer.live.learner import computed_on
from snn_explorer.presets import Preset
from snn_explorer.views import theme
from snn_explorer.views.bar import COLUMN, Bar, Button, Choice
from snn_explorer.views.journey import Journey
from snn_explorer.views.live_text import LiveText, number
from snn_explorer.views.stepper import Stepper


@dataclass(frozen=True)
class Pace:
    """How a learning system counts its time.

    Attributes
    ----------
    speeds : mapping of str to float
        Learning time per second, by name; the fastest is infinite, because a select shows None as no choice at all.
    readout : str
        HTML of where the learning is.
    """

    speeds: Mapping[str, float]
    readout: str


SECONDS: Final = Pace(
    {f"× {speed}": float(speed) for speed in (1, 2, 5, 10, 20, 50, 100, 200, 500)} | {"full speed": math.inf},
    '<span title="Learning time"><i class="word">t = </i>'
    f'{number("time", digits=1, width=7)} s</span><span title="Cost, averaged over 10 s"><i class="word">cost </i>'
    f"{number('cost', digits=2, width=6)}</span>",
)
"""Simulated time, in chunks."""

SAMPLES: Final = Pace(
    {f"{speed} / s": float(speed) for speed in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)}
    | {"full speed": math.inf},
    f'<span title="Times that every training sample was learned from"><i class="word">epoch </i>'
    f'{number("epoch", digits=1, width=6)}</span><span title="Right answers in the last 20 training batches">'
    f'<i class="word">right </i>{number("accuracy", digits=1, width=5)} %</span>',
)
"""Samples learned from, in batches."""

_UNDO: Final = "Undo: nothing was changed yet"

_BESIDE: Final = Button(
    "Side by side", "beside", "Side by side: let a second run learn beside this one, both from the start (b)"
)
_END: Final = Button("End B", "close", "End B: the first run goes on by itself (b)")

_PRESET: Final = ".choice { width: 230px; }"
_SPEED: Final = ".choice { width: 120px; } .worded { width: 132px; margin: 0 4px; }"

_READOUT: Final = f"""
:host {{ flex: none; margin-left: auto !important; }}
.readout {{ display: flex; gap: 16px; align-items: baseline; white-space: nowrap; font-size: {theme.TEXT}; }}
.readout .word {{ font-style: normal; }}
.readout span {{ color: var(--mui-palette-text-secondary); }}
.readout output {{ color: var(--mui-palette-text-primary); font-size: {theme.LARGE}; }}
@media (max-width: 1410px) {{
  .device, .readout .word {{ display: none; }}
  .readout {{ gap: 0; }}
  .readout output {{ font-size: {theme.TEXT}; min-width: 6ch !important; }}
}}
@media (max-width: 900px) {{
  .readout {{ gap: 2px; font-size: {theme.SMALL}; }}
  .readout .word {{ display: none; }}
  .readout output {{ font-size: {theme.TEXT}; min-width: 5ch !important; }}
}}
"""


class Deck(Protocol):
    """What the header steers."""

    def play_or_pause(self) -> None:
        """Play, or pause."""

    def step(self, stride: str) -> None:
        """Advance by one of the strides that the journey declares."""

    def reset(self) -> None:
        """Start anew."""

    def undo(self) -> None:
        """Take back the last change."""

    def choose(self, key: str) -> None:
        """Take up a preset."""

    def set_speed(self, speed: float | None) -> None:
        """Simulated seconds per second."""

    def compare(self) -> None:
        """Let a second run learn beside the first, or end it."""

    def press(self, key: str) -> None:
        """Do what a key stands for."""


class Transport:
    """The header's controls.

    Parameters
    ----------
    presets : mapping of str to Preset
        What can be chosen.
    deck : Deck
        What they steer.
    pace : Pace
    journey : Journey
    """

    def __init__(self, presets: Mapping[str, Preset], deck: Deck, pace: Pace, journey: Journey) -> None:
        self._presets, self._pace = presets, pace
        titles = [preset.name for preset in presets.values()]
        commands: dict[str, Callable[[str], None]] = {
            "preset": lambda word: deck.choose(self._key_of(word)),
            "speed": lambda word: deck.set_speed(None if pace.speeds[word] == math.inf else pace.speeds[word]),
            "play": lambda _word: deck.play_or_pause(),
            "reset": lambda _word: deck.reset(),
            "undo": lambda _word: deck.undo(),
            "beside": lambda _word: deck.compare(),
            "lessons": lambda _word: deck.press("l"),
            "take": lambda _word: deck.press("t"),
            "help": lambda _word: deck.press("?"),
        }

        def bar(style: str = "", **items: Button | Choice) -> Bar:
            return Bar(items, lambda key, word: commands[key](word), stylesheets=[style], align="center")

        speeds = [*pace.speeds]
        self._first = bar(
            _PRESET,
            preset=Choice("Preset", titles, where="wide"),
            play=Button(icon="pause", says="Play or pause (space)"),
        )
        self._step = Stepper(journey, deck.step)
        self._second = bar(
            _SPEED,
            reset=Button(icon="again", says="Start anew with the same seed (r)"),
            undo=Button(icon="undo", says=_UNDO, disabled=True),
            speed=Choice("Speed", speeds, where="wide"),
            beside=replace(_BESIDE, where="roomy"),
        )
        take_away = "Take away: figures, data, the run, a link (t)"
        self._last = bar(
            lessons=Button(icon="lesson", says="Lessons (l)", where="roomy"),
            take=Button(icon="save", says=take_away, where="wide"),
            help=Button(icon="help", says="How to read this page (?)"),
        )
        # on a phone the header has no room for them, so they are in the drawer as well
        self._drawer = bar(
            COLUMN,
            preset=Choice("Preset", titles, where="narrow"),
            speed=Choice("Speed", speeds, where="narrow"),
            beside=replace(_BESIDE, where="tight"),
            lessons=Button("Lessons …", "lesson", where="tight"),
            take=Button("Take away …", "save", where="narrow"),
        )
        self._readout = LiveText(_readout(pace), stylesheets=[_READOUT], margin=(0, 8), align="center")

    def objects(self) -> list[Any]:
        """Objects for the page's header, from left to right."""
        return [self._first, self._step, self._second, self._readout, self._last]

    def narrow_objects(self) -> list[Any]:
        """What a phone has in the drawer."""
        return [self._drawer]

    def show(self, *, playing: bool, preset: str, speed: float | None, beside: bool) -> None:
        """Show what the run is doing."""
        self._first.change("play", icon="pause" if playing else "play")
        near = nearest(speed, self._pace.speeds)
        for presets in (self._first, self._drawer):
            presets.change("preset", word=self._presets[preset].name)
        for speeds in (self._second, self._drawer):
            speeds.change("speed", word=next(word for word, known in self._pace.speeds.items() if known == near))
            now = _END if beside else _BESIDE
            speeds.change("beside", label=now.label, icon=now.icon, says=now.says)

    def show_undo(self, before: str) -> None:
        """Say what an undo brings back, "" for nothing."""
        says = f"Undo: back to {before} (Ctrl+Z)" if before else _UNDO
        self._second.change("undo", disabled=not before, says=says)

    def _key_of(self, title: str) -> str:
        return next(key for key, preset in self._presets.items() if preset.name == title)


def nearest(speed: float | None, speeds: Mapping[str, float]) -> float:
    """The speed of the list that comes closest; None is as fast as possible."""
    if speed is None:
        return math.inf
    return min((known for known in speeds.values() if known < math.inf), key=lambda known: abs(math.log(known / speed)))


def _readout(pace: Pace) -> str:
    return (
        f'<div class="readout"><b data-text="whose"></b>{pace.readout}'
        f'<span class="device" title="Where the network is computed, and with what">{computed_on()}</span></div>'
    )
