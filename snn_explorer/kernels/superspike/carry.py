"""How far an update looks back beyond its own chunk.

What a synapse remembers of the chunk before is found by running the backward filters on into that chunk's tail, over
its stored voltages and spikes, with e = 0 there; nothing is stored per synapse.
"""

import torch

CARRY_STEPS = {torch.float32: 2000, torch.float64: 5000}
"""Steps of the previous chunk that the backward filters visit: both kernels (5 and 10 ms) have then decayed below the
precision of the dtype. 2000 leave 1e-8 of a weight change, 5000 nothing."""
