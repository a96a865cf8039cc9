"""Downloads, from a server on this machine: what is kept, what is refused, and what is said without a network."""

from __future__ import annotations

import gzip
import hashlib
import struct
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pooch
import pytest

from snn_explorer.tasks import MissingDataError, fashion_mnist, mnist
from snn_explorer.tasks.downloads import SOURCES, Source

FILES = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
         "t10k-labels-idx1-ubyte.gz")  # fmt: skip


class Server:
    """Serves a folder, and counts what is asked for."""

    def __init__(self, folder: Path) -> None:
        asked = self.asked = []

        class Handler(SimpleHTTPRequestHandler):
            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                asked.append(self.path)

            def log_error(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def published(tmp_path) -> Path:
    """Folder with the four files of a set of one picture each."""
    folder = tmp_path / "published"
    folder.mkdir()
    picture = np.arange(784) % 251
    for seed, name in enumerate(FILES):
        content = (
            struct.pack(">IIII", 2051, 1, 28, 28) + ((picture + seed) % 256).astype(np.uint8).tobytes()
            if "images" in name
            else struct.pack(">IIB", 2049, 1, seed)
        )
        (folder / name).write_bytes(gzip.compress(content, mtime=0))
    return folder


@pytest.fixture
def server(published, tmp_path, monkeypatch):
    """A server of these files, taken for where MNIST comes from, and nothing in data and cache folder."""
    server = Server(published)
    checksums = {name: hashlib.sha256((published / name).read_bytes()).hexdigest() for name in FILES}
    monkeypatch.setattr("snn_explorer.tasks.downloads.SOURCES", {"mnist": Source(server.address, checksums)})
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("SNN_EXPLORER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield server
    server.stop()


def test_what_is_downloaded_is_what_was_published_and_is_asked_for_once(server, tmp_path):
    first = mnist()
    assert sorted(server.asked) == sorted(f"/{name}" for name in FILES)
    assert first.train.inputs[0].tolist() == (np.arange(784) % 251).tolist()
    assert (first.train.labels.tolist(), first.test.labels.tolist()) == ([1], [3])
    assert sorted(path.name for path in (tmp_path / "cache" / "snn-explorer" / "mnist").iterdir()) == sorted(FILES)
    mnist()
    assert len(server.asked) == 4


def test_files_in_the_data_folder_come_first(server, published, tmp_path):
    published.rename(tmp_path / "data" / "mnist")
    assert mnist().train.labels.tolist() == [1]
    assert server.asked == []


def test_a_folder_that_is_named_is_not_filled_in_from_the_network(server, tmp_path):
    with pytest.raises(MissingDataError, match="or not all, in"):
        mnist(tmp_path)
    assert server.asked == []


def test_a_file_that_is_not_the_published_one_is_refused_and_not_kept(server, published, tmp_path):
    (published / FILES[0]).write_bytes(gzip.compress(b"something else"))
    with pytest.raises(MissingDataError, match=rf"{FILES[0]} is not the published file: its SHA-256 is not \w{{64}}"):
        mnist()
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_a_file_that_was_changed_in_the_cache_is_downloaded_again(server, tmp_path):
    mnist()
    kept = tmp_path / "cache" / "snn-explorer" / "mnist" / FILES[1]
    kept.write_bytes(b"changed")
    assert mnist().train.labels.tolist() == [1]
    assert server.asked.count(f"/{FILES[1]}") == 2


def test_a_file_that_the_server_does_not_have_is_named(server, published):
    (published / FILES[2]).unlink()
    with pytest.raises(MissingDataError, match=rf"{FILES[2]} cannot be downloaded \(HTTPError: 404"):
        mnist()


def test_with_neither_folder_nor_network_one_message_says_both_ways(server, tmp_path):
    server.stop()
    with pytest.raises(MissingDataError) as caught:
        mnist()
    message = str(caught.value)
    ways = "Put them, gzipped (.gz) or plain, into DATA/mnist", "or let them be downloaded"
    reasons = str(tmp_path / "data"), f"{server.address}{FILES[0]} cannot be downloaded (ConnectionError"
    for part in (*ways, *reasons):
        assert part in message


@pytest.mark.parametrize(("name", "load"), [("mnist", mnist), ("fashion-mnist", fashion_mnist)])
def test_a_set_is_looked_for_under_the_names_that_are_downloaded(name, load, tmp_path):
    folder = tmp_path / name
    folder.mkdir()
    for file in SOURCES[name].checksums:
        (folder / file).write_bytes(b"")
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte\.gz is not gzip"):
        load(tmp_path)
