"""What is published: one source of versions, a wheel that works on its own, licence and citation."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import snn_explorer
from snn_explorer import resources

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
FROM_PIP_ONLY = {"axe-playwright-python", "elephant", "playwright", "pytest-playwright", "triton"}


def declared(extra: str | None = None) -> dict[str, SpecifierSet]:
    lines = PROJECT["dependencies"] if extra is None else PROJECT["optional-dependencies"][extra]
    requirements = [Requirement(line) for line in lines]
    return {requirement.name.lower(): requirement.specifier for requirement in requirements}


@pytest.fixture(scope="module")
def conda() -> list:
    return yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_conda_environment_has_the_versions_of_pyproject(conda):
    lines = [line.partition(" ") for line in conda if isinstance(line, str)]
    found = {name: SpecifierSet(specifier) for name, _, specifier in lines if name not in ("python", "pip")}
    wanted = {**declared(), **declared("test")}
    expected = {CONDA_NAMES.get(name, name): wanted[name] for name in wanted if name not in FROM_PIP_ONLY}
    assert found == expected


def test_conda_environment_has_the_python_of_pyproject_and_installs_the_package(conda):
    assert f"python {PROJECT['requires-python']}" in conda
    assert {"pip": ["-e .[test]"]} in conda


def test_the_wheel_holds_package_page_lessons_and_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        commands = archive.read(entry_points).decode()
    assert "snn-explorer = snn_explorer.cli:app" in commands
    served = {
        f"snn_explorer/_served/{path.relative_to(ROOT)}"
        for path in [ROOT / "app.py", *(ROOT / "lessons").rglob("*")]
        if path.is_file()
    }
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "snn_explorer").rglob("*.py")}
    assert served | modules <= names
    assert not any(name.startswith(("tests", "benchmarks")) for name in names)


def test_an_unpacked_wheel_works_without_the_repository(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "from snn_explorer.resources import app_path, lessons_path, repository_root\n"
        "from snn_explorer.cli import app\n"
        "assert repository_root() is None\n"
        "print(app_path(), lessons_path(), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    served = tmp_path.resolve() / "snn_explorer" / "_served"
    assert done.stdout.splitlines() == [str(served / "app.py"), str(served / "lessons")]


def test_in_a_checkout_page_and_lessons_are_those_of_the_repository():
    assert resources.repository_root() == ROOT
    assert resources.app_path() == ROOT / "app.py"
    assert resources.lessons_path() == ROOT / "lessons"


def test_a_broken_installation_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "snn_explorer")
    with pytest.raises(FileNotFoundError, match=r"'app\.py' is missing from this installation .*please reinstall it"):
        resources.app_path()


def test_licence_and_citation_agree_with_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == snn_explorer.__version__
    assert citation["license"] == PROJECT["license"] == "BSD-3-Clause"
    assert (ROOT / "LICENSE").read_text().startswith("BSD 3-Clause License\n\nCopyright (c) 2026, SNN Explorer contrib")
    dois = [reference.get("doi") for reference in citation["references"]]
    assert "10.1162/neco_a_01086" in dois


def test_the_readme_begins_with_the_two_commands():
    commands = (ROOT / "README.md").read_text().split("```sh\n")[1].splitlines()
    assert commands[:2] == [
        "pip install -e . && panel serve app.py --show",
        'pip install -e ".[test]" && pytest',
    ]
