"""Markdown of lessons as HTML: with mathematics, without HTML or scripts of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

OUTSIDE: Final = ("http://", "https://")

REFUSED: Final = ("href", "style", "class")
"""Attributes that a formula may not set."""


def _parser() -> MarkdownIt:
    # HTML in a lesson is text, and images come from its own folder only
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
    dollarmath_plugin(parser, renderer=_mathematics, double_inline=True)
    parser.add_render_rule("link_open", _link)
    return parser


class FormulaError(ValueError):
    """A formula cannot be read."""


def _mathematics(source: str, options: Mapping[str, Any]) -> str:
    try:
        formula = Converter(display="block" if options["display_mode"] else "inline").convert_to_element(source)
    except Exception as error:  # the converter's errors have no base of their own
        raise FormulaError(f"The formula ${source}$ cannot be read ({type(error).__name__}).") from error
    for part in formula.iter():
        _make_plain(part, source)
    return tostring(formula, encoding="unicode")


def _make_plain(part: Element, source: str) -> None:
    """Let the text of a part be nothing but text: the converter writes it as it was, whatever is in it."""
    part.text = unescape(part.text or "")
    if found := set(part.attrib) & {*REFUSED}:
        raise FormulaError(f"The formula ${source}$ cannot have a {found.pop()}.")
    if part.tag in ("mi", "mo") and len(part.text) > 1 and part.text.startswith("\\"):
        raise FormulaError(f"The formula ${source}$ cannot be read; there is no {part.text}.")


def _link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    if str(token.attrs.get("href", "")).startswith(OUTSIDE):
        token.attrSet("target", "_blank")
        token.attrSet("rel", "noopener")
    return renderer.renderToken(tokens, index, options, env)


PARSER: Final = _parser()


def blocks_of(text: str) -> list[Token]:
    """The blocks of a text: paragraphs, headings, fenced blocks; their lines are counted from 0."""
    return PARSER.parse(text)


def render(tokens: Sequence[Token]) -> str:
    """HTML of blocks.

    Raises
    ------
    FormulaError
        If a formula cannot be read.
    """
    return PARSER.renderer.render(tokens, PARSER.options, {}).strip()


def render_line(text: str) -> str:
    """HTML of one line of Markdown, for the same errors."""
    return PARSER.renderInline(text)
