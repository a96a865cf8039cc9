"""The header: what to learn, play, pause, step, reset, how fast, and where the network is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import panel as pn
import panel_material_ui as pmui
import param

from snn_explorer.live.learner import computed_on
from snn_explorer.presets import Preset
from snn_explorer.views import theme
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

_READOUT: Final = f"""
:host {{ flex: none; }}
.readout {{ display: flex; gap: 16px; align-items: baseline; white-space: nowrap; font-size: {theme.TEXT}; }}
.readout .word {{ font-style: normal; }}
.readout span {{ color: var(--mui-palette-text-secondary); }}
.readout output {{ color: var(--mui-palette-text-primary); font-size: {theme.LARGE}; }}
@media (max-width: 1250px) {{
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
        self._showing, self._pace = False, pace
        titles = {preset.name: key for key, preset in presets.items()}
        # on a phone the header has no room for them, so they are in the drawer as well
        self._presets = [_select("Preset", titles, 230), _select("Preset", titles, 268, narrow=True)]
        self._speeds = [_select("Speed", pace.speeds, 120), _select("Speed", pace.speeds, 268, narrow=True)]
        for select in self._presets:
            select.param.watch(self._asks(deck.choose), "value")
        for select in self._speeds:
            select.param.watch(self._asks(lambda speed: deck.set_speed(speed if speed < math.inf else None)), "value")
        self._play = _button("pause", "Play or pause (space)", deck.play_or_pause)
        self._step = Stepper(journey, deck.step)
        self._reset = _button("replay", "Start anew with the same seed (r)", deck.reset)
        self._undo = _button("undo", _UNDO, deck.undo)
        self._undo.disabled = True
        self._beside = [_beside_button(deck.compare), _beside_button(deck.compare, narrow=True)]
        self._take_away = _button("download", "Take away: figures, data, the run, a link (t)", lambda: deck.press("t"))
        self._take_away.css_classes = ["wide-only"]
        self._narrow_take_away = pmui.Button(
            label="Take away …", icon="download", variant="outlined", color="default", size="small", width=268,
            margin=(12, 16, 0, 16),
            css_classes=["narrow-only"],
        )  # fmt: skip
        self._narrow_take_away.on_click(lambda _event: deck.press("t"))
        self._help = _button("help_outline", "How to read this page (?)", lambda: deck.press("?"))
        self._readout = LiveText(_readout(pace), stylesheets=[_READOUT], margin=(0, 8), align="center")

    def objects(self) -> list[Any]:
        """Objects for the page's header, from left to right."""
        buttons = [self._play, self._step, self._reset, self._undo]
        wide = self._presets[0], *buttons, self._speeds[0], self._beside[0]
        return [*wide, pn.layout.HSpacer(), self._readout, self._take_away, self._help]

    def narrow_objects(self) -> list[Any]:
        """What a phone has in the drawer."""
        return [self._presets[1], self._speeds[1], self._beside[1], self._narrow_take_away]

    def show(self, *, playing: bool, preset: str, speed: float | None, beside: bool) -> None:
        """Show what the run is doing."""
        self._showing = True
        self._play.icon = "pause" if playing else "play_arrow"
        for button in self._beside:
            button.param.update(**_BESIDE[beside])
        for select in self._presets:
            select.value = preset
        for select in self._speeds:
            select.value = nearest(speed, self._pace.speeds)
        self._showing = False

    def show_undo(self, before: str) -> None:
        """Say what an undo brings back, "" for nothing."""
        self._undo.param.update(
            disabled=not before, description=f"Undo: back to {before} (Ctrl+Z)" if before else _UNDO
        )

    def _asks(self, wish: Callable[[Any], None]) -> Callable[[param.parameterized.Event], None]:
        def changed(event: param.parameterized.Event) -> None:
            if not self._showing:
                wish(event.new)

        return changed


def nearest(speed: float | None, speeds: Mapping[str, float]) -> float:
    """The speed of the list that comes closest; None is as fast as possible."""
    if speed is None:
        return math.inf
    return min((known for known in speeds.values() if known < math.inf), key=lambda known: abs(math.log(known / speed)))


def _select(name: str, options: Mapping[str, Any], width: int, *, narrow: bool = False) -> pmui.Select:
    return pmui.Select(
        label=name, options=dict(options), width=width, size="small", variant="outlined",
        value=next(iter(options.values())),
        margin=(12, 16, 0, 16) if narrow else (0, 8), align="start" if narrow else "center",
        css_classes=["narrow-only" if narrow else "wide-only"],
    )  # fmt: skip


def _button(icon: str, description: str, pressed: Callable[[], None]) -> pmui.Button:
    button = pmui.Button(
        label="", icon=icon, icon_size="24px", description=description, variant="text", width=40, height=40, margin=0,
        align="center",
        sx={"minWidth": 0, "p": 0},
    )  # fmt: skip
    button.on_click(lambda _event: pressed())
    return button


_BESIDE: Final = {
    False: {
        "label": "Side by side", "icon": "vertical_split",
        "description": "Side by side: let a second run learn beside this one, both from the start (b)",
    },
    True: {"label": "End B", "icon": "close", "description": "End B: the first run goes on by itself (b)"},
}  # fmt: skip


def _beside_button(pressed: Callable[[], None], *, narrow: bool = False) -> pmui.Button:
    button = pmui.Button(
        variant="text", color="default", width=268 if narrow else 132, height=40, icon_size="20px",
        margin=(8, 16, 0, 16) if narrow else (0, 4), align="start" if narrow else "center",
        css_classes=["in-drawer" if narrow else "in-header"],
        sx={"minWidth": 0, "fontWeight": 400, "whiteSpace": "nowrap"}, **_BESIDE[False],
    )  # fmt: skip
    button.on_click(lambda _event: pressed())
    return button


def _readout(pace: Pace) -> str:
    return (
        f'<div class="readout"><b data-text="whose"></b>{pace.readout}'
        f'<span class="device" title="Where the network is computed, and with what">{computed_on()}</span></div>'
    )
