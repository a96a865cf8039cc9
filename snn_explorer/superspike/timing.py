"""Steps of a chunk and delays between its signals, for the conventions `paper` and `original`.

`paper`: an error is felt in the step in which it was made by the output neuron, one step later by a hidden unit.
`original`: the authors' simulation compares spikes `axonal_delay` after they were made and delays the eligibility
trace to match; random and uniform feedback take another axonal delay, against which the trace is delayed by 15 steps.
Its chunks end with steps 5000, 10000, ..., so the first starts at step 1.
"""

from __future__ import annotations

from snn_explorer.engine import ParameterError
from snn_explorer.kernels.superspike.interface import LayerConstants
from snn_explorer.superspike.neuron import LIFNeuron
from snn_explorer.superspike.regulariser import TAU_HET
from snn_explorer.superspike.traces import DoubleExponential

UPDATE_INTERVAL = 0.5
"""Length of a chunk, t_b [s] (section 3.3.5)."""

ORIGINAL_RANDOM_LAG = 15
"""Delay of the eligibility in hidden layers with random feedback, in steps, in the original simulation."""


def first_step(conventions: str) -> int:
    """Step at which the first chunk starts."""
    return 1 if conventions == "original" else 0


def chunk_steps(update_interval: float, dt: float, neuron: LIFNeuron) -> int:
    """Steps in a chunk.

    Raises
    ------
    ParameterError
        If a chunk would not be longer than the axonal delay.
    """
    n_steps, delay = round(update_interval / dt), round(neuron.axonal_delay / dt)
    if not n_steps > delay:
        raise ParameterError(
            f"A chunk of {update_interval:g} s has {n_steps} steps; it must be longer than the axonal delay of "
            f"{neuron.axonal_delay:g} s ({delay} steps)."
        )
    return n_steps


def layer_constants(
    layer: str, conventions: str, feedback: str, neuron: LIFNeuron, traces: DoubleExponential
) -> LayerConstants:
    """Constants of the ``"hidden"`` or ``"output"`` layer."""
    dt = traces.dt
    delay = round(neuron.axonal_delay / dt)
    original = conventions == "original"
    error_delay, lag = (delay, delay) if original else (0, 0)
    if layer == "hidden":
        error_delay += 1
        if original and feedback != "symmetric":
            error_delay, lag = error_delay + delay, ORIGINAL_RANDOM_LAG
    return LayerConstants(
        leak=neuron.leak(dt),
        current_decay=neuron.current_decay(dt),
        rest=neuron.rest,
        threshold=neuron.threshold,
        refractory_steps=round(neuron.tau_ref / dt),
        rise_decay=traces.rise_decay,
        rise_gain=traces.rise_gain,
        decay_gain=traces.decay_gain,
        rate_decay=DoubleExponential(dt, tau_rise=TAU_HET).rise_decay,
        axonal_delay=delay,
        error_delay=error_delay,
        eligibility_lag=lag,
        surrogate_floor=-80e-3 if original else float("-inf"),
        product_floor=1e-7 if original else 0.0,
    )
