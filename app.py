"""The page of one browser session: ``panel serve app.py --show``."""

from snn_explorer.views.session import open_page

open_page().servable()
