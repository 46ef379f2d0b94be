"""What CKAN makes of the catalogue: ckanext-dcat's own parser reads it, without a database.

``EUAIKG_CKAN`` names the folder where CKAN and its extension stand (``pip install --no-deps --target FOLDER ckan
ckanext-dcat``). Of CKAN itself only the tables of formats and licences are needed; the rest is stood in for.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest
from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS

import euaikg
from euaikg.publishing import dcat
from euaikg.sparql.embedded import Embedded
from tests.conftest import missing

FOLDER = Path(os.environ.get("EUAIKG_CKAN", "/nowhere"))
MADE = {form: form.encode() * 100 for form in dcat.DISTRIBUTED}
SETTINGS = {"ckan.locale_default": "en"}


class StandIn(ModuleType):
    """A module of CKAN of which nothing matters here."""

    __path__ = ()  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=name)


class Finder:
    """Finds the modules of CKAN as stand-ins, and the extension where it is."""

    def find_spec(self, name: str, *_: object) -> Any:
        if name.partition(".")[0] in ("ckan", "ckantoolkit", "geomet"):
            return importlib.util.spec_from_loader(name, self)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: Any) -> ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def no_action(name: str) -> None:
    raise KeyError(name)


@pytest.fixture(scope="module")
def profile() -> Iterator[Any]:
    """The class by which the extension reads a data set of DCAT-AP 3."""
    if not (FOLDER / "ckanext" / "dcat").is_dir():
        missing("EUAIKG_CKAN names no folder with CKAN and ckanext-dcat from PyPI")
    before, finder = set(sys.modules), Finder()
    sys.meta_path.insert(0, finder)
    sys.path.insert(0, str(FOLDER))
    try:
        toolkit: Any = importlib.import_module("ckantoolkit")
        toolkit.config, toolkit.get_action, toolkit.ObjectNotFound = SETTINGS, no_action, LookupError
        toolkit.asbool, toolkit.aslist, toolkit.url_for = bool, list, lambda *_, **__: ""
        toolkit.toolkit = toolkit
        common: Any = importlib.import_module("ckan.common")
        common.config, common._ = SETTINGS, str
        formats: dict[str, list[str]] = {}
        for name, title, media, *more in json.loads((FOLDER / "ckan/config/resource_formats.json").read_text()):
            if name != "_comment":
                for word in (name, title, media, *(more[0] if more else ())):
                    formats[str(word).lower()] = [media, name, title]
        helpers: Any = importlib.import_module("ckan.lib.helpers")
        helpers.resource_formats = lambda: formats
        spec = importlib.util.spec_from_file_location("ckan.model.license", FOLDER / "ckan/model/license.py")
        assert spec
        assert spec.loader
        licences = sys.modules["ckan.model.license"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(licences)
        yield importlib.import_module("ckanext.dcat.profiles").EuropeanDCATAP3Profile
    finally:
        sys.meta_path.remove(finder)
        sys.path.remove(str(FOLDER))
        for name in set(sys.modules) - before:
            if name.partition(".")[0] in ("ckan", "ckanext", "ckantoolkit", "geomet"):
                del sys.modules[name]


def packages(profile: Any, description: Graph) -> list[dict[str, Any]]:
    """What the extension makes of each data set, in the format that harvesters ask for first."""
    graph = Graph().parse(data=dcat.written(description, "rdfxml"), format="xml")
    read, found = profile(graph), []
    for dataset in read._datasets():
        package: dict[str, Any] = {}
        read.parse_dataset(package, dataset)
        found.append(package)
    return found


def test_a_release_is_one_package(profile: Any, engine: Embedded) -> None:
    (package,) = packages(profile, dcat.describe(engine, MADE, email="data@example.org"))
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    assert package["license_id"] == "cc-by"
    assert extras["contact_email"] == "data@example.org"
    assert package["title"].endswith("initiatives on artificial intelligence")
    assert extras["uri"] == str(dcat.DATASET)
    kinds = {resource["format"]: resource["mimetype"] for resource in package["resources"]}
    assert kinds == {
        "CSV": "text/csv",
        "JSON-LD": "application/ld+json",
        "N-Quads": "application/n-quads",
        "N-Triples": "application/n-triples",
        "Parquet": "application/vnd.apache.parquet",
        "RDF": "application/rdf+xml",
        "TriG": "application/trig",
        "Turtle": "text/turtle",
    }
    for resource in package["resources"]:
        form = resource["uri"].rpartition("/")[2]
        assert resource["url"].endswith(dcat.FILES[form])
        assert resource["size"] == len(MADE[form])
        assert resource["hash"]


def test_a_portal_of_one_language_gets_keywords_in_it_alone(profile: Any, engine: Embedded) -> None:
    for language, word in (("en", "knowledge graph"), ("nl", "kennisgraaf")):
        (package,) = packages(profile, dcat.describe(engine, MADE, language=language))
        tags = {tag["name"] for tag in package["tags"]}
        assert (word in tags, len(tags)) == (True, 7)
        other = {"kennisgraaf": "knowledge graph", "knowledge graph": "kennisgraaf"}[word]
        assert other not in tags
    assert "open kennisgraaf" in package["title"]


def test_a_multilingual_portal_gets_both_languages(profile: Any, engine: Embedded) -> None:
    graph = Graph().parse(data=dcat.written(dcat.describe(engine, MADE), "rdfxml"), format="xml")
    titles = profile(graph)._object_value_multilingual(dcat.DATASET, DCTERMS.title)
    assert set(titles) == {"en", "nl"}
    words = profile(graph)._object_value_list_multilingual(dcat.DATASET, DCAT.keyword)
    assert {language: len(found) for language, found in words.items()} == {"en": 7, "nl": 7}


def test_the_versions_are_packages_only_where_they_are_asked_for(profile: Any, engine: Embedded) -> None:
    (version,) = packages(profile, dcat.describe(engine, MADE, versions=True))
    assert len(version["resources"]) == len(MADE)
    for resource in version["resources"]:
        assert f"/{euaikg.__version__}/" in resource["url"]
