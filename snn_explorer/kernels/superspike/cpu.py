"""numba backend: event-based update, lanes of (network, neuron) side by side in SIMD registers.

The three-factor rule needs, for every synapse, m_ij = sum_t e_i(t) (F_alpha h_ij)(t) with h_ij = sigma'_i z~_j
and z~_j = F_eps S_j. Both filters are linear, so each can be moved to the other side of the product:

    m_ij = sum over presynaptic spikes t_j of q_i(t_j),    q_i = F_eps^T [ sigma'_i . (F_alpha^T e_i) ]

where F^T is the filter run backwards in time. A presynaptic spike just reads the credit q_i of its
postsynaptic neurons: filters cost O(n T) and reading O(n_post x spikes), instead of O(n_pre n_post T).

What a synapse remembers of the chunk before is in :mod:`.carry`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from snn_explorer.kernels.superspike import cpu_loops as loops
from snn_explorer.kernels.superspike.carry import CARRY_STEPS
from snn_explorer.kernels.superspike.events import EVERY_NETWORK, Events
from snn_explorer.kernels.superspike.interface import LayerConstants, LayerSize, Learned, SpikeBudget, Variant
from snn_explorer.kernels.superspike.surrogates import SURROGATES

MAX_LANES = 80
"""Lanes in a block: enough to fill the SIMD units, few enough for a block's chunk to stay in the L2 cache."""


def block_width(n_lanes: int) -> int:
    """Lanes in each block: up to `MAX_LANES`, a multiple of 8 where there are several, with little padding."""
    if n_lanes <= MAX_LANES:
        return n_lanes
    n_blocks = math.ceil(n_lanes / MAX_LANES)
    return 8 * math.ceil(n_lanes / n_blocks / 8)


@contextmanager
def flushed_denormals() -> Iterator[None]:
    """Flush denormal floats to zero in this thread: a trace that has decayed away costs 2-3 times as much otherwise."""
    already = float(np.float32(1e-40) * np.float32(1)) == 0.0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(already)


class Layer:
    """A layer's state in lanes: lane r * n_post + i is neuron i of network r; blocks of lanes run one after another.

    Implements :class:`snn_explorer.kernels.superspike.interface.Layer`.
    """

    def __init__(self, size: LayerSize, constants: LayerConstants, dtype: torch.dtype = torch.float32) -> None:
        self.size, self.constants, self.dtype = size, constants, dtype
        self._n_lanes = size.n_networks * size.n_post
        self.width = block_width(self._n_lanes)
        self.carry = CARRY_STEPS[dtype]
        self.history = self.carry + constants.eligibility_lag
        n_blocks = math.ceil(self._n_lanes / self.width)
        padded = n_blocks * self.width
        self._u = torch.full((padded,), constants.rest, dtype=dtype)
        self._refractory = torch.zeros(padded, dtype=torch.int32)
        self._current, self._rise, self._error, self._rate = torch.zeros(4, padded, dtype=dtype)
        self._rise_before, self._error_before = self._rise.clone(), self._error.clone()
        self._voltage = torch.full((n_blocks, self.history + size.n_steps, self.width), constants.rest, dtype=dtype)
        self._scratch = torch.zeros(self.carry + size.n_steps, self.width, dtype=dtype)
        self._spikes = self._errors = self._made = Events.empty()
        self._feedback = torch.zeros(1, 1, size.n_post, dtype=dtype)
        self._trial_spikes: Tensor | None = None

    def integrate(self, spikes: Events, weights: Tensor, budget: SpikeBudget | None = None) -> Events:
        """Run the neurons over one chunk; see the interface."""
        size, c = self.size, self.constants
        kept = self._voltage.numpy()
        kept[:, : self.history] = kept[:, size.n_steps :]
        self._spikes = self._carried(self._spikes, spikes, c.axonal_delay + self.history)
        arrivals = self._spikes.table.numpy()
        matrix = _rows(weights)
        constants = self._scalars(c.leak, c.current_decay, c.rest, c.threshold)
        steps, lanes = np.empty((2, self.width * (size.n_steps // (c.refractory_steps + 1) + 1)), np.int32)
        drive = self._scratch[self.carry :].numpy()
        if budget is None:
            self._trial_spikes = None
        elif self._trial_spikes is None:
            self._trial_spikes = torch.zeros_like(self._refractory)
        made = []
        with flushed_denormals():
            for b, block, n_lanes in self._blocks():
                drive[:] = 0
                loops.scatter(drive, block.start, size.n_post, arrivals, c.axonal_delay, matrix)
                state = (self._u[block].numpy(), self._current[block].numpy(), self._refractory[block].numpy())
                voltage = self._voltage[b, self.history :].numpy()
                count = loops.integrate_block(
                    drive, voltage, *state, constants, c.refractory_steps, n_lanes, steps, lanes,
                    *self._limit(budget, block),
                )  # fmt: skip
                made.append(np.stack([steps[:count], lanes[:count] + np.int32(block.start)]))
        self._made = self._as_events(np.concatenate(made, axis=1))
        return self._made

    def learn(self, errors: Events, feedback: Tensor, steepness: Tensor, variant: Variant) -> Learned:
        """Integrate the three-factor product over the chunk; see the interface."""
        size, c = self.size, self.constants
        self._errors = self._carried(self._errors, errors, c.error_delay)
        self._feedback = feedback
        self._rise_before, self._error_before = self._rise.clone(), self._error.clone()
        if variant.exponent is None:
            self._rate.zero_()
        arrivals, presynaptic = self._errors.table.numpy(), self._spikes.table.numpy()
        credit = torch.zeros(size.n_networks, size.n_pre, size.n_post, dtype=self.dtype)
        power, activity = torch.zeros(2, self._u.numel(), dtype=self.dtype)
        beta = self._padded(steepness[:, None].expand(-1, size.n_post))
        constants = self._scalars(c.rise_decay, c.decay_gain, c.threshold, c.surrogate_floor, c.product_floor)
        credit_rows, surrogate = self._scratch.numpy(), SURROGATES.index(variant.surrogate)
        offset = c.axonal_delay + c.eligibility_lag + self.carry
        with flushed_denormals():
            for b, block, _ in self._blocks():
                credit_rows[:] = 0
                error = credit_rows[self.carry :]
                loops.scatter(error, block.start, size.n_post, arrivals, c.error_delay, feedback.numpy())
                self._filter(error, self._rise[block], self._error[block], power[block])
                if variant.exponent is not None:
                    self._sum_activity(error, block, variant.exponent, variant.error_dependent, activity[block])
                adjoint = np.zeros((4, self.width), credit_rows.dtype)
                voltage = self._voltage[b].numpy()
                loops.credit_block(credit_rows, voltage, surrogate, beta[block].numpy(), constants, adjoint)
                loops.gather(credit_rows, block.start, size.n_post, presynaptic, offset, credit.numpy())
        return Learned(
            credit.transpose(1, 2),
            self._unpadded(power),
            None if variant.exponent is None else self._unpadded(activity),
        )

    def voltage(self, network: int, neurons: Sequence[int], n_before: int = 0) -> Tensor:
        """Membrane voltage over the last chunk and up to `n_before` steps before; see the interface."""
        lanes = network * self.size.n_post + torch.as_tensor(neurons, dtype=torch.int64)
        first = self.history - min(n_before, self.history)
        return self._voltage[lanes // self.width, first:, lanes % self.width]

    def error(self, network: int, neurons: Sequence[int]) -> Tensor:
        """Error that the product used in each step of the last chunk; see the interface."""
        lanes = network * self.size.n_post + torch.as_tensor(neurons, dtype=torch.int64)
        mine = self._errors.of_network(network).table.clone()
        mine[1] = 0
        feedback = self._feedback[min(network, self._feedback.shape[0] - 1), :, neurons][None].contiguous()
        error = np.zeros((self.size.n_steps, len(neurons)), self._scratch.numpy().dtype)
        loops.scatter(error, 0, len(neurons), mine.numpy(), self.constants.error_delay, feedback.numpy())
        rise, now = self._rise_before[lanes], self._error_before[lanes]
        self._filter(error, rise, now, torch.zeros_like(now))
        return torch.from_numpy(error).T

    def state_dict(self) -> dict[str, Tensor]:
        """All state that crosses a chunk's border; see the interface."""
        state = {name: getattr(self, f"_{name}").clone() for name in _STATE}
        tail = self._voltage[:, self.size.n_steps :].clone()
        if self._trial_spikes is not None:
            state["trial_spikes"] = self._trial_spikes.clone()
        return state | {"tail": tail, "spikes": self._spikes.table.clone(), "errors": self._errors.table.clone()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take up a state that `state_dict` gave; see the interface."""
        for name in _STATE:
            getattr(self, f"_{name}").copy_(state[name])
        self._voltage[:, self.size.n_steps :] = state["tail"]
        self._trial_spikes = state["trial_spikes"].clone() if "trial_spikes" in state else None
        self._spikes, self._errors = Events(state["spikes"].clone()), Events(state["errors"].clone())

    @property
    def presynaptic(self) -> Events:
        """Presynaptic spikes of the last chunk and of the tail before it."""
        return self._spikes

    def _blocks(self) -> Iterator[tuple[int, slice, int]]:
        """Index, lanes and number of real lanes (the last block may be padded) of each block."""
        for b in range(self._voltage.shape[0]):
            first = b * self.width
            yield b, slice(first, first + self.width), min(self.width, self._n_lanes - first)

    def _limit(
        self, budget: SpikeBudget | None, block: slice
    ) -> tuple[np.int32, np.ndarray, np.ndarray] | tuple[None, None, None]:
        """The spike budget as a block's loop takes it: n_max, counts of the running trial, trial starts."""
        if budget is None or self._trial_spikes is None:
            return None, None, None
        step, network = budget.starts.table[:2].numpy()
        everywhere = network == EVERY_NETWORK
        first = np.where(everywhere, block.start, network * self.size.n_post)
        stop = np.where(everywhere, block.stop, first + self.size.n_post)
        lanes = (np.stack([first, stop]) - block.start).clip(0, self.width)
        starts = np.concatenate([step[None], lanes])[:, np.argsort(step)].astype(np.int32)
        return np.int32(budget.n_max), self._trial_spikes[block].numpy(), np.ascontiguousarray(starts)

    def _carried(self, before: Events, now: Events, reach: int) -> Events:
        """Events of this chunk, and those of the chunk before that are felt in it, up to `reach` steps later."""
        events = loops.carried(before.table.numpy(), now.table.numpy(), reach, self.size.n_steps)
        return Events(torch.from_numpy(events))

    def _filter(self, error: np.ndarray, rise: Tensor, now: Tensor, power: Tensor) -> None:
        gains = self._scalars(self.constants.rise_gain, self.constants.decay_gain)
        loops.filter_errors(error, rise.numpy(), now.numpy(), gains, power.numpy())

    def _sum_activity(
        self, error: np.ndarray, block: slice, exponent: int, error_dependent: bool, activity: Tensor
    ) -> None:
        own = np.zeros_like(error)
        lane = (self._made.network * self.size.n_post + self._made.neuron - block.start).numpy()
        inside = (lane >= 0) & (lane < self.width)
        own[self._made.step.numpy()[inside], lane[inside]] = 1
        decay, floor = self._scalars(self.constants.rate_decay, self.constants.product_floor)
        rate = self._rate[block].numpy()
        loops.sum_activity(error, own, rate, decay, exponent, error_dependent, floor, activity.numpy())

    def _as_events(self, made: np.ndarray) -> Events:
        steps, lanes = made[0], made[1]
        network, neuron = np.divmod(lanes, np.int32(self.size.n_post))
        order = np.lexsort((neuron, steps, network))
        table = np.stack([steps, network, neuron, np.ones_like(steps)])
        return Events(torch.from_numpy(table.take(order, axis=1)))

    def _padded(self, values: Tensor) -> Tensor:
        """Values ``(R, n_post)`` in lane order, zero in the lanes that pad the last block."""
        return torch.nn.functional.pad(values.reshape(-1), (0, self._u.numel() - self._n_lanes))

    def _unpadded(self, lanes: Tensor) -> Tensor:
        return lanes[: self._n_lanes].reshape(self.size.n_networks, self.size.n_post)

    def _scalars(self, *values: float) -> tuple[np.floating, ...]:
        """Constants in the layer's dtype: a float64 would promote every expression it enters."""
        return tuple(self._scratch.numpy().dtype.type(value) for value in values)


def _rows(weights: Tensor) -> np.ndarray:
    """Weights with one contiguous row per presynaptic neuron, ``(R, n_pre, n_post)``."""
    return weights.transpose(1, 2).contiguous().numpy()


_STATE = ("u", "current", "refractory", "rise", "error", "rate")
