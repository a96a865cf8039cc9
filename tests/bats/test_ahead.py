"""What is made ahead is what would be made when asked for, and nobody waits for, pays for or keeps what is not."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from snn_explorer.bats.ahead import N_AHEAD, N_WORKERS, Ahead
from tests.bats.waiting import PATIENCE, wait_until

ROOT = Path(__file__).resolve().parents[2]


class Work:
    """Tasks that give their number and settings, and say that they were begun."""

    def __init__(self, settings: str = "") -> None:
        self.settings = settings
        self.ordered: list[int] = []
        self.begun: list[int] = []
        self.threads: set[int] = set()

    def order(self, number: int) -> Callable[[], tuple[int, str]]:
        self.ordered.append(number)
        self.threads.add(threading.get_ident())

        def task() -> tuple[int, str]:
            self.begun.append(number)
            return self.do(number)

        return task

    def do(self, number: int) -> tuple[int, str]:
        return number, self.settings

    def asked(self, ahead: Ahead[tuple[int, str]], number: int) -> tuple[int, str]:
        return ahead.get(number, self.settings, self.order)


@contextmanager
def busy_workers() -> Iterator[None]:
    """All workers have something to do until the end of the block."""
    free, n_busy = threading.Event(), threading.Semaphore(0)

    def task() -> None:
        n_busy.release()
        free.wait(PATIENCE)

    ahead = Ahead[None]()
    ahead.get(0, "", lambda number: task if number else lambda: None)
    for _ in range(N_WORKERS):
        assert n_busy.acquire(timeout=PATIENCE)
    ahead.forget()
    try:
        yield
    finally:
        free.set()


def asked_last() -> Work:
    """Work that stands behind all others in the line; it is done when all of it was begun."""

    class Kept(Work):
        ahead = Ahead[tuple[int, str]]()

    work = Kept()
    work.asked(work.ahead, 0)
    return work


def test_results_are_those_asked_for_in_any_order() -> None:
    ahead, work = Ahead[tuple[int, str]](), Work()
    for number in [0, 1, 2, 3, 3, 4, 9, 10, 8, 0, 1, 100, 2, 2, *range(50)]:
        assert work.asked(ahead, number) == (number, "")


def test_results_may_come_in_another_order_than_they_are_asked_for() -> None:
    second = threading.Event()

    class Crossed(Work):
        def do(self, number: int) -> tuple[int, str]:
            if number == 2:
                second.set()
            assert number != 1 or second.wait(PATIENCE)
            return super().do(number)

    ahead, work = Ahead[tuple[int, str]](), Crossed()
    assert [work.asked(ahead, number) for number in range(4)] == [(number, "") for number in range(4)]


def test_the_next_few_are_made_without_being_asked_for_and_each_is_ordered_once_by_the_caller() -> None:
    ahead, work = Ahead[tuple[int, str]](), Work()
    for number in range(6):
        work.asked(ahead, number)
        wait_until(lambda last=number + N_AHEAD: sorted(work.begun) == list(range(last + 1)))
    assert work.ordered == list(range(6 + N_AHEAD))
    assert work.threads == {threading.get_ident()}


def test_nothing_made_with_other_settings_is_used() -> None:
    ahead, before, after = Ahead[tuple[int, str]](), Work("before"), Work("after")
    before.asked(ahead, 0)
    wait_until(lambda: len(before.begun) == 1 + N_AHEAD)
    assert [after.asked(ahead, number) for number in (1, 2)] == [(1, "after"), (2, "after")]
    assert before.asked(ahead, 3) == (3, "before")
    assert before.ordered == [*range(1 + N_AHEAD), *range(3, 4 + N_AHEAD)]


def test_an_error_is_raised_when_its_result_is_asked_for() -> None:
    class Faulty(Work):
        def do(self, number: int) -> tuple[int, str]:
            if number == 2:
                raise ValueError("the second one")
            return super().do(number)

    ahead, work = Ahead[tuple[int, str]](), Faulty()
    assert work.asked(ahead, 0) == (0, "")
    wait_until(lambda: 2 in work.begun)
    assert work.asked(ahead, 1) == (1, "")
    for _ in range(2):
        with pytest.raises(ValueError, match="the second one"):
            work.asked(ahead, 2)
    assert work.asked(ahead, 3) == (3, "")


def test_nobody_waits_for_the_work_of_others() -> None:
    ahead, work = Ahead[tuple[int, str]](), Work()
    with busy_workers():
        assert [work.asked(ahead, number) for number in range(10)] == [(number, "") for number in range(10)]
        assert work.begun == list(range(10))


@pytest.mark.parametrize("given_up", [lambda ahead, work: work.asked(ahead, 50), lambda ahead, work: ahead.forget()])
def test_what_is_given_up_before_it_was_begun_is_never_done(
    given_up: Callable[[Ahead[tuple[int, str]], Work], None],
) -> None:
    ahead, work = Ahead[tuple[int, str]](), Work()
    with busy_workers():
        work.asked(ahead, 0)
        given_up(ahead, work)
        last = asked_last()
    wait_until(lambda: len(last.begun) == 1 + N_AHEAD)
    assert not {1, 2, 3, 4} & set(work.begun)


def test_one_that_is_dropped_leaves_no_work_and_no_memory() -> None:
    ahead, work = Ahead[tuple[int, str]](), Work()
    begun, left = work.begun, [weakref.ref(work), weakref.ref(ahead)]
    with busy_workers():
        work.asked(ahead, 0)
        del ahead, work
        last = asked_last()
    wait_until(lambda: len(last.begun) == 1 + N_AHEAD)
    wait_until(lambda: gc.collect() is not None and not any(ref() for ref in left))
    assert begun == [0]


def test_all_share_a_few_threads() -> None:
    kept = [Ahead[tuple[int, str]]() for _ in range(20)]
    for ahead in kept:
        Work().asked(ahead, 0)
    assert len([thread for thread in threading.enumerate() if "ahead" in thread.name]) <= N_WORKERS


def run(program: str) -> str:
    begin = "import os, time\nfrom snn_explorer.bats.ahead import Ahead\nahead = Ahead()\n"
    command = [sys.executable, "-c", begin + program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_program_ends_while_something_is_in_the_making() -> None:
    assert run("print(ahead.get(0, '', lambda number: lambda: time.sleep(0.1)))\n") == "None\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_makes_its_own() -> None:
    program = """
made = []

def order(number):
    return lambda: made.append(number) or (number, os.getpid())

def ask(number):
    assert ahead.get(number, '', order) == (number, os.getpid())
    for _ in range(6000):
        if number + 4 in made:
            return
        time.sleep(0.01)
    raise SystemExit('nothing is made ahead')

ask(0)
child = os.fork()
for number in (1, 2, 3):
    ask(number)
if child:
    assert os.waitpid(child, 0)[1] == 0
    print('both')
"""
    assert run(program) == "both\n"
