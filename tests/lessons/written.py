"""A small lesson that is right, to be changed by tests."""

from __future__ import annotations

from pathlib import Path

NAME = "01-small.md"

LESSON = """\
---
title: A small lesson
minutes: 5
level: beginner
paper: superspike
figure: Fig 4
preset: fig4
seed: 1
set: {burn_in: 0}
controls:
  show: [feedback, rho]
  lock: [rho]
---

# The first step

The error $e_i(t)$ of output $i$.

```setup
set: {learning: false}
start: anew
speed: 20
watch: [error, curve]
```

```prediction
question: Does it learn?
choices:
  - choice: No.
    answer: It does not, for learning is off.
    right: yes
  - choice: Yes.
    answer: It does not.
```

```task
do: Let the neurons fire.
check: output_rate above 0.5 Hz
within: 10 s
hint: Switch learning on.
solution: {learning: true}
```

```claims
- says: Nothing is learned.
  after: 2 s
  check: [cost_share between 90 and 110 %, output_rate below 0.1 Hz]
```
"""


def changed(*changes: tuple[str, str]) -> str:
    """The small lesson with some of its texts replaced, each of which it has exactly once."""
    text = LESSON
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is not there exactly once"
        text = text.replace(old, new)
    return text


def write(folder: Path, text: str = LESSON, name: str = NAME) -> Path:
    """A file with this lesson."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
