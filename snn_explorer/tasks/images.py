"""Pictures of 28 x 28 pixels with their classes: MNIST, Fashion-MNIST and EMNIST.

| set | training | test | classes | |
|---|---|---|---|---|
| mnist | 60,000 | 10,000 | 10 | handwritten digits (LeCun, Cortes and Burges) |
| fashion-mnist | 60,000 | 10,000 | 10 | Zalando's articles (Xiao, Rasul and Vollgraf 2017) |
| emnist | 112,800 | 18,800 | 47 | handwritten digits and letters, EMNIST Balanced (Cohen et al. 2017) |

They are read from the data folder, in which each set has a folder of its name. MNIST and Fashion-MNIST are downloaded
where they are not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch

from snn_explorer.tasks import data, downloads
from snn_explorer.tasks.idx import IdxError, read_pair
from snn_explorer.tasks.samples import Samples, Split

IMAGE_SHAPE = (28, 28)
"""Rows and columns of a picture."""


@dataclass(frozen=True)
class _ImageSet:
    """Title of a set for each beginning of file names that it may have, names of its parts, how it is stored."""

    titles: Mapping[str, str]
    parts: tuple[str, str]
    class_names: tuple[str, ...]
    transposed: bool = False


_Pair = tuple[Path, Path]

_STANDARD_PARTS = ("train", "t10k")
_FASHION_CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
# of letters whose two forms look alike, EMNIST's 47 classes have one
_EMNIST_CLASSES = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")

_SETS: Mapping[str, _ImageSet] = MappingProxyType(
    {
        "mnist": _ImageSet({"": "MNIST: handwritten digits"}, _STANDARD_PARTS, tuple("0123456789")),
        "fashion-mnist": _ImageSet({"": "Fashion-MNIST: articles of clothing"}, _STANDARD_PARTS, _FASHION_CLASSES),
        "emnist": _ImageSet(
            {
                "emnist-balanced-": "EMNIST Balanced: handwritten digits and letters",
                "emnist-merge47-": "EMNIST, 47 classes out of ByMerge: handwritten digits and letters",
            },
            ("train", "test"),
            _EMNIST_CLASSES,
            transposed=True,
        ),
    }
)


def mnist(folder: str | PathLike[str] | None = None) -> Samples:
    """Load MNIST: 60,000 and 10,000 handwritten digits.

    Parameters
    ----------
    folder : path-like, optional
        Data folder, with the four files in ``mnist``; by default the one that
        :func:`snn_explorer.tasks.data.data_dir` finds, and without the files in it the network.

    Raises
    ------
    MissingDataError
        If the files are neither there nor to be had.
    IdxError
        If a file is wrong.
    """
    return _load("mnist", folder)


def fashion_mnist(folder: str | PathLike[str] | None = None) -> Samples:
    """Load Fashion-MNIST: 60,000 and 10,000 pictures of clothes.

    Parameters
    ----------
    folder : path-like, optional
        As of `mnist`, with the files in ``fashion-mnist``.

    Raises
    ------
    MissingDataError
        If the files are neither there nor to be had.
    IdxError
        If a file is wrong.
    """
    return _load("fashion-mnist", folder)


def emnist(folder: str | PathLike[str] | None = None) -> Samples:
    """Load EMNIST: handwritten digits and letters in 47 classes, turned upright; the files have them transposed.

    Parameters
    ----------
    folder : path-like, optional
        Data folder, with files ``emnist-balanced-...`` or, where these are not there, ``emnist-merge47-...`` in
        ``emnist``; by default the one that :func:`snn_explorer.tasks.data.data_dir` finds. The title says which files
        they were: accuracies on the two are not to be compared.

    Raises
    ------
    MissingDataError
        If the files are not there; they are not downloaded.
    IdxError
        If a file is wrong.
    """
    return _load("emnist", folder)


def available_images(folder: str | PathLike[str] | None = None) -> tuple[str, ...]:
    """Names of the sets whose files are in a data folder: those that load without a download.

    Parameters
    ----------
    folder : path-like, optional
        Data folder; by default the one that :func:`snn_explorer.tasks.data.data_dir` finds.
    """
    root = data.data_dir() if folder is None else Path(folder)
    return () if root is None else tuple(name for name in _SETS if _find(name, root / name) is not None)


def _load(name: str, folder: str | PathLike[str] | None) -> Samples:
    known = _SETS[name]
    prefix, (train, test) = _files(name, folder)
    return Samples(
        name=name,
        title=known.titles[prefix],
        n_in=IMAGE_SHAPE[0] * IMAGE_SHAPE[1],
        n_classes=len(known.class_names),
        train=_split(*train, transposed=known.transposed),
        test=_split(*test, transposed=known.transposed),
        kind="pixels",
        image_shape=IMAGE_SHAPE,
        class_names=known.class_names,
    )


def _split(images: Path, labels: Path, *, transposed: bool) -> Split:
    pictures, classes = read_pair(images, labels)
    if pictures.shape[1:] != IMAGE_SHAPE:
        raise IdxError(f"{images} has pictures of {pictures.shape[1]} x {pictures.shape[2]} pixels; they must have "
                       f"{IMAGE_SHAPE[0]} x {IMAGE_SHAPE[1]}.")  # fmt: skip
    upright = pictures.swapaxes(1, 2) if transposed else pictures
    inputs = np.array(upright, order="C").reshape(len(upright), -1)
    return Split(torch.from_numpy(inputs), torch.from_numpy(classes.astype(np.int64)))


def _files(name: str, folder: str | PathLike[str] | None) -> tuple[str, tuple[_Pair, _Pair]]:
    root = data.data_dir() if folder is None else Path(folder)
    found = None if root is None else _find(name, root / name)
    if found is not None:
        return found
    if folder is not None:
        raise data.MissingDataError(f"{_how_to_get(name)} They are not, or not all, in {Path(folder) / name}.")
    if name not in downloads.SOURCES:
        raise data.MissingDataError(f"{_how_to_get(name)} {data.where_looked()}")
    try:
        found = _find(name, downloads.download(name))
    except data.MissingDataError as error:
        raise data.MissingDataError(f"{_how_to_get(name)} {data.where_looked()} {error}") from error
    assert found is not None, "what is downloaded is what is looked for"
    return found


def _find(name: str, folder: Path) -> tuple[str, tuple[_Pair, _Pair]] | None:
    """Beginning of the files' names and the files, images and labels of each part; None if one is not there."""
    for prefix in _SETS[name].titles:
        paths = [_gzipped_or_plain(folder / file) for file in _names(name, prefix)]
        there = [path for path in paths if path is not None]
        if len(there) == len(paths):
            return prefix, ((there[0], there[1]), (there[2], there[3]))
    return None


def _names(name: str, prefix: str) -> list[str]:
    return [f"{prefix}{part}-{file}-ubyte" for part in _SETS[name].parts for file in ("images-idx3", "labels-idx1")]


def _gzipped_or_plain(path: Path) -> Path | None:
    choices = (path.with_name(path.name + ".gz"), path)
    return next((choice for choice in choices if choice.is_file()), None)


def _how_to_get(name: str) -> str:
    files = ", ".join(_names(name, next(iter(_SETS[name].titles))))
    network = (
        "or let them be downloaded, which happens by itself where there is a network and no folder is asked for."
        if name in downloads.SOURCES
        else "they come in the archive of the EMNIST data set of NIST, which is too large to be downloaded from here."
    )
    return (
        f"The data set {name!r} needs four files: {files}. Put them, gzipped (.gz) or plain, into DATA/{name} and set "
        f"{data.ENVIRONMENT_VARIABLE} to DATA{',' if name in downloads.SOURCES else ';'} {network}"
    )
