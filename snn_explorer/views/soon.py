"""Asking a page's thread to do something, from any other thread.

A document gathers the events of its own thread while many properties change at once, and then sends them all. A
callback that another thread adds at that moment falls among them and may get lost. So the callback is added by the
page's thread itself, when nothing is being gathered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bokeh.document import Document


def soon(document: Document, do: Callable[[], None]) -> None:
    """Do it in the thread and inside the lock of the document; nothing, if its page is gone by then.

    Parameters
    ----------
    document : bokeh.document.Document
        That of a session.
    do : callable
        Called without arguments.
    """

    def add() -> None:
        # documents come to their end in this thread, so this one stays while it is asked
        if document.session_context is not None:
            document.add_next_tick_callback(do)

    context: Any = document.session_context
    application = None if context is None else context.server_context.application_context
    if application is not None:
        application.io_loop.add_callback(add)
