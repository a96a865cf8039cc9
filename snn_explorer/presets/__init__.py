"""Between floors 2 and 3: named sets of parameters with their tasks, for the page and the command line alike.

A :class:`Preset` only says what to learn and with which values; what runs it is above.
"""

from snn_explorer.presets.catalogue import DEFAULT_PRESET, available_presets
from snn_explorer.presets.preset import PREFIX, Preset

__all__ = ["DEFAULT_PRESET", "PREFIX", "Preset", "available_presets"]
