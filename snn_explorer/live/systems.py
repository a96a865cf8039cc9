"""The learning systems that a run may belong to; a third one is one more entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import param

from snn_explorer.bats.parameters import BatsParameters
from snn_explorer.live import bats, superspike
from snn_explorer.live.learner import Learner
from snn_explorer.superspike.parameters import SuperSpikeParameters

Values = Mapping[str, Any]
"""Values of all parameters by name."""


@dataclass(frozen=True)
class System:
    """What a run needs to know of a learning system.

    Attributes
    ----------
    title : str
        Its name.
    parameters : type of param.Parameterized
        Where its parameters are declared.
    learn : callable
        Makes a learner of a task, and values of all parameters.
    needs_new_network : callable
        Whether a network with the first values cannot just go on with the second.
    first_time : callable
        Learning time of a new network with these values.
    """

    title: str
    parameters: type[param.Parameterized]
    learn: Callable[[Any, Values], Learner]
    needs_new_network: Callable[[Values, Values], bool]
    first_time: Callable[[Values], float]


SYSTEMS: Final[Mapping[str, System]] = MappingProxyType(
    {
        "superspike": System(
            "SuperSpike",
            SuperSpikeParameters,
            superspike.SuperSpikeLearner,
            superspike.needs_new_network,
            superspike.first_time,
        ),
        "bats": System("BATS", BatsParameters, bats.BatsLearner, bats.needs_new_network, bats.first_time),
    }
)
"""Systems by the key that a preset names."""
