"""What lies between a page and the worker that advances its run: wishes one way, one frame the other.

Every method takes an instant, so that neither side ever waits for the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from snn_explorer.engine import Watch
from snn_explorer.live.frame import LiveFrame, State
from snn_explorer.live.pacing import Pacer
from snn_explorer.live.warmup import warming_up


@dataclass(frozen=True)
class Wish:
    """Values to run with, and how often the run was started anew; replaced as a whole, so always consistent."""

    values: Mapping[str, Any]
    start: int = 0


class Mailbox:
    """Wishes of the page, and the one-frame slot in which the latest frame wins.

    Parameters
    ----------
    values : mapping of str to object
        Checked values of all parameters.
    speed : float or None
        Simulated seconds per second.
    watch : Watch
        What to look at first.
    needs_new_network : callable
        Whether a network with some values cannot just go on with others.

    Attributes
    ----------
    wish : Wish
    made : int or None
        The start for which the worker made, or failed to make, a network.
    watch : Watch
    playing : bool
    fault : str
        Why learning stopped, or "".
    closed : bool
    urgent : bool
        Somebody is waiting to see what a change does.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        speed: float | None,
        watch: Watch,
        needs_new_network: Callable[[Mapping[str, Any], Mapping[str, Any]], bool],
    ) -> None:
        self._lock, self._needs_new_network = threading.Lock(), needs_new_network
        self._pacer = Pacer(speed)
        self.wish, self.made = Wish(MappingProxyType(dict(values))), None
        self.watch, self.playing, self.fault, self.closed, self.urgent = watch, False, "", False, False
        self._steps, self._asked, self._news = 0, False, True
        self._slot: LiveFrame | None = None
        self._serial = 0

    @property
    def speed(self) -> float | None:
        """Simulated seconds per second; None is as fast as possible."""
        return self._pacer.speed

    @property
    def state(self) -> State:
        """``"preparing"`` while the kernels compile, else ``"playing"``, ``"paused"`` or ``"faulted"``."""
        if warming_up():
            return "preparing"
        if self.fault:
            return "faulted"
        return "playing" if self.playing else "paused"

    @property
    def message(self) -> str:
        """A plain sentence for the person at the page, or ""."""
        warming = warming_up()
        return warming.message if warming else self.fault

    @property
    def serial(self) -> int:
        """Number of the newest frame that was delivered."""
        return self._serial

    # The page's side

    def set_speed(self, speed: float | None) -> None:
        """Hold this speed from now on."""
        with self._lock:
            self._pacer.speed = speed

    def play(self, playing: bool) -> None:
        """Play, or pause."""
        with self._lock:
            if playing and not self.playing:
                self._pacer.restart()
            self.playing, self._steps, self._news = playing, 0, True

    def step(self, count: int) -> None:
        """Advance so many chunks, then pause; a faulted run stays as it is."""
        with self._lock:
            self._steps = 0 if self.fault else self._steps + count
            self.playing, self._news = False, True

    def change(self, values: Mapping[str, Any]) -> None:
        """Use these checked values, in a new network if need be."""
        with self._lock:
            after = MappingProxyType({**self.wish.values, **values})
            if self._needs_new_network(self.wish.values, after):
                self._start(after)
            else:
                self.wish = Wish(after, self.wish.start)
            self.urgent = True

    def start_anew(self, values: Mapping[str, Any] | None = None, *, made: bool = False) -> None:
        """Start a new network, with other values or the same; `made` says that it is there already."""
        with self._lock:
            self._start(self.wish.values if values is None else MappingProxyType(dict(values)))
            if made:
                self.made = self.wish.start

    def look(self, watch: Watch) -> None:
        """Watch something else; while nothing moves, that by itself asks for a frame."""
        with self._lock:
            self.watch, self._news, self.urgent = watch, True, True
            self._asked = self._asked or not self.playing or bool(self.fault)

    def ask(self) -> bool:
        """Ask for one frame; gives whether none was asked for already."""
        with self._lock:
            new, self._asked = not self._asked, True
        return new

    def take(self) -> LiveFrame | None:
        """The frame in the slot, once."""
        with self._lock:
            frame, self._slot = self._slot, None
        return frame

    def close(self) -> None:
        """No more wishes, no more frames."""
        with self._lock:
            self.closed, self._slot = True, None

    # The worker's side

    def due(self, time: float, now: float) -> float | None:
        """When there is work for a run at simulated time `time`: at most `now`, later, or None for never."""
        with self._lock:
            if self.closed:
                return None
            if self.made != self.wish.start or (self._asked and self._news):
                return now
            if self.fault or not (self._steps or self.playing):
                return None
            return now if self._steps else self._pacer.due(time, now)

    def next_chunk(self, time: float, now: float) -> Wish | None:
        """The wish with which the next chunk is to be made; None if none is due, or a new network comes first."""
        with self._lock:
            if self.closed or self.fault or self.made != self.wish.start:
                return None
            if self._steps:
                self._steps -= 1
                return self.wish
            return self.wish if self.playing and self._pacer.due(time, now) <= now else None

    def tell_news(self) -> None:
        """There is something new to see."""
        self._news = True

    def fail(self, message: str, *, show: bool) -> None:
        """The network that was made stopped; `show`: a frame can be made of it."""
        with self._lock:
            if self.made == self.wish.start:
                self.fault, self._steps, self._news = message, 0, show

    def frame_wanted(self) -> Watch | None:
        """What to look at, if a frame was asked for and there is something new."""
        with self._lock:
            if self.closed or not (self._asked and self._news):
                return None
            self._news = False
            return self.watch

    def deliver(self, make: Callable[[int], LiveFrame]) -> None:
        """Put the frame that `make` makes, given its serial number, into the slot; after a new start it is dropped."""
        with self._lock:
            if not self.closed and self.made == self.wish.start:
                self._asked, self._serial = False, self._serial + 1
                self._slot = make(self._serial)

    def _start(self, values: Mapping[str, Any]) -> None:
        self.wish = Wish(values, self.wish.start + 1)
        # who asked for the frame that is dropped here waits for one of the new network
        self._asked = self._asked or self._slot is not None
        self.fault, self._steps, self._slot, self._news = "", 0, None, True
        self._pacer.restart()
