"""What the kernels of a GPU must do in a chunk or batch, from the sizes of layers and the spikes that there were.

Bytes are those of arrays that are read or written once; what fits into registers, such as a neuron's state, is left
out, and so are constants.
"""

from __future__ import annotations

from collections import Counter
from typing import cast

from snn_explorer.bats import Network as BatsNetwork
from snn_explorer.kernels.superspike.carry import CARRY_STEPS
from snn_explorer.kernels.superspike.grid import GridEvents
from snn_explorer.kernels.superspike.interface import LayerSize
from snn_explorer.superspike import Network

PRODUCTS = "matrix products"
"""Name for all of cuBLAS's kernels together; their work is counted in operations, that of all others in bytes."""


def ensemble_work(network: Network) -> dict[str, float]:
    """Work of one chunk of SuperSpike, by kernel: the scans of all layers, and their matrix products."""
    work: Counter[str] = Counter()
    n_carry, number = CARRY_STEPS[network.dtype], network.dtype.itemsize
    for layer in network.plasticity.layers:
        size, made = layer.neurons.size, cast(GridEvents, network.spikes[layer.name])
        regularised = layer is network.hidden and network.parameters.rho > 0
        work.update(scan_bytes(size, n_carry, number, made.values.element_size(), regularised=regularised))
        work[PRODUCTS] += product_operations(size, n_carry, network.task.n_outputs)
    return dict(work)


def scan_bytes(size: LayerSize, n_carry: int, number: int, spike: int, *, regularised: bool = False) -> dict[str, int]:
    """Bytes that the three scans of one layer read and write in a chunk.

    Parameters
    ----------
    size : LayerSize
    n_carry : int
        Steps before the chunk that the backward filters visit.
    number, spike : int
        Bytes of a number such as a voltage, and of a place in the grid of spikes that the layer makes.
    regularised : bool
        Whether the regulariser reads the layer's own spikes.
    """
    lanes = size.n_networks * size.n_post
    chunk, visited = lanes * size.n_steps, lanes * (n_carry + size.n_steps)
    return {
        "integrate": chunk * (2 * number + spike),  # drive; voltages and spikes
        "filter_errors": chunk * (2 + regularised) * number,  # events, own spikes; errors
        "credit": chunk * number + visited * 2 * number,  # errors, voltages; q
    }


def product_operations(size: LayerSize, n_carry: int, n_errors: int) -> int:
    """Operations of one layer's drive, error and credit, two for each product of two numbers."""
    per_step = size.n_steps * (size.n_pre + n_errors) + (n_carry + size.n_steps) * size.n_pre
    return 2 * size.n_networks * size.n_post * per_step


def batch_work(network: BatsNetwork) -> dict[str, float]:
    """Work of the BATS batch that was learned last, by kernel.

    Forward, an event reads its row of weights. Backward, it writes a row of changes, which is then read to be added to
    the gradient, and where the layer passes the error on it reads its row of weights again.
    """
    work: Counter[str] = Counter()
    for k, layer in enumerate(network.layers):
        number = layer.weight.element_size()
        rows = int(network.spikes[k].count.sum()) * layer.n_out * number
        work["forward_tile"] += rows
        work["backward_tile"] += rows if k == 0 else 2 * rows
        work["collect_tile"] += rows + 2 * layer.weight.numel() * number
    return dict(work)
