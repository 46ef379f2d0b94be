"""A real nginx, set up as the documentation says, before the files of a release and before ``euaikg serve``."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from euaikg.core import files
from euaikg.pages import site
from euaikg.pages.view import STATIC, Site
from euaikg.sparql.embedded import Embedded
from tests.conftest import program
from tests.test_serve import Served, crawl, serving, truth
from tests.test_servers import free_port

pytestmark = pytest.mark.slow

CONFIGURATION = """
daemon off; {user} pid nginx.pid; error_log error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    server {{ listen 127.0.0.1:{port}; {locations} }}
}}
"""


def told(page: str) -> str:
    """Return what the documentation's ``page`` says of nginx."""
    text = (files.root() / "docs" / page).read_text(encoding="utf-8")
    (found,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    return str(found)


@contextmanager
def nginx(folder: Path, locations: str) -> Iterator[Served]:
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(CONFIGURATION.format(user=user, port=port, locations=locations))
    command = [program("nginx", "nginx-light"), "-p", str(folder), "-e", "error.log", "-c", "nginx.conf"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        there = Served(process, f"http://127.0.0.1:{port}/")
        try:
            for _ in range(100):
                try:
                    there.get("")
                    break
                except OSError:
                    assert process.poll() is None, process.stderr and process.stderr.read()
                    time.sleep(0.1)
            yield there
        finally:
            process.terminate()
            process.wait(60)


def test_it_hosts_the_files_of_a_release(engine: Embedded, tmp_path: Path) -> None:
    public = tmp_path / "public"
    there = Site(engine, engine.store, "2026-11-22", home="/euaikg/")
    made = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.is_file()}
    made |= {name: site.page(there, name) or b"" for name in ("index.html", "404.html", "nl/404.html", "about.html")}
    made |= {
        "ontology.ttl": b"<urn:a> <urn:b> <urn:c> .\n" * 100,
        "figures.rq": b"ASK {}\n",
        "x.nt.gz": gzip.compress(b""),
    }
    for name, content in made.items():
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_bytes(content)
    with nginx(tmp_path, told("site.md").replace("/srv/euaikg/", f"{public}/")) as server:
        page = server.get("euaikg/")
        assert (page.status, page.kind, page.body) == (200, "text/html", made["index.html"])
        assert page.headers["Access-Control-Allow-Origin"] == "*"
        for name, kind in (("ontology.ttl", "text/turtle"), ("figures.rq", "application/sparql-query")):
            assert (server.get(f"euaikg/{name}").kind, server.get(f"euaikg/{name}").body) == (kind, made[name])
        packed = server.get("euaikg/ontology.ttl", Accept_Encoding="gzip")
        assert (packed.headers["Content-Encoding"], gzip.decompress(packed.body)) == ("gzip", made["ontology.ttl"])
        assert server.get("euaikg/x.nt.gz").kind == "application/gzip"
        absent = server.get("euaikg/id/body/nobody.html")
        assert (absent.status, absent.body) == (404, made["404.html"])
        for link in re.findall(r'(?:href|src)="(/[^"]*\.(?:css|js|svg))"', absent.body.decode()):
            assert server.get(urlsplit(link).path[1:]).status == 200, link


@pytest.mark.usefixtures("built")
def test_it_stands_before_the_server(tmp_path: Path) -> None:
    with serving("--root-path", "/graphs/euaikg", "--forwarded-allow-ips", "127.0.0.1", "--timeout", "60") as behind:
        locations = told("server.md").replace("127.0.0.1:8000", f"127.0.0.1:{behind.port}")
        with nginx(tmp_path, locations) as server:
            server.path = "/graphs/euaikg/"
            assert crawl(server, "/graphs/euaikg/", 30) >= 30
            assert truth(server.sparql("ASK { ?s ?p ?o }")) is True
            assert truth(server.post("query=ASK%20%7B%7D")) is True
            found = server.get("sparql", Accept="application/n-triples", Host="data.example.org")
            assert b"<http://data.example.org/graphs/euaikg/sparql>" in found.body
            packed = server.get("", Accept_Encoding="gzip")
            assert packed.headers["Content-Encoding"] == "gzip"
            assert server.get("nowhere").status == 404
