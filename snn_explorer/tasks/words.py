"""A word as target spikes: the outputs together write it, letter after letter, in each trial."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from snn_explorer.engine import ParameterError
from snn_explorer.tasks.drawing import DEFAULT_INTERVAL, DEFAULT_PERIOD, DrawingGrid
from snn_explorer.tasks.pattern import DEFAULT_DT, SpikeTrains

MARGIN = 0.03
"""Share of the raster that stays empty on each side of a word."""

INTERVALS_PER_LETTER = 2.5
"""The narrowest letter that is readable, in spike intervals of an output."""

MIN_ROWS = 7
"""The fewest outputs that can show letters."""

_FONT_SIZE = 200
_NO_CHARACTER = "\U0010ffff"


def word_targets(
    word: str,
    *,
    n_outputs: int = 100,
    period: float = DEFAULT_PERIOD,
    interval: float = DEFAULT_INTERVAL,
    dt: float = DEFAULT_DT,
) -> SpikeTrains:
    """Write a word in spikes; it fills the raster but for a small margin.

    Parameters
    ----------
    word : str
        One or more words, in letters that DejaVu Sans has. Blanks at both ends do not count.
    n_outputs : int
        Number of outputs; the one with the highest id is the top row.
    period : float
        Length of a trial [s].
    interval : float
        Time between two spikes of an output where there is ink [s].
    dt : float
        Time step [s].

    Returns
    -------
    SpikeTrains
        Target spikes of the outputs.

    Raises
    ------
    ParameterError
        If there is no word, it has a letter that cannot be drawn or too many letters, or a number is out of range.
    """
    grid = DrawingGrid(n_outputs, period, interval, dt)
    word = " ".join(word.split())
    if not word:
        raise ParameterError("The word is empty; type at least one letter.")
    if n_outputs < MIN_ROWS:
        raise ParameterError(f"n_outputs is {n_outputs}; a word needs at least {MIN_ROWS}, for fewer show no letters.")
    room = max(1, int(grid.n_intervals * (1 - 2 * MARGIN) / INTERVALS_PER_LETTER))
    if len(word) > room:
        raise ParameterError(
            f"The word {word[:60]!r} has {len(word)} letters; at most {room} fit into {period:g} s, because a "
            f"letter narrower than {INTERVALS_PER_LETTER * interval * 1e3:g} ms is not readable."
        )
    font = _font()
    _check_letters(word, font)
    trains = grid.spikes(_ink(_drawn(word, font), grid.shape))
    if trains.n_spikes == 0:
        raise ParameterError(
            f"The word {word!r} has no drawable ink: its strokes are too thin for {n_outputs} outputs and "
            f"{grid.n_intervals} spikes of each; more outputs or a longer period help."
        )
    return trains


def _font() -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with matplotlib: Pillow's own font has no letter with an accent."""
    import matplotlib as mpl  # here, because whoever does not write words need not wait for it

    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", _FONT_SIZE)


def _check_letters(word: str, font: ImageFont.FreeTypeFont) -> None:
    """Refuse letters that the font lacks, drawn as the box of a character that does not exist, or not drawn at all."""
    letters = dict.fromkeys(word.replace(" ", ""))
    box = _drawn(_NO_CHARACTER, font)
    missing = [letter for letter in letters if _drawn(letter, font) == box or not _drawn(letter, font).getbbox()]
    if missing:
        lacking = "none of its letters" if len(missing) == len(letters) else f"no {', '.join(map(repr, missing))}"
        raise ParameterError(
            f"The word {word[:60]!r} cannot be drawn: the font has {lacking}; it has Latin, Greek and "
            "Cyrillic letters, digits and common signs."
        )


def _drawn(text: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    """The text in white on black, as high as a capital letter at least, and as wide as it runs."""
    left, top, right, bottom = font.getbbox(text)
    _, top_of_capital, _, bottom_of_capital = font.getbbox("H")
    left, top = math.floor(min(0, left)), math.floor(min(top, top_of_capital))
    right, bottom = math.ceil(max(right, font.getlength(text))), math.ceil(max(bottom, bottom_of_capital))
    drawn = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(drawn).text((-left, -top), text, fill=255, font=font)
    return drawn


def _ink(drawn: Image.Image, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Ink, 1, on paper, 0, that fills this shape (rows, columns) but for the margin."""
    n_rows, n_columns = shape
    margin_rows, margin_columns = max(1, round(MARGIN * n_rows)), round(MARGIN * n_columns)
    room = n_columns - 2 * margin_columns, n_rows - 2 * margin_rows
    covered = np.asarray(drawn.resize(room, Image.Resampling.BOX))
    # half covered is ink: letters are sharp, not grey at their edges
    return np.pad(covered > 127, ((margin_rows,), (margin_columns,))).astype(np.float64)
