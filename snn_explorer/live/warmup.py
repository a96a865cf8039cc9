"""Getting ready in the background, once per process, so that no page waits for a frozen server.

Compiling the kernels is what takes long on the very first start; importing what torch's optimisers import takes
a second or two on every start.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from snn_explorer import bats, superspike
from snn_explorer.engine import Watch
from snn_explorer.kernels.superspike import compile_kernels
from snn_explorer.tasks import digits, frozen_poisson

EXPECTED_SECONDS = 10.0
"""What compiling takes on a slow machine; loading from disk takes a fraction of a second."""

_log = logging.getLogger(__name__)


class WarmUp:
    """Work that runs once, in a thread of its own, with a progress line.

    Parameters
    ----------
    work : callable
        What to do.
    clock : callable
        Gives the time [s].
    """

    def __init__(self, work: Callable[[], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._work, self._clock = work, clock
        self._start = clock()
        self._finished = threading.Event()
        threading.Thread(target=self._run, name="snn-explorer-warm-up", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether runs can start."""
        return self._finished.is_set()

    @property
    def fraction(self) -> float:
        """How far it is, from 0 to 1, estimated from the time it usually takes."""
        return 1.0 if self.done else min((self._clock() - self._start) / EXPECTED_SECONDS, 0.95)

    @property
    def message(self) -> str:
        """One line for the page, "" when done."""
        if self.done:
            return ""
        return f"Compiling the kernels (long on the very first start only): about {self.fraction:.0%} done."

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until done, or for `timeout` [s]; gives `done`."""
        return self._finished.wait(timeout)

    def _run(self) -> None:
        try:
            self._work()
        except Exception:
            # a run will meet the same error when it first needs the kernels, and shows it on its page
            _log.exception("The kernels could not be compiled ahead.")
        finally:
            self._finished.set()


_lock = threading.Lock()
_only: WarmUp | None = None


def warm_up() -> WarmUp:
    """The process's warm-up, started by the first call."""
    global _only
    with _lock:
        if _only is None:
            _only = WarmUp(get_ready)
        return _only


def warming_up() -> WarmUp | None:
    """The process's warm-up while it is at work; None before and after."""
    return None if _only is None or _only.done else _only


def get_ready() -> None:
    """Do once what is slow only once: compile the kernels, then learn and look at a little of each system."""
    compile_kernels()
    clocked = superspike.Network(frozen_poisson(0), superspike.SuperSpikeParameters(n_hidden=1, burn_in=0.0, rho=1.0))
    exact = bats.Network(digits(), bats.BatsParameters(hidden=(2,), batch_size=10))
    for network, watch in ((clocked, Watch()), (exact, Watch(clock_step=1e-3))):
        network.advance()
        network.advance()
        network.frame(watch)
