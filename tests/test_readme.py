"""Every command and every example in README.md is run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
RUN_ELSEWHERE = {
    "pip install -e . && panel serve app.py --show": "tests/ui opens app.py in a browser",
    'pip install -e ".[test]" && pytest': ".ci/run runs this very line",
    "snn-explorer lesson check lessons/*.md": "tests/lessons plays every lesson",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if line not in RUN_ELSEWHERE]
ENDING = [command for command in COMMANDS if "serve" not in command]
SERVING = [command for command in COMMANDS if "serve" in command]


def arguments_of(command: str) -> list[str]:
    """The command as this interpreter runs it, whether or not the package is installed."""
    program, *arguments = shlex.split(command)
    assert program == "snn-explorer"
    return [sys.executable, "-c", "from snn_explorer.cli import app; app()", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_the_two_commands_stand_at_the_top() -> None:
    assert blocks("sh")[0].splitlines() == list(RUN_ELSEWHERE)[:2]
    assert README.index(blocks("sh")[0]) < README.index("\n## ")


@pytest.mark.parametrize("command", ENDING)
def test_command(command: str, tmp_path: Path) -> None:
    result = subprocess.run(arguments_of(command), cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize("command", SERVING)
def test_server_answers(command: str, tmp_path: Path) -> None:
    server = subprocess.Popen(arguments_of(command), cwd=tmp_path, env=environment())
    try:
        port = shlex.split(command)[shlex.split(command).index("--port") + 1]
        for _ in range(240):
            assert server.poll() is None, "the server ended"
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/") as answer:
                    assert b"SNN Explorer" in answer.read()
                return
            except OSError:
                time.sleep(0.25)
        pytest.fail("no answer within a minute")
    finally:
        server.terminate()
        server.wait()


@pytest.mark.parametrize("example", blocks("python"))
def test_example(example: str, tmp_path: Path) -> None:
    code = ["-W", "error", "-c", example]
    result = subprocess.run([sys.executable, *code], cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    values = [float(value) for value in re.findall(r"\d+\.\d+(?:e-?\d+)?", result.stdout)]
    if "silent_cost" in example:
        assert len(values) == 1
        assert values[0] < 0.8, "the network has learned"
    elif "SpikingConv2d" in example:
        assert values == [pytest.approx(1, abs=1e-4)], "the output moves with its inputs"
    elif "SpikingLinear" in example:
        assert len(values) == 1
        assert values[0] > 0.75, "digits are told apart that the network never saw"
    else:
        assert len(values) == 20
        assert sorted(values)[10] < 5, "the median network has learned"
