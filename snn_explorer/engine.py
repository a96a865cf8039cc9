"""What both learning systems answer: one engine protocol, and the frame that an engine gives.

An engine is *advanced* one chunk (SuperSpike) or batch (BATS) at a time and gives, on request, a
:class:`Frame`: small numpy arrays that a page draws or an experiment collects. Nothing here knows a
learning rule, a plot or a widget; a third learning rule is one more class that answers this protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import param
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


class ParameterError(ValueError):
    """A value from outside (typed, in a URL, on the command line) that the program cannot use.

    The message is a plain sentence that names the thing, its value and what is allowed.
    """


class LearningFault(RuntimeError):
    """Learning cannot go on, for example because a weight is no longer a number.

    The message says in plain words what happened and how to go on. The engine is left as it was
    before the faulty update, so nothing that was learned is lost.
    """


@dataclass(frozen=True)
class Watch:
    """What a page looks at: one network of the ensemble, some of its neurons, and one synapse.

    Parameters
    ----------
    network : int
        Index on the network axis R.
    hidden, output : tuple of int
        Neurons whose membrane and error traces are wanted; hidden ones are counted through all hidden layers.
    probe_layer : str
        Layer of the probe synapse, for example ``"hidden"`` or ``"output"``: the layer of its postsynaptic neuron.
    probe_post, probe_pre : int
        Postsynaptic neuron i and presynaptic neuron j of the probe synapse, each counted within its layer.
    sample : int, optional
        Which training sample is looked at, for networks that learn from samples; by default the first one of the batch
        that was learned last, or sample 0 before any batch.
    window : tuple of float, optional
        Part of the sample's time axis [s] that membranes are wanted in; by default all of it.
    clock_step : float, optional
        Step [s] of a clock on which networks of exact spike times are to answer the sample as well.
    output_spike : tuple of int, optional
        An output and which of its spikes, counted from 0: the one of which is asked what drove it; by default the
        first of the right output.
    """

    network: int = 0
    hidden: tuple[int, ...] = (0, 1, 2, 3)
    output: tuple[int, ...] = (0,)
    probe_layer: str = "output"
    probe_post: int = 0
    probe_pre: int = 0
    sample: int | None = None
    window: tuple[float, float] | None = None
    clock_step: float | None = None
    output_spike: tuple[int, int] | None = None

    @property
    def synapse(self) -> tuple[str, int, int]:
        """The probe synapse: its layer, postsynaptic and presynaptic neuron."""
        return self.probe_layer, self.probe_post, self.probe_pre


@dataclass(frozen=True)
class Raster:
    """Spikes inside the frame's window: `time` [s] from the window's start, and `neuron` ids, both ``(n_spikes,)``."""

    time: FloatArray
    neuron: FloatArray


@dataclass(frozen=True)
class Frame:
    """One look at an engine, in small float32 arrays that own their memory.

    Attributes
    ----------
    time : float
        The engine's time: simulated time [s] at the end of the window, the chunk that ended there, or samples seen.
    duration : float
        Length of the window [s]; where the engine learns from samples, the simulated time of one.
    rasters : dict of str to Raster
        Spikes by layer: ``input``, ``hidden``, ``output``, ``target``.
    traces : dict of str to ndarray, shape (n_signals, n_samples)
        Signals sampled evenly over the window, at the start of each time step, or what else the engine's `frame` says.
    matrices : dict of str to ndarray, shape (n_post, n_pre)
        Weights of each layer of the watched network, and ``feedback`` from outputs (pre) to hidden units (post).
    numbers : dict of str to float
        Scalars, for example ``cost`` or ``hidden_rate_hz``.
    windows : ndarray, shape (n_windows, 4)
        Windows of opportunity that reach into the frame's: start and stop [s] from the frame's start, the output that
        should spike, and the pattern shown; none where every spike has its own target time.
    watch : Watch
        What was asked for, after ids that this network does not have were replaced.
    """

    time: float
    duration: float
    rasters: dict[str, Raster] = field(default_factory=dict)
    traces: dict[str, FloatArray] = field(default_factory=dict)
    matrices: dict[str, FloatArray] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    windows: FloatArray = field(default_factory=lambda: np.empty((0, 4), np.float32))
    watch: Watch = field(default_factory=Watch)


class Engine(Protocol):
    """A network together with its task and learning rule, advanced in place."""

    @property
    def parameters(self) -> param.Parameterized:
        """What can be set; a changed value acts from the next chunk or batch on."""
        ...

    @property
    def time(self) -> float:
        """Simulated time [s] (or samples seen), 0 at the start."""
        ...

    def advance(self) -> None:
        """Simulate and learn one chunk or batch; raises `LearningFault` where learning cannot go on."""
        ...

    def frame(self, watch: Watch) -> Frame:
        """Look at the chunk that was advanced last, or at one sample; nothing that is learned is changed."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Everything that a later `load_state_dict` needs to go on to the same bits."""
        ...

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` gave."""
        ...
