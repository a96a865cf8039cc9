"""Reading the YAML of a lesson: every value is text with its line, so that what is wrong can be named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NoReturn

import yaml


@dataclass(frozen=True)
class Place:
    """Where something stands.

    Attributes
    ----------
    file : str
    line : int
        Counted from 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


class LessonError(ValueError):
    """Something in a lesson is wrong.

    Attributes
    ----------
    place : Place
    """

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(f"{place}: {what}")
        self.place = place


class Fields:
    """A mapping of YAML.

    Parameters
    ----------
    node : yaml.Node
    start : Place
        Where its YAML begins.
    what : str
        What it is, for error messages.
    allowed : collection of str or None
        Keys that it may have; None for any.

    Raises
    ------
    LessonError
        If it is no mapping, or has a key twice or one that is not allowed.
    """

    def __init__(self, node: yaml.Node, start: Place, what: str, allowed: Collection[str] | None) -> None:
        self._start, self._what = start, what
        self.place = self._place_of(node)
        if not isinstance(node, yaml.MappingNode):
            self.refuse(f"{what} is a list of keys and values, `key: value`.", node)
        self._nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = _text_of(key)
            if name is None or (allowed is not None and name not in allowed):
                self.refuse(f"{what} has no {name!r}; it may have: {', '.join(allowed or ())}.", key)
            if name in self._nodes:
                self.refuse(f"{what} has {name!r} twice.", key)
            self._nodes[name] = value

    def __contains__(self, name: str) -> bool:
        return name in self._nodes

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required without a default."""
        node = self._nodes.get(name)
        if node is None:
            if default is None:
                self.refuse(f"{self._what} needs {name!r}.")
            return default
        text = _text_of(node)
        if not text:
            self.refuse(f"{name!r} is a text.", node)
        return text

    def one_of(self, name: str, words: Collection[str], default: str | None = None) -> str:
        """One of a few words."""
        word = self.text(name, default)
        if word not in words and word != default:
            self.refuse(f"{name!r} is {word!r}; allowed is {' or '.join(words)}.", self._nodes[name])
        return word

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number."""
        text = self.text(name)
        if not text.isdecimal() or not low <= int(text) <= high:
            self.refuse(f"{name!r} is {text!r}; allowed is a whole number from {low} to {high}.", self._nodes[name])
        return int(text)

    def texts(self, name: str) -> list[tuple[str, Place]]:
        """A list of texts, or one alone, with their places; empty if it is not there."""
        node = self._nodes.get(name)
        if node is None:
            return []
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        texts = [(_text_of(one), self._place_of(one)) for one in nodes]
        if not texts or any(not text for text, _ in texts):
            self.refuse(f"{name!r} is a text, or a list of texts, [one, another].", node)
        return [(text, place) for text, place in texts if text]

    def values(self, name: str) -> Mapping[str, tuple[str, Place]]:
        """Values by name, with their places; empty if they are not there. A list is the text of its numbers."""
        if name not in self._nodes:
            return {}
        inner = Fields(self._nodes[name], self._start, f"{name!r}", None)
        found = {}
        for key, node in inner._nodes.items():
            text = _text_of(node)
            if isinstance(node, yaml.SequenceNode):
                text = ",".join(_text_of(one) or "" for one in node.value)
            if text is None:
                self.refuse(f"The value of {key!r} is a number, a word or a list of numbers.", node)
            found[key] = (text, self._place_of(node))
        return found

    def fields(self, name: str, allowed: Collection[str]) -> Fields | None:
        """A mapping; None if it is not there."""
        node = self._nodes.get(name)
        return None if node is None else Fields(node, self._start, f"{name!r}", allowed)

    def items(self, name: str, allowed: Collection[str]) -> list[Fields]:
        """A list of mappings."""
        node = self._nodes.get(name)
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(f"{self._what} needs a list of {name!r}, each behind a dash.", node)
        return [Fields(one, self._start, f"an entry of {name!r}", allowed) for one in node.value]

    def place_of(self, name: str) -> Place:
        """Where a value stands, or the whole if it is not there."""
        return self._place_of(self._nodes[name]) if name in self._nodes else self.place

    def refuse(self, what: str, node: yaml.Node | None = None) -> NoReturn:
        """Say what is wrong."""
        raise LessonError(self.place if node is None else self._place_of(node), what)

    def _place_of(self, node: yaml.Node) -> Place:
        return Place(self._start.file, self._start.line + node.start_mark.line)


def read_fields(text: str, start: Place, what: str, allowed: Collection[str]) -> Fields:
    """Read YAML that is a mapping.

    Raises
    ------
    LessonError
        If it is none.
    """
    return Fields(_compose(text, start, what), start, what, allowed)


def read_items(text: str, start: Place, what: str, allowed: Collection[str]) -> list[Fields]:
    """Read YAML that is a list of mappings.

    Raises
    ------
    LessonError
        If it is none.
    """
    node = _compose(text, start, what)
    if not isinstance(node, yaml.SequenceNode):
        raise LessonError(start, f"{what} is a list, each entry behind a dash.")
    return [Fields(one, start, f"an entry of {what}", allowed) for one in node.value]


def _compose(text: str, start: Place, what: str) -> yaml.Node:
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = start.line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise LessonError(Place(start.file, line), f"{what} is no YAML: {problem}.") from error
    if node is None:
        raise LessonError(start, f"{what} is empty.")
    return node


def _text_of(node: yaml.Node) -> str | None:
    return node.value.strip() if isinstance(node, yaml.ScalarNode) else None
