"""A run as an `xarray.Dataset`: named dimensions, units, parameters, seeds, version.

Curves have the dimensions condition, seed and time. Spikes are flat arrays, ``after_hidden_time`` and so on, with the
neuron, and the indices of the condition and of the seed, of each spike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import xarray as xr

from snn_explorer import __version__
from snn_explorer.experiments.ensemble import Ensemble
from snn_explorer.quantities import plain

if TYPE_CHECKING:
    from snn_explorer.experiments.simulation import Simulation

UNITS = {"cost": "wrong spikes / s / output", "hidden_rate": "Hz"}

NAMED = ("feedback", "n_hidden")
"""Parameters that are coordinates of the conditions in every dataset, beside those in which conditions differ."""


def to_dataset(simulation: Simulation) -> xr.Dataset:
    """Everything that a run recorded."""
    first = simulation.workers[0]
    data = xr.Dataset(
        coords={
            "condition": [condition.name for condition in simulation.experiment.conditions],
            "seed": [first.parameters.seed + k for k in range(simulation.settings.seeds)],
            "time": ("time", first.time, {"units": "s", "long_name": "learning time, negative in the burn-in"}),
        },
        attrs=_attributes(simulation),
    )
    data = data.assign_coords(_parameters(simulation))
    for name in first.curves:
        curves = [ensemble.curves[name] for ensemble in simulation.workers]
        data[name] = (("condition", "seed", "time"), _by_member(simulation, curves), {"units": UNITS.get(name, "1")})
    parts = [data, _trials(simulation), _feedback(simulation)]
    for when in ("before", "after"):
        records = simulation.after if when == "after" else [ensemble.before for ensemble in simulation.workers]
        if records and all(records):
            parts.append(_observed(simulation, records, when))
    return xr.merge(parts, combine_attrs="no_conflicts")


def _attributes(simulation: Simulation) -> dict[str, Any]:
    experiment, first = simulation.experiment, simulation.workers[0]
    parameters = first.parameters.param.values()
    period = simulation.task.period_steps
    observed = {"before": experiment.before, "after": experiment.after}
    return {
        "experiment": experiment.name,
        "figure": experiment.figure,
        "version": __version__,
        "task": simulation.task.name,
        "dt": simulation.task.dt,
        "silent_cost": first.network.silent_cost,
        "n_outputs": simulation.task.n_outputs,
        **{f"task_{name}": value for name, value in experiment.options.items()},
        **({} if period is None else {"period": period * simulation.task.dt}),
        **{f"{when}_duration": wanted.learning + wanted.frozen for when, wanted in observed.items() if wanted},
        **{f"parameter_{name}": plain(value) for name, value in parameters.items() if name != "name"},
    }


def _parameters(simulation: Simulation) -> dict[str, tuple[str, list[Any]]]:
    """Parameters in which conditions differ, as coordinates of the conditions."""
    experiment = simulation.experiment
    names = dict.fromkeys([*NAMED, *(name for condition in experiment.conditions for name in condition.values)])
    used = [experiment.parameters(simulation.settings, condition) for condition in experiment.conditions]
    return {name: ("condition", [plain(getattr(parameters, name)) for parameters in used]) for name in names}


def _by_member(simulation: Simulation, values: list[torch.Tensor]) -> np.ndarray:
    """Values ``(R, ...)`` of each ensemble's networks as one array ``(condition, seed, ...)``."""
    shape = (len(simulation.experiment.conditions), simulation.settings.seeds, *values[0].shape[1:])
    result = np.full(shape, np.nan, np.float32)
    for ensemble, mine in zip(simulation.workers, values, strict=True):
        for member, value in zip(ensemble.members, mine.cpu().numpy(), strict=True):
            result[member.condition, member.seed] = value
    return result


def _trials(simulation: Simulation) -> xr.Dataset:
    """Output spikes of the first network over all of learning."""
    first = simulation.workers[0]
    if not first.trials:
        return xr.Dataset()
    chunk, step = torch.cat(first.trials, dim=1).numpy()
    return xr.Dataset(
        {
            "trial_learning_time": ("trial_spike", chunk * first.chunk, {"units": "s"}),
            "trial_time": ("trial_spike", step * simulation.task.dt, {"units": "s", "long_name": "time in the chunk"}),
        }
    )


def _feedback(simulation: Simulation) -> xr.Dataset:
    """Random feedback weights of all networks; those of smaller hidden layers end in NaN."""
    if not simulation.experiment.feedback:
        return xr.Dataset()
    weights = [ensemble.network.random_feedback for ensemble in simulation.workers]
    n_hidden = max(matrix.shape[2] for matrix in weights)
    padded = [torch.nn.functional.pad(w, (0, n_hidden - w.shape[2]), value=torch.nan) for w in weights]
    return xr.Dataset(
        {"random_feedback": (("condition", "seed", "output", "hidden"), _by_member(simulation, padded), {"units": "1"})}
    )


def _observed(simulation: Simulation, records: list[dict[str, torch.Tensor]], when: str) -> xr.Dataset:
    """What `observe` saw of all ensembles."""
    data, dt = xr.Dataset(), simulation.task.dt
    pairs = list(zip(simulation.workers, records, strict=True))
    layers = dict.fromkeys(key for record in records for key in record if key.endswith("_spikes"))
    for key in layers:
        name, parts = f"{when}_{key.removesuffix('_spikes')}", [(e, r[key]) for e, r in pairs if key in r]
        step, neuron = torch.cat([table[:2] for _, table in parts], dim=1).numpy()
        data[f"{name}_time"] = (f"{name}_spike", (step * dt).astype(np.float32), {"units": "s"})
        data[f"{name}_neuron"] = (f"{name}_spike", neuron)
        for index, values in _owners(parts):
            data[f"{name}_{index}"] = (f"{name}_spike", values)
    windows = [(ensemble, record["windows"]) for ensemble, record in pairs]
    start, stop, label, pattern = torch.cat([table[:4] for _, table in windows], dim=1).numpy()
    if start.size:
        columns = {"start": start * dt, "stop": stop * dt, "label": label, "pattern": pattern}
        for name, values in {**columns, **dict(_owners(windows))}.items():
            data[f"{when}_window_{name}"] = (f"{when}_window", values)
    if "wrong" in records[0]:
        wrong = _by_member(simulation, [record["wrong"] for record in records])
        data[f"{when}_wrong"] = (("condition", "seed"), wrong, {"units": "spikes in the last presentation"})
    shown = {e.members[r].condition: e.members[r].seed for e, record in pairs for r in record["shown"].tolist()}
    data[f"{when}_shown"] = ("condition", [shown[i] for i in range(len(shown))], {"long_name": "index of the seed"})
    for name, values in records[0].items():
        if name.endswith(("_membrane", "_error")):
            dims = (f"{when}_{name.split('_')[0]}", f"{when}_sample")
            data[f"{when}_{name}"] = (dims, values.numpy(), {"units": "V" if name.endswith("membrane") else "Hz"})
    data.attrs[f"{when}_learning_stops"] = float(records[0]["learning_stops"]) * dt
    return data


def _owners(parts: list[tuple[Ensemble, torch.Tensor]]) -> Iterator[tuple[str, np.ndarray]]:
    """Indices of the condition and of the seed of each column, whose last row is the network."""
    for name in ("condition", "seed"):
        yield name, np.concatenate([_look_up(ensemble, name)[table[-1].numpy()] for ensemble, table in parts])


def _look_up(ensemble: Ensemble, name: str) -> np.ndarray:
    return np.array([getattr(member, name) for member in ensemble.members], np.int32)
