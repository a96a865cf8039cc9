"""Fixtures that the whole test suite shares: the data folder, and the browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import torch

if not torch.cuda.is_available():
    # before anything imports Triton, which looks at it once
    os.environ["TRITON_INTERPRET"] = "1"

from snn_explorer.benchmarks.browser import BROWSERS, QUIET_FLAGS, find_browser
from snn_explorer.tasks import data


def pytest_configure() -> None:
    """Keep torch to one thread: the networks are small, and machines that test are shared."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder with data files; a test that needs it is skipped where there is none."""
    folder = data.data_dir()
    if folder is None:
        pytest.skip(f"This test needs data files. {data.where_looked()}")
    return folder


@pytest.fixture
def no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty data folder."""
    monkeypatch.setenv(data.ENVIRONMENT_VARIABLE, str(tmp_path))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Chromium of this machine: missing, it is a failure in continuous integration and a skip elsewhere."""
    found = find_browser()
    if found is not None:
        return found
    message = f"This test drives a real browser, and none of {', '.join(BROWSERS)} is on the PATH; install Chromium."
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium_path: str) -> dict[str, Any]:
    """Let pytest-playwright start the machine's Chromium, without its own network requests."""
    return {**browser_type_launch_args, "executable_path": chromium_path, "args": QUIET_FLAGS}
