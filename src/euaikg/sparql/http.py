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
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

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
    """What a server answered with: its body whole, its headers, and its media type without parameters."""

    body: bytes
    headers: Mapping[str, str]
    kind: str


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, secret: bool) -> None:
        self.secret = secret

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        where = f"{new.scheme}://{new.netloc}{new.path}"
        if old.scheme != new.scheme:
            raise EndpointError(f"{place(req.full_url)} redirects to another scheme ({where}); that is not followed.")
        if self.secret and old.netloc != new.netloc:
            raise EndpointError(
                f"{place(req.full_url)} redirects to another host ({where}), which is not given the credentials."
            )
        if req.get_method() != "GET":
            raise EndpointError(f"{place(req.full_url)} redirects to {where}; give that address instead.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _InTime(urllib.request.AbstractHTTPHandler):
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


class _Http(_InTime, urllib.request.HTTPHandler):
    pass


class _Https(_InTime, urllib.request.HTTPSHandler):
    pass


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
        self._opener = urllib.request.build_opener(_Http, _Https, _Redirects(bool(self._token or self._user)))
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        self._digest = urllib.request.HTTPDigestAuthHandler(passwords)
        self._passwords = passwords

    def send(self, request: urllib.request.Request) -> Reply:
        """Return the server's answer to ``request``; raise :class:`EndpointError` where there is none."""
        until = time.monotonic() + self.timeout
        request.add_header("User-Agent", AGENT)
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        body = request.data
        if self._user and self._challenge is None and isinstance(body, bytes) and len(body) > LARGE:
            self._learn(request, until)
        answered = False
        for left in range(TRIES, 0, -1):
            if self._user and self._challenge is not None:
                self._authorize(request)
            try:
                return self._once(request, until)
            except urllib.error.HTTPError as error:
                if error.code in (401, 403) and self._user and not answered:
                    answered = True
                    self._challenge = error.headers.get("WWW-Authenticate") or "Basic"
                    self._authorize(request)
                    pause = 0.0
                elif error.code in (429, 503) and left > 1:
                    pause = self._pause(error.headers.get("Retry-After"), TRIES - left)
                else:
                    raise self._refused(request, error, until) from None
                error.close()
                if time.monotonic() + pause >= until:
                    raise EndpointError(
                        f"{place(request.full_url)} is busy (HTTP {error.code}) and did not answer "
                        f"within {self.timeout:g} seconds."
                    ) from None
                time.sleep(pause)
        raise EndpointError(f"{place(request.full_url)} did not let us in.")

    def _once(self, request: urllib.request.Request, until: float) -> Reply:
        where = place(request.full_url)
        late = EndpointError(f"{where} did not answer within {self.timeout:g} seconds.")
        try:
            with self._opener.open(request, timeout=max(0.01, until - time.monotonic())) as response:
                if time.monotonic() > until:  # then its headers may be cut off
                    raise late
                body = _read(response, until)
                return Reply(body, response.headers, response.headers.get_content_type())
        except urllib.error.HTTPError:
            raise
        except TimeoutError:
            raise late from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError) or time.monotonic() > until:
                raise late from None
            reason = getattr(error.reason, "strerror", None) or str(error.reason)
            raise EndpointError(f"{where} cannot be reached ({reason}).") from None
        except http.client.IncompleteRead:
            raise EndpointError(f"{where} broke off in the middle of its answer.") from None
        except (http.client.HTTPException, OSError, ValueError) as error:
            if time.monotonic() > until:
                raise late from None
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise EndpointError(f"{where} does not speak HTTP as it should ({reason}).") from None

    def _learn(self, request: urllib.request.Request, until: float) -> None:
        """Ask for nothing, so that a server which wants a login says so before the body is sent."""
        empty = urllib.request.Request(request.full_url, headers={"User-Agent": AGENT})
        try:
            self._once(empty, until)
        except urllib.error.HTTPError as error:
            if error.code == 401:
                self._challenge = error.headers.get("WWW-Authenticate") or "Basic"
            error.close()

    def _authorize(self, request: urllib.request.Request) -> None:
        kind, _, rest = str(self._challenge).partition(" ")
        if kind.lower() == "digest":
            fields = urllib.request.parse_keqv_list(list(filter(None, urllib.request.parse_http_list(rest))))
            self._passwords.add_password(None, request.full_url, str(self._user), self._password)
            try:
                words = self._digest.get_authorization(request, fields)
            except (UnicodeEncodeError, KeyError, ValueError, AttributeError):
                words = None
            if words is None:
                raise EndpointError(
                    f"{place(request.full_url)} asks for a Digest login that cannot be given "
                    "(an unknown algorithm, or a user or password that is not ASCII)."
                )
            request.add_unredirected_header("Authorization", f"Digest {words}")
        else:
            pair = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {pair}")

    @staticmethod
    def _pause(wish: str | None, tried: int) -> float:
        """Return how long to wait: what ``Retry-After`` wishes (RFC 9110, 10.2.3), else twice as long each time."""
        if wish and wish.strip().isdigit():
            return min(float(wish), LONGEST_PAUSE)
        if wish:
            try:
                return min(max(0.0, email.utils.parsedate_to_datetime(wish).timestamp() - time.time()), LONGEST_PAUSE)
            except (TypeError, ValueError):
                pass
        return float(min(0.5 * 2**tried, LONGEST_PAUSE))

    def _refused(self, request: urllib.request.Request, error: urllib.error.HTTPError, until: float) -> EndpointError:
        where = place(request.full_url)
        try:
            said = shorten(_read(error, until), error.headers.get_content_type())
        except (OSError, http.client.HTTPException):
            said = ""
        for secret in filter(None, (self._token, self._password)):  # which a server may repeat
            said = said.replace(secret, "…")
        words = f": {said}" if said else "."
        if error.code in (401, 403):
            hint = (
                "refuses the credentials given"
                if self._user or self._token
                else "wants credentials: set EUAIKG_ENDPOINT_USER and EUAIKG_ENDPOINT_PASSWORD, "
                "or EUAIKG_ENDPOINT_TOKEN"
            )
            return EndpointError(f"{where} {hint} (HTTP {error.code}){words}", error.code)
        return EndpointError(f"{where} answers with HTTP {error.code} {error.reason}".rstrip() + words, error.code)


def _read(response: Any, until: float) -> bytes:
    parts = []
    while part := response.read1(1 << 16) if hasattr(response, "read1") else response.read(1 << 16):
        parts.append(part)
        if time.monotonic() > until:
            raise TimeoutError
    if getattr(response, "length", None):  # less came than was announced
        raise http.client.IncompleteRead(b"")
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
    return urllib.parse.urlunsplit(parts._replace(fragment=""))


def extended(url: str, parameters: str) -> str:
    """Return ``url`` with encoded ``parameters`` behind those that it has."""
    return url + ("&" if "?" in url else "?") + parameters if parameters else url


def place(url: str) -> str:
    """Return ``url`` as messages name it: without parameters, which may hold a whole query or a key."""
    return url.split("?", 1)[0]


def shorten(body: bytes, kind: str = "text/plain") -> str:
    """Return what a server said in an error as one line of at most 300 characters, markup and query left out."""
    text = body.decode("utf-8", "replace")
    if kind == "application/json" or text.lstrip().startswith("{"):
        try:
            fields = json.loads(text)
            text = next(
                (str(fields[key]) for key in ("detailedMessage", "message", "exception", "error") if key in fields),
                text,
            )
        except (ValueError, TypeError):
            pass
    if "html" in kind or re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE):
        text = re.sub(r"(?is)<(style|script|head)\b.*?</\1>", " ", text)
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    text, _, expected = re.split(r"\bSPARQL query:", text)[0].partition(": expected one of")
    if "Prefix not found" in expected:  # the one thing in Oxigraph's list of what could stand there that helps
        text += ": Prefix not found"
    text = " ".join(text.split())
    text = "".join(c for c in text if c.isprintable())
    return text if len(text) <= 300 else text[:299] + "…"
