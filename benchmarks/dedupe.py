"""How well and how fast copies are found: ``python benchmarks/dedupe.py [--part pairs,planted,speed,index] [--sizes N,N] [--failures]``.

``planted``: copies of known kinds among real texts and texts made of real sentences; precision and recall of pairs.
``pairs``: the pairs of bsnlp_slavner and the related items of news_story_chains.
``speed``: ``frontrunner dedupe`` on a file, and the stage alone: documents a second of processor time, memory.
``index``: the warehouse's index: built, then 5,000 articles added.

The data is not part of the project. It is looked for in ``../shared/data`` or where ``FRONTRUNNER_SHARED_DATA`` points.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from transforms.dedupe import find_stories
from transforms.records import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("FRONTRUNNER_SHARED_DATA", ROOT.parent / "shared" / "data"))
WORDS = 465  # of a made text, on average
COPIES = 0.3  # of all documents
LONGEST = 60  # words of a sentence to be drawn: what has more is a list or a table, and would be a copied passage by itself
POOL = 2_000  # sentences that a language must have
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A document whose family is known."""

    document: Document
    family: int
    kind: str  # base, or what was done to the base


# ---- real texts


def records(name: str, file: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / name / file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def slavner_pairs() -> list[tuple[str, str, float, float]]:
    with gzip.open(DATA / "bsnlp_slavner" / "neardup_pairs.csv.gz", "rt", encoding="utf-8") as lines:
        return [(r["id_a"], r["id_b"], float(r["jaccard_w5"]), float(r["containment_w5"])) for r in csv.DictReader(lines)]


def real_texts() -> dict[str, list[list[str]]]:
    """Language → texts as lists of sentences; without those that resemble another one, or have a long sentence of another one."""
    paired = {name for pair in slavner_pairs() for name in pair[:2]}
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    for record in records("bsnlp_slavner", "docs.jsonl.gz"):
        if record["id"] not in paired:
            found[record["lang"]].append(sentences(record["text"]))
    for record in records("fundus_pages", "truth.jsonl.gz"):
        found[(record["lang"] or "en")[:2]].append(sentences(record["text"]))
    for record in records("wcxb_articles", "truth.jsonl.gz"):
        found["en"].append(sentences(record["text"]))
    seen: set[str] = set()
    kept: defaultdict[str, list[list[str]]] = defaultdict(list)
    for language, texts in sorted(found.items()):
        for text in texts:
            long = {each for each in text if len(each.split()) >= 8}
            if len(text) >= 4 and not long & seen:
                kept[language].append(text)
            seen |= long
    return kept


def sentences(text: str) -> list[str]:
    return [each for each in _SENTENCE_END.split(text) if len(each.split()) > 2]


# ---- planted copies

Change = "Callable[[list[str], list[str], random.Random], list[str]]"


def replaced(share: float) -> Callable[[list[str], list[str], random.Random], list[str]]:
    def change(text: list[str], pool: list[str], chance: random.Random) -> list[str]:
        places = set(chance.sample(range(len(text)), max(1, round(share * len(text)))))
        return [chance.choice(pool) if place in places else each for place, each in enumerate(text)]

    return change


def truncated(text: list[str], _: list[str], chance: random.Random) -> list[str]:
    return text[: max(2, round(chance.uniform(0.3, 0.8) * len(text)))]


def new_headline(text: list[str], pool: list[str], chance: random.Random) -> list[str]:
    return [chance.choice(pool), *text]


def new_boilerplate(text: list[str], _: list[str], chance: random.Random) -> list[str]:
    return [*text, *boilerplate(chance.randrange(200))]


def byline(text: list[str], _: list[str], chance: random.Random) -> list[str]:
    return [f"By {name(chance)} {name(chance)}, {name(chance)} Desk.", *text]


def local_paragraph(text: list[str], pool: list[str], chance: random.Random) -> list[str]:
    return [*chance.sample(pool, 4), *text, "(AP)"]


def several(text: list[str], pool: list[str], chance: random.Random) -> list[str]:
    return new_headline(byline(new_boilerplate(replaced(0.15)(text, pool, chance), pool, chance), pool, chance), pool, chance)


CHANGES: dict[str, Callable[[list[str], list[str], random.Random], list[str]]] = {
    "exact": lambda text, _, __: [each.upper() for each in text],
    "truncated to 30-80%": truncated,
    "new headline": new_headline,
    "new boilerplate": new_boilerplate,
    "byline": byline,
    "local first paragraph": local_paragraph,
    **{f"{share:.0%} of sentences replaced": replaced(share) for share in (0.05, 0.1, 0.15, 0.2, 0.25)},
    "15% replaced, headline, byline, boilerplate": several,
}


def name(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(3)).title()


def boilerplate(outlet: int) -> list[str]:
    """The same five sentences for every text of an outlet."""
    chance = random.Random(outlet)
    return [" ".join(name(chance) for _ in range(12)) + "." for _ in range(5)]


def planted(count: int, seed: int = 1, words: int = WORDS, *, real: bool = True) -> Iterator[Planted]:
    """Documents in an order of chance. Bases are real texts as long as there are any, then sentences drawn from texts of one language."""
    chance = random.Random(seed)
    texts = real_texts()
    pools = {language: [each for text in group for each in text if len(each.split()) <= LONGEST] for language, group in texts.items()}
    pools = {language: pool for language, pool in pools.items() if len(pool) >= POOL}
    bases = [(language, text) for language in pools for text in texts[language]] if real else []
    chance.shuffle(bases)
    languages = [language for language, pool in pools.items() for _ in range(len(pool) // 1_000)]  # the more sentences, the more texts
    families = count - int(count * COPIES)
    copies = Counter(chance.randrange(families) for _ in range(count - families))
    kinds = itertools.cycle(CHANGES)
    numbers = list(range(count))
    chance.shuffle(numbers)
    for family in range(families):
        language, text = bases[family] if family < len(bases) else made(chance.choice(languages), pools, words, chance)
        if family % 5 == 0:  # a fifth of all carries the boilerplate of an outlet
            text = [*text, *boilerplate(family % 200)]
        yield Planted(document=Document(id=f"{numbers.pop():08}", text=" ".join(text)), family=family, kind="base")
        for _ in range(copies[family]):
            kind = next(kinds)
            changed = CHANGES[kind](text, pools[language], chance)
            yield Planted(document=Document(id=f"{numbers.pop():08}", text=" ".join(changed)), family=family, kind=kind)


def made(language: str, pools: dict[str, list[str]], words: int, chance: random.Random) -> tuple[str, list[str]]:
    text: list[str] = []
    length = 0
    while length < words:
        text.append(chance.choice(pools[language]))
        length += len(text[-1].split())
    return language, text


# ---- the parts


def part_planted(sizes: list[int], failures: bool) -> None:
    for size in sizes:
        entries = list(planted(size))
        start = time.process_time()
        members = {member.id: member.story_id for member in find_stories([entry.document for entry in entries])}
        spent = time.process_time() - start
        family = {entry.document.id: entry.family for entry in entries}
        found = pairs_of(members)
        wrong = [pair for pair in found if family[pair[0]] != family[pair[1]]]
        bases = {entry.family: entry.document.id for entry in entries if entry.kind == "base"}
        hits: defaultdict[str, list[bool]] = defaultdict(list)
        for entry in entries:
            if entry.kind != "base":
                hits[entry.kind].append(members[entry.document.id] == members[bases[entry.family]])
        every = [hit for group in hits.values() for hit in group]
        print(f"planted {size:,}: precision {1 - len(wrong) / max(1, len(found)):.4f} of {len(found):,} pairs, ", end="")
        print(f"recall {sum(every) / len(every):.4f} of {len(every):,}; {size / spent:,.0f} documents a second of processor time")
        for kind in CHANGES:
            print(f"   {kind:45} recall {sum(hits[kind]) / max(1, len(hits[kind])):.4f} of {len(hits[kind]):,}")
        if failures:
            text = {entry.document.id: entry.document.text for entry in entries}
            for one, other in wrong[:20]:
                print(f"   wrong: {one} {other}\n      {text[one][:150]}\n      {text[other][:150]}")
            for entry in entries:
                if entry.kind != "base" and members[entry.document.id] != members[bases[entry.family]]:
                    print(f"   lost: {entry.kind}, {len(entry.document.text.split())} words: {entry.document.text[:100]}")


def part_pairs(failures: bool) -> None:
    listed = slavner_pairs()
    texts = {record["id"]: record["text"] for record in records("bsnlp_slavner", "docs.jsonl.gz")}
    members = stories_of(texts)
    wanted = [(one, other) for one, other, jaccard, _ in listed if jaccard >= 0.5]
    related = chains((one, other) for one, other, jaccard, contained in listed if jaccard >= 0.3 or contained >= 0.5)
    found = pairs_of(members)
    wrong = [pair for pair in found if related.get(pair[0], pair[0]) != related.get(pair[1], pair[1])]
    lost = [pair for pair in wanted if members[pair[0]] != members[pair[1]]]
    print(f"bsnlp_slavner: precision {1 - len(wrong) / len(found):.4f} of {len(found)} pairs, ", end="")
    print(f"recall {1 - len(lost) / len(wanted):.4f} of {len(wanted)}")
    language = {record["id"]: record["lang"] for record in records("bsnlp_slavner", "docs.jsonl.gz")}
    print(f"   pairs in two languages: {sum(language[one] != language[other] for one, other in found)}")
    rows = list(records("news_story_chains", "pairs.jsonl.gz"))
    texts = {row[f"url{n}"] + row[f"summary{n}"]: row[f"summary{n}"] for row in rows for n in (1, 2)}
    members = stories_of(texts)
    for relation, label in (("0", "unrelated"), ("1", "related")):
        pairs = [(row["url1"] + row["summary1"], row["url2"] + row["summary2"]) for row in rows if row["relation"] == relation]
        merged = [pair for pair in pairs if members[pair[0]] == members[pair[1]]]
        print(f"news_story_chains, {label}: {len(merged)} of {len(pairs)} pairs are one story")
        for one, other in merged:
            print(f"   {texts[one]}\n   {texts[other]}")
    if failures:
        for one, other in [*wrong, *lost]:
            print(f"   bsnlp_slavner: {one} {other}")


def part_speed(sizes: list[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
            words = float(child(["--write", str(path), "--sizes", str(size)])[0])
            alone = json.loads(child(["--measure", str(path)])[0])
            _, spent, peak = child(["-c", "from flows.cli import main; main()", "dedupe", str(path), "-o", str(out)])
            with out.open(encoding="utf-8") as lines:
                written = sum(1 for _ in lines)
        print(
            f"speed, {size:,} documents of {words:.0f} words: find_stories {size / alone['seconds']:,.0f} documents a second of processor"
        )
        print(f"   time, peak {alone['peak_mb']:,.0f} MB, of which {alone['held_mb']:,.0f} MB are the documents;")
        print(f"   the command {written / spent:,.0f} documents a second of processor time from its start to its end, peak {peak:,.0f} MB")


def child(arguments: list[str]) -> tuple[str, float, float]:
    """Output, processor seconds and peak megabytes of a process; of this file, unless it is told otherwise."""
    command = [sys.executable, *([] if arguments[0] == "-c" else [__file__]), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def write(path: Path, size: int) -> None:
    words = 0
    with path.open("w", encoding="utf-8") as out:
        for entry in planted(size, real=False):
            words += len(entry.document.text.split())
            out.write(json.dumps({"id": entry.document.id, "title": "", "text": entry.document.text}, ensure_ascii=False) + "\n")
    print(words / size)


def measure(path: Path) -> None:
    with path.open(encoding="utf-8") as lines:
        documents = [Document(id=row["id"], text=row["text"]) for row in map(json.loads, lines)]
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    find_stories(documents)
    spent = time.process_time() - start
    print(json.dumps({"seconds": spent, "held_mb": held, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def part_index(sizes: list[int], added: int = 5_000) -> None:
    """The warehouse with so many articles of a made-up outlet; then with more, and with nothing new."""
    from warehouse import stories
    from warehouse.database import open_warehouse

    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, open_warehouse(Path(folder) / "warehouse.duckdb") as connection:
            connection.execute(
                "INSERT INTO core.outlets BY NAME SELECT 'a' AS outlet_id, '' AS name, '' AS country, '' AS language, 'UTC' AS timezone,"
                " '' AS homepage, false AS is_agency"
            ).fetchall()
            connection.execute(
                "CREATE TEMP TABLE article_pages (article_id VARCHAR, text VARCHAR, outlet_id VARCHAR, wire_agency VARCHAR,"
                " published_at TIMESTAMPTZ, published_on DATE)"
            ).fetchall()
            texts = drawn()
            done = 0
            for label, count in (("built", size), (f"{added:,} added", added), ("nothing new", 0)):
                until = done + count
                while done < until:
                    part = list(itertools.islice(texts, min(20_000, until - done)))
                    add_pages(connection, done, part)
                    done += len(part)
                connection.execute("CHECKPOINT").fetchall()
                before, wall, used = time.process_time(), time.perf_counter(), disk(connection)
                stories.find_stories(connection)
                spent, waited = time.process_time() - before, time.perf_counter() - wall
                connection.execute("CHECKPOINT").fetchall()
                print(f"index of {size:,}, {label}: {waited:.1f} s, {spent:.1f} s of processor time, file {used:,.0f} to ", end="")
                print(f"{disk(connection):,.0f} MB, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB", flush=True)
            (rows,) = connection.execute("SELECT count(*) FROM core.text_fingerprints").fetchall()[0]
            (pairs,) = connection.execute("SELECT count(*) FROM core.text_pairs").fetchall()[0]
            print(f"   {rows / done:.1f} fingerprints a text, {pairs:,} pairs of copies")


def drawn(seed: int = 1) -> Iterator[str]:
    """Texts of words drawn from real ones, so that a million share no sentence; every fourth copies six sevenths of an earlier one."""
    import numpy as np

    vocabulary = np.array(
        sorted({word for group in real_texts().values() for text in group for each in text for word in each.split()}), object
    )
    chance = np.random.default_rng(seed)
    last: list[Any] = []
    while True:
        words = chance.integers(vocabulary.size, size=WORDS)
        if len(last) >= 4 and len(last) % 4 == 0:
            place = int(chance.integers(WORDS))
            words = np.where(np.abs(np.arange(WORDS) - place) > WORDS // 14, last[int(chance.integers(len(last)))], words)
        last.append(words)
        if len(last) > 20_000:
            del last[:10_000]
        yield " ".join(vocabulary[words].tolist())


def add_pages(connection: Any, done: int, texts: list[str]) -> None:
    import polars as pl

    frame = pl.DataFrame({"article_id": [f"{done + place:08}" for place in range(len(texts))], "text": texts})
    connection.register("rows_to_load", frame.to_arrow())
    connection.execute(
        "INSERT INTO article_pages SELECT article_id, text, 'a', NULL, TIMESTAMPTZ '2024-07-01' + to_seconds(article_id::INTEGER), NULL"
        " FROM rows_to_load"
    ).fetchall()
    connection.unregister("rows_to_load")


def disk(connection: Any) -> float:
    """Megabytes of the warehouse's file."""
    (size,) = connection.execute(
        "SELECT used_blocks * block_size FROM pragma_database_size() WHERE database_name = 'warehouse'"
    ).fetchall()[0]
    return float(size) / 1e6


def stories_of(texts: dict[str, str]) -> dict[str, str]:
    return {m.id: m.story_id for m in find_stories([Document(id=key, text=text) for key, text in texts.items()])}


def pairs_of(members: dict[str, str]) -> list[tuple[str, str]]:
    stories: defaultdict[str, list[str]] = defaultdict(list)
    for each, story in members.items():
        stories[story].append(each)
    return [pair for story in stories.values() for pair in itertools.combinations(sorted(story), 2)]


def chains(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """name → a name that stands for all that chains of pairs join it with."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for one, other in pairs:
        parent[root(one)] = root(other)
    return {node: root(node) for node in list(parent)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", default="pairs,planted,speed,index", help="parts, divided by commas")
    parser.add_argument("--sizes", default="10000,100000", help="numbers of documents, divided by commas")
    parser.add_argument("--failures", action="store_true", help="list what is lost or wrong")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    parts = options.part.split(",")
    if options.measure:
        measure(options.measure)
    elif options.write:
        write(options.write, sizes[0])
    elif len(parts) > 1:  # each in a process of its own, whose memory says something
        for part in parts:
            print(child(["--part", part, "--sizes", options.sizes, *(["--failures"] if options.failures else [])])[0], end="", flush=True)
    elif parts == ["planted"]:
        part_planted(sizes, options.failures)
    elif parts == ["pairs"]:
        part_pairs(options.failures)
    elif parts == ["speed"]:
        part_speed(sizes)
    elif parts == ["index"]:
        part_index(sizes)
    else:
        parser.error(f"there is no part {parts[0]}")


if __name__ == "__main__":
    main()
