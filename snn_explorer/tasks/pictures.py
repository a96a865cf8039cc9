"""A picture as target spikes: the outputs together draw it, column after column, in each trial.

Only brightness counts. It is stretched to the full range from black to white, and ink is what is dark; in a picture
that is mostly dark, ink is what is light. In a picture with transparent parts, these are the background, and ink is
what stands out from a white page, or if nothing does, from a black one. Of an animation the first picture counts.
"""

from __future__ import annotations

import io
import threading
import warnings
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from snn_explorer.engine import ParameterError
from snn_explorer.tasks.drawing import DEFAULT_INTERVAL, DEFAULT_PERIOD, DrawingGrid
from snn_explorer.tasks.pattern import DEFAULT_DT, SpikeTrains

MAX_PIXELS = 25_000_000
"""The largest picture that is decoded; a photograph of a telephone has about 12 million pixels."""

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
"""The formats that are read; Pillow knows many more, some of which call other programs."""

MIN_CONTRAST = 8 / 255
"""Least difference between the darkest and the lightest part, from 0 to 1: less is noise of a blank page."""

_WHITE, _BLACK = 255, 0
# Python's filter of warnings belongs to all threads
_one_at_a_time = threading.Lock()


def picture_targets(
    picture: bytes | str | PathLike[str] | Image.Image,
    *,
    name: str = "picture",
    n_outputs: int = 100,
    period: float = DEFAULT_PERIOD,
    interval: float = DEFAULT_INTERVAL,
    dt: float = DEFAULT_DT,
) -> SpikeTrains:
    """Draw a picture in spikes; it is stretched to fill the raster.

    Parameters
    ----------
    picture : bytes, path-like or PIL.Image.Image
        The content of a file, the place of a file, or a picture.
    name : str
        What messages call it, for example the name of the file that was uploaded; a path names itself.
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
        If this is no picture that can be read, it is too large or has nothing to draw, or a number is out of range.
    """
    grid = DrawingGrid(n_outputs, period, interval, dt)
    if isinstance(picture, str | PathLike):
        name, picture = str(picture), _content(picture)
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ink = _decoded(picture, name, grid.shape)
    trains = grid.spikes(ink)
    if trains.n_spikes == 0:
        raise ParameterError(
            f"The picture {name!r} has no drawable ink: it is of one brightness, or what it shows is too small for "
            f"{n_outputs} outputs and {grid.n_intervals} spikes of each; it must have dark and light parts."
        )
    return trains


def _content(path: str | PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise ParameterError(f"The picture {str(path)!r} cannot be read ({problem.strerror}).") from None


def _decoded(picture: bytes | Image.Image, name: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Ink of a picture that may be broken or hostile: its size is checked before its pixels are decoded."""
    try:
        image = _opened(picture, name) if isinstance(picture, bytes) else picture
        if image.width * image.height > MAX_PIXELS:
            raise _too_large(name, f"{image.width} x {image.height} pixels")
        if 0 in image.size:
            raise ParameterError(f"The picture {name!r} is empty: it has no pixels.")
        return _ink(ImageOps.exif_transpose(image), shape)
    except ParameterError:
        raise
    except Image.DecompressionBombError:
        raise _too_large(name, "far too many pixels") from None
    except Exception as problem:  # a broken file makes Pillow's decoders raise almost anything
        raise ParameterError(
            f"The picture {name!r} cannot be decoded ({str(problem)[:100]}); the file may be damaged."
        ) from None


def _opened(content: bytes, name: str) -> Image.Image:
    if not content:
        raise ParameterError(f"The picture {name!r} is empty: it has 0 bytes.")
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        raise ParameterError(f"The file {name!r} is not a picture; allowed are {', '.join(FORMATS)}.") from None


def _too_large(name: str, size: str) -> ParameterError:
    return ParameterError(
        f"The picture {name!r} has {size}; at most {MAX_PIXELS / 1e6:g} million pixels are decoded, because more take "
        "too much memory. A smaller copy shows the same."
    )


def _ink(image: Image.Image, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Ink from 0 to 1, brought to this shape (rows, columns); zero everywhere if there is nothing to draw."""
    size = shape[1], shape[0]
    if not image.mode.startswith(("I", "F")) and image.has_transparency_data:
        small = image.convert("RGBA").resize(size, Image.Resampling.BOX)
        if np.asarray(small)[..., 3].min() < 128:
            return _ink_on_transparent(small)
    light = _brightness(image, size)
    darkest, contrast = light.min(), np.ptp(light)
    if contrast < MIN_CONTRAST:
        return np.zeros(shape)
    light = (light - darkest) / contrast
    return 1 - light if light.mean() >= 0.5 else light


def _ink_on_transparent(image: Image.Image) -> NDArray[np.float64]:
    """Ink of a picture with alpha: what differs from a white page, or from a black one if nothing does."""
    ink = np.zeros((image.height, image.width))
    for page in (_WHITE, _BLACK):
        on_page = Image.alpha_composite(Image.new("RGBA", image.size, (page, page, page, 255)), image)
        ink = abs(np.asarray(on_page.convert("L"), dtype=np.float64) - page) / 255
        if ink.max() >= MIN_CONTRAST:
            return ink / ink.max()
    return np.zeros_like(ink)


def _brightness(image: Image.Image, size: tuple[int, int]) -> NDArray[np.float64]:
    """Brightness of an opaque picture, at most 1; Pillow's modes "I" and "F" hold numbers of any size."""
    deep = image.mode.startswith(("I", "F"))
    small = image.convert("F" if deep else "L").resize(size, Image.Resampling.BOX)
    light = np.asarray(small, dtype=np.float64)
    if not np.isfinite(light).all():
        raise ValueError("some of its brightnesses are not finite numbers")
    return light / (max(1e-300, abs(light).max()) if deep else 255)
