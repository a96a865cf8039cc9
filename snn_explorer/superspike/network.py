"""An ensemble of SuperSpike networks that learn one task: the engine.

One call of :meth:`Network.advance` is one chunk (update interval t_b): hidden layer, output layer, errors, feedback,
update, in this order, because weights are constant inside a chunk and spikes travel forward only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from snn_explorer.devices import choose_device
from snn_explorer.engine import Frame, ParameterError, Watch
from snn_explorer.kernels import chosen_backend
from snn_explorer.kernels.superspike import layer_factory
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.kernels.superspike.interface import LayerSize, SpikeBudget, Variant
from snn_explorer.quantities import read_values
from snn_explorer.superspike import observation
from snn_explorer.superspike.classification import Outcome
from snn_explorer.superspike.cost import MovingAverage
from snn_explorer.superspike.feedback import feedback_weights
from snn_explorer.superspike.neuron import LIFNeuron
from snn_explorer.superspike.optimisers import TAU_RMS
from snn_explorer.superspike.parameters import SWEEPABLE, SuperSpikeParameters
from snn_explorer.superspike.plasticity import Plasticity, PlasticLayer
from snn_explorer.superspike.supervision import supervision
from snn_explorer.superspike.timing import UPDATE_INTERVAL, chunk_steps, first_step, layer_constants
from snn_explorer.superspike.traces import DoubleExponential
from snn_explorer.tasks import SpikingXor, Task


class Network:
    """R networks of LIF neurons, one hidden layer or none, trained on one task.

    Parameters
    ----------
    task : Task or SpikingXor
        Frozen input and target spike trains, or stimuli to classify.
    parameters : SuperSpikeParameters, optional
        Read at every chunk, so a changed value acts from the next chunk on (those in
        `snn_explorer.superspike.parameters.STRUCTURAL` only when the network is made).
    networks : sequence of mapping, optional
        One entry for each network of the ensemble: values of swept parameters (``seed``, ``feedback``,
        ``learning_rate``, ``rho``, ``steepness``) that this network has instead of those in `parameters`.
    update_interval : float
        Length of a chunk [s].
    backend : str
        ``"auto"``, or one of `snn_explorer.kernels.superspike.BACKENDS`.
    device : str or torch.device, optional
        See `snn_explorer.devices.choose_device`.
    dtype : torch.dtype
        float32 or float64.

    Raises
    ------
    ParameterError
        If a value is unknown or out of range.

    Attributes
    ----------
    device : torch.device
        Where weights, states and costs are.
    backend : str
        Name of the backend in use.
    hidden : PlasticLayer or None
    output : PlasticLayer
    cost : Tensor, shape (R,)
        Moving average (10 s) of the cost, in units of one wrong spike per second and output.
    chunk_cost : Tensor, shape (R,)
        Cost of the last chunk alone.
    supervision : Supervision
        Shows the stimulus and judges the outputs.
    spikes : dict of str to Events
        Spikes of the last chunk: ``input``, ``hidden``, ``output`` and ``target``.
    """

    def __init__(
        self,
        task: Task | SpikingXor,
        parameters: SuperSpikeParameters | None = None,
        networks: Sequence[Mapping[str, Any]] = ({},),
        *,
        update_interval: float = UPDATE_INTERVAL,
        backend: str = "auto",
        device: str | torch.device | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.task, self.dtype, self.device = task, dtype, choose_device(device)
        self.backend = chosen_backend(backend, self.device)
        self.parameters = SuperSpikeParameters() if parameters is None else parameters
        self.networks = _checked_networks(networks)
        self.neuron, self.traces = LIFNeuron(), DoubleExponential(task.dt)
        self.n_steps = chunk_steps(update_interval, task.dt, self.neuron)
        self.feedback_kind = self._one_convention()
        self._build(math.exp(-update_interval / TAU_RMS))
        self._start = first_step(self.parameters.conventions)
        self.supervision = supervision(task, self._swept("seed"))
        self._on_device: dict[str, tuple[list[Any], Tensor]] = {}
        self._cost = MovingAverage(torch.zeros(self.n_networks, dtype=dtype, device=self.device))
        self._answers = MovingAverage(torch.zeros(3, self.n_networks, dtype=dtype))
        self.chunk_cost = torch.full_like(self._cost.total, math.nan)
        self.spikes: dict[str, Events] = {}

    @property
    def n_networks(self) -> int:
        """Size of the network axis R."""
        return len(self.networks)

    @property
    def time(self) -> float:
        """Learning time [s]: 0 where the burn-in ends, negative before."""
        return (self._start - round(self.parameters.burn_in / self.task.dt)) * self.task.dt

    @property
    def cost(self) -> Tensor:
        """Moving average of the cost, one value per network."""
        return self._cost.value

    @property
    def outcome(self) -> Outcome | None:
        """Answers in the last chunk, where the task is one of classification."""
        return self.supervision.outcome

    @property
    def accuracy(self) -> Tensor:
        """Moving averages (10 s) of the share of right answers, strict and per unit, ``(2, R)``."""
        n, *right = self._answers.value
        return torch.stack(right) / n

    @property
    def silent_cost(self) -> float:
        """Cost of a network whose outputs never spike."""
        return self.supervision.silent_cost(self.traces)

    def advance(self) -> None:
        """Simulate one chunk and update the weights.

        Raises
        ------
        LearningFault
            If a gradient is no longer a finite number; the weights are left as they are. On a GPU it is raised a chunk
            later, or by `look_back`, so that the host need not wait.
        """
        inputs, targets = self.supervision.show(self._start, self._start + self.n_steps)
        budget = self._budget()
        hidden = self.hidden.integrate(inputs, budget) if self.hidden else None
        output = self.output.integrate(inputs if hidden is None else hidden, budget)
        errors = self.supervision.judge(output)
        self.spikes = {"input": inputs, "target": targets, "output": output}
        if hidden is not None:
            self.spikes["hidden"] = hidden
        self._learn(errors)
        self._start += self.n_steps

    def look_back(self) -> None:
        """Make sure that the last chunk went well: on a GPU, wait for it, and raise the `LearningFault` it may have."""
        for layer in self.plasticity.layers:
            layer.look_back()

    def frame(self, watch: Watch) -> Frame:
        """Look at the chunk that was advanced last (the first call before any chunk advances one)."""
        if not self.spikes:
            self.advance()
        return observation.look(self, watch)

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on to the same bits, in tensors, numbers and dicts of these."""
        return {
            "backend": self.backend,
            "layers": {layer.name: layer.state_dict() for layer in self.plasticity.layers},
            "plasticity": self.plasticity.state_dict(),
            "random_feedback": self.random_feedback.clone(),
            "supervision": self.supervision.state_dict(),
            "start": self._start,
            "cost": self._cost.state_dict(),
            "answers": self._answers.state_dict(),
            "chunk_cost": self.chunk_cost.clone(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` of a network of the same shape gave.

        Raises
        ------
        ParameterError
            If it was saved with another backend, which carries other things from chunk to chunk.
        """
        saved = state.get("backend", self.backend)
        if saved != self.backend:
            raise ParameterError(f"The state was saved with the backend {saved!r}; this network has {self.backend!r}.")
        for name, layer in state["layers"].items():
            getattr(self, name).load_state_dict(layer)
        self.plasticity.load_state_dict(state["plasticity"])
        self.random_feedback = state["random_feedback"].to(self.device, copy=True)
        self.supervision.load_state_dict(state["supervision"])
        self._start = state["start"]
        self._cost, self._answers = MovingAverage(**state["cost"]), MovingAverage(**state["answers"])
        self._cost.total = self._cost.total.to(self.device)
        self.chunk_cost = state["chunk_cost"].to(self.device, copy=True)
        self.spikes = {}

    def _build(self, gamma: float) -> None:
        """Draw weights and feedback, each network from its own seed, and make the layers."""
        p, n_input, n_output = self.parameters, self.task.n_inputs, self.task.n_outputs
        factory = layer_factory(self.backend, self.device)
        sizes = {"hidden": (n_input, p.n_hidden), "output": (p.n_hidden, n_output)}
        if p.n_hidden == 0:
            sizes = {"output": (n_input, n_output)}
        generators = [torch.Generator().manual_seed(int(seed)) for seed in self._swept("seed")]
        layers: dict[str, PlasticLayer] = {}
        for name, (n_pre, n_post) in sizes.items():
            draws = [torch.randn(n_post, n_pre, generator=g, dtype=torch.float64) for g in generators]
            weights = (torch.stack(draws) * p.weight_scale / math.sqrt(n_pre)).clamp(-p.weight_limit, p.weight_limit)
            constants = layer_constants(name, p.conventions, self.feedback_kind, self.neuron, self.traces)
            size = LayerSize(self.n_networks, n_pre, n_post, self.n_steps)
            neurons = factory(size, constants, self.dtype)
            layers[name] = PlasticLayer(name, neurons, weights.to(self.device, self.dtype), self.traces)
        self.hidden, self.output = layers.get("hidden"), layers["output"]
        self.plasticity = Plasticity(list(layers.values()), gamma, self.traces)
        feedback = [torch.randn(n_output, p.n_hidden, generator=g, dtype=torch.float64) for g in generators]
        self.random_feedback = torch.stack(feedback).to(self.device, self.dtype)
        self._identity = torch.eye(n_output, dtype=self.dtype, device=self.device)[None]

    def _budget(self) -> SpikeBudget | None:
        """Limit on the spikes of every hidden and output neuron in each trial of the chunk shown last."""
        n_max = self.parameters.spike_budget
        return SpikeBudget(n_max, self.supervision.trial_starts) if n_max else None

    def _one_convention(self) -> str:
        """Feedback that fixes the delays of conventions `original`, which all networks must then share."""
        kinds = set(self._swept("feedback"))
        if self.parameters.conventions == "original" and len(kinds) > 1:
            raise ParameterError(
                f"The ensemble mixes the feedback kinds {', '.join(sorted(kinds))}; with conventions 'original', whose "
                "delays depend on the feedback, all networks must have the same."
            )
        return sorted(kinds)[0]

    def _swept(self, name: str) -> list[Any]:
        """Value of a parameter for each network."""
        base = getattr(self.parameters, name)
        return [network.get(name, base) for network in self.networks]

    def feedback(self) -> Tensor:
        """Weight of each output's error at each hidden unit, ``(R, n_output, n_hidden)``, as it is now."""
        return feedback_weights(self._swept("feedback"), self.output.weights, self.random_feedback)

    def steepness_of(self, network: int) -> float:
        """Steepness beta [1/V] of one network of the ensemble."""
        return self._swept("steepness")[network]

    def _tensor(self, name: str) -> Tensor:
        """Values of a parameter ``(R,)``, copied to the device only when they change: the host waits for a copy."""
        values = self._swept(name)
        kept = self._on_device.get(name)
        if kept is None or kept[0] != values:
            kept = values, torch.tensor(values, dtype=self.dtype).to(self.device)
            self._on_device[name] = kept
        return kept[1]

    def _learn(self, errors: Events) -> None:
        """Hand errors and feedback to the layers and update the weights."""
        p, steepness = self.parameters, self._tensor("steepness")
        if p.conventions == "original" and set(self._swept("feedback")) != {self.feedback_kind}:
            raise ParameterError("With conventions 'original' the feedback cannot change while the network runs.")
        rate = self._tensor("learning_rate")[:, None, None] * self._schedule()
        rho = self._tensor("rho")[:, None, None]
        taught = self.output.neurons.learn(errors, self._identity, steepness, Variant(p.surrogate))
        gradients, rates = [self.output.gradient(taught, rho)], [rate]
        if self.hidden:
            exponent = p.exponent if max(self._swept("rho")) > 0 else None
            variant = Variant(p.surrogate, exponent, p.error_dependent)
            hidden_taught = self.hidden.neurons.learn(errors, self.feedback(), steepness, variant)
            gradients.insert(0, self.hidden.gradient(hidden_taught, rho, p.error_dependent))
            rates.insert(0, rate * float(p.hidden_learning))
        if p.learning:
            self.plasticity.choose(p.optimiser)
            self.plasticity.update(gradients, rates, p.weight_limit)
        else:
            self.plasticity.rest()
        self._record(taught.error_power)

    def _record(self, error_power: Tensor) -> None:
        """Take the chunk's cost and answers into their moving averages."""
        duration = self.n_steps * self.task.dt
        self.chunk_cost = error_power.mean(dim=1) / (self.traces.error_energy * duration)
        self._cost.add(self.chunk_cost, duration)
        if self.outcome is not None:
            counts = torch.stack([self.outcome.n, self.outcome.strict, self.outcome.per_unit])
            self._answers.add(counts.to(self.dtype), duration)

    def _schedule(self) -> float:
        """Factor on the learning rate at the end of this chunk: 0 in the burn-in, smaller late."""
        p, dt = self.parameters, self.task.dt
        end = self._start + self.n_steps - round(p.burn_in / dt)
        if end < 0:
            return 0.0
        return p.rate_drop if end >= p.rate_drop_time / dt else 1.0


def _checked_networks(networks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if not networks:
        raise ParameterError("The ensemble has no networks; give at least one entry, which may be empty.")
    for values in networks:
        for name in values:
            if name not in SWEEPABLE:
                raise ParameterError(f"{name!r} cannot differ between networks; allowed are: {', '.join(SWEEPABLE)}.")
    return [read_values(SuperSpikeParameters, values) for values in networks]
