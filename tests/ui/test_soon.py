"""What other threads ask of a page's thread is done there, once, and not lost; a page that is gone is asked nothing."""

from __future__ import annotations

import threading
import weakref
from types import SimpleNamespace

import pytest
from bokeh.document import Document

from snn_explorer.views.soon import soon


class Context(SimpleNamespace):
    """What a document knows of its session: it must not keep it alive."""


class Served:
    """A document of a session, and its loop, which this thread runs."""

    def __init__(self):
        self.document, self.asked = Document(), []
        loop = SimpleNamespace(add_callback=self.asked.append)
        application = SimpleNamespace(io_loop=loop)
        self._context = Context(server_context=SimpleNamespace(application_context=application))
        self.document._session_context = weakref.ref(self._context)

    def run(self):
        """Do what the loop was asked, and what comes of it."""
        while self.asked:
            self.asked.pop(0)()
        for callback in self.document.session_callbacks:
            callback.callback()

    def end(self):
        """The session is over."""
        self.document.callbacks.destroy()
        self.document._session_context = None


@pytest.fixture
def served():
    return Served()


def ask(document, do):
    """Ask from another thread."""
    thread = threading.Thread(target=soon, args=(document, do))
    thread.start()
    thread.join()


def test_it_is_no_event_among_those_that_the_page_holds_back_and_is_done_once(served):
    done = []
    served.document.hold("combine")
    ask(served.document, lambda: done.append(threading.current_thread()))
    assert served.document.callbacks._held_events == []
    served.document.unhold()
    served.run()
    served.run()
    assert done == [threading.current_thread()]


def test_a_page_that_ends_before_or_after_it_is_asked_does_nothing_and_says_nothing(served):
    done = []
    ask(served.document, lambda: done.append("asked before"))
    served.end()
    served.run()
    ask(served.document, lambda: done.append("asked after"))
    assert (served.asked, done) == ([], [])


def test_what_fails_in_a_page_that_is_there_is_heard_of(served):
    ask(served.document, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        served.run()
