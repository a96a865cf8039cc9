"""Back through the last minute of frames, which the browser keeps, while learning goes on."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

import param

from snn_explorer.views import theme
from snn_explorer.views.component import Component

SECONDS_KEPT: Final = 60.0
"""How far one can go back [s]; while nothing is learned this time stands still."""

MEGABYTES_KEPT: Final = 100.0
"""Memory that the frames may take in the browser; of the older ones some are let go before."""

PAST: Final = """
:host { box-shadow: inset 0 0 0 var(--snn-past, 0px) var(--snn-ink); }
"""
"""Frames the plots while they show an earlier frame."""

STRIP: Final = """
:host { display: flex !important; flex-flow: row wrap; align-items: center; box-sizing: border-box;
        border-top: 1px solid var(--mui-palette-divider); }
:host > * { margin: 0 !important; }
:host > .time-travel { flex: 1 1 320px; min-width: 0; }
:host > .moments { flex: 0 1 auto; min-width: 0; }
"""
"""The strip under the plots, for the last minute and for the moment within the window."""

BUTTONS: Final = f"""
:host {{ font: {theme.TEXT} {theme.FONT}; color: var(--mui-palette-text-primary); }}
button {{ all: unset; box-sizing: border-box; cursor: pointer; height: 28px; min-width: 28px; border-radius: 4px;
          padding: 0 6px; display: flex; align-items: center; justify-content: center; gap: 4px; }}
button:hover {{ background: color-mix(in srgb, currentColor 12%, transparent); }}
:focus-visible {{ outline: 2px solid currentColor !important; outline-offset: -2px; }}
button:disabled {{ opacity: 0.35; cursor: default; background: none; }}
.said {{ font-variant-numeric: tabular-nums; white-space: nowrap; }}
svg {{ width: 18px; height: 18px; fill: currentColor; }}
"""
"""What the parts of the strip share."""

_STYLE: Final = """
.strip { display: flex; align-items: center; gap: 4px; box-sizing: border-box; height: 34px;
         padding: 2px 12px 2px 16px; }
.strip.past { background: var(--snn-ink); color: var(--snn-paper); }
input { flex: 1 1 80px; min-width: 60px; height: 28px; margin: 0 4px; cursor: pointer;
        appearance: none; background: none; color: inherit;
        --kept: linear-gradient(to right, transparent var(--from, 100%), currentColor var(--from, 100%));
        --rail: color-mix(in srgb, currentColor 25%, transparent); }
input::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: var(--kept), var(--rail); }
input::-moz-range-track { height: 4px; border-radius: 2px; background: var(--kept), var(--rail); }
input::-webkit-slider-thumb { appearance: none; width: 14px; height: 14px; margin-top: -5px; border-radius: 50%;
                              background: currentColor; border: 0; }
input::-moz-range-thumb { width: 14px; height: 14px; border-radius: 50%; background: currentColor; border: 0; }
.said { flex: none; min-width: 22ch; }
.live { flex: none; width: 5em; }
.live:disabled { opacity: 1; }
.live:disabled::before { content: "● "; color: var(--snn-error); }
.past .live { border: 1px solid; }
@media (max-width: 900px) {
  .strip { padding: 2px 8px; gap: 0; }
  .said { min-width: 23ch; font-size: var(--snn-small, 11px); }
  .live { width: 4em; }
}
"""


class TimeTravel(Component):
    """A slider over the last minute of frames; an earlier frame is drawn while new ones are only kept."""

    unit = param.String(default="s", doc="That of learning time.")
    seconds = param.Number(default=SECONDS_KEPT, doc="How far one can go back [s].")
    megabytes = param.Number(default=MEGABYTES_KEPT, doc="Memory that the frames may take in the browser.")

    _bundle = Path(__file__).with_name("time_travel.mjs")
    _stylesheets: ClassVar = [BUTTONS, _STYLE]
