"""Where networks are computed: on the processor, or on a GPU where a person asks for one.

Small networks are faster on the processor, so that is the default; ``SNN_EXPLORER_DEVICE`` sets another.
"""

from __future__ import annotations

import os

import numpy as np
import torch
from torch import Tensor

from snn_explorer.engine import FloatArray, ParameterError

VARIABLE = "SNN_EXPLORER_DEVICE"
"""Environment variable that names the device where nobody does."""

CPU = torch.device("cpu")


def choose_device(device: str | torch.device | None = None) -> torch.device:
    """Device to compute on.

    Parameters
    ----------
    device : str or torch.device, optional
        ``cpu``, ``cuda`` (which is ``cuda:0``) or ``cuda:N``. By default what the environment variable `VARIABLE`
        says, else the processor.

    Raises
    ------
    ParameterError
        If it is not among these, or this machine has no such GPU.
    """
    chosen = os.environ.get(VARIABLE) or "cpu" if device is None else device
    named = f"{VARIABLE} is {chosen!r}" if device is None else f"The device is {str(chosen)!r}"
    try:
        found = torch.device(chosen)
    except RuntimeError:
        raise ParameterError(f"{named}; allowed are: cpu, cuda, cuda:0, cuda:1, ...") from None
    if found.type not in ("cpu", "cuda"):
        raise ParameterError(f"{named}; allowed are: cpu, cuda, cuda:0, cuda:1, ...")
    n_gpus = torch.cuda.device_count() if found.type == "cuda" else 0
    if found.type == "cuda" and (found.index or 0) >= n_gpus:
        raise ParameterError(f"{named}, and torch {torch.__version__} finds {n_gpus} GPUs on this machine; allowed is: "
                             + ", ".join(["cpu", *(f"cuda:{k}" for k in range(n_gpus))]))  # fmt: skip
    return torch.device("cuda", found.index or 0) if found.type == "cuda" else CPU


def host_copy(tensor: Tensor) -> Tensor:
    """A copy on the host, whatever the device."""
    return tensor.to(CPU, copy=True)


def host_array(tensor: Tensor) -> FloatArray:
    """A float32 array that shares no memory with the tensor, whatever its device."""
    return np.array(tensor.detach().cpu().numpy(), dtype=np.float32)


class LateReading:
    """A tensor on its way to the host, to be read later without a wait for what was asked of the GPU since.

    The host that reads a tensor of a GPU as it is waits for all that it asked for until then, in the order of asking.

    Parameters
    ----------
    tensor : Tensor
        On any device.
    """

    def __init__(self, tensor: Tensor) -> None:
        self._copy, self._arrival = tensor.to(CPU, non_blocking=True), None
        if tensor.device != CPU:
            self._arrival = torch.cuda.Event()
            self._arrival.record(torch.cuda.current_stream(tensor.device))

    def read(self) -> Tensor:
        """The tensor on the host, once it is there."""
        if self._arrival is not None:
            self._arrival.synchronize()
        return self._copy
