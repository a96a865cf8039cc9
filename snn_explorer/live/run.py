"""A run: an engine with its history, that a page steers and a worker advances.

The page's calls only leave wishes in the mailbox and return at once; the worker reads them before every chunk. The
engine belongs to whoever holds the run's turn, for one slice at most.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from snn_explorer.engine import ParameterError, Watch
from snn_explorer.live.driver import Driver, all_values, restored
from snn_explorer.live.frame import LiveFrame, State
from snn_explorer.live.learner import Learnable
from snn_explorer.live.mailbox import Mailbox
from snn_explorer.live.snapshot import Snapshot
from snn_explorer.live.systems import SYSTEMS, System
from snn_explorer.presets import Preset
from snn_explorer.quantities import read_values


class Run:
    """One network that learns for one page. Every method may be called from any thread.

    Parameters
    ----------
    preset : Preset
        Task, and values to start from.
    values : mapping of str to object, optional
        Values that differ from the preset's; text is read as the parameter's type.
    clock : callable
        Gives the time [s] by which speed is held and slices end.

    Raises
    ------
    ParameterError
        If a value is unknown or out of range.

    Attributes
    ----------
    preset : Preset
    on_wish, on_close : callable
        Set by the scheduler, which wants to know when there may be work, and when there will be none any more.
    """

    def __init__(
        self,
        preset: Preset,
        values: Mapping[str, Any] = MappingProxyType({}),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.preset = preset
        needs_new = self.system.needs_new_network
        self._mailbox = Mailbox(all_values(preset, values), preset.speed, preset.watch, needs_new)
        self._driver = Driver(preset, self._mailbox, clock)
        self._turn, self._queue = threading.Lock(), threading.Lock()
        self.on_wish: Callable[[], None] = _nobody
        self.on_close: Callable[[Run], None] = _nobody

    @property
    def system(self) -> System:
        """The learning system."""
        return SYSTEMS[self.preset.system]

    @property
    def values(self) -> dict[str, Any]:
        """Values of all parameters, as they will be from the next chunk on."""
        return dict(self._mailbox.wish.values)

    @property
    def time(self) -> float:
        """Learning time [s] or samples seen, see the engine; negative in a burn-in."""
        return self._driver.time

    @property
    def task(self) -> Learnable | None:
        """What is learned; None until the worker has made it."""
        return self._driver.task

    @property
    def state(self) -> State:
        """``"preparing"`` while the kernels compile, else ``"playing"``, ``"paused"`` or ``"faulted"``."""
        return self._mailbox.state

    @property
    def message(self) -> str:
        """A plain sentence for the person at the page, or ""."""
        return self._mailbox.message

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._mailbox.closed

    @property
    def starts(self) -> int:
        """How often it was started anew."""
        return self._mailbox.wish.start

    @property
    def serial(self) -> int:
        """Number of the newest frame, see `LiveFrame.serial`; those of a network that is started anew are larger."""
        return self._mailbox.serial

    @property
    def urgent(self) -> bool:
        """Whether somebody is waiting to see what a change does."""
        return self._mailbox.urgent

    @property
    def speed(self) -> float | None:
        """Learning time per second; None is as fast as possible. The burn-in is never held back."""
        return self._mailbox.speed

    @speed.setter
    def speed(self, speed: float | None) -> None:
        self._mailbox.set_speed(_checked_speed(speed))
        self.on_wish()

    @property
    def watch(self) -> Watch:
        """The neurons and the synapse that frames show."""
        return self._mailbox.watch

    def play(self) -> None:
        """Go on; a faulted run waits for a reset first."""
        self._mailbox.play(True)
        self.on_wish()

    def pause(self) -> None:
        """Stop after the chunk that is being computed."""
        self._mailbox.play(False)
        self.on_wish()

    def step(self, count: int = 1) -> None:
        """Advance by exactly so many chunks or batches, then pause.

        Raises
        ------
        ParameterError
            If `count` is no whole number of at least 1.
        """
        if not isinstance(count, int) or count < 1:
            raise ParameterError(f"The number of steps is {count!r}; allowed is a whole number of at least 1.")
        self._mailbox.step(count)
        self.on_wish()

    def reset(self) -> None:
        """Start anew with the same values; the same seed gives the same curve again."""
        self._mailbox.start_anew()
        self.on_wish()

    def set(self, **values: Any) -> None:
        """Change parameters from the next chunk on; those that make another network start it anew.

        Raises
        ------
        ParameterError
            If a value is unknown or out of range; then none of them is changed.
        """
        self._mailbox.change(read_values(self.system.parameters, values))
        self.on_wish()

    def look(self, watch: Watch) -> None:
        """Watch these neurons and this synapse from now on; a paused run gives a frame of its last chunk with them."""
        self._mailbox.look(watch)
        self.on_wish()

    def look_again(self) -> None:
        """Watch the same; a paused run gives its last frame once more."""
        self.look(self.watch)

    def request_frame(self) -> None:
        """Ask for one frame: of the end of the worker's present slice, or as soon as there is something new."""
        # a page may ask many times for the same frame, which need not wake the workers
        if self._mailbox.ask():
            self.on_wish()

    def take_frame(self) -> LiveFrame | None:
        """The newest frame that was asked for, once; None if there is none."""
        return self._mailbox.take()

    def state_dict(self) -> dict[str, Any]:
        """Values, engine and history: everything that `load_state_dict` needs to go on to the same bits.

        Waits for the present slice to end.

        Raises
        ------
        ParameterError
            If there is no network to save, because none could be made.
        """
        with self._engine():
            return self._driver.save()

    def snapshot(self) -> Snapshot:
        """The run at this moment, for what is taken away from it; waits for the present slice to end.

        Raises
        ------
        ParameterError
            If there is no network, because none could be made.
        """
        with self._engine():
            return self._driver.snapshot()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state that `state_dict` gave, playing or paused as before.

        Waits for the present slice to end.

        Raises
        ------
        ParameterError
            If the state does not fit; then the run is left as it was.
        """
        preset, learner, changes = restored(self.preset, state)
        with self._engine():
            self._driver.take_up(preset, learner, changes)
        self.preset = preset
        self.on_wish()

    def close(self) -> None:
        """End the run and free its engine, now or at the end of the present slice."""
        self._mailbox.close()
        self.on_close(self)
        self._free_if_closed()

    def due(self, now: float) -> float | None:
        """For the scheduler: when there is work, in the clock's time [s], or None if there is none."""
        return self._mailbox.due(self.time, now)

    def work(self, seconds: float) -> None:
        """For the scheduler: advance for about this long, then make the frame if one was asked for."""
        with self._engine():
            self._mailbox.urgent = False
            self._driver.work(seconds)

    @contextmanager
    def _engine(self) -> Iterator[None]:
        """Wait for the engine; who waits in the queue is served before the next slice."""
        with self._queue:
            self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()
            self._free_if_closed()

    def _free_if_closed(self) -> None:
        # whoever of page and worker is last finds the turn free
        if self.closed and self._turn.acquire(blocking=False):
            self._driver.free()
            self._turn.release()


def _nobody(*_: object) -> None:
    """Nobody listens."""


def _checked_speed(speed: float | None) -> float | None:
    if speed is None:
        return None
    try:
        number = float(speed)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 < number < math.inf:
        raise ParameterError(f"The speed is {speed!r}; allowed is a number above 0, or None for as fast as possible.")
    return number
