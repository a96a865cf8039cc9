"""Programs that make a run once more, by learning system; what stands in braces is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from snn_explorer.bats.learning_curves import KEPT


class Program(NamedTuple):
    """Text to fill in, and in words what learning time is counted in, and how a change's is given."""

    text: str
    unit: str
    when: str


_SUPERSPIKE: Final = '''\
"""{title}"""

from snn_explorer.superspike import Network, SuperSpikeParameters
from snn_explorer.tasks import {imports}

task = {task}
parameters = SuperSpikeParameters({values})
{changes}
network = Network(task, parameters)
curve = []  # learning time [s] and cost, from 0 on
while network.time < {end}:
{move}    network.advance()
    if network.time >= 0:
        curve.append((network.time, float(network.cost[0])))
print(f"cost {{network.cost[0]:.3g}} after {{network.time:g}} s")
'''

_BATS: Final = f'''\
"""{{title}}"""

from snn_explorer.bats import BatsParameters, Network
from snn_explorer.tasks import {{imports}}

samples = {{task}}
parameters = BatsParameters({{values}})
{{changes}}
network = Network(samples, parameters)
accuracy = 0.0  # moving average over about {KEPT} batches, each as it was answered before it was learned from
curve = []  # samples learned from, and accuracy
while network.time < {{end}}:
{{move}}    network.advance()
    right = network.loss.decode(network.spikes[-1]) == network.labels
    accuracy += max(1 / network.batches, 1 / {KEPT}) * (float(right.float().mean()) - accuracy)
    curve.append((network.time, accuracy))
print(f"accuracy {{{{accuracy:.3g}}}} after {{{{network.time:g}}}} samples")
'''

MOVE: Final = """\
    for time, name, value in changes:
        if time == network.time:
            setattr(parameters, name, value)
"""
"""Stands at the head of the loop where there are changes."""

PROGRAMS: Final[Mapping[str, Program]] = MappingProxyType(
    {
        "superspike": Program(_SUPERSPIKE, "s of learning", "learning time [s]"),
        "bats": Program(_BATS, "samples learned from", "samples learned from"),
    }
)
"""By the key of the system."""
