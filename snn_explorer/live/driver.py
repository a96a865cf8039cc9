"""The worker's side of a run: making, advancing and looking at its engine, as the mailbox says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from snn_explorer.engine import LearningFault, ParameterError
from snn_explorer.live.changes import Changes
from snn_explorer.live.learner import Learnable, Learner
from snn_explorer.live.mailbox import Mailbox
from snn_explorer.live.snapshot import Snapshot
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import Preset, own_target
from snn_explorer.quantities import default_values, read_values
from snn_explorer.saved_state import check_parts

_log = logging.getLogger(__name__)


class Driver:
    """Holds the engine of one run; for one thread at a time.

    Parameters
    ----------
    preset : Preset
        Where the task comes from.
    mailbox : Mailbox
        Where wishes come from and frames go.
    clock : callable
        Gives the time [s] by which speed is held and slices end.

    Attributes
    ----------
    time : float
        That of the engine after the last chunk or batch.
    """

    def __init__(self, preset: Preset, mailbox: Mailbox, clock: Callable[[], float]) -> None:
        self._preset, self._mailbox, self._clock = preset, mailbox, clock
        self._learner: Learner | None = None
        self._changes = Changes(SYSTEMS[preset.system].parameters, mailbox.wish.values)
        self.time = SYSTEMS[preset.system].first_time(mailbox.wish.values)

    @property
    def task(self) -> Learnable | None:
        """What the present learner learns; None if there is none."""
        learner = self._learner
        return None if learner is None else learner.task

    def work(self, seconds: float) -> None:
        """Advance for about this long, then make the frame if one was asked for."""
        if not self._mailbox.closed:
            self._guarded(lambda: self._advance(self._clock() + seconds))
            self._guarded(self._make_frame, show=False)

    def save(self) -> dict[str, Any]:
        """State of the learner, and the values wished for.

        Raises
        ------
        ParameterError
            If there is no network to save, because none could be made.
        """
        learner = self._there()
        state = {"preset": self._preset.key, "values": dict(self._wished(learner)), "learner": learner.state_dict()}
        state["changes"] = self._changes.state_dict()
        if self._preset.key == own_target.KEY:
            state["own"] = own_target.saved(self._preset)
        return state

    def snapshot(self) -> Snapshot:
        """The run at this moment.

        Raises
        ------
        ParameterError
            If there is no network, because none could be made.
        """
        learner, changes, mailbox = self._there(), self._changes, self._mailbox
        if not changes.begun:
            learner.take(self._wished(learner))
        live = learner.look(mailbox.watch)(state=mailbox.state, message=mailbox.message, serial=0)
        return Snapshot(
            preset=self._preset,
            task=learner.task,
            live=live,
            start=changes.start if changes.begun else learner.values,
            changes=tuple(changes.made),
            complete=changes.complete,
        )

    def take_up(self, preset: Preset, learner: Learner, changes: Changes) -> None:
        """Go on with this learner, which learns what the preset says, and with what was changed before."""
        self._preset, self._changes = preset, changes
        self._mailbox.start_anew(learner.values, made=True)
        self._learner, self.time = learner, learner.time
        if (watch := learner.followed(self._mailbox.watch)) != self._mailbox.watch:
            self._mailbox.look(watch)

    def free(self) -> None:
        """Let go of the engine."""
        self._learner = None

    def _advance(self, end: float) -> None:
        """Advance by whole chunks, at least one if one is due, until the time `end`."""
        learner = self._present_learner()
        while learner and (wish := self._mailbox.next_chunk(self.time, self._clock())):
            learner.take(wish.values)
            self._changes.note(self.time, wish.values)
            learner.follow(self._mailbox.watch)
            learner.advance()
            self.time = learner.time
            self._mailbox.tell_news()
            if self._clock() >= end:
                return

    def _there(self) -> Learner:
        """The learner, or a `ParameterError` if none could be made."""
        self._guarded(self._present_learner)
        if self._learner is None:
            raise ParameterError(f"There is no network to save. {self._mailbox.message}")
        return self._learner

    def _wished(self, learner: Learner) -> Mapping[str, Any]:
        """Values of this learner's next chunk or batch."""
        wish = self._mailbox.wish
        # a wish for another network may have come since
        return wish.values if wish.start == self._mailbox.made else learner.values

    def _present_learner(self) -> Learner | None:
        """The learner that was wished for, made if need be; None if it could not be made."""
        wish = self._mailbox.wish
        if self._mailbox.made != wish.start:
            self._mailbox.made, self._learner = wish.start, None
            system = SYSTEMS[self._preset.system]
            self._learner = system.learn(self._preset.task(), wish.values)
            self._changes = Changes(system.parameters, wish.values)
            self.time = self._learner.time
            self._mailbox.tell_news()
        return self._learner

    def _make_frame(self) -> None:
        """Fill the slot, if a frame was asked for and there is something new."""
        watch, learner = self._mailbox.frame_wanted(), self._learner
        if watch is None or learner is None:
            return
        seen, mailbox = learner.look(watch), self._mailbox
        mailbox.deliver(lambda serial: seen(state=mailbox.state, message=mailbox.message, serial=serial))

    def _guarded(self, work: Callable[[], object], *, show: bool = True) -> None:
        """Do it; if it fails, the run stops and says why."""
        try:
            work()
        except LearningFault as fault:
            self._mailbox.fail(str(fault), show=show)
        except ParameterError as error:
            self._mailbox.fail(f"{error} Change it and reset.", show=show)
        except Exception as error:
            _log.exception("A run of preset %r stopped.", self._preset.key)
            reason = f"{type(error).__name__}: {error}"
            self._mailbox.fail(
                f"Learning stopped because of an internal error ({reason}). Reset to start anew.", show=show
            )


def all_values(preset: Preset, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of all parameters: these, else the preset's, else the defaults."""
    declared = SYSTEMS[preset.system].parameters
    return default_values(declared) | read_values(declared, {**preset.values, **values})


def restored(preset: Preset, state: Mapping[str, Any]) -> tuple[Preset, Learner, Changes]:
    """The preset, whose target may be one's own, a new learner, and what was changed, as a saved state says.

    Raises
    ------
    ParameterError
        If the state does not fit.
    """
    try:
        if state.get("preset") != preset.key:
            raise ParameterError(f"The saved run belongs to preset {state.get('preset')!r}, not {preset.key!r}.")
        own = ("own",) if preset.key == own_target.KEY else ()
        check_parts("the run", state, ("preset", "values", "learner", "changes", *own))
        if preset.key == own_target.KEY:
            preset = own_target.restored(state["own"])
        system = SYSTEMS[preset.system]
        check_parts("the list of values", state["values"], default_values(system.parameters))
        values = read_values(system.parameters, state["values"])
        changes = Changes(system.parameters, values)
        changes.load_state_dict(state["changes"])
        learner = system.learn(preset.task(), values)
        learner.load_state_dict(state["learner"])
    except ParameterError:
        raise
    except (LookupError, ArithmeticError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ParameterError(f"The saved run cannot be read ({error!r}); nothing was changed.") from error
    return preset, learner, changes
