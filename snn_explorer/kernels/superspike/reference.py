"""The readable specification: the online rule step by step, exactly as :mod:`.interface` writes it, in torch.

Every synapse has its two eligibility states, and every step touches all of them: O(n_pre n_post) a step, the cost
that section 3.3.2 of the paper names as the main target for optimisation. Any dtype; float64 is what the other
backends are tested against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events
from snn_explorer.kernels.superspike.interface import LayerConstants, LayerSize, Learned, SpikeBudget, Variant
from snn_explorer.kernels.superspike.surrogates import surrogate_derivative


class Layer:
    """Implements :class:`snn_explorer.kernels.superspike.interface.Layer`; signals are kept as ``(n_steps, R, n)``."""

    def __init__(self, size: LayerSize, constants: LayerConstants, dtype: torch.dtype = torch.float64) -> None:
        self.size, self.constants, self.dtype = size, constants, dtype
        post = (size.n_networks, size.n_post)
        pre = (size.n_networks, size.n_pre)
        self._u = torch.full(post, constants.rest, dtype=dtype)
        self._refractory = torch.zeros(post, dtype=torch.int32)
        self._current, self._rise, self._error, self._rate = torch.zeros(4, *post, dtype=dtype)
        self._trace_rise, self._trace = torch.zeros(2, *pre, dtype=dtype)
        self._eligibility_rise, self._eligibility = torch.zeros(2, *post, size.n_pre, dtype=dtype)
        self._late_trace = torch.zeros(constants.eligibility_lag, *pre, dtype=dtype)
        self._voltage = torch.full((size.n_steps, *post), constants.rest, dtype=dtype)
        self._late_voltage = self._voltage[: constants.eligibility_lag].clone()
        self._errors_used = torch.zeros(size.n_steps, *post, dtype=dtype)
        self._spikes = self._errors = Events.empty()
        self._own = torch.zeros(size.n_steps, *post, dtype=dtype)
        self._trial_spikes: Tensor | None = None

    def integrate(self, spikes: Events, weights: Tensor, budget: SpikeBudget | None = None) -> Events:
        """Run the neurons over one chunk; see the interface."""
        c = self.constants
        if c.eligibility_lag:
            self._late_voltage = torch.cat([self._late_voltage, self._voltage])[-c.eligibility_lag :]
        self._spikes = self._carried(self._spikes, spikes, c.axonal_delay)
        arriving = self._on_grid(self._spikes, c.axonal_delay, self.size.n_pre)
        voltage, own = torch.empty_like(self._voltage), torch.zeros_like(self._own)
        starting = self._on_grid(Events.empty() if budget is None else budget.starts, 0, 1)[:, :, 0] > 0
        n_made = torch.zeros_like(self._refractory) if self._trial_spikes is None else self._trial_spikes
        self._trial_spikes = None if budget is None else n_made
        for t in range(self.size.n_steps):
            self._u = self._u + c.leak * ((c.rest - self._u) + self._current)
            free = self._refractory == 0
            spiking = free & (self._u > c.threshold)
            if budget is not None:
                n_made[starting[t]] = 0
                spiking &= n_made < budget.n_max
                n_made += spiking
            self._u = torch.where(free & ~spiking, self._u, c.rest)
            self._refractory = torch.where(spiking, c.refractory_steps, (self._refractory - 1).clamp(min=0))
            self._current = c.current_decay * self._current + torch.einsum("rij,rj->ri", weights, arriving[t])
            voltage[t], own[t] = self._u, spiking.to(self.dtype)
        self._voltage, self._own = voltage, own
        network, step, neuron = own.permute(1, 0, 2).nonzero().to(torch.int32).T
        return Events.of(step, network, neuron)

    def learn(self, errors: Events, feedback: Tensor, steepness: Tensor, variant: Variant) -> Learned:
        """Integrate the three-factor product over the chunk; see the interface."""
        c, lag = self.constants, self.constants.eligibility_lag
        self._errors = self._carried(self._errors, errors, c.error_delay)
        events = self._on_grid(self._errors, c.error_delay, feedback.shape[1])
        events = torch.einsum("rki,trk->tri", feedback.expand(self.size.n_networks, -1, -1), events)
        arriving = self._on_grid(self._spikes, c.axonal_delay, self.size.n_pre)
        voltage = torch.cat([self._late_voltage, self._voltage])
        beta = steepness[:, None]
        surrogate = surrogate_derivative(variant.surrogate, voltage, beta, c.threshold, c.surrogate_floor)
        traces = list(self._late_trace)
        credit = torch.zeros_like(self._eligibility)
        power, activity = torch.zeros(2, *self._u.shape, dtype=self.dtype)
        if variant.exponent is None:
            self._rate.zero_()
        for t in range(self.size.n_steps):
            traces.append(self._trace)
            coincidence = torch.einsum("ri,rj->rij", surrogate[t], traces[t])
            self._eligibility_rise = self._eligibility_rise + coincidence
            self._eligibility = self._eligibility + c.decay_gain * (self._eligibility_rise - self._eligibility)
            self._eligibility_rise = c.rise_decay * self._eligibility_rise
            counted = ~(self._error.abs() < c.product_floor)
            credit += torch.where(counted, self._error, 0)[:, :, None] * self._eligibility
            power += self._error**2
            self._trace = self._trace + c.decay_gain * (self._trace_rise - self._trace)
            self._trace_rise = c.rise_decay * (self._trace_rise + arriving[t])
            self._errors_used[t] = self._error
            self._rise = self._rise + c.rise_gain * (events[t] - self._rise)
            self._error = self._error + c.decay_gain * (self._rise - self._error)
            if variant.exponent is not None:
                zeta = self._rate**variant.exponent * (self._errors_used[t] ** 2 if variant.error_dependent else 1)
                activity += torch.where(counted, zeta, 0)
                self._rate = c.rate_decay * (self._rate + self._own[t])
        if lag:
            self._late_trace = torch.stack(traces[-lag:])
        return Learned(credit, power, None if variant.exponent is None else activity)

    def voltage(self, network: int, neurons: Sequence[int], n_before: int = 0) -> Tensor:
        """Membrane voltage over the last chunk; this backend keeps only the last `eligibility_lag` steps before."""
        kept = torch.cat([self._late_voltage, self._voltage])
        first = self.constants.eligibility_lag - min(n_before, self.constants.eligibility_lag)
        return kept[first:, network, list(neurons)].T

    def error(self, network: int, neurons: Sequence[int]) -> Tensor:
        """Error that the product used in each step of the last chunk; see the interface."""
        return self._errors_used[:, network, list(neurons)].T

    @property
    def presynaptic(self) -> Events:
        """Presynaptic spikes of the last chunk and those still under way when it began."""
        return self._spikes

    def state_dict(self) -> dict[str, Tensor]:
        """All state that crosses a chunk's border; see the interface."""
        state = {name: getattr(self, f"_{name}").clone() for name in _STATE}
        if self._trial_spikes is not None:
            state["trial_spikes"] = self._trial_spikes.clone()
        return state | {"spikes": self._spikes.table.clone(), "errors": self._errors.table.clone()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take up a state that `state_dict` gave; see the interface."""
        for name in _STATE:
            setattr(self, f"_{name}", state[name].clone())
        self._trial_spikes = state["trial_spikes"].clone() if "trial_spikes" in state else None
        self._spikes, self._errors = Events(state["spikes"].clone()), Events(state["errors"].clone())

    def _carried(self, before: Events, now: Events, reach: int) -> Events:
        kept = before.table[:, before.step >= self.size.n_steps - reach]
        kept[0] -= self.size.n_steps
        return Events(torch.cat([kept, now.table], dim=1))

    def _on_grid(self, events: Events, delay: int, n_sources: int) -> Tensor:
        """Sum of the events' values on the grid of their arrival, ``(n_steps, R, n_sources)``."""
        grid = torch.zeros(self.size.n_steps, self.size.n_networks, n_sources, dtype=self.dtype)
        for step, network, neuron, value in events.table.T.tolist():
            if 0 <= step + delay < self.size.n_steps:
                grid[step + delay, slice(None) if network == EVERY_NETWORK else network, neuron] += value
        return grid


_STATE = (
    "u",
    "current",
    "refractory",
    "rise",
    "error",
    "rate",
    "trace_rise",
    "trace",
    "eligibility_rise",
    "eligibility",
    "late_trace",
    "late_voltage",
    "voltage",
)
