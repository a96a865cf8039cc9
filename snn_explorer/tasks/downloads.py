"""Data sets from the network: fetched once, checked against their SHA-256, and kept in the user's cache folder.

The checksums are those of the files as their authors published them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from snn_explorer.tasks.data import MissingDataError


@dataclass(frozen=True)
class Source:
    """Where files of a data set lie: address of their folder, ending with a slash, and SHA-256 of each file."""

    address: str
    checksums: Mapping[str, str]


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "mnist": Source(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            {
                "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            },
        ),
        "fashion-mnist": Source(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            {
                "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            },
        ),
    }
)
"""Data sets that can be downloaded."""


def download(name: str) -> Path:
    """Download the files of a data set, unless they are in the cache folder already.

    Parameters
    ----------
    name : str
        A key of `SOURCES`.

    Returns
    -------
    Path
        Folder with the files.

    Raises
    ------
    MissingDataError
        If a file cannot be had, or is not the one that was published; nothing wrong is kept.
    """
    import pooch

    source, folder = SOURCES[name], Path(pooch.os_cache("snn-explorer")) / name
    for file, checksum in source.checksums.items():
        address = source.address + file
        try:
            pooch.retrieve(address, known_hash=f"sha256:{checksum}", fname=file, path=folder, progressbar=False)
        except OSError as error:
            reason = textwrap.shorten(f"{type(error).__name__}: {error}", 160)
            raise MissingDataError(f"{address} cannot be downloaded ({reason}).") from error
        except ValueError as error:
            raise MissingDataError(
                f"{address} is not the published file: its SHA-256 is not {checksum}. What was downloaded was thrown "
                "away."
            ) from error
    return folder
