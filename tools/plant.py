"""Whether faults that curators make are noticed: plants a hundred, one at a time, and asks each check of the project.

A fault is a small edit of one file in a copy of the shipped folders. ``validate`` looks at the copy, and so do
``fmt --check`` at the file and, with ``--documents``, ``sources check``. A fault counts as noticed where one of them
says something that it does not say of the files as they are, and as placed where that names the file, a line of the
description that was edited, the passage where there is one, and what to do.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO
from unittest import mock

from euaikg.core import files, places, processes
from euaikg.curation import canonical, sources, validation
from euaikg.errors import EuaikgError
from euaikg.graph import build
from euaikg.sparql.embedded import Embedded

EN = "data/sources/com-2024-28.trig"
NL = "data/sources/com-2025-165.trig"
ANNEXES = "data/sources/com-2025-723-annexes.trig"
PRESS = "data/sources/ip-24-383.trig"
NOTE = "data/sources/policy-monitor-ai-office.trig"
COVER = "data/sources/st-5853-24.trig"
BODIES, ACTS, ENVELOPES, INITIATIVES, PERIODS, DOCUMENTS, PLACES = (
    f"data/entities/{name}.ttl"
    for name in ("bodies", "legal-acts", "envelopes", "initiatives", "periods", "documents", "places")
)
LINKS, DERIVED, WIKIDATA = (f"data/links/{name}.ttl" for name in ("public-repositories", "derived", "wikidata-pages"))
POTS, DIFFERENCES = "data/curation/envelopes.ttl", "data/curation/discrepancies.ttl"
UNITS, QUALIFIERS, STATUSES, MEASURES = (
    f"ontology/codelists/{name}.ttl" for name in ("units", "qualifiers", "statuses", "measures")
)


@dataclass(frozen=True)
class Fault:
    """An edit: behind ``at`` in the ``file``, ``old`` becomes ``new``; without ``old``, ``new`` goes to the end."""

    words: str
    file: str
    at: str
    old: str
    new: str

    def planted(self, text: str) -> tuple[str, range, bool]:
        """Return ``text`` with the fault, the lines of the description that has it then, and if that is of a passage."""
        if self.old:
            start = text.index(self.old, text.index(self.at))
            changed = text[:start] + self.new + text[start + len(self.old) :]
        else:
            start, changed = len(text), text + self.new
        first, last = changed.rfind("\n\n", 0, start + 1) + 2, changed.find("\n\n", start + max(len(self.new), 1) - 1)
        lines = range(
            changed.count("\n", 0, first) + 1, changed.count("\n", 0, last if last >= 0 else len(changed)) + 2
        )
        begun = [line for line in changed[: start + len(self.new)].split("\n") if line and line[0] not in " }#"]
        return changed, lines, begun[-1].startswith("here:")


TABLE = [
    # the passage and where it stands
    ("a section mistyped in the IRI of a passage", EN, "here:s1-p2-value a euai:Passage", "here:s1-p2-value a", "here:s1-p22-value a"),
    ("a paragraph number that is another passage's", PRESS, "here:lead-p1 a", "euai:paragraph 1", "euai:paragraph 2"),
    ("a section number that is another's", EN, "here:s4-p16 a", 'euai:section "4"', 'euai:section "5"'),
    ("a footnote number that is another's", EN, "here:fn60 a", "euai:footnote 60", "euai:footnote 61"),
    ("an annex in place of a section", NL, "here:s1-1-p2 a", 'euai:section "1.1"', 'euai:annex "1.1"'),
    ("a span that ends before it starts", PRESS, "here:lead-p1-span1 a", "euai:end 319", "euai:end 31"),
    ("a span one character short", PRESS, "here:lead-p1-span1 a", "euai:end 319", "euai:end 318"),
    ("a span behind the end of the text", PRESS, "here:lead-p1-span2 a", "euai:end 468", "euai:end 4680000"),
    ("a digest with a letter changed", PRESS, "here:lead-p1-span1 a", '"c1f7', '"c1f8'),
    ("a span of another passage", PRESS, "here:lead-p2-planned a", "here:lead-p2-planned-span1 .", "here:lead-p1-span1 ."),
    ("a passage of the other language version", EN, "here:s4-p16 a", "source/com-2024-28/en>", "source/com-2025-165/nl>"),
    ("no modality", PRESS, "here:lead-p1-planned a", "  euai:modality modality:intended ;\n", ""),
    ("a modality mistyped", PRESS, "here:lead-p1-planned a", "modality:intended", "modality:intented"),
    ("a modality that contradicts the place of the passage", PRESS, "here:lead-p1-planned a", "modality:intended", "modality:denied"),
    ("facts in a passage that is said to have none", NL, "here:s0-h1 a", "  euai:withoutFact nofact:heading .", "  euai:withoutFact nofact:heading .\n\nhere:s0-h1 {\n  init:ai-factories euai:concerns topic:supercomputing .\n}"),
    ("facts without a described passage", PRESS, "here:lead-p1 {", "here:lead-p1 {", "here:lead-p11 {"),
    ("plain facts in a graph of no passage", EN, "", "", "\nhere:s9-p9 {\n  init:ai-factories euai:concerns topic:supercomputing .\n}\n"),
    ("facts on what the passage does not speak of", COVER, "here:enclosure {", 'doc:com-2024-28 dct:identifier "COM(2024) 28 final" .', 'doc:com-2024-28 dct:identifier "COM(2024) 28 final" .\n\n  body:eurohpc-ju euai:supports init:ai-factories .'),
    ("a passage that also reads itself", PRESS, "here:lead-p1 a", "euai:alsoReads here:dateline", "euai:alsoReads here:lead-p1"),
    ("a passage that also reads one that is not there", PRESS, "here:lead-p1 a", "euai:alsoReads here:dateline", "euai:alsoReads here:datelin"),
    ("a statement named after another passage", PRESS, "here:lead-p1 {", "here:lead-p1.launched a", "here:lead-p2.launched a"),
    ("a text without its checksum", NOTE, "text:policy-monitor-ai-office a", ";\n  spdx:checksum text:policy-monitor-ai-office-sha256 .", "."),
    ("a checksum of another file", NOTE, "spdx:checksumValue", '"4bf5', '"4bf6'),
    ("a file name that leads out of the folder", NOTE, "text:policy-monitor-ai-office a", '"000_', '"../000_'),
    # money
    ("an amount a thousand times too small", EN, "here:s5-p4-i1.ai-factories a", "2100000000", "2100000"),
    ("an amount with a digit changed", EN, "here:fn53.budget a", "2600000000", "2700000000"),
    ("two amounts swapped", EN, "here:s3-2-p13.in-2022 a", "2700000000 ;\n    euai:coversPeriod period:2022 ;\n    euai:currency cur:EUR ;\n    euai:fundingMode mode:market-size ;\n    euai:qualifier qualifier:exact .\n\n  here:s3-2-p13.in-2023 a euai:FundingStatement ;\n    euai:aboutEnvelope env:worldwide-venture-capital-in-ai ;\n    euai:amount 24000000000", "24000000000 ;\n    euai:coversPeriod period:2022 ;\n    euai:currency cur:EUR ;\n    euai:fundingMode mode:market-size ;\n    euai:qualifier qualifier:exact .\n\n  here:s3-2-p13.in-2023 a euai:FundingStatement ;\n    euai:aboutEnvelope env:worldwide-venture-capital-in-ai ;\n    euai:amount 2700000000"),
    ("an amount below nothing", EN, "here:fn53.budget a", "2600000000", "-2600000000"),
    ("bounds in the wrong order", EN, "here:s1-p2-value.value a", "euai:amountMin 2400000000000 ;\n    euai:amountMax 4000000000000", "euai:amountMin 4000000000000 ;\n    euai:amountMax 2400000000000"),
    ("the wrong currency", EN, "here:fn53.budget a", "cur:EUR", "cur:USD"),
    ("dollars taken for euros", EN, "here:fn60.series-a a", "cur:USD", "cur:EUR"),
    ("a currency that does not exist", EN, "here:fn53.budget a", "cur:EUR", "cur:ERU"),
    ("a kind of money from another list", EN, "here:fn53.budget a", "mode:project-budget", "status:launched"),
    ("a hedge of a range on one figure", EN, "here:fn53.budget a", "qualifier:exact", "qualifier:range"),
    ("an envelope mistyped", EN, "here:fn53.budget a", "env:ai-data-and-robotics-partnership-2021-2027", "env:ai-data-and-robotics-partnership-2021-2028"),
    ("an amount on the pot itself", EN, "env:cradle-investment euai:finances", "body:cradle .", "body:cradle ;\n    euai:amount 30000000 ."),
    ("the years of another pot", EN, "here:fn53.budget a", "period:2021--2027", "period:2018--2027"),
    ("a pot in itself", POTS, "euai:hasComponent", "rdf:object env:", "rdf:object env:ai-innovation-package-total, env:"),
    ("two pots that overlap and are parts of one whole", POTS, "euai:overlapsEnvelope", "euai:overlapsEnvelope", "euai:hasComponent, euai:overlapsEnvelope"),
    ("a plain triple among the judgements", POTS, "", "", "\nenv:ai-factories-2024 euai:overlapsEnvelope env:dare .\n"),
    ("a judgement without its reason", POTS, "judgement:cradle-round-within-investment a", ";\n  euai:reason\n", ";\n  skos:editorialNote\n"),
    # numbers
    ("a count with a digit changed", NL, "here:s0-p6-startups.startups a", "6800.0", "6900.0"),
    ("a count below nothing", NL, "here:s1-1-p2.factories a", "13.0", "-13.0"),
    ("a rank 0", NL, "here:s1-1-p2.first-call a", "1.0", "0.0"),
    ("more than a hundred percent", EN, "here:s3-2-p13.us-share a", "90.0", "190.0"),
    ("percent taken for a count", EN, "here:s3-2-p13.us-share a", "unit:percent", "unit:count"),
    ("a count taken for percent", NL, "here:s1-1-p2.factories a", "unit:count", "unit:percent"),
    ("a count taken for years", NL, "here:s1-1-p2.factories a", "unit:count", "unit:years"),
    ("years taken for months", NL, "here:s0-p10-planned.three-years a", "unit:years", "unit:months"),
    ("half a thing counted", NL, "here:s1-1-p2.factories a", "13.0", "13.5"),
    # periods, dates, stages
    ("a period whose name says another year", PERIODS, "period:2018 a", '"2018"@en', '"2019"@en'),
    ("a period whose Dutch name says another month", PERIODS, "period:2016-04-27 a", '"27 april 2016"', '"27 mei 2016"'),
    ("a period that ends a day early", PERIODS, "period:2018 a", '"2018-12-31"', '"2018-12-30"'),
    ("a day that no calendar has", PERIODS, "period:2018 a", '"2018-12-31"', '"2018-12-32"'),
    ("a day with a time zone", PERIODS, "period:2018 a", '"2018-12-31"', '"2018-12-31Z"'),
    ("a target far outside the time of the documents", ANNEXES, "here:a3-r1.target a", "period:2027-Q2", "period:2016"),
    ("a document issued in another century", PRESS, "source/ip-24-383/en> a", '"2024-01-24"', '"1924-01-24"'),
    ("a document corrected before it is issued", PRESS, "source/ip-24-383/en> a", 'dct:modified "2024-01-26"', 'dct:modified "2023-01-26"'),
    ("an act proposed in force", EN, "status:adopted", "status:adopted", "status:operational"),
    ("a stage mistyped", PRESS, "here:lead-p1.launched a", "status:launched", "status:lauched"),
    ("a stage of a period and of another", PRESS, "here:lead-p1.launched a", "period:2024-01-24", "period:2024-01-24, period:2023-12"),
    # things and what they are called
    ("a label padded with a space", BODIES, "body:academia a", '"Academia"', '"Academia "'),
    ("a label with nothing in it", BODIES, "body:academia a", '"Academische wereld"', '""'),
    ("a label with two spaces inside", BODIES, "body:academia a", '"Academische wereld"', '"Academische  wereld"'),
    ("no Dutch label", BODIES, "body:academia a", ', "Academische wereld"@nl', ""),
    ("labels in each other's language", BODIES, "body:agrifood-industry a", '"Agri-food industry"@en, "Agrovoedingsindustrie"@nl', '"Agrovoedingsindustrie"@en, "Agri-food industry"@nl'),
    ("an English label in Dutch", INITIATIVES, "init:advanced-digital-skills-competitions a", '"European Advanced Digital Skills Competitions"', '"Wedstrijden voor het onderwijs van de vaardigheden"'),
    ("a label without a language", BODIES, "body:academia a", '"Academia"@en', '"Academia"'),
    ("a whole sentence as a label", BODIES, "body:academia a", '"Academia"', '"Academia will be involved in all of the work and must be heard."'),
    ("the name of another thing", BODIES, "body:academia a", '"Academia"', '"Agri-food industry"'),
    ("the Dutch name of another thing", BODIES, "body:academia a", '"Academische wereld"', '"Agrovoedingsindustrie"'),
    ("the short name of another thing", INITIATIVES, "init:2zero-partnership a", 'euai:shortName "2ZERO"@en', 'euai:shortName "1+MG"@en'),
    ("an other name that is the name of another thing", BODIES, "body:academia a", '"Academische wereld"@nl ;', '"Academische wereld"@nl ;\n  skos:altLabel "Agri-food industry"@en ;'),
    ("a class that the thing cannot have", PLACES, "place:barcelona a", "euai:Place", "euai:PlannedAction"),
    ("two classes that exclude each other", BODIES, "body:academia a", "a euai:ActorGroup", "a euai:ActorGroup, euai:Place"),
    ("a thing described twice under two IRIs", BODIES, "", "", '\nbody:academic-world a euai:ActorGroup ;\n  skos:prefLabel "The academic world"@en, "De academische gemeenschap"@nl .\n'),
    ("a property mistyped", PRESS, "here:lead-p1 {", "euai:involves act", "euai:invovles act"),
    ("subject and object the wrong way round", PRESS, "here:lead-p1 {", "act:ai-act euai:concerns topic:artificial-intelligence", "topic:artificial-intelligence euai:concerns act:ai-act"),
    ("a thing that is part of itself", EN, "strategy:coordinated-plan-on-ai-2021 euai:partOf", "strategy:european-approach-to-ai", "strategy:coordinated-plan-on-ai-2021"),
    ("two things that are parts of each other", EN, "strategy:coordinated-plan-on-ai-2021 euai:partOf strategy:european-approach-to-ai .", "strategy:european-approach-to-ai .", "strategy:european-approach-to-ai .\n\n  strategy:european-approach-to-ai euai:partOf strategy:coordinated-plan-on-ai-2021 ."),
    ("an act that amends itself", PRESS, "euai:amends", "euai:amends act:eurohpc-regulation .", "euai:amends act:eurohpc-regulation-amendment-2024 ."),
    # derived, links, judgements, codes, files
    ("a derived day typed in by hand", ANNEXES, "here:a3-r1.target a", "    euai:targetMode", '    euai:dueBy "2027-06-30"^^xsd:date ;\n    euai:targetMode'),
    ("a derived bound typed in by hand", EN, "here:fn53.budget a", "    euai:amount ", "    euai:highBound 9900000000.0 ;\n    euai:amount "),
    ("a modality typed in at a statement", EN, "here:fn53.budget a", "    euai:amount ", "    euai:modality modality:denied ;\n    euai:amount "),
    ("one Wikidata item for two things", WIKIDATA, "body:eurostat", "Q217659", "Q1377836"),
    ("an ELI of another act", DERIVED, "act:data-act", "eli/reg/2023/2854", "eli/reg/2023/2853"),
    ("a CELEX number of another act", DERIVED, "act:data-act", "32023R2854", "32022R0868"),
    ("two things of ours that are said to be the same", LINKS, "body:ai-office foaf:homepage", "body:ai-office foaf:homepage", "body:ai-office skos:exactMatch body:alt-edic ;\n  foaf:homepage"),
    ("a discrepancy of one statement", DIFFERENCES, "discrepancy:ai-act-called-a-law-before-adoption a", ",\n    <https://w3id.org/euaikg/source/ip-24-383/en#background-p1.first-comprehensive-law>,\n    <https://w3id.org/euaikg/source/ip-24-383/en#lead-p1.first-comprehensive-law>,\n    <https://w3id.org/euaikg/source/ip-24-383/en#lead-p3-i2-planned.ai-act-to-come>,\n    <https://w3id.org/euaikg/source/ip-24-383/en#next-steps-p2.ai-act-to-come> ;", " ;"),
    ("a code that nothing uses", UNITS, "", "", '\nunit:zettaflops a skos:Concept ;\n  skos:inScheme <https://w3id.org/euaikg/id/unit> ;\n  skos:prefLabel "zettaflops"@en, "zettaflops"@nl ;\n  skos:definition "Speed of computers."@en, "Snelheid van computers."@nl ;\n  skos:topConceptOf <https://w3id.org/euaikg/id/unit> .\n'),
    ("a code in a list that does not exist", UNITS, "unit:weeks a", "skos:inScheme <https://w3id.org/euaikg/id/unit>", "skos:inScheme <https://w3id.org/euaikg/id/units>"),
    ("a factor on the wrong side of one", QUALIFIERS, "qualifier:about a", "euai:upperFactor 1.1", "euai:upperFactor 0.8"),
    ("two stages with one place in the order", STATUSES, "status:adopted a", "euai:order 50", "euai:order -50"),
    ("a fact typed twice", PRESS, "here:lead-p1 {", "act:ai-act euai:concerns topic:artificial-intelligence .", "act:ai-act euai:concerns topic:artificial-intelligence, topic:artificial-intelligence ."),
    ("a figure said twice in one passage", EN, "here:fn53.budget a", "here:fn53.budget a", "here:fn53.money a euai:FundingStatement ;\n    euai:aboutEnvelope env:ai-data-and-robotics-partnership-2021-2027 ;\n    euai:amount 2600000000 ;\n    euai:coversPeriod period:2021--2027 ;\n    euai:currency cur:EUR ;\n    euai:fundingMode mode:project-budget ;\n    euai:qualifier qualifier:exact .\n\n  here:fn53.budget a"),
    ("a prefix with a letter missing", NOTE, "@prefix euai:", "ontology#", "ontolgy#"),
    ("a comma for a semicolon", EN, "here:fn53.budget a", "2600000000 ;", "2600000000 ,"),
    ("a blank node", PRESS, "here:lead-p1 {", "euai:involves act:ai-act", "euai:involves [ a euai:LegalAct ]"),
    ("a passage quoted", PRESS, "here:lead-p1 a", "  euai:section", '  oa:exact "The Commission has launched a package" ;\n  euai:section'),
    ("a sentence of the source as a note", COVER, "here:delegations a", '  euai:section "text" ;', '  skos:editorialNote "Delegations will find attached document COM(2024) 28 final."@en ;\n  euai:section "text" ;'),
]  # fmt: skip
FAULTS = [Fault(*row) for row in TABLE]


Said = tuple[str, str, str | None, int | None, str | None]
"""Which check says it, the sentence, and its file, line and passage."""


def by_rules(root: Path, fault: Fault) -> Iterator[Said]:
    """Yield what ``validate`` says of the folders at ``root``, and ``fmt --check`` of the file with the ``fault``."""
    for finding in validation.validate():
        yield "validate", str(finding), finding.file, finding.line, finding.passage
    if line := canonical.rewrite(root / fault.file, check=True):
        yield "fmt", f"{fault.file}:{line}: not in canonical form; run “euaikg fmt”.", fault.file, line, None


def by_texts(documents: Path) -> Iterator[Said]:
    """Yield what ``sources check`` says of the folders that are looked at."""
    for report in sources.check(Embedded(build.build()), documents):
        for problem in report.problems:
            yield "sources", str(problem), problem.file, problem.line, problem.passage


def outcomes(documents: Path | None, wanted: str) -> Iterator[tuple[Fault, list[Said], bool]]:
    """Yield each fault with all that is said of it, what is in its place first, and whether anything is.

    Each is looked at in a process of its own, since much is remembered of the files in one. The texts, which take
    longest, are looked at where the rules do not name the place.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in files.FOLDERS:
            shutil.copytree(files.root() / name, root / name)
        for fault in FAULTS:
            if wanted not in fault.words:
                continue
            path, text = root / fault.file, (root / fault.file).read_text(encoding="utf-8")
            changed, lines, in_passage = fault.planted(text)
            path.write_text(changed, encoding="utf-8")
            in_place = partial(_in_place, fault=fault, lines=lines, in_passage=in_passage)
            try:
                said = _apart(partial(by_rules, root, fault), root)
                if documents and not any(map(in_place, said)):
                    said += _apart(partial(by_texts, documents), root)
            finally:
                path.write_text(text, encoding="utf-8")
            said.sort(key=in_place, reverse=True)
            yield fault, said, any(map(in_place, said))


def _apart(look: Callable[[], Iterator[Said]], root: Path) -> list[Said]:
    def work(stream: BinaryIO) -> None:
        with mock.patch.object(places, "root", lambda: str(root)):
            found: list[Said] = []
            try:
                found.extend(look())
            except EuaikgError as error:  # such as a file that cannot be read
                found.append(("validate", str(error), None, None, None))
            stream.write(json.dumps(found).encode())

    with processes.apart(work, timeout=300) as pieces:
        return [tuple(row) for row in json.loads(b"".join(pieces))]


def _in_place(said: Said, fault: Fault, lines: range, in_passage: bool) -> bool:
    _, sentence, file, line, passage = said
    if f"{fault.file}, line " in sentence:  # of a file that cannot be read there is nothing more to tell
        return True
    return file == fault.file and line in lines and bool(passage or not in_passage)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=Path, metavar="DIR", help="the folder with the texts of the documents")
    parser.add_argument("--only", default="", metavar="WORDS", help="only faults with these words")
    options = parser.parse_args()
    noticed = placed = total = 0
    for fault, said, in_place in outcomes(options.documents, options.only):
        total, noticed, placed = total + 1, noticed + bool(said), placed + in_place
        by = ", ".join(dict.fromkeys(row[0] for row in said)) or "NOT NOTICED"
        sys.stdout.write(f"{fault.words} ({fault.file}): {by}{', NOT IN PLACE' if said and not in_place else ''}\n")
        sys.stdout.writelines(f"    {row[1]}\n" for row in said[:1])
        sys.stdout.flush()
    sys.stdout.write(f"{noticed} of {total} noticed, {placed} of them with file, line, passage and what to do\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cache:
        os.environ["EUAIKG_CACHE_DIR"] = cache
        main()
