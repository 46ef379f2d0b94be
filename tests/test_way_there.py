"""What stands between here and a server: proxies, authorities of certificates, keys as headers, limits of size."""

from __future__ import annotations

import base64
import contextlib
import http.client
import http.server
import select
import shutil
import socket
import ssl
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from euaikg.errors import EndpointError
from euaikg.publishing import marks, server
from euaikg.publishing.load import PublishError, Target, patch, publish
from euaikg.publishing.patches import between
from euaikg.sparql.remote import Remote
from tests.conftest import Run
from tests.test_remote import QUERY, Fake, fake, rows  # noqa: F401
from tests.test_servers import graph_of, held, oxigraph_server

LOGIN = "ann:p%40ss-w0rd"
KEY = "k3y-that-is-secret"


@dataclass
class Proxy:
    """A forward proxy on loopback; it takes bodies of at most ``most`` bytes, and wants a login where ``login`` is."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    most: int = 1 << 30
    login: str | None = None
    refused: int = 0


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    made = Proxy()

    class Handler(http.server.BaseHTTPRequestHandler):
        def refused(self) -> bool:
            given = self.headers.get("Proxy-Authorization")
            if made.login and given != "Basic " + base64.b64encode(made.login.encode()).decode():
                self.send_error(407)
                return True
            return False

        def forward(self) -> None:
            made.asked.append(f"{self.command} {self.path}")
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if self.refused():
                return
            if length > made.most:
                made.refused += 1
                self.send_error(413)
                return
            parts = urllib.parse.urlsplit(self.path)
            there = http.client.HTTPConnection(parts.netloc, timeout=60)
            path = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
            kept = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
            there.request(self.command, path, body, kept)
            answer = there.getresponse()
            content = answer.read()
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            there.close()

        do_GET = do_POST = do_PUT = do_DELETE = forward  # noqa: N815

        def do_CONNECT(self) -> None:
            made.asked.append(f"CONNECT {self.path}")
            if self.refused():
                return
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port)), timeout=60) as there:
                self.send_response_only(200, "Connection established")
                self.end_headers()
                ends = {self.connection: there, there: self.connection}
                while ready := select.select(list(ends), [], [], 20)[0]:
                    for end in ready:
                        if not (some := end.recv(1 << 16)):
                            return
                        ends[end].sendall(some)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        made.url = f"http://127.0.0.1:{port}"
        yield made


@contextlib.contextmanager
def serving(one: http.server.ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one.server_port
    one.shutdown()
    one.server_close()
    thread.join()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the certificate of an authority of one's own (ca.pem) and a server's for “localhost” (both.pem)."""
    if not shutil.which("openssl"):
        pytest.skip("needs the command openssl")
    folder = tmp_path_factory.mktemp("authority")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    steps: list[tuple[str, ...]] = [
        ("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Own authority",
         "-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        ("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost"),
        ("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
         "-out", "server.pem", "-extfile", "extensions"),
    ]  # fmt: skip
    (folder / "extensions").write_text(
        "subjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n"
    )
    for step in steps:
        subprocess.run(["openssl", *step], cwd=folder, check=True, capture_output=True)
    (folder / "both.pem").write_text((folder / "server.pem").read_text() + (folder / "server.key").read_text())
    return folder


@pytest.fixture
def secure(authority: Path) -> Iterator[str]:
    """The address of a server on loopback that speaks https and answers with no row."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that does not trust us goes away

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "both.pem")
    quiet = Quiet(("127.0.0.1", 0), Handler)
    quiet.socket = context.wrap_socket(quiet.socket, server_side=True)
    with serving(quiet) as port:
        yield f"https://localhost:{port}/sparql"


def ask(url: str) -> int:
    return len(Remote(url, timeout=60, default_graph="").select(QUERY).rows)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_a_proxy_of_the_environment_is_asked(
    name: str,
    proxy: Proxy,
    fake: Fake,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, proxy.url)
    fake.says(rows({}))
    assert ask(fake.url + "/sparql") == 1
    assert proxy.asked[0].startswith(f"GET {fake.url}/sparql?query=")
    monkeypatch.setenv("NO_PROXY", "example.org,127.0.0.1")
    assert ask(fake.url + "/sparql") == 1
    assert len(proxy.asked) == 1


def test_a_server_that_asks_for_a_login_is_asked_again_by_the_same_proxy(
    proxy: Proxy,
    fake: Fake,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("EUAIKG_ENDPOINT_USER", "ann")
    fake.says("", 401, WWW_Authenticate='Digest realm="x", nonce="n", qop="auth", algorithm=MD5')
    fake.says(rows({}))
    assert ask(fake.url + "/sparql") == 1
    assert len(proxy.asked) == 2
    assert 'uri="/sparql?query=' in fake.seen[-1].headers["Authorization"]


def test_a_proxy_may_want_a_login_which_nobody_else_is_given(
    proxy: Proxy,
    fake: Fake,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy.login = urllib.parse.unquote(LOGIN)
    host = proxy.url.removeprefix("http://")
    monkeypatch.setenv("HTTP_PROXY", f"http://{LOGIN}@{host}")
    monkeypatch.setenv("NO_PROXY", "localhost")
    fake.says(rows({}))
    assert ask(fake.url + "/sparql") == 1
    # a redirect to a host that is asked without the proxy
    fake.replies.clear()
    fake.says("", 302, Location=fake.url.replace("127.0.0.1", "localhost") + "/there")
    fake.says(rows({}))
    assert ask(fake.url + "/sparql") == 1
    assert fake.seen[-1].path == "/there"
    assert [seen.headers["Proxy-Authorization"] for seen in fake.seen] == [None] * len(fake.seen)
    monkeypatch.setenv("HTTP_PROXY", f"http://{LOGIN}x@{host}")
    with pytest.raises(EndpointError, match=rf"/sparql answers through the proxy {host} with HTTP 407 ") as refused:
        ask(fake.url + "/sparql")
    assert "ss-w0rd" not in str(refused.value)


def test_a_proxy_that_is_down_is_named_and_its_login_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{LOGIN}@127.0.0.1:1/")
    sentence = r"^http://example.org/sparql cannot be reached through the proxy 127.0.0.1:1 \(Connection refused\)\.$"
    with pytest.raises(EndpointError, match=sentence):
        ask("http://example.org/sparql")
    monkeypatch.setenv("HTTP_PROXY", f"http:/{LOGIN}@127.0.0.1:1/")
    with pytest.raises(EndpointError) as refused:
        ask("http://example.org/sparql")
    assert "ss-w0rd" not in str(refused.value)


def test_an_authority_of_ones_own_is_named_in_the_environment(
    secure: str, authority: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    unknown = r"^https://localhost:[0-9]+/sparql shows a certificate that is not trusted \(unable to get local issuer "
    with pytest.raises(EndpointError, match=unknown + r"certificate; name the file of its authority in SSL_CERT_FILE"):
        ask(secure)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "nowhere.pem"))
    with pytest.raises(EndpointError, match=r"; SSL_CERT_FILE names \S+nowhere.pem, which cannot be read\)\.$"):
        ask(secure)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    assert ask(secure) == 0
    other = secure.replace("localhost", "127.0.0.1")
    with pytest.raises(EndpointError, match=r"not trusted \(IP address mismatch, [^;]*\)\.$"):
        ask(other)
    # and through a proxy, to which nothing is shown but the name of the host
    proxy.login = urllib.parse.unquote(LOGIN)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//{LOGIN}@"))
    assert ask(secure) == 0
    assert proxy.asked == [f"CONNECT {urllib.parse.urlsplit(secure).netloc}"]
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with pytest.raises(EndpointError, match=r"cannot be reached through the proxy 127.0.0.1:[0-9]+ \(Tunnel .* 407 "):
        ask(secure)


def test_a_key_goes_along_as_a_header_and_no_further(
    fake: Fake,  # noqa: F811
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EUAIKG_ENDPOINT_HEADER", f"X-API-Key: {KEY}\nAuthorization: Token {KEY}-2\n")
    fake.says("", 302, Location="/elsewhere")
    fake.says(rows({}))
    assert ask(fake.url + "/sparql") == 1
    assert [seen.headers["X-API-Key"] for seen in fake.seen] == [KEY] * 2
    assert [seen.headers["Authorization"] for seen in fake.seen] == [f"Token {KEY}-2"] * 2
    fake.replies.clear()
    fake.says("", 302, Location=fake.url.replace("127.0.0.1", "localhost") + "/there")
    with pytest.raises(EndpointError, match=r"redirects to another host .* not given the credentials\.$"):
        ask(fake.url + "/sparql")
    fake.replies.clear()
    fake.says(f"{KEY}-2 or {KEY} is no key", 403, "text/plain")
    done = run("query", "--text", QUERY, "--endpoint", fake.url + "/sparql")
    assert done.returncode == 2
    assert "/sparql refuses the credentials given (HTTP 403): … or … is no key" in done.stderr
    assert len(fake.seen) == 4


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("X-API-Key", r"must have the form “Name: value”, in ASCII, one header a line\.$"),
        ("X API Key: a", r"must have the form"),
        ("X-API-Key: schlüssel", r"must have the form"),
        ("Content-Type: text/plain", r"must not give Content-Type, which euaikg sets itself\.$"),
        ("Authorization: Token a", r"gives Authorization, and so does the token or user; unset one\.$"),
    ],
)
def test_headers_that_cannot_be_given(header: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EUAIKG_ENDPOINT_HEADER", header)
    monkeypatch.setenv("EUAIKG_ENDPOINT_TOKEN", "t0ken")
    with pytest.raises(EndpointError, match="^EUAIKG_ENDPOINT_HEADER " + sentence) as refused:
        Remote("http://example.org/sparql")
    assert "schlüssel" not in str(refused.value)


@pytest.mark.slow
@pytest.mark.servers
@pytest.mark.parametrize("way", ["graph store", "updates"])
def test_what_is_too_large_for_one_request_goes_in_several(
    way: str, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind nginx, which takes one megabyte unless told otherwise; by a patch too."""
    monkeypatch.setattr(server, "PORTION", 100)
    monkeypatch.setattr(server, "TRIPLES", 100)
    with oxigraph_server(tmp_path) as whole:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        target = whole if way == "graph store" else Target(whole.endpoint)
        proxy.most = 5000
        report = publish(graph_of(300), target)
        assert held(whole, "?s ?p ?o") == report.default_triples == 300
        assert 0 < proxy.refused < 5  # what is known to be too large is not sent again
        publish(graph_of(301), target)
        old, new = (marks.parts(graph_of(count)) for count in (301, 1001))
        assert patch(between(old, new), target).default_triples == held(whole, "?s ?p ?o") == 1001
        proxy.most = 100
        with pytest.raises(PublishError, match=r"answers through the proxy \S+ with HTTP 413 "):
            publish(graph_of(1002), target)
