"""Runs wait for their page, as many as there is room for."""

from __future__ import annotations

import threading

from snn_explorer.engine import Watch
from snn_explorer.live.shelf import Shelf, Waiting, shelf


def waiting(saved):
    """A run that was saved, as far as a shelf looks at it."""
    return Waiting((saved,), "?preset=fig4", playing=True, speed=10.0, watch=Watch())


def test_a_run_is_taken_once():
    runs = Shelf()
    runs.put("key", waiting(b"run"))
    assert runs.take("another") is None
    assert runs.take("key") == waiting(b"run")
    assert runs.take("key") is None


def test_the_oldest_make_room_when_there_are_too_many():
    runs = Shelf(max_runs=2)
    for key in ("first", "second", "first", "third"):
        runs.put(key, waiting(b"run of " + key.encode()))
    assert len(runs) == 2
    assert runs.take("second") is None
    assert (runs.take("first"), runs.take("third")) == (waiting(b"run of first"), waiting(b"run of third"))


def test_the_oldest_make_room_when_they_are_too_large():
    runs = Shelf(max_bytes=30)
    for key in "abc":
        runs.put(key, waiting(bytes(10)))
    assert runs.n_bytes == 22
    assert runs.take("a") is None
    runs.put("d", waiting(bytes(31)))
    assert (len(runs), runs.n_bytes) == (0, 0)


def test_many_threads_never_exceed_its_size():
    runs, sizes = Shelf(max_runs=5, max_bytes=1000), []

    def work(name):
        for k in range(200):
            runs.put(f"{name}{k}", waiting(bytes(150)))
            sizes.append(runs.n_bytes)
            runs.take(f"{name}{k - 1}")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(sizes) <= 1000
    assert len(sizes) == 800
    assert len(runs) <= 5


def test_there_is_one_for_the_process():
    assert shelf() is shelf()
