"""Colours, type sizes and the Bokeh theme: what makes the page look like one thing.

Colour is meaning, everywhere the same (Okabe and Ito, and Tol's purple; safe for colour blindness on both themes): a
factor in the equation, its trace, its number and its slider share the colour.
"""

from __future__ import annotations

from typing import Any, Final

from bokeh.themes import Theme

PRESYNAPTIC: Final = "#0072B2"
SURROGATE: Final = "#AA4499"
ELIGIBILITY: Final = "#E69F00"
ERROR: Final = "#009E73"
CHANGE: Final = "#D55E00"

FACTORS: Final = {
    "presynaptic": PRESYNAPTIC,
    "surrogate": SURROGATE,
    "eligibility": ELIGIBILITY,
    "error": ERROR,
    "change": CHANGE,
}
"""Colour of each factor of the learning rule."""

WRITTEN: Final = {"eligibility-text": "#9c6c00", "error-text": "#008561", "change-text": "#c05500"}
"""Darker shades of factors whose colour is too pale for small type on white: four and a half times the contrast."""

FONT: Final = "Roboto, system-ui, sans-serif"
SIZES: Final = {"small": 11, "text": 13, "large": 18}
"""The three sizes of type [px]; a projector makes them larger."""

PROJECTOR_SCALE: Final = 1.4

FIGURE_TEXT: Final = "11px"
SMALL, TEXT, LARGE = (f"var(--snn-{name}, {size}px)" for name, size in SIZES.items())
"""The sizes, for style sheets."""

SHADES: Final = {
    "light": {
        "ink": "#1d2126", "muted": "#6b727b", "line": "#d9dde2", "paper": "#ffffff", "inhibitory": "#4a9fd0",
        "excitatory": "#d97a00",
        **FACTORS, **WRITTEN,
    },
    "dark": {
        "ink": "#e7eaee", "muted": "#98a1ab", "line": "#343a42", "paper": "#14171b", "inhibitory": "#56B4E9",
        "excitatory": "#f0a030",
        **FACTORS, "presynaptic": "#3d9bd6", "surrogate": "#cc66bb",
        **{role: FACTORS[role.removesuffix("-text")] for role in WRITTEN},
    },
}  # fmt: skip
"""What each role of a colour is on the two themes. Blue and purple are lightened on dark, where they would drown.

In images, where ink is the brightness of what is shown, numbers above 0 are excitatory orange and those below 0
inhibitory blue, the stronger the less transparent.
"""


def written(role: str) -> str:
    """The role of the shade in which small type of a role is written."""
    return f"{role}-text" if f"{role}-text" in WRITTEN else role


def bokeh_theme() -> Theme:
    """Names what the figures settle themselves; Material's own theming of charts leaves these alone."""
    return Theme(json={"attrs": {name: {} for name in ("Axis", "Figure", "Grid", "Plot", "Title")}})


def material_theme() -> dict[str, Any]:
    """Theme of the widgets: neutral, because colours belong to the learning rule."""
    return {name: {"palette": _palette(shades), **_TYPE} for name, shades in SHADES.items()}


def _palette(shades: dict[str, str]) -> dict[str, Any]:
    return {
        "primary": {"main": shades["ink"], "contrastText": shades["paper"]},
        "text": {"primary": shades["ink"], "secondary": shades["muted"]},
        "background": {"default": shades["paper"], "paper": shades["paper"]},
        "divider": shades["line"],
    }


_TYPE: Final = {
    "typography": {"fontFamily": FONT, "fontSize": 13},
    "shape": {"borderRadius": 4},
    # a tooltip would otherwise cover the button beside it until the pointer leaves both
    "components": {
        "MuiTooltip": {
            "defaultProps": {"disableInteractive": True},
            "styleOverrides": {"tooltip": {"width": "max-content", "maxWidth": "220px"}},
        },
        # on a phone the dark drawer would otherwise be lightened, and its thin lines would drown
        "MuiDrawer": {
            "defaultProps": {"slotProps": {"paper": {"aria-label": "Preset, task and parameters"}}},
            "styleOverrides": {"paper": {"backgroundImage": "none"}},
        },
        "MuiLinearProgress": {"defaultProps": {"aria-label": "Busy"}},
    },
}
