"""One calm line above the plots when something needs saying: preparing, a fault, what an address asks in vain."""

from __future__ import annotations

from html import escape
from typing import Final

from snn_explorer.live import warm_up
from snn_explorer.views import theme
from snn_explorer.views.live_text import LiveText

_STYLE: Final = f"""
.said {{ display: flex; gap: 12px; align-items: center; padding: 8px 12px; margin: 8px 16px 0 12px;
           border-left: 4px solid var(--snn-muted); font: {theme.TEXT}/1.4 {theme.FONT};
           background: color-mix(in srgb, var(--snn-muted) 12%, transparent); }}
.said.fault {{ border-color: var(--snn-change);
                 background: color-mix(in srgb, var(--snn-change) 12%, transparent); }}
progress {{ width: 160px; height: 4px; appearance: none; border: 0; border-radius: 2px; overflow: hidden;
            background: var(--snn-line); }}
progress::-webkit-progress-bar {{ background: var(--snn-line); }}
progress::-webkit-progress-value {{ background: var(--snn-ink); }}
progress::-moz-progress-bar {{ background: var(--snn-ink); }}
ul {{ margin: 0; padding-left: 1.2em; }}
"""


class Notice(LiveText):
    """The line; hidden while there is nothing to say.

    Parameters
    ----------
    faults : sequence of str
        What could not be used of the page's address; stays until the next fault or reset.
    news : str
        What else a person should know about the address, "" for nothing; stays as long.
    """

    def __init__(self, faults: list[str], news: str = "") -> None:
        super().__init__(stylesheets=[_STYLE], sizing_mode="stretch_width", margin=0)
        self._faults, self._news = faults, news
        self.say("", "")

    def forget(self) -> None:
        """The address was put right."""
        self._faults, self._news = [], ""

    def say(self, state: str, message: str) -> None:
        """Say what the run says."""
        html = self._html(state, message)
        if html != self.html or self.visible != bool(html):
            self.param.update(html=html, visible=bool(html))

    def _html(self, state: str, message: str) -> str:
        if state == "preparing":
            progress = f'<progress max="1" value="{warm_up().fraction:.2f}" aria-label="Preparing"></progress>'
            return f'<div class="said" role="status">{progress}<span>{escape(message)}</span></div>'
        if message:
            return f'<div class="said fault" role="alert"><span>{escape(message)}</span></div>'
        if self._faults:
            said = "".join(f"<li>{escape(fault)}</li>" for fault in self._faults)
            start = "The address of this page asks for something that cannot be used; the rest is as it says."
            return f'<div class="said fault" role="alert"><div>{start}<ul>{said}</ul></div></div>'
        if self._news:
            return f'<div class="said" role="status"><span>{escape(self._news)}</span></div>'
        return ""
