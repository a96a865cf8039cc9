"""The equation is the legend: what shows a factor of the learning rule lights up with it, and it with them.

Each part of the page says in ``data-shows`` which factors it shows, by the roles of their colours. `Highlights` sets
variables on the page, which reach through every shadow root; style sheets follow them, so that a server is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import param

from snn_explorer.views import theme
from snn_explorer.views.component import Component

ROLES: Final = (*theme.FACTORS, "muted")
"""Roles of the factors; muted is that of what only regularises."""

LIT: Final = """
[data-shows], [data-factor] { transition: opacity 0.15s, background 0.15s; opacity: var(--shown, 1); border-radius: 4px;
  --tint: var(--factor, var(--snn-pointed, transparent));
  background: color-mix(in srgb, var(--tint) calc(22% * var(--lit, 0)), transparent); }
"""
"""Style sheet for what has `attributes` in its HTML."""


class Highlights(Component):
    """Follows pointer and focus, and lets what belongs together light up."""

    roles = param.List(default=list(ROLES), item_type=str)

    _bundle = Path(__file__).with_name("legend.mjs")


def shown_by(roles: Iterable[str]) -> str:
    """Value of ``data-shows`` of what shows these factors."""
    return " ".join(role for role in roles if role in ROLES)


def opacity(roles: Iterable[str]) -> str:
    """Opacity, as CSS: full unless a factor is pointed at that is none of these."""
    names = [role for role in roles if role in ROLES] or ["none"]
    return f"max({', '.join(f'var(--snn-shown-{name}, 1)' for name in names)})"


def attributes(roles: Iterable[str]) -> str:
    """HTML attributes of what shows these factors."""
    roles = [role for role in roles if role in ROLES]
    marked = f"max(0, {', '.join(f'var(--snn-marked-{role}, 0)' for role in roles)})" if roles else "0"
    return f'data-shows="{shown_by(roles)}" style="--shown: {opacity(roles)}; --lit: {marked};"'


def factor(role: str, style: str = "") -> str:
    """HTML attributes of a factor of the equation, which is never faded, with more CSS."""
    colour, written = f"var(--snn-{role})", f"var(--snn-{theme.written(role)})"
    own = f"--lit: var(--snn-lit-{role}, 0); --factor: {colour}; --written: {written}; color: {colour};{style}"
    return f'data-factor="{role}" style="{own}"'
