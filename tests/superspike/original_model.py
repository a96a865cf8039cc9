"""The original simulation written out step by step, in float32, in the order of its own program.

Nothing is shared with the engine: neurons, delays, traces, eligibility per synapse, RMaxProp and regulariser are
plain numpy, in volts, with sigma' peaking at 1000 as there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

F = np.float32
DT, BATCH = 1e-4, 5000
KEEP_SYN, KEEP_RISE = F(np.exp(-DT / 5e-3)), F(np.exp(-DT / 5e-3))
KEEP_RATE, KEEP_V = F(np.exp(-DT / 0.1)), F(np.exp(-0.5 / 30))
SLOW, FAST = F(DT / 10e-3), F(DT / 5e-3)


@dataclass
class OriginalLayer:
    """State of one layer: weights ``(n_post, n_pre)``, and everything that moves from step to step."""

    w: np.ndarray
    lag: int
    rho: float = 0.0
    state: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n_post, n_pre = self.w.shape
        names = {"u": n_post, "current": n_post, "z": n_pre, "trace": n_pre, "te": n_post, "e": n_post, "rate": n_post}
        self.state = {name: np.zeros(n, F) for name, n in names.items()}
        self.state["u"] = np.full(n_post, -60e-3, F)
        self.state["refractory"] = np.zeros(n_post, int)
        self.state |= {name: np.zeros(self.w.shape, F) for name in ("el", "elf", "m", "v")}
        self.late = [(np.zeros(n_pre, F), np.zeros(n_post, F))] * self.lag

    def fire(self) -> np.ndarray:
        """1. Move the neurons by one step; whose spike this is."""
        s = self.state
        s["u"] += F(DT / 10e-3) * ((F(-60e-3) - s["u"]) + s["current"])
        resting = s["refractory"] > 0
        spiking = ~resting & (s["u"] > F(-50e-3))
        s["refractory"] = np.where(spiking, 50, np.maximum(s["refractory"] - 1, 0))
        s["u"][resting | spiking] = F(-60e-3)
        s["current"] *= KEEP_SYN
        return spiking.astype(F)

    def learn(self, step: int, delivered: np.ndarray, errors: np.ndarray, own: np.ndarray, learning: bool) -> None:
        """4. and 5. The product of error and eligibility, the update at the end of a batch, and the traces."""
        s = self.state
        h = 1 + np.abs(F(1000) * (s["u"] - F(-50e-3)))
        surrogate = np.where(s["u"] < F(-80e-3), 0, F(1000) / (h * h)).astype(F)
        self.late.append((s["trace"].copy(), surrogate))
        trace, surrogate = self.late.pop(0)
        s["el"] += surrogate[:, None] * trace
        s["elf"] += SLOW * (s["el"] - s["elf"])
        s["el"] *= KEEP_RISE
        counted = np.abs(s["e"]) >= F(1e-7)
        pull = F(self.rho) * self.w * (s["rate"] ** 4)[:, None]
        s["m"] += np.where(counted[:, None], s["elf"] * s["e"][:, None] - pull, 0).astype(F)
        if step > 0 and step % BATCH == 0:
            gradient = s["m"] / F(BATCH)
            s["m"] = np.zeros_like(s["m"])
            s["v"] = np.maximum(gradient**2, KEEP_V * s["v"])
            if learning:
                self.w = np.clip(self.w + F(1e-3) * gradient / (np.sqrt(s["v"]) + F(1e-12)), F(-0.1), F(0.1))
        s["trace"] += SLOW * (s["z"] - s["trace"])
        s["z"] = (s["z"] + delivered) * KEEP_RISE
        s["te"] += FAST * (errors - s["te"])
        s["e"] += SLOW * (s["te"] - s["e"])
        s["rate"] = (s["rate"] + own) * KEEP_RATE


class OriginalNetwork:
    """Input, one hidden layer and outputs; `feedback` is a matrix ``(n_hidden, n_output)``, or None for symmetric."""

    def __init__(self, hidden: np.ndarray, output: np.ndarray, feedback: np.ndarray | None, rho: float) -> None:
        self.hidden = OriginalLayer(hidden.astype(F), lag=8 if feedback is None else 15, rho=rho)
        self.output = OriginalLayer(output.astype(F), lag=8)
        self.feedback = feedback
        n_input, (n_output, n_hidden) = hidden.shape[1], output.shape
        self.under_way = {"input": [np.zeros(n_input, F)] * 8, "hidden": [np.zeros(n_hidden, F)] * 8}
        self.under_way |= {"output": [np.zeros(n_output, F)] * 8, "target": [np.zeros(n_output, F)] * 8}
        self.under_way["error"] = [np.zeros(n_output, F)] * (1 if feedback is None else 9)
        self.step = 0

    def advance(self, inputs: np.ndarray, targets: np.ndarray, learning: bool) -> tuple[np.ndarray, np.ndarray]:
        """One step, given the input and target spikes made in it; hidden and output spikes."""
        spikes = {"hidden": self.hidden.fire(), "output": self.output.fire(), "input": inputs, "target": targets}
        late = {name: self._later(name, made) for name, made in spikes.items()}
        self.hidden.state["current"] += self.hidden.w @ late["input"]
        self.output.state["current"] += self.output.w @ late["hidden"]
        error = late["target"] - late["output"]
        fed_back = self._later("error", error)
        weights = self.output.w.T if self.feedback is None else self.feedback
        self.hidden.learn(self.step, late["input"], (weights @ fed_back).astype(F), spikes["hidden"], learning)
        self.output.learn(self.step, late["hidden"], error, spikes["output"], learning)
        self.step += 1
        return spikes["hidden"], spikes["output"]

    def _later(self, name: str, made: np.ndarray) -> np.ndarray:
        self.under_way[name].append(made)
        return self.under_way[name].pop(0)
