"""What a server is shown of who asks, and what is shown to nobody else: the credentials of the environment.

They appear in no message, even where the server repeats them, however it writes them.
"""

from __future__ import annotations

import base64
import contextlib
import html
import json
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

from euaikg.errors import EndpointError

SHORTEST_KEY = 6
"""The value of a header that is shorter is no key, and may stand in messages."""

_HEADER = re.compile(r"([!#$%&'*+.^`|~\w-]+):[ \t]*([!-~]+(?: +[!-~]+)*)[ \t]*", re.ASCII)
_OWN_HEADERS = ("accept", "connection", "content-length", "content-type", "host", "transfer-encoding", "user-agent")

WRITINGS: list[Callable[[str], str]] = [
    str,
    lambda text: " ".join(text.split()),
    html.escape,
    lambda text: urllib.parse.quote(text, errors="replace"),
    lambda text: urllib.parse.quote(text, safe="", errors="replace"),
    lambda text: urllib.parse.quote_plus(text, errors="replace"),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
]
"""The ways in which a server may repeat what it was given."""


def headers() -> dict[str, str]:
    """Return the headers of ``EUAIKG_ENDPOINT_HEADER``, under their names as urllib writes them."""
    found: dict[str, str] = {}
    for line in filter(str.strip, os.environ.get("EUAIKG_ENDPOINT_HEADER", "").splitlines()):
        header = _HEADER.fullmatch(line.strip())
        if not header:
            raise EndpointError("EUAIKG_ENDPOINT_HEADER must have the form “Name: value”, in ASCII, one header a line.")
        if header[1].lower() in _OWN_HEADERS:
            raise EndpointError(f"EUAIKG_ENDPOINT_HEADER must not give {header[1]}, which euaikg sets itself.")
        found[header[1].capitalize()] = header[2]
    return found


@contextlib.contextmanager
def discreet() -> Iterator[None]:
    """Take the credentials out of the sentence of an :class:`EndpointError`."""
    try:
        yield
    except EndpointError as error:
        if (sentence := without_secrets(str(error))) == str(error):
            raise
        raise EndpointError(sentence, error.status) from None


def without_secrets(text: str) -> str:
    """Return ``text`` with three dots in place of the credentials, however they are written."""
    token, user, password = (os.environ.get(f"EUAIKG_ENDPOINT_{name}", "") for name in ("TOKEN", "USER", "PASSWORD"))
    proxies = [proxy.rpartition("@")[0].rpartition("/")[2] for proxy in urllib.request.getproxies().values()]
    secrets = [token, *_key_values()]
    for login in (f"{user}:{password}", *proxies, *map(urllib.parse.unquote, proxies)):
        if secret := login.partition(":")[2]:
            secrets += [login, secret, base64.b64encode(login.encode(errors="replace")).decode()]
    written = {outer(inner(secret)) for secret in secrets for inner in WRITINGS for outer in WRITINGS}
    for secret in sorted(filter(str.strip, written), key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def _key_values() -> Iterator[str]:
    """Yield the values of the headers given, and the words of each, such as that behind “Token ”."""
    for line in os.environ.get("EUAIKG_ENDPOINT_HEADER", "").splitlines():
        value = line.partition(":")[2].strip()
        yield from (part for part in {value, *value.split()} if len(part) >= SHORTEST_KEY)
