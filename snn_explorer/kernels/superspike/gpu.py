"""Triton backend: a chunk of a whole ensemble in a few launches, after which the host need not wait for anything.

The same mathematics as :mod:`.cpu`, in another order of work: dense matrix products, which a GPU is made for, instead
of a row for each event. Spikes s, error events err and the credit q are grids ``(R, steps, neurons)``, and what crosses
synapses is one product for each network::

    drive  = s w^T                      what arrives in each step, for the membranes' scan (3.1), (3.2)
    error  = err b                      what the filter alpha is fed with
    credit = q^T s                      m_ij, a presynaptic spike reads the credit of its postsynaptic neurons

Between these, :mod:`.gpu_scans` runs the recursions of all steps. Spikes of the chunk before, and the voltages they
met, are kept as far back as the backward filters look (`CARRY_STEPS`). Events take a byte each while they are kept;
what a product reads is made of them group by group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
import triton
from torch import Tensor

from snn_explorer.devices import CPU
from snn_explorer.kernels import WARP
from snn_explorer.kernels.superspike import gpu_scans as scans
from snn_explorer.kernels.superspike.carry import CARRY_STEPS
from snn_explorer.kernels.superspike.events import Events
from snn_explorer.kernels.superspike.grid import EVENT, GridEvents, on_grid
from snn_explorer.kernels.superspike.interface import LayerConstants, LayerSize, Learned, SpikeBudget, Variant
from snn_explorer.kernels.superspike.surrogates import SURROGATES

LARGEST_GRID = 2**28
"""Numbers in a grid that is made in passing: larger ensembles are worked on group by group, to save memory."""


class Layer:
    """A layer's state on a GPU; arrays are ``(R, n_post)`` and grids ``(R, steps, neurons)``.

    Implements :class:`snn_explorer.kernels.superspike.interface.Layer`.
    """

    def __init__(
        self, size: LayerSize, constants: LayerConstants, dtype: torch.dtype = torch.float32, device: torch.device = CPU
    ) -> None:
        self.size, self.constants, self.dtype, self.device = size, constants, dtype, device
        self.carry = CARRY_STEPS[dtype]
        self.history = self.carry + constants.eligibility_lag
        post = size.n_networks, size.n_post
        self._u = self._numbers(post, constants.rest)
        self._current, self._rise, self._error, self._rate = (self._numbers(post) for _ in range(4))
        self._refractory = torch.zeros(post, dtype=torch.int32, device=device)
        self._voltage = self._numbers((size.n_networks, self.history + size.n_steps, size.n_post), constants.rest)
        self._spikes = self._no_events(self.history + constants.axonal_delay + size.n_steps, size.n_pre)
        self._errors = self._no_events(constants.error_delay + size.n_steps, 1)
        self._errors_used = self._numbers((size.n_networks, size.n_steps, size.n_post))
        self._made = self._no_events(size.n_steps, size.n_post).expand(size.n_networks, -1, -1)
        self._trial_spikes: Tensor | None = None
        c = constants
        self._of_integrate = self._constants(c.leak, c.current_decay, c.rest, c.threshold)
        self._of_filter = self._constants(c.rise_gain, c.decay_gain, c.rate_decay, c.product_floor)
        self._of_credit = self._constants(c.rise_decay, c.decay_gain, c.threshold, c.surrogate_floor, c.product_floor)

    def integrate(self, spikes: Events, weights: Tensor, budget: SpikeBudget | None = None) -> Events:
        """Run the neurons over one chunk; see the interface."""
        made = torch.empty(self._made.shape, dtype=EVENT, device=self.device)
        self._spikes = _carried(self._spikes, self._grid(spikes, self.size.n_pre))
        arriving = self._spikes[:, self.history : self.history + self.size.n_steps]
        if budget is None:
            self._trial_spikes = None
        elif self._trial_spikes is None:
            self._trial_spikes = torch.zeros_like(self._refractory)
        n_made = self._refractory if self._trial_spikes is None else self._trial_spikes
        kept = [self._starts(budget), self._voltage, made, self._u, self._current, self._refractory, n_made]
        numbers = self.history, self.constants.refractory_steps, budget.n_max if budget else 0
        options = {"HAS_BUDGET": budget is not None}
        for group in self._groups():
            self._voltage[group, : self.history] = self._voltage[group, self.size.n_steps :].clone()
            drive = torch.matmul(self._of(arriving, group), weights[group].transpose(1, 2))
            self._run(scans.integrate, group, [drive], kept, self._of_integrate, *numbers, **options)
        self._made = made
        return GridEvents(made)

    def learn(self, errors: Events, feedback: Tensor, steepness: Tensor, variant: Variant) -> Learned:
        """Integrate the three-factor product over the chunk; see the interface."""
        size = self.size
        self._errors = _carried(self._errors, self._grid(errors, feedback.shape[1]))
        arriving, seen = self._errors[:, : size.n_steps], self._spikes[:, : self.carry + size.n_steps]
        power, activity = torch.empty_like(self._u), torch.empty_like(self._u)
        per_synapse = self._u.new_empty(size.n_networks, size.n_pre, size.n_post)
        if variant.exponent is None:
            self._rate.zero_()
        filtered = [self._errors_used, self._rise, self._error, self._rate, power, activity]
        of_filter = {
            "EXPONENT": -1 if variant.exponent is None else variant.exponent,
            "ERROR_DEPENDENT": variant.error_dependent,
        }
        credited = [self._errors_used, self._voltage, steepness[:, None].expand_as(self._u).contiguous()]
        numbers, surrogate = (self.carry, self._voltage.shape[1]), SURROGATES.index(variant.surrogate)
        for group in self._groups():
            fed = torch.matmul(self._of(arriving, group), _mine(feedback, group))
            fed = fed.expand_as(self._made[group]).contiguous()
            own = fed if variant.exponent is None else self._of(self._made, group)
            self._run(scans.filter_errors, group, [fed, own], filtered, self._of_filter, **of_filter)
            credit = self._u.new_empty(len(fed), seen.shape[1], size.n_post)
            self._run(scans.credit, group, [credit], credited, self._of_credit, *numbers, SURROGATE=surrogate)
            per_synapse[group] = torch.matmul(self._of(seen, group).transpose(1, 2), credit)
        return Learned(per_synapse.transpose(1, 2), power, None if variant.exponent is None else activity)

    def voltage(self, network: int, neurons: Sequence[int], n_before: int = 0) -> Tensor:
        """Membrane voltage over the last chunk and up to `n_before` steps before; see the interface."""
        first = self.history - min(n_before, self.history)
        return self._voltage[network, first:].cpu()[:, list(neurons)].T

    def error(self, network: int, neurons: Sequence[int]) -> Tensor:
        """Error that the product used in each step of the last chunk; see the interface."""
        return self._errors_used[network].cpu()[:, list(neurons)].T

    @property
    def presynaptic(self) -> Events:
        """Presynaptic spikes of the last chunk and of the tail before it."""
        first = -self.history - self.constants.axonal_delay
        return GridEvents(self._spikes, shared=self._spikes.shape[0] < self.size.n_networks, first=first)

    def state_dict(self) -> dict[str, Tensor]:
        """All state that crosses a chunk's border; see the interface."""
        state = {name: getattr(self, f"_{name}").clone() for name in _STATE}
        for name in _TAILS:
            state[name] = getattr(self, f"_{name}")[:, self.size.n_steps :].clone()
        if self._trial_spikes is not None:
            state["trial_spikes"] = self._trial_spikes.clone()
        return state

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take up a state that `state_dict` gave; see the interface."""
        for name in _STATE:
            getattr(self, f"_{name}").copy_(state[name])
        for name in _TAILS:
            # the chunk before the tail is gone, and nothing looks there
            tail = state[name].to(self.device, getattr(self, f"_{name}").dtype)
            setattr(self, f"_{name}", torch.nn.functional.pad(tail, (0, 0, self.size.n_steps, 0)))
        self._trial_spikes = state["trial_spikes"].to(self.device).clone() if "trial_spikes" in state else None

    def _groups(self) -> Iterator[slice]:
        """Networks that are worked on at a time."""
        size = self.size
        n = max(LARGEST_GRID // ((self.carry + size.n_steps) * max(size.n_pre, size.n_post)), 1)
        for first in range(0, size.n_networks, n):
            yield slice(first, first + n)

    def _run(
        self, kernel: Any, group: slice, passing: Sequence[Tensor], kept: Sequence[Tensor], constants: Tensor,
        *numbers: int, **options: int,
    ) -> None:  # fmt: skip
        """Run a kernel on the lanes of a group, on grids that are made for it and its part of what is kept."""
        mine, n_lanes = [array[group] for array in kept], self._u[group].numel()
        with torch.cuda.device_of(self._u):
            kernel[triton.cdiv(n_lanes, scans.BLOCK),](
                *passing, *mine, constants, n_lanes, self.size.n_post, self.size.n_steps, *numbers, **options,
                BLOCK=scans.BLOCK, **WARP,
            )  # fmt: skip

    def _grid(self, events: Events, n_sources: int) -> Tensor:
        """Values of events on the grid, ``(R or 1, n_steps, n_sources)``."""
        return on_grid(events, (self.size.n_networks, self.size.n_steps, n_sources), self.device).values

    def _of(self, events: Tensor, group: slice) -> Tensor:
        """Events that reach a group, as numbers that a product or a scan reads."""
        return _mine(events, group).to(self.dtype)

    def _starts(self, budget: SpikeBudget | None) -> Tensor:
        """Where trials start, ``(R, n_steps)``; anything where no trial counts."""
        if budget is None:
            return self._u
        return self._grid(budget.starts, 1)[:, :, 0].to(self.dtype).expand(self.size.n_networks, -1).contiguous()

    def _numbers(self, shape: tuple[int, ...], value: float = 0.0) -> Tensor:
        return torch.full(shape, value, dtype=self.dtype, device=self.device)

    def _no_events(self, n_steps: int, n_sources: int) -> Tensor:
        return torch.zeros(1, n_steps, n_sources, dtype=EVENT, device=self.device)

    def _constants(self, *values: float) -> Tensor:
        return torch.tensor(values, dtype=self.dtype).to(self.device)


def _mine(grid: Tensor, group: slice) -> Tensor:
    """A group's part of what is there for each network ``(R, ...)``, or for all ``(1, ...)``."""
    return grid if len(grid) == 1 else grid[group]


def _carried(kept: Tensor, now: Tensor) -> Tensor:
    """Events of earlier chunks that are still felt, then those of this chunk, ``(R or 1, n_kept + n_steps, n)``.

    They take the place of those in `kept` before, unless there it was one row for all networks or sources.
    """
    (_, n_steps, n_sources), n_networks = now.shape, max(len(kept), len(now))
    if kept.shape[::2] != (n_networks, n_sources):
        kept = kept.expand(n_networks, -1, n_sources).clone()
    n_kept = kept.shape[1] - n_steps
    kept[:, :n_kept] = kept[:, n_steps:].clone()
    kept[:, n_kept:] = now
    return kept


_STATE = ("u", "current", "refractory", "rise", "error", "rate")

_TAILS = ("voltage", "spikes", "errors")
