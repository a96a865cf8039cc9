"""How to make a run once more without the page: a command, and a short program.

Both give the learning curve of the page to the same bits: the command where no parameter was moved while the network
learned, the program always.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from snn_explorer import __version__, tasks
from snn_explorer.live.driver import all_values
from snn_explorer.live.export.programs import MOVE, PROGRAMS
from snn_explorer.live.frame import BatsFrame, LiveFrame
from snn_explorer.live.snapshot import Snapshot
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import own_target
from snn_explorer.quantities import as_text, default_values

ONLY_HERE: Final = (
    "What this network learns is on this page only: save the run, and load it again to go on with the same target."
)
MOVED: Final = (
    "Parameters were moved while it learned. The command starts with the present ones from the beginning, so its curve "
    "is another; the Python code moves them at the same times."
)
TOO_MANY: Final = (
    "Parameters were moved so often while it learned that not every move was kept; the code starts with the present "
    "ones from the beginning, so its curve is another."
)
NO_PROGRAM: Final = "The samples that this network learns are chosen for the page; the command learns the very same."


class Recipe(NamedTuple):
    """A command or program, "" where there can be none, and a sentence on what it does not do, or ""."""

    text: str
    remark: str


def command(snapshot: Snapshot) -> Recipe:
    """The command that gives this learning curve.

    It names the seed, and the parameters that differ from the preset's.
    """
    preset, live = snapshot.preset, snapshot.live
    if not _can_be_named(snapshot):
        return Recipe("", ONLY_HERE)
    own = all_values(preset, {})
    moved = {name: value for name, value in live.values.items() if name == "seed" or value != own[name]}
    settings = {**preset.query, **{name: as_text(value) for name, value in moved.items()}}
    options = [word for name, text in settings.items() for word in ("--set", f"{name}={text}")]
    text = shlex.join(["snn-explorer", "run", preset.experiment, *options, *_length(live)])
    return Recipe(text, MOVED if snapshot.changes else "")


def python_code(snapshot: Snapshot) -> Recipe:
    """A program that makes the same network, moves the same parameters at the same times, and keeps its curve."""
    if not _can_be_named(snapshot):
        return Recipe("", ONLY_HERE)
    preset, live = snapshot.preset, snapshot.live
    named = _word(preset.query) if preset.query else _call(preset.task)
    if named is None:
        return Recipe("", NO_PROGRAM)
    imports, task = named
    changes = [_literal(*change) for change in snapshot.changes if snapshot.complete]
    system = PROGRAMS[preset.system]
    program = system.text.format(
        title=f"{preset.name}, {live.frame.time:g} {system.unit} as on the page of SNN Explorer {__version__}.",
        imports=imports,
        task=task,
        values=_lines(f"{name}={_literal(value)}" for name, value in _differing(snapshot).items()),
        changes=f"changes = [  # {system.when}, parameter, value{_lines(changes)}]\n" if changes else "",
        end=repr(live.frame.time),
        move=MOVE if changes else "",
    )
    return Recipe(program, "" if snapshot.complete else TOO_MANY)


def _length(live: LiveFrame) -> list[str]:
    """How long the command learns: up to the first point of the curve at least, where there is none yet."""
    if isinstance(live, BatsFrame):
        return ["--samples", str(max(round(live.frame.time), 1))]
    return ["--seconds", as_text(max(live.frame.time, live.frame.duration))]


def _can_be_named(snapshot: Snapshot) -> bool:
    return snapshot.preset.key != own_target.KEY or bool(snapshot.preset.query)


def _differing(snapshot: Snapshot) -> Mapping[str, Any]:
    """Values to start with, those that are not the default, and the seed."""
    start = snapshot.start if snapshot.complete else snapshot.live.values
    defaults = default_values(SYSTEMS[snapshot.preset.system].parameters)
    return {name: value for name, value in start.items() if name == "seed" or value != defaults[name]}


def _literal(*values: Any) -> str:
    """Values as code, several as a tuple; strings as people quote them."""
    words = [json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value) for value in values]
    return words[0] if len(words) == 1 else f"({', '.join(words)})"


def _lines(items: Iterable[str]) -> str:
    return "".join(f"\n    {item}," for item in items) + "\n"


def _call(make: Any) -> tuple[str, str] | None:
    """What makes a preset's task as code; None where that is no function of `snn_explorer.tasks`."""
    function, arguments = (make.func, make.args) if isinstance(make, partial) else (make, ())
    name = function.__name__
    if getattr(tasks, name, None) is not function:
        return None
    return name, f"{name}({', '.join(map(repr, arguments))})"


def _word(query: Mapping[str, str]) -> tuple[str, str]:
    """The task of a word, as code."""
    n_outputs, period = own_target.n_outputs_of(query["outputs"]), own_target.seconds_of(query["seconds"])
    targets = f"word_targets({_literal(query['word'])}, n_outputs={n_outputs}, period={period!r})"
    made = f'{targets}, name="word", title="", rng={own_target.INPUT_SEED}, period={period!r}'
    return "own_task, word_targets", f"own_task(\n    {made}\n)"
