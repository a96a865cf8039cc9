"""A part of the page that is ours: parameters in Python, and a module that draws them in the browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import panel as pn


class Component(pn.custom.JSComponent):
    """Its module, `_bundle`, is fetched as it is, once for all parts that share it, and kept until it changes.

    As a bundle it is neither sent with each part nor compiled by the browser, which a page of some fifty would wait
    for.
    """

    __abstract = True

    @classmethod
    def _component_resource_path(cls, esm_path: os.PathLike[str], compiled: bool) -> str:
        # a browser keeps what has a version; without one, it may show a module of an older installation
        return f"{super()._component_resource_path(esm_path, compiled)}?v={_version(Path(esm_path))}"

    @classmethod
    def _patch_datamodel_ref(cls, props: Any, ref: str) -> None:
        # Panel would look for more of them in all that a part holds, once for each part around it
        tag = f"__ref:{ref}"
        if tag not in props.tags:
            props.tags.append(tag)


def modules() -> list[str]:
    """Where a browser finds the modules of all components, each once."""
    return list(dict.fromkeys(module_of(component) for component in _all_below(Component) if component._bundle))


def module_of(component: type[pn.custom.ReactiveESM]) -> str:
    """Where a browser finds the module of a component, relative to its page."""
    return component._render_esm(server=True)


def _all_below(component: type[Component]) -> Iterator[type[Component]]:
    for one in component.__subclasses__():
        yield one
        yield from _all_below(one)


@cache
def _version(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
