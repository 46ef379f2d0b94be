"""HTTP with a SPARQL server: who is asking, how long to wait, when to try again, and what counts as an answer.

Credentials come from the environment alone: ``EUAIKG_ENDPOINT_TOKEN`` (bearer), or ``EUAIKG_ENDPOINT_USER`` and
``EUAIKG_ENDPOINT_PASSWORD``, which are given when the server asks for them, as Basic or Digest, whichever it names.
They appear in no message. A redirect is followed only for a GET, within one scheme, and with credentials only within
one host. Everything that goes wrong is an :class:`EndpointError` of one sentence.
"""

from __future__ import annotations

import base64
import contextlib
import email.utils
import html
import http.client
import json
import os
import re
import socket
import string
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from euaikg.core.version import __version__
from euaikg.errors import EndpointError

AGENT = f"euaikg/{__version__} (+https://w3id.org/euaikg/)"
TRIES = 4
"""How often a request is made in all, where the server says that it is busy (429 or 503)."""

LONGEST_PAUSE = 30.0
"""The longest wait in seconds before trying again, whatever ``Retry-After`` says."""

TIMEOUT = 60.0
"""How long to wait for an answer in seconds, unless the caller says otherwise."""

LARGE = 20_000
"""From so many bytes on a body is not sent before the server had the chance to ask for a login."""


@dataclass(frozen=True)
class Reply:
    """What a server answered with: its status and headers, its media type without parameters, and its body whole."""

    status: int
    reason: str
    headers: Mapping[str, str]
    kind: str
    body: bytes


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, secret: bool) -> None:
        self.secret = secret

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        here, there = place(req.full_url), f"{new.scheme}://{new.netloc}{new.path}"
        if old.scheme != new.scheme:
            raise EndpointError(f"{here} redirects to another scheme ({there}); that is not followed.")
        if self.secret and old.netloc != new.netloc:
            raise EndpointError(f"{here} redirects to another host ({there}), which is not given the credentials.")
        if req.get_method() != "GET":
            raise EndpointError(f"{here} redirects to {there}; give that address instead.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _InTime(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Shuts a connection whose headers have not come in time; the timeout of a socket counts from the last byte."""

    def do_open(self, http_class: Any, req: urllib.request.Request, **options: Any) -> http.client.HTTPResponse:
        made: list[http.client.HTTPConnection] = []

        def connection(*given: Any, **named: Any) -> http.client.HTTPConnection:
            made.append(http_class(*given, **named))
            return made[0]

        def shut() -> None:
            if made and made[0].sock:
                with contextlib.suppress(OSError):
                    made[0].sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(float(req.timeout or TIMEOUT), shut)
        timer.daemon = True
        timer.start()
        try:
            return super().do_open(connection, req, **options)
        finally:
            timer.cancel()


class Web:
    """Sends requests to one server within ``timeout`` seconds each, retries included."""

    def __init__(self, timeout: float | None = None) -> None:
        self.timeout = timeout or TIMEOUT
        self._token = os.environ.get("EUAIKG_ENDPOINT_TOKEN")
        self._user = os.environ.get("EUAIKG_ENDPOINT_USER")
        self._password = os.environ.get("EUAIKG_ENDPOINT_PASSWORD", "")
        if self._token and not re.fullmatch(r"[!-~]+", self._token):
            raise EndpointError("EUAIKG_ENDPOINT_TOKEN holds characters that no token has.")
        self._challenge: str | None = None
        self._opener = urllib.request.build_opener(_InTime, _Redirects(bool(self._token or self._user)))
        self._passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        self._digest = urllib.request.HTTPDigestAuthHandler(self._passwords)

    def send(self, request: urllib.request.Request) -> Reply:
        """Return the server's answer to ``request``; raise :class:`EndpointError` where there is none."""
        where, until = place(request.full_url), time.monotonic() + self.timeout
        request.add_header("User-Agent", AGENT)
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        body = request.data
        if self._user and self._challenge is None and isinstance(body, bytes) and len(body) > LARGE:
            reply = self._once(urllib.request.Request(request.full_url, headers={"User-Agent": AGENT}), until)
            if reply.status == 401:
                self._challenge = reply.headers.get("WWW-Authenticate", "Basic")
        answered, tried = False, 0
        while True:
            if self._challenge is not None:
                self._authorize(request)
            reply = self._once(request, until)
            if 200 <= reply.status < 300:
                return reply
            if reply.status in (401, 403) and self._user and not answered:
                answered = True
                self._challenge = reply.headers.get("WWW-Authenticate", "Basic")
                continue
            if reply.status not in (429, 503) or tried == TRIES - 1:
                raise self._refused(where, reply)
            pause = _pause(reply.headers.get("Retry-After", ""), tried)
            if time.monotonic() + pause >= until:
                raise EndpointError(
                    f"{where} is busy (HTTP {reply.status}) and did not answer within {self.timeout:g} seconds."
                )
            time.sleep(pause)
            tried += 1

    def _once(self, request: urllib.request.Request, until: float) -> Reply:
        where = place(request.full_url)
        try:
            try:
                response: Any = self._opener.open(request, timeout=max(0.01, until - time.monotonic()))
            except urllib.error.HTTPError as error:
                response = error
            with response:
                kind = response.headers.get_content_type()
                return Reply(response.status, response.reason, response.headers, kind, _read(response, until))
        except http.client.IncompleteRead:
            raise EndpointError(f"{where} broke off in the middle of its answer.") from None
        except (http.client.HTTPException, OSError, ValueError) as error:
            cause = error.reason if isinstance(error, urllib.error.URLError) else error
            if isinstance(cause, TimeoutError) or time.monotonic() > until:
                raise EndpointError(f"{where} did not answer within {self.timeout:g} seconds.") from None
            fault = "does not speak HTTP as it should" if cause is error else "cannot be reached"
            reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
            raise EndpointError(f"{where} {fault} ({reason}).") from None

    def _authorize(self, request: urllib.request.Request) -> None:
        kind, _, rest = str(self._challenge).partition(" ")
        if kind.lower() == "digest":
            self._passwords.add_password(None, request.full_url, str(self._user), self._password)
            try:
                fields = urllib.request.parse_keqv_list(list(filter(None, urllib.request.parse_http_list(rest))))
                words = self._digest.get_authorization(request, fields)
            except (KeyError, ValueError, AttributeError, OSError):
                words = None
            if words is None:
                raise EndpointError(
                    f"{place(request.full_url)} asks for a Digest login that cannot be given "
                    "(an unknown algorithm, or a user or password that is not ASCII)."
                )
        else:
            kind, words = "Basic", base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
        request.add_unredirected_header("Authorization", f"{kind} {words}")

    def _refused(self, where: str, reply: Reply) -> EndpointError:
        said = shorten(reply)
        for secret in filter(None, (self._token, self._password)):  # which a server may repeat
            said = said.replace(secret, "…")
        fault = " ".join(f"answers with HTTP {reply.status} {reply.reason}".split())
        if reply.status in (401, 403):
            hint = (
                "refuses the credentials given"
                if self._user or self._token
                else "wants credentials: set EUAIKG_ENDPOINT_USER and EUAIKG_ENDPOINT_PASSWORD, "
                "or EUAIKG_ENDPOINT_TOKEN"
            )
            fault = f"{hint} (HTTP {reply.status})"
        return EndpointError(f"{where} {fault}" + (f": {said}" if said else "."), reply.status)


def _pause(wish: str, tried: int) -> float:
    """Return how long to wait: what ``Retry-After`` wishes (RFC 9110, 10.2.3), else twice as long each time."""
    pause = 0.5 * 2.0**tried
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        is_date = not wish.strip().isdigit()
        pause = email.utils.parsedate_to_datetime(wish).timestamp() - time.time() if is_date else float(wish)
    return min(max(0.0, pause), LONGEST_PAUSE)


def _read(response: Any, until: float) -> bytes:
    """Return the whole body; that of an error may be cut off."""
    parts: list[bytes] = []
    try:
        while not parts or parts[-1]:
            parts.append(response.read1(1 << 16))
            if time.monotonic() > until:  # then what came, headers too, may be cut off
                raise TimeoutError
        if response.length:  # less came than was announced
            raise http.client.IncompleteRead(b"")
    except (http.client.HTTPException, OSError):
        if response.status < 300:
            raise
    return b"".join(parts)


def address(url: str) -> str:
    """Return ``url`` where it can be asked; raise :class:`EndpointError` where it cannot.

    It must be http or https and hold neither a user nor a fragment.
    """
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        parts = urllib.parse.urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s<>\"]", url):
        raise EndpointError(f"“{url[:200]}” is not the address of a server; it must begin with http:// or https://.")
    if parts.username or parts.password:
        raise EndpointError(
            "An address must not hold a user or password; set EUAIKG_ENDPOINT_USER and EUAIKG_ENDPOINT_PASSWORD."
        )
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise EndpointError(f"“{url[:200]}” is not the address of a server; its port is no number from 1 to 65535.")
    ascii_only = {part: urllib.parse.quote(getattr(parts, part), safe=string.punctuation) for part in ("path", "query")}
    return urllib.parse.urlunsplit(parts._replace(**ascii_only, fragment=""))


def extended(url: str, parameters: str) -> str:
    """Return ``url`` with encoded ``parameters`` behind those that it has."""
    return url + ("&" if "?" in url else "?") + parameters if parameters else url


def place(url: str) -> str:
    """Return ``url`` as messages name it: without parameters, which may hold a whole query or a key."""
    return url.split("?", 1)[0]


def shorten(reply: Reply) -> str:
    """Return what a server said in an error as one line of at most 300 characters, markup and query left out."""
    text = reply.body[:20_000].decode("utf-8", "replace")
    if reply.kind == "application/json" or text.lstrip().startswith("{"):
        try:
            fields = json.loads(text)
            text = next(
                (str(fields[key]) for key in ("detailedMessage", "message", "exception", "error") if key in fields),
                text,
            )
        except (ValueError, TypeError):
            pass
    if "html" in reply.kind or re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE):
        text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", " ", text)
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    text, _, expected = re.split(r"\bSPARQL query:", text)[0].partition(": expected one of")
    if "Prefix not found" in expected:  # the one thing in Oxigraph's list of what could stand there that helps
        text += ": Prefix not found"
    text = " ".join(text.split())
    text = "".join(c for c in text if c.isprintable())
    return text if len(text) <= 300 else text[:299] + "…"
