"""The synapse that is watched: fields that name it, and the one that a tapped neuron means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import param

from snn_explorer.engine import Frame, Watch
from snn_explorer.views import theme
from snn_explorer.views.component import Component
from snn_explorer.views.network_drawing import sizes

FIELDS: Final = f"""
.synapse {{ display: flex; flex-wrap: wrap; gap: 6px; align-items: center; font: {theme.TEXT} {theme.FONT};
            color: var(--mui-palette-text-primary); }}
select, input {{ font: inherit; color: inherit; background: var(--mui-palette-background-paper);
                 border: 1px solid var(--mui-palette-divider); border-radius: 4px; padding: 3px 4px; }}
input {{ width: 5.8ch; box-sizing: border-box; font-variant-numeric: tabular-nums; }}
.moment input {{ width: 9ch; }}
"""
"""Style of small fields above a plot."""


class SynapseChooser(Component):
    """Chooses the synapse that is watched."""

    layers = param.Dict(default={}, doc="Number of neurons by layer, from input to output.")
    inputs = param.Dict(default={}, doc="Neurons that a layer sees, where that are not those of the layer before.")
    layer = param.String(default="output", doc="Layer of the postsynaptic neuron.")
    pre = param.Integer(default=0)
    post = param.Integer(default=0)

    _bundle = Path(__file__).with_name("synapse.mjs")
    _stylesheets: ClassVar = [FIELDS]

    def __init__(self, chosen: Callable[[str, int, int], None], **params: Any) -> None:
        super().__init__(css_classes=["chooser"], **params)
        self._chosen = chosen

    def show_choice(self, layers: Mapping[str, int], watch: Watch, inputs: Mapping[str, int] | None = None) -> None:
        """Show what is watched; see the parameters."""
        new = {"layers": dict(layers), "inputs": dict(inputs or {}), "layer": watch.probe_layer}
        new |= {"pre": watch.probe_pre, "post": watch.probe_post}
        changed = {name: value for name, value in new.items() if getattr(self, name) != value}
        if changed:
            self.param.update(**changed)

    def _handle_msg(self, data: Mapping[str, Any]) -> None:
        self._chosen(str(data["layer"]), int(data["post"]), int(data["pre"]))


def synapse_at(frame: Frame, layer: str, neuron: int) -> tuple[str, int, int]:
    """The synapse to watch with a neuron: onto it, or from it where it is an input."""
    layers = sizes(frame)
    probe_layer, post, pre = frame.watch.synapse
    if layer == "input":
        layer = list(layers)[1]
        if probe_layer != layer:
            post = int(np.abs(frame.matrices[f"{layer}_weights"][:, neuron]).argmax())
        return layer, post, neuron
    if (probe_layer, post) != (layer, neuron):
        pre = int(np.abs(frame.matrices[f"{layer}_weights"][neuron]).argmax())
    return layer, neuron, pre
