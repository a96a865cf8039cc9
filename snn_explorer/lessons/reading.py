"""Reading lessons: a front matter in YAML, and steps in Markdown with fenced blocks; ``lessons/README.md`` says how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from markdown_it.token import Token

from snn_explorer.lessons.blocks import Fields, LessonError, Place, read_fields
from snn_explorer.lessons.lesson import LEVELS, Lesson, Step, Values
from snn_explorer.lessons.markup import blocks_of, render, render_line
from snn_explorer.lessons.parts import KEYS, Context, Setup, guarded
from snn_explorer.live.systems import SYSTEMS
from snn_explorer.presets import available_presets

NAME: Final = re.compile(r"\d\d-[a-z0-9-]+")
HEAD: Final = ("title", "minutes", "level", "paper", "figure", "preset", "seed", "set", "controls")
MOST_MINUTES: Final = 90
LARGEST_SEED: Final = 2**31 - 1


def read_lesson(path: Path) -> Lesson:
    """Read a lesson.

    Raises
    ------
    LessonError
        If something in it is wrong; the first such thing is named, with its line.
    """
    start = Place(path.name, 1)
    if not NAME.fullmatch(path.stem):
        raise LessonError(start, "A lesson is named NN-slug.md: two digits, a dash, small letters, digits and dashes.")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError(start, f"The file cannot be read ({error}).") from error
    head, body, first = _split(text, start)
    fields = read_fields(head, Place(path.name, 2), "the front matter", HEAD)
    system = fields.one_of("paper", [*SYSTEMS])
    context = Context(path, system)
    seed = fields.whole("seed", 0, LARGEST_SEED)
    values = {**context.values(fields.values("set")), "seed": seed}
    shown, locked = _controls(fields, system)
    return Lesson(
        slug=path.stem,
        title=fields.text("title"),
        minutes=fields.whole("minutes", 1, MOST_MINUTES),
        level=fields.one_of("level", LEVELS),
        system=system,
        figure=fields.text("figure", ""),
        preset=fields.one_of("preset", [key for key, it in available_presets().items() if it.system == system]),
        values=values,
        shown=shown,
        locked=locked,
        steps=tuple(_steps(body, Place(path.name, first), context, values)),
    )


def read_lessons(folder: Path) -> tuple[list[Lesson], list[LessonError]]:
    """All lessons of a folder in their order, and what is wrong with those that cannot be read."""
    lessons, faults = [], []
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        try:
            lessons.append(read_lesson(path))
        except LessonError as fault:
            faults.append(fault)
    return lessons, faults


def _split(text: str, start: Place) -> tuple[str, str, int]:
    """Front matter, the rest, and the line that the rest begins in."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise LessonError(start, "A lesson begins with its front matter between two lines of three dashes.")
    for i, line in enumerate(lines[1:], 1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:i]), "\n".join(lines[i + 1 :]), i + 2
    raise LessonError(start, "The front matter has no end; it is a line of three dashes.")


def _controls(head: Fields, system: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parameters that are shown, and that are locked."""
    fields = head.fields("controls", ("show", "lock"))
    if fields is None:
        return (), ()
    shown, locked = fields.texts("show"), fields.texts("lock")
    for name, place in (*shown, *locked):
        if name not in SYSTEMS[system].parameters.param:
            raise LessonError(place, f"There is no parameter {name!r}.")
    return tuple(name for name, _ in shown), tuple(name for name, _ in locked)


def _steps(body: str, first: Place, context: Context, values: Values) -> Iterator[Step]:
    """The steps; `values` are those at the beginning."""
    sections = list(_sections(blocks_of(body), first))
    if not sections:
        raise LessonError(first, "A lesson needs a step, which begins with a heading, `# ...`.")
    for title, place, tokens in sections:
        step = _step(title, place, tokens, first, context, values)
        values = step.values
        yield step


def _sections(tokens: Sequence[Token], first: Place) -> Iterator[tuple[str, Place, list[Token]]]:
    """Title, place and blocks of each step."""
    begins = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"]
    if tokens and (not begins or begins[0]):
        raise LessonError(_place(tokens[0], first), "Text before the first heading belongs to no step.")
    for begin, end in zip(begins, [*begins[1:], len(tokens)], strict=True):
        yield tokens[begin + 1].content, _place(tokens[begin], first), list(tokens[begin + 3 : end])


def _step(title: str, place: Place, tokens: Sequence[Token], first: Place, context: Context, values: Values) -> Step:
    """One step; `values` are those of the step before."""
    read: list[str] = []
    blocks: dict[str, tuple[str, Place]] = {}
    for block in _blocks(tokens):
        at, kind = _place(block[0], first), block[0].info.strip()
        if not kind:
            read.append(guarded(at, lambda block=block: render(block)))
        elif kind not in KEYS:
            raise LessonError(at, f"There is no block {kind!r}; there are: {', '.join(KEYS)}.")
        elif kind in blocks:
            raise LessonError(at, f"A step has one {kind!r} block at most.")
        else:
            blocks[kind] = block[0].content, Place(at.file, at.line + 1)
    setup = context.setup(*blocks["setup"]) if "setup" in blocks else Setup({}, False, None, ())
    return Step(
        title=guarded(place, lambda: render_line(title)),
        html="\n".join(read),
        place=place,
        values={**values, **setup.values},
        anew=setup.anew,
        speed=setup.speed,
        watch=setup.watch,
        prediction=context.prediction(*blocks["prediction"]) if "prediction" in blocks else None,
        task=context.task(*blocks["task"]) if "task" in blocks else None,
        picture=context.expect(*blocks["expect"]) if "expect" in blocks else None,
        claims=context.claims(*blocks["claims"]) if "claims" in blocks else (),
    )


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Tokens of each block: a paragraph, a list, a fenced block, ..."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _place(token: Token, first: Place) -> Place:
    return Place(first.file, first.line + (token.map[0] if token.map else 0))
