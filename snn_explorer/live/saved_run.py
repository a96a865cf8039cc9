"""A run in one file: a zip of ``run.json`` and ``tensors.safetensors``.

Files come from strangers, so nothing in one is ever executed, and nothing of it is unpacked that is too large. What it
says is checked where it is taken up: values in `snn_explorer.live.driver.restored`, networks in
`snn_explorer.live.fitting` (SuperSpike) and `snn_explorer.bats.fitting`, curves and averages by what owns them.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from snn_explorer import __version__
from snn_explorer.engine import ParameterError
from snn_explorer.live.run import Run
from snn_explorer.presets import Preset

SUFFIX: Final = ".snnrun"
"""Ending of the file's name."""

MAX_BYTES: Final = 80_000_000
"""Size of a file at most, packed or not: with 1024 hidden neurons and as many outputs it has about 60 MB."""

_JSON, _TENSORS = "run.json", "tensors.safetensors"
_LIMITS: Final = {_JSON: 2_000_000, _TENSORS: MAX_BYTES}
_KIND: Final = "SNN Explorer run"
_TENSOR, _ITEMS = "$tensor", "$items"
# the earliest that a zip can say: the same run gives the same file
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, SafetensorError, NotImplementedError, EOFError, OSError, RuntimeError, ValueError,
    LookupError, TypeError, AttributeError, ArithmeticError,
)  # fmt: skip


def save_run(run: Run) -> bytes:
    """The run as it is now, as a file's content; waits for the present slice to end.

    Raises
    ------
    ParameterError
        If there is no network to save, or it is too large.
    """
    state = run.state_dict()
    tensors: dict[str, Tensor] = {}
    tree = {"kind": _KIND, "version": __version__, "state": _packed(state, tensors)}
    contents = {_JSON: json.dumps(tree).encode(), _TENSORS: save(tensors)}
    for name, content in contents.items():
        if len(content) > _LIMITS[name]:
            raise ParameterError(
                f"The run is too large to be saved: {name} has {len(content) / 1e6:.0f} MB; "
                f"allowed are {_LIMITS[name] / 1e6:g} MB."
            )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED, compresslevel=1)
    return packed.getvalue()


def load_run(content: bytes) -> tuple[str, dict[str, Any]]:
    """Read what `save_run` gave.

    Returns
    -------
    preset : str
        Key of the preset that the run belongs to.
    state : dict
        What `Run.load_state_dict` of a run of that preset takes, and checks.

    Raises
    ------
    ParameterError
        If it is no saved run, damaged, too large, or of another version.
    """
    if len(content) > MAX_BYTES:
        raise ParameterError(
            f"The file has {len(content) / 1e6:.0f} MB; a saved run has at most {MAX_BYTES / 1e6:g} MB."
        )
    try:
        parts = _unpacked(content)
        tree = json.loads(parts[_JSON])
        kind, version = tree["kind"], tree["version"]
    except _UNREADABLE as error:
        raise ParameterError(f"The file is no saved run, or it is damaged ({type(error).__name__}).") from error
    if kind != _KIND or version != __version__:
        raise ParameterError(
            f"The file was saved by version {str(version)[:20]!r}; version {__version__!r} cannot go on with it."
        )
    try:
        state = _restored(tree["state"], load(parts[_TENSORS]))
        preset = state["preset"]
    except _UNREADABLE as error:
        raise ParameterError(f"The saved run is damaged ({type(error).__name__}).") from error
    if not isinstance(preset, str):
        raise ParameterError("The saved run does not say which preset it belongs to.")
    return preset, state


def restored_run(saved: bytes, presets: Mapping[str, Preset]) -> Run:
    """A new run that goes on where a saved one was, paused.

    Raises
    ------
    ParameterError
        If it cannot be read, or its preset is not there.
    """
    key, state = load_run(saved)
    if key not in presets:
        raise ParameterError(f"The saved run belongs to preset {key[:40]!r}, which is not here: its data are missing.")
    run = Run(presets[key])
    run.load_state_dict(state)
    return run


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The two parts, none larger than allowed, whatever the archive says about their sizes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sorted(archive.namelist()) != sorted(_LIMITS):
            raise ValueError("other parts")
        parts = {}
        for name, limit in _LIMITS.items():
            with archive.open(name) as file:
                parts[name] = file.read(limit + 1)
            if len(parts[name]) > limit:
                raise ValueError("too large")
    return parts


def _packed(value: Any, tensors: dict[str, Tensor]) -> Any:
    """A state without its tensors, which go to `tensors` under numbers that stay in their places."""
    if isinstance(value, Tensor):
        name = str(len(tensors))
        tensors[name] = value.detach().cpu().contiguous()
        return {_TENSOR: name}
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            return {_ITEMS: [[key, _packed(item, tensors)] for key, item in value.items()]}
        return {key: _packed(item, tensors) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_packed(item, tensors) for item in value]
    return value


def _restored(tree: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(tree, dict):
        if tree.keys() == {_TENSOR}:
            return tensors[tree[_TENSOR]]
        if tree.keys() == {_ITEMS}:
            return {key: _restored(item, tensors) for key, item in tree[_ITEMS]}
        return {key: _restored(item, tensors) for key, item in tree.items()}
    return [_restored(item, tensors) for item in tree] if isinstance(tree, list) else tree
