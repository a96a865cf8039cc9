"""Who is served: this machine, and under a name of its own those that know it."""

import http.client
import re
from urllib.parse import urlsplit

import pytest

from snn_explorer.engine import ParameterError
from snn_explorer.views.server import start_server

UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def answer(port, headers):
    """Status of a browser's request for a page's frames."""
    asked = http.client.HTTPConnection("localhost", port, timeout=60)
    asked.request("GET", "/ws", headers={**UPGRADE, **headers})
    status = asked.getresponse().status
    asked.close()
    return status


@pytest.mark.parametrize(
    ("host", "name", "allowed"),
    [
        (None, "localhost", True),
        (None, "127.0.0.1", True),
        (None, "classroom.example", False),
        ("classroom.example", "classroom.example", True),
        ("classroom.example", "localhost", True),
        ("classroom.example", "elsewhere.example", False),
    ],
)
def test_a_page_gets_frames_under_its_names_only(host, name, allowed):
    with start_server(host=host) as address:
        port = urlsplit(address).port
        status = answer(port, {"Origin": f"http://{name}:{port}"})
    # a right name alone is not enough: who has no token of a page is refused another way
    assert (status != 403) == allowed


def test_a_host_that_is_no_name_is_refused():
    with (
        pytest.raises(ParameterError, match=re.escape("'http://me'; allowed is a name")),
        start_server(host="http://me"),
    ):
        pass
