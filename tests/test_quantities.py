"""Values of parameters as text: what is written can be read again, to the same bits."""

from __future__ import annotations

import pytest

from snn_explorer.bats import BatsParameters
from snn_explorer.quantities import as_text, plain, read_values
from snn_explorer.superspike import SuperSpikeParameters


@pytest.mark.parametrize(
    ("declared", "values"),
    [
        (SuperSpikeParameters, {"learning_rate": 0.1 / 3, "steepness": 1e5 / 7, "rho": 5e-324}),
        (SuperSpikeParameters, {"learning": False, "n_hidden": 1024, "feedback": "random"}),
        (BatsParameters, {"hidden": (), "n_max": (30, 1), "theta": (0.1 / 3, 1e-7)}),
        *[
            (declared, {name: value for name, value in declared.param.values().items() if name != "name"})
            for declared in (SuperSpikeParameters, BatsParameters)
        ],
    ],
)
def test_what_is_written_reads_as_the_same_value(declared, values):
    assert read_values(declared, {name: as_text(value) for name, value in values.items()}) == values


def test_plain_values_are_what_netcdf_can_hold():
    assert [plain(value) for value in (True, False, (30, 0.5), 2, 0.1, "plain")] == [1, 0, "30, 0.5", 2, 0.1, "plain"]
