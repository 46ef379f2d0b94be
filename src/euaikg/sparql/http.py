"""HTTP with a SPARQL server: who is asking, how long to wait, when to try again, and what counts as an answer.

Credentials come from the environment alone: ``EUAIKG_ENDPOINT_TOKEN`` (bearer), ``EUAIKG_ENDPOINT_HEADER`` (keys as
headers, one a line), or ``EUAIKG_ENDPOINT_USER`` and ``EUAIKG_ENDPOINT_PASSWORD``, which are given when the server asks
for them, as Basic or Digest, whichever it names. They appear in no message, even where the server repeats them. A
redirect is followed only for a GET, within one scheme, and with credentials only within one host. Proxies and the
authorities of certificates are those of the environment too (``HTTPS_PROXY``, ``SSL_CERT_FILE`` and their like, which
Python's library reads). An answer is unpacked and decoded as its headers say, and no more of it is read than it may
take. Everything that goes wrong is an :class:`EndpointError` of one sentence.
"""

from __future__ import annotations

import base64
import codecs
import contextlib
import copy
import email.utils
import html
import http.client
import json
import os
import re
import ssl
import string
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from euaikg.core.version import __version__
from euaikg.errors import EndpointError, cut
from euaikg.sparql import credentials, limited
from euaikg.sparql.clock import Clock, InTime
from euaikg.sparql.credentials import discreet, without_secrets

AGENT = f"euaikg/{__version__} (+https://w3id.org/euaikg/)"
TRIES = 4
"""How often a request is made in all, where the server says that it is busy (429 or 503)."""

LONGEST_PAUSE = 30.0
"""The longest wait in seconds before trying again, whatever ``Retry-After`` says."""

TIMEOUT = 60.0
"""How long to wait for an answer in seconds, unless the caller says otherwise."""

GROWTH = 8
"""How much larger an answer is as Python values than as the text that comes, about."""

REMARK = 100_000
"""How many bytes of an error are read."""

LONGEST_DECLARATION = 1000
"""How many bytes of XML are looked at for the encoding that it declares."""

NO_CHARSETS = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
"""What Python counts among the encodings of text, and no server writes its answers in; some never end on long ones."""

LARGE = 20_000
"""From so many bytes on a body is not sent before the server had the chance to ask for a login."""

_UNKNOWN_AUTHORITY = (18, 19, 20, 21)
"""The codes of OpenSSL for a certificate of which nobody trusted is behind."""


@dataclass(frozen=True)
class Reply:
    """What a server answered with: its status and headers, its media type without parameters, and its body whole.

    The ``body`` is unpacked; ``kind`` and ``charset`` are what the headers say of it, if they do. As Python values it
    may take ``memory`` bytes; ``ends`` says whether the server announced its end: else it may have broken off.
    """

    status: int
    reason: str
    headers: Mapping[str, str]
    kind: str
    body: bytes
    charset: str | None = None
    memory: int = 1 << 33
    ends: bool = True

    @property
    def text(self) -> str:
        """The body as text; raises :class:`UnicodeError` or :class:`LookupError` where it cannot be read."""
        start = self.body[:LONGEST_DECLARATION]
        declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", start)
        charset = self.charset or (declared[1].decode() if declared and "xml" in self.kind else "utf-8")
        return self.body.decode(_codec(charset))


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, secrets: Collection[str]) -> None:
        self.secrets = secrets

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        here, there = place(req.full_url), said(f"{new.scheme}://{new.netloc}{new.path}")
        fp.read = bytes  # what stands beside the new address, which may have no end, is not read
        if old.scheme != new.scheme:
            raise EndpointError(f"{here} redirects to another scheme ({there}); that is not followed.")
        if self.secrets and old.netloc != new.netloc:
            raise EndpointError(f"{here} redirects to another host ({there}), which is not given the credentials.")
        if req.get_method() != "GET":
            raise EndpointError(f"{here} redirects to {there}; give that address instead.")
        made: Any = super().redirect_request(req, fp, code, msg, headers, newurl)
        if made:
            made.clock = req.clock
            made.remove_header("Proxy-authorization")  # which is for the proxy alone, and the next host may need none
            for name in self.secrets:
                if value := req.unredirected_hdrs.get(name):
                    made.add_unredirected_header(name, value)
        return made


class Web:
    """Sends requests to one server within ``timeout`` seconds each, retries and redirects included.

    An answer may take ``memory`` bytes, by default as much as a query of a user's own.
    """

    def __init__(self, timeout: float | None = None, memory: int | None = None) -> None:
        self.timeout = timeout or TIMEOUT
        self.memory = memory or limited.machine_share() or 1 << 33
        self._token = os.environ.get("EUAIKG_ENDPOINT_TOKEN")
        self._user = os.environ.get("EUAIKG_ENDPOINT_USER")
        self._password = os.environ.get("EUAIKG_ENDPOINT_PASSWORD", "")
        if self._token and not re.fullmatch(r"[!-~]+", self._token):
            raise EndpointError("EUAIKG_ENDPOINT_TOKEN holds characters that no token has.")
        self._keys = credentials.headers()
        if "Authorization" in self._keys and (self._token or self._user):
            raise EndpointError("EUAIKG_ENDPOINT_HEADER gives Authorization, and so does the token or user; unset one.")
        self._challenge: str | None = None
        names = {*self._keys, "Authorization"} if self._keys or self._token or self._user else ()
        self._opener = urllib.request.build_opener(InTime, _Redirects(names))
        self._passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        self._digest = urllib.request.HTTPDigestAuthHandler(self._passwords)

    def end(self) -> float:
        """Return the moment at which what begins now is to have its answer."""
        return time.monotonic() + self.timeout

    def send(self, request: urllib.request.Request, until: float | None = None) -> Reply:
        """Return the server's answer to ``request``; raise :class:`EndpointError` where there is none.

        With ``until``, which :meth:`end` gave, several requests have the time of one.
        """
        with discreet():
            return self._send(request, until or self.end())

    def _send(self, request: urllib.request.Request, until: float) -> Reply:
        where = place(request.full_url)
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        body = request.data
        if self._user and self._challenge is None and isinstance(body, bytes) and len(body) > LARGE:
            reply = self._once(urllib.request.Request(request.full_url), until)
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
                raise self._refused(request.full_url, reply)
            pause = _pause(reply.headers.get("Retry-After", ""), tried)
            if time.monotonic() + pause >= until:
                raise EndpointError(
                    f"{where} is busy (HTTP {reply.status}) and did not answer within {self.timeout:g} seconds."
                )
            time.sleep(pause)
            tried += 1

    def _once(self, request: urllib.request.Request, until: float) -> Reply:
        where = place(request.full_url)
        request.add_header("User-Agent", AGENT)
        for name, value in self._keys.items():
            request.add_unredirected_header(name, value)
        asked: Any = copy.copy(request)  # which a proxy is put into
        try:
            with Clock(until) as asked.clock:
                try:
                    response: Any = self._opener.open(asked, timeout=asked.clock.left)
                except urllib.error.HTTPError as error:
                    response = error
                with response:
                    headers, most = response.headers, REMARK if response.status >= 300 else self.memory // GROWTH
                    packed = _read(response, until, most)
            try:
                body = _unpacked(packed, headers.get("Content-Encoding", ""), most, until)
            except ValueError:
                if response.status < 300:
                    raise
                body = b""  # the status says enough
            if len(body) > most and response.status < 300:
                raise too_large(where, self.memory)
            kind, charset = (
                headers.get_content_type() if "Content-Type" in headers else "",
                headers.get_content_charset(),
            )
            ends = response.chunked or response.length is not None
            return Reply(response.status, response.reason, headers, kind, body[:most], charset, self.memory, ends)
        except (http.client.HTTPException, OSError, ValueError) as error:
            cause = error.reason if isinstance(error, urllib.error.URLError) else error
            if isinstance(cause, TimeoutError) or time.monotonic() > until:
                raise EndpointError(f"{where} did not answer within {self.timeout:g} seconds.") from None
            if isinstance(cause, http.client.IncompleteRead):
                raise EndpointError(f"{where} broke off in the middle of its answer.") from None
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise EndpointError(f"{where} shows a certificate that is not trusted ({_distrust(cause)}).") from None
            fault = "does not speak HTTP as it should" if cause is error else "cannot be reached"
            fault += through(request.full_url)
            reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
            raise EndpointError(f"{where} {fault} ({said(reason)}).") from None

    def _authorize(self, request: urllib.request.Request) -> None:
        kind, _, rest = str(self._challenge).partition(" ")
        if kind.lower() == "digest":
            self._passwords.add_password(None, request.full_url, str(self._user), self._password)
            try:
                fields = urllib.request.parse_keqv_list(list(filter(None, urllib.request.parse_http_list(rest))))
                words = self._digest.get_authorization(request, fields)
            except (LookupError, ValueError, AttributeError, OSError):
                words = None
            if words is None:
                raise EndpointError(
                    f"{place(request.full_url)} asks for a Digest login that cannot be given "
                    "(an unknown algorithm, or a user or password that is not ASCII)."
                )
        else:
            kind, words = "Basic", base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
        request.add_unredirected_header("Authorization", f"{kind} {words}")

    def _refused(self, url: str, reply: Reply) -> EndpointError:
        where, told = place(url), shorten(reply)
        fault = " ".join(f"answers{through(url)} with HTTP {reply.status} {said(reply.reason)}".split())
        if reply.status in (401, 403):
            hint = (
                "refuses the credentials given"
                if self._user or self._token or self._keys
                else "wants credentials: set EUAIKG_ENDPOINT_USER and EUAIKG_ENDPOINT_PASSWORD, "
                "EUAIKG_ENDPOINT_TOKEN or EUAIKG_ENDPOINT_HEADER"
            )
            fault = f"{hint} (HTTP {reply.status})"
        return EndpointError(f"{where} {fault}" + (f": {told}" if told else "."), reply.status)


def too_large(where: str, memory: int) -> EndpointError:
    """Return the error to raise where an answer takes more than ``memory`` bytes."""
    return EndpointError(
        f"{where} answers with more than the {limited.shown(memory)} of memory that it may take; "
        "ask for less, or give it more with --memory."
    )


def through(url: str) -> str:
    """Return by which proxy of the environment ``url`` is asked, as a part of a sentence; nothing where by none."""
    parts = urllib.parse.urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme, "")
    if not proxy or urllib.request.proxy_bypass(parts.netloc):
        return ""
    host = urllib.parse.unquote(proxy.rpartition("@")[2].rpartition("//")[2].partition("/")[0])
    return f" through the proxy {host}"


def _distrust(error: ssl.SSLCertVerificationError) -> str:
    """Return why a certificate is not trusted, and what to do where its authority is not known."""
    reason = error.verify_message.rstrip(".")
    if error.verify_code not in _UNKNOWN_AUTHORITY:
        return reason
    given = os.environ.get("SSL_CERT_FILE", "")
    if given and not os.access(given, os.R_OK):
        return f"{reason}; SSL_CERT_FILE names {given}, which cannot be read"
    return f"{reason}; name the file of its authority in SSL_CERT_FILE"


def said(text: str) -> str:
    """Return what a server said as a sentence can hold it, without the secrets that it repeats."""
    return cut(without_secrets(text))  # in this order: a part of one is not found


def _codec(charset: str) -> str:
    """Return the name of the codec for ``charset``; raise :class:`LookupError` for what text is not written in."""
    name = codecs.lookup(charset).name
    if name in NO_CHARSETS:
        raise LookupError(name)
    return "utf-8-sig" if name == "utf-8" else charset


def _pause(wish: str, tried: int) -> float:
    """Return how long to wait: what ``Retry-After`` wishes (RFC 9110, 10.2.3), else twice as long each time."""
    pause = 0.5 * 2.0**tried
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        is_date = not wish.strip().isdigit()
        pause = email.utils.parsedate_to_datetime(wish).timestamp() - time.time() if is_date else float(wish)
    return min(max(0.0, pause), LONGEST_PAUSE)


def _read(response: Any, until: float, most: int) -> bytes:
    """Return the whole body, or more than ``most`` bytes of it; that of an error may be cut off."""
    parts: list[bytes] = []
    size = 0
    try:
        while (not parts or parts[-1]) and size <= most:
            parts.append(response.read1(1 << 16))
            size += len(parts[-1])
            if time.monotonic() > until:  # then what came, headers too, may be cut off
                raise TimeoutError
        if response.length and size <= most:  # less came than was announced
            raise http.client.IncompleteRead(b"")
    except (http.client.HTTPException, OSError):
        if response.status < 300:
            raise
    return b"".join(parts)


def _unpacked(body: bytes, encoding: str, most: int, until: float) -> bytes:
    """Return ``body`` as it was before it was packed, or more than ``most`` bytes of it.

    Raises :class:`ValueError` for a way of packing that is unknown, and for what is damaged.
    """
    for way in reversed([name.strip().lower() for name in encoding.split(",")]):
        if way in ("", "identity"):
            continue
        if way not in ("gzip", "x-gzip", "deflate"):
            raise ValueError(f"packed as {way}")
        raw = way == "deflate" and body[:1] != b"\x78"
        parts, size = [], 0
        try:
            while body and size <= most:
                if time.monotonic() > until:  # as with very many packages of nothing
                    raise TimeoutError
                unpacking = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32)
                parts.append(unpacking.decompress(body, most + 1 - size))
                size += len(parts[-1])
                body = unpacking.unused_data
                if not unpacking.eof and size <= most:
                    raise ValueError("packed, and cut off")
        except zlib.error:
            raise ValueError("packed, and damaged") from None
        body = b"".join(parts)
    return body


def address(url: str) -> str:
    """Return ``url`` where it can be asked; raise :class:`EndpointError` where it cannot.

    It must be http or https and hold neither a user nor a fragment.
    """
    shown = re.sub(r"//[^/?#]*@", "//…@", url)[:200]
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        parts = urllib.parse.urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s<>\"]", url):
        raise EndpointError(f"“{shown}” is not the address of a server; it must begin with http:// or https://.")
    if parts.username or parts.password:
        raise EndpointError(
            "An address must not hold a user or password; set EUAIKG_ENDPOINT_USER and EUAIKG_ENDPOINT_PASSWORD."
        )
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise EndpointError(f"“{shown}” is not the address of a server; its port is no number from 1 to 65535.")
    ascii_only = {part: urllib.parse.quote(getattr(parts, part), safe=string.punctuation) for part in ("path", "query")}
    try:
        return NamedNode(urllib.parse.urlunsplit(parts._replace(**ascii_only, fragment=""))).value
    except ValueError as error:
        raise EndpointError(f"“{shown}” is not the address of a server ({error}).") from None


def extended(url: str, parameters: str) -> str:
    """Return ``url`` with encoded ``parameters`` behind those that it has."""
    return url + ("&" if "?" in url else "?") + parameters if parameters else url


def place(url: str) -> str:
    """Return ``url`` as messages name it: without parameters, which may hold a whole query or a key."""
    return url.split("?", 1)[0]


def shorten(reply: Reply) -> str:
    """Return what a server said in an error as one line of at most 300 characters, markup and query left out."""
    try:
        text = reply.body[:REMARK].decode(_codec(reply.charset or "utf-8"), "replace")
    except (LookupError, ValueError):
        text = reply.body[:REMARK].decode("utf-8", "replace")
    text = without_secrets(text)  # before it is cut
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
        text = re.sub(r"(?is)<(style|script|head)\b.*?(</\1>|\Z)", " ", text)
        text = html.unescape(re.sub(r"<[^<>]*>", " ", text))
    text, _, expected = re.split(r"\bSPARQL query:", text)[0].partition(": expected one of")
    if "Prefix not found" in expected:  # the one thing in Oxigraph's list of what could stand there that helps
        text += ": Prefix not found"
    text = " ".join(text.split())
    text = without_secrets("".join(c for c in text if c.isprintable()))
    return text if len(text) <= 300 else text[:299] + "…"
