"""IDX files, in which the MNIST family of data sets comes: pictures and labels as bytes, gzipped or plain.

    4 bytes   magic number: 2051 for pictures, 2049 for labels
    4 bytes   number of samples N; for pictures, 4 bytes each for rows and columns follow
    the rest  one byte for each pixel, row after row, or for each label

All numbers are big-endian.
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from snn_explorer.engine import ParameterError

IMAGES_MAGIC = 2051
"""First number of a file of pictures."""

LABELS_MAGIC = 2049
"""First number of a file of labels."""

_GZIP_MARK = b"\x1f\x8b"


class IdxError(ParameterError):
    """An IDX file that cannot be read; the message names the file and says what is wrong with it."""


def read_images(path: Path) -> NDArray[np.uint8]:
    """Read a file of pictures.

    Parameters
    ----------
    path : Path
        An IDX file, gzipped or plain.

    Returns
    -------
    ndarray of uint8, shape (N, rows, columns)
        Pixels from 0 to 255; read-only.

    Raises
    ------
    IdxError
        If the file is no such file: not gzip though its name ends with ``.gz``, damaged, with another magic number,
        truncated, or with bytes left over.
    """
    return _read(path, IMAGES_MAGIC, "pictures", 3)


def read_labels(path: Path) -> NDArray[np.uint8]:
    """Read a file of labels.

    Parameters
    ----------
    path : Path
        An IDX file, gzipped or plain.

    Returns
    -------
    ndarray of uint8, shape (N,)
        Labels; read-only.

    Raises
    ------
    IdxError
        As of `read_images`.
    """
    return _read(path, LABELS_MAGIC, "labels", 1)


def read_pair(images: Path, labels: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Read pictures and their labels.

    Parameters
    ----------
    images, labels : Path
        The two IDX files.

    Returns
    -------
    images : ndarray of uint8, shape (N, rows, columns)
        Pixels from 0 to 255.
    labels : ndarray of uint8, shape (N,)
        Labels.

    Raises
    ------
    IdxError
        As of `read_images`, and if there are more pictures than labels or fewer.
    """
    pictures, classes = read_images(images), read_labels(labels)
    if len(pictures) != len(classes):
        raise IdxError(
            f"{images} has {len(pictures)} pictures, but {labels} has {len(classes)} labels; there must be as many "
            "labels as pictures."
        )
    return pictures, classes


def _read(path: Path, magic: int, what: str, n_dimensions: int) -> NDArray[np.uint8]:
    content = _unpacked(path)
    header = 4 * (1 + n_dimensions)
    if len(content) >= 4 and (found := int.from_bytes(content[:4], "big")) != magic:
        raise IdxError(f"{path} begins with the magic number {found}; a file of {what} begins with {magic}.")
    if len(content) < header:
        raise IdxError(f"{path} is truncated: it has {len(content)} bytes, and its header alone has {header}.")
    shape = tuple(int(size) for size in np.frombuffer(content, ">u4", n_dimensions, offset=4))
    expected, got = math.prod(shape), len(content) - header
    size = " x ".join(map(str, shape))
    if got < expected:
        raise IdxError(f"{path} is truncated: its header says {size} {what}, {expected} bytes, but {got} follow.")
    if got > expected:
        raise IdxError(
            f"{path} has a wrong count: its header says {size} {what}, {expected} bytes, but {got} follow, "
            f"{got - expected} too many."
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _unpacked(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise IdxError(f"{path} cannot be read: {error.strerror}.") from error
    if not content.startswith(_GZIP_MARK):
        if path.suffix == ".gz":
            raise IdxError(f"{path} is not gzip, though its name ends with .gz: it begins with {content[:2].hex(' ')!r}"
                           f", and gzip with {_GZIP_MARK.hex(' ')!r}.")  # fmt: skip
        return content
    try:
        return gzip.decompress(content)
    except EOFError as error:
        raise IdxError(f"{path} is truncated: its gzip stream breaks off after {len(content)} bytes.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise IdxError(f"{path} is damaged: its gzip stream cannot be unpacked ({error}).") from error
