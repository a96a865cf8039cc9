"""From HoloViews elements to Bokeh figures that stream: built and styled once, later fed through their sources.

HoloViews makes each figure; from then on frames go straight to the named sources (see `stream`), because a
`DynamicMap` costs some forty times as much per frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import holoviews as hv
import holoviews.plotting.bokeh  # registers the backend; hv.extension would also set up a notebook
import numpy as np
from bokeh.core.properties import value
from bokeh.core.property.descriptors import UnsetValueError
from bokeh.models import ColumnDataSource, FixedTicker, GlyphRenderer, LinearAxis, Plot, Rect, Text

from snn_explorer.views import theme

LEFT_BORDER: Final = 40
"""Room for tick labels left of every plot [px]: the same for all, so that their time axes align."""

RIGHT_BORDER: Final = 10

hv.Store.set_current_backend("bokeh")

_NOTHING: Final = np.zeros(0, dtype=np.float32)


def points(name: str, role: str = "ink", **style: Any) -> hv.Scatter:
    """Markers that will stream from the source `name`, in the colour of a role."""
    style = {"color": colour_of(role), "line_width": 1.2} | style
    return _styled(hv.Scatter((_NOTHING, _NOTHING), "x", "y", label=name), **style)


def spikes(name: str, size: float, role: str = "ink") -> hv.Scatter:
    """Spikes as short vertical strokes of `size` [px]."""
    return points(name, role, marker="dash", angle=90, size=size)


def rings(name: str, size: float) -> hv.Scatter:
    """Hollow markers, for spikes that are wanted."""
    return points(name, role="muted", marker="circle", size=size, fill_alpha=0)


def dots(name: str, role: str) -> hv.Points:
    """Dots, each with its own size [px]."""
    element = hv.Points((_NOTHING, _NOTHING, _NOTHING), ["x", "y"], "dot", label=name)
    return _styled(element, color=colour_of(role), size=hv.dim("dot"))


def line(name: str, role: str, **style: Any) -> hv.Curve:
    """A trace in the colour of its role; NaN separates several traces of one source."""
    style = {"color": colour_of(role), "line_width": 1.3} | style
    return _styled(hv.Curve((_NOTHING, _NOTHING), "x", "y", label=name), **style)


def dashed(name: str) -> hv.Curve:
    """Dashed reference lines, for example thresholds."""
    return line(name, "muted", line_width=1, line_dash="dashed")


def level(name: str, value: float) -> hv.HLine:
    """One dashed line across the whole plot, which stays where it is."""
    return _styled(hv.HLine(value, label=name), color=colour_of("muted"), line_width=1, line_dash="dashed")


def boxes(name: str, role: str, **style: Any) -> hv.Rectangles:
    """Filled boxes without an outline."""
    element = hv.Rectangles((_NOTHING, _NOTHING, _NOTHING, _NOTHING), ["x0", "y0", "x1", "y1"], label=name)
    return _styled(element, color=colour_of(role), line_alpha=0, **style)


def shaded_boxes(name: str, role: str) -> hv.Rectangles:
    """Filled boxes, each with its own opacity."""
    columns = ("x0", "y0", "x1", "y1", "shade")
    element = hv.Rectangles(tuple(_NOTHING for _ in columns), list(columns[:4]), list(columns[4:]), label=name)
    return _styled(element, color=colour_of(role), line_alpha=0, fill_alpha=hv.dim("shade"))


def stems(name: str, role: str, **style: Any) -> hv.Segments:
    """Straight lines of one width."""
    element = hv.Segments((_NOTHING, _NOTHING, _NOTHING, _NOTHING), ["x0", "y0", "x1", "y1"], label=name)
    return _styled(element, color=colour_of(role), **{"line_width": 1.3, **style})


def uprights(name: str, role: str, **style: Any) -> hv.VLines:
    """Vertical lines across the whole plot, which stream their positions."""
    return _styled(hv.VLines(_NOTHING, "x", label=name), color=colour_of(role), line_width=1, **style)


def text(x: float, y: float, words: str, role: str) -> hv.Text:
    """Words in the plot, which end at a point and hang from it."""
    style = {"color": colour_of(role), "text_align": "right", "text_baseline": "top"}
    return _styled(hv.Text(x, y, words + " "), text_font_size=theme.FIGURE_TEXT, **style)


def lines_between(name: str, role: str) -> hv.Segments:
    """Straight lines, each with its own width and opacity."""
    columns = ("x0", "y0", "x1", "y1", "width", "alpha")
    element = hv.Segments(tuple(_NOTHING for _ in columns), list(columns[:4]), list(columns[4:]), label=name)
    return _styled(element, color=colour_of(role), line_width=hv.dim("width"), line_alpha=hv.dim("alpha"))


def hang_words(figure: Plot, end: float) -> None:
    """Let all words in the plot end at this place of the horizontal axis."""
    words: Any
    for words in figure.select(Text):
        if words.x != value(end):
            words.x = value(end)


def _styled(element: Any, **style: Any) -> Any:
    return element.opts(**style)


def colour_of(role: str) -> str:
    """Colour of a role, which a browser replaces by that of its theme."""
    return theme.SHADES["light"][role]


def render(name: str, elements: hv.Overlay | hv.Element, y_range: tuple[float, float], **options: Any) -> Plot:
    """Figure of an overlay, in which the label of each element becomes the name of its source.

    Parameters
    ----------
    name : str
        Name of the figure in the document.
    elements : holoviews.Overlay or holoviews.Element
        What to draw.
    y_range : tuple of float
        Range of the vertical axis.
    **options
        Options of HoloViews for the overlay.
    """
    renderer: Any = hv.renderer("bokeh")
    renderer.webgl = False  # without a GPU in the browser it costs half a second a frame
    options = {"show_legend": False, "toolbar": None, "default_tools": [], "hooks": [_style]} | options
    overlay: Any = elements if isinstance(elements, hv.Overlay) else hv.Overlay([elements])
    plot = renderer.get_plot(overlay.opts(ylim=y_range, **options))
    for key, subplot in plot.subplots.items():
        _name(subplot.handles, overlay.get(key).label)
    plot.state.name = name
    return plot.state


def _name(handles: dict[str, Any], label: str) -> None:
    drawn: GlyphRenderer | None = handles.get("glyph_renderer")
    if drawn is None:
        handles["glyph"].name = label
        return
    drawn.update(name=label, nonselection_glyph=None, selection_glyph=None, muted_glyph=None, hover_glyph=None)
    drawn.data_source.name = label
    if isinstance(drawn.glyph, Text):
        drawn.glyph.text_font = value(theme.FONT)  # HoloViews would take the name for a column's


def _style(plot: Any, _element: Any) -> None:
    """One look for all figures."""
    figure = plot.state
    figure.update(
        sizing_mode="stretch_both", width=None, height=None, min_width=0, min_height=0, lod_threshold=None,
        toolbar_location=None, title=None, tools=[], center=[],
        min_border_left=LEFT_BORDER, min_border_right=RIGHT_BORDER, min_border_top=3, min_border_bottom=3,
        outline_line_width=1, outline_line_alpha=1, outline_line_color=colour_of("line"),
        background_fill_alpha=0, border_fill_alpha=0,
    )  # fmt: skip
    figure.axis.axis_label = None
    for axis in figure.axis:
        axis.update(
            axis_line_color=None, minor_tick_line_color=None, major_tick_in=0, major_tick_out=3,
            major_tick_line_color=colour_of("line"), major_label_text_color=colour_of("muted"),
            major_label_text_font=theme.FONT, major_label_text_font_size=theme.FIGURE_TEXT, major_label_standoff=3,
            axis_label_text_font=theme.FONT, axis_label_text_font_size=theme.FIGURE_TEXT, axis_label_standoff=3,
            axis_label_text_font_style="normal", axis_label_text_color=colour_of("muted"),
        )  # fmt: skip


def share_parts(figures: Iterable[Plot]) -> None:
    """Let figures share what has no state of its own: a document with fewer models opens faster."""
    figures = list(figures)
    first = next(_glyphs(figures))
    policy, everything = first.data_source.selection_policy, first.view.filter
    axis: Any = figures[0].yaxis[0]
    for drawn in _glyphs(figures):
        drawn.data_source.selection_policy = policy
        drawn.view.filter = everything
    for figure in figures:
        for other in figure.axis:
            other.major_label_policy = axis.major_label_policy
            if isinstance(other, LinearAxis):
                other.formatter = axis.formatter


def letters(figure: Plot, curve: str, names: Sequence[str], *, baseline: str = "bottom") -> None:
    """Names at points that stream from the sources ``CURVE.NAME``: never on each other, however close these are."""
    for i, name in enumerate(names):
        source = ColumnDataSource(data={"x": _NOTHING, "y": _NOTHING}, name=f"{curve}.{name}")
        glyph = Text(
            x="x", y="y", text=value(name), text_align="right", x_offset=3 - 12 * i,
            y_offset=-3, text_baseline=baseline,
            text_color=colour_of("ink"), text_font=value(theme.FONT), text_font_size=value(theme.FIGURE_TEXT),
        )  # fmt: skip
        figure.add_glyph(source, glyph, name=source.name)


def tiles(figure: Plot, name: str, role: str, size: float = 1.0) -> None:
    """Squares around points that stream from the source `name`, each with its own opacity."""
    source = ColumnDataSource(data={"x": _NOTHING, "y": _NOTHING, "fill_alpha": _NOTHING}, name=name)
    squares = Rect(
        x="x", y="y", width=size, height=size, fill_alpha="fill_alpha", fill_color=colour_of(role), line_color=None
    )
    figure.add_glyph(source, squares, name=name)


def _glyphs(figures: Iterable[Plot]) -> Iterator[Any]:
    return (drawn for figure in figures for drawn in figure.renderers if isinstance(drawn, GlyphRenderer))


def set_range(plot: Plot, start: float, end: float) -> None:
    """Show this range on the vertical axis."""
    shown: Any = plot.y_range
    if (shown.start, shown.end) != (start, end):
        shown.update(start=start, end=end)


def show_square(plot: Plot, across: tuple[float, float], up: tuple[float, float]) -> None:
    """Show all between these ends, in the middle of the plot, with units that are as wide as they are high.

    The browser says how large the plot is; until it does, it is filled.
    """
    ends, room = [across, up], _room(plot)
    if min(room) > 0:
        unit = max((end - start) / length for (start, end), length in zip(ends, room, strict=True))
        middles = [(start + end) / 2 for start, end in ends]
        ends = [(at - length * unit / 2, at + length * unit / 2) for at, length in zip(middles, room, strict=True)]
    shown: Any
    for shown, (start, end) in zip((plot.x_range, plot.y_range), ends, strict=True):
        if (shown.start, shown.end) != (start, end):
            shown.update(start=start, end=end)


def _room(plot: Plot) -> tuple[float, float]:
    """Width and height of the plot inside of its axes [px]; 0 until the browser has said them."""
    try:
        return plot.inner_width, plot.inner_height
    except UnsetValueError:
        return 0.0, 0.0


def show_ticks(plot: Plot, ticks: Mapping[float, str]) -> None:
    """Put these texts on the vertical axis, and nothing else."""
    for axis in plot.yaxis:
        if axis.major_label_overrides != ticks:
            fix_ticks(axis, list(ticks))
            axis.update(major_label_overrides=dict(ticks))


def fix_ticks(axis: Any, places: Sequence[float]) -> None:
    """Put ticks at these places; for another ticker the document would look through all of its models."""
    if isinstance(axis.ticker, FixedTicker):
        axis.ticker.ticks = list(places)
    else:
        axis.ticker = FixedTicker(ticks=list(places))


def enlarge(figures: Iterable[Plot]) -> None:
    """Larger type, for people in the last row."""
    scale = theme.PROJECTOR_SCALE
    size = f"{round(theme.SIZES['small'] * scale)}px"
    for figure in figures:
        for axis in figure.axis:
            axis.update(major_label_text_font_size=size, axis_label_text_font_size=size)
        words: Any
        for words in figure.select(Text):
            words.text_font_size = value(size)
        if figure.min_border_left:
            figure.min_border_left = round(LEFT_BORDER * scale)


def glyph(figure: Plot, name: str) -> Any:
    """What the source `name` is drawn with."""
    return next(drawn for drawn in _glyphs([figure]) if drawn.name == name).glyph
