"""The house rules: imports only go down the floors, and each outside library stays where it belongs."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "snn_explorer"
FILES = sorted([*(ROOT / PACKAGE).rglob("*.py"), ROOT / "app.py"])

FLOORS = {
    "": -3,  # the package itself: its version
    "resources": -3,
    "engine": -2,
    "devices": -1,
    "checks": -1,
    "quantities": -1,
    "saved_state": -1,
    "kernels": 0,
    "tasks": 1,
    "analysis": 1,
    "superspike": 2,
    "bats": 2,
    "presets": 2.5,  # between the systems, whose parameters they are values of, and what runs them
    "live": 3,
    "experiments": 3,
    "lessons": 3.5,  # played with the networks of live
    "views": 4,
    "benchmarks": 5,
    "cli": 6,
    "__main__": 7,
    "app": 7,
}

ONLY_IN = {
    "panel": {"views", "app"},
    "panel_material_ui": {"views", "app"},
    "holoviews": {"views", "app"},
    "bokeh": {"views", "app"},
    "numba": {"kernels"},
    "triton": {"kernels"},
    "markdown_it": {"lessons"},
    "mdit_py_plugins": {"lessons"},
    "latex2mathml": {"lessons"},
    "yaml": {"lessons"},
}

IMPORT_NAMES = {
    "panel-material-ui": "panel_material_ui",
    "pillow": "PIL",
    "scikit-learn": "sklearn",
    "PyYAML": "yaml",
    "markdown-it-py": "markdown_it",
    "mdit-py-plugins": "mdit_py_plugins",
}


def module_of(file: Path) -> str:
    """Dotted name of a file; ``app.py`` counts as ``snn_explorer.app``."""
    parts = [PACKAGE, "app"] if file == ROOT / "app.py" else list(file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    """The part of the house that a module of the package belongs to, for example ``kernels``."""
    return ".".join(module.split(".")[1:2])


def is_module(name: str) -> bool:
    """Whether a dotted name is a module or package of this package."""
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def imports_of(source: str, module: str, *, is_package: bool) -> Iterator[str]:
    """Dotted names of all that a source file imports, at its top or inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")
            base = base[: len(base) - node.level + is_package] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            if is_module(origin):
                for alias in node.names:
                    below = f"{origin}.{alias.name}"
                    yield below if is_module(below) else origin
            else:
                yield origin


def imports_of_file(file: Path) -> list[str]:
    return list(imports_of(file.read_text(), module_of(file), is_package=file.name == "__init__.py"))


def complaints(module: str, imported: list[str]) -> list[str]:
    """What the house rules say against a module that imports these names."""
    part = part_of(module)
    if part not in FLOORS:
        return [f"{module}: {part!r} has no floor; give it one in FLOORS"]
    found = []
    for name in imported:
        library = name.split(".")[0]
        if library != PACKAGE:
            if part not in ONLY_IN.get(library, {part}):
                found.append(f"{module} imports {library}, which belongs to {sorted(ONLY_IN[library])}")
        elif part_of(name) != part and FLOORS.get(part_of(name), 99) >= FLOORS[part]:
            found.append(f"{module} imports {name}, which is not below it")
    return found


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_imports_go_down_and_libraries_stay_where_they_belong(file):
    assert complaints(module_of(file), imports_of_file(file)) == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("tasks.pattern", "from snn_explorer.superspike import network", "not below"),
        ("tasks.pattern", "from snn_explorer import superspike", "not below"),
        ("tasks.pattern", "from .. import superspike", "not below"),
        ("live.run", "import snn_explorer.experiments", "not below"),
        ("live.run", "def f():\n    import panel.io", "belongs to"),
        ("superspike.network", "from numba import njit", "belongs to"),
        ("cli", "import bokeh", "belongs to"),
        ("cellar", "", "has no floor"),
    ],
)
def test_a_broken_rule_is_noticed(module, source, complaint):
    module = f"{PACKAGE}.{module}"
    (found,) = complaints(module, list(imports_of(source, module, is_package=False)))
    assert complaint in found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("views.page", "import panel\nfrom snn_explorer.live import run"),
        ("superspike.network", "from .neuron import step\nfrom snn_explorer.engine import Frame"),
        ("kernels.superspike.cpu", "import numba\nfrom . import interface"),
        ("cli", "import typer\nfrom snn_explorer import __version__, resources"),
    ],
)
def test_what_keeps_the_rules_is_let_through(module, source):
    module = f"{PACKAGE}.{module}"
    assert complaints(module, list(imports_of(source, module, is_package=False))) == []


def test_what_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [Requirement(line).name for line in project["dependencies"]]
    allowed = {IMPORT_NAMES.get(name, name) for name in names} | sys.stdlib_module_names | {PACKAGE, "triton"}
    for file in FILES:
        # `bench live` drives the tests' browser
        tests = {"playwright"} if part_of(module_of(file)) == "benchmarks" else set()
        assert {name.split(".")[0] for name in imports_of_file(file)} <= allowed | tests, file


def test_the_headless_package_imports_without_the_page():
    program = (
        "import sys, snn_explorer, snn_explorer.superspike, snn_explorer.tasks\n"
        "print(*sorted({'panel', 'holoviews', 'bokeh'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
