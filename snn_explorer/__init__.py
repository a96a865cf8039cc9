"""SNN Explorer: a live laboratory for how spiking networks learn.

Two learning systems share one engine protocol (:mod:`snn_explorer.engine`): SuperSpike (Zenke & Ganguli
2018) and exact gradients through spikes (Bacho & Chu 2022). The package is built in floors, and imports
only go down: kernels, tasks, learning systems, live runs and experiments, views. Importing it, or any
learning system, never imports the page.
"""

__version__ = "0.1.0"
