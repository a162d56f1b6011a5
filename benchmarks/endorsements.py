"""Scores what ``transforms.annotation.annotate`` says of positions, and measures its speed on pages that mention candidates.

    python benchmarks/endorsements.py [PASSAGES.jsonl | PASSAGES.toml | FOLDER …] [--watchlist FILE] [--languages] [--failures]

Without a path: the passages of our own (tests/transforms/endorsement_passages, a file a language). Tuples: (endorser, candidate, stance),
micro-averaged; pairs: without the stance; clean negatives: passages without a position that got none; status and speaker: accuracy on
right tuples; verbatim: share of the evidence that stands in title or text unchanged; right: passages whose tuples are exactly the true
ones. Passages that are held out are counted apart, and their failures are shown only when asked for by ``--held-out-failures``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from transforms.annotation import CompiledWatchlist, annotate, compile_watchlist  # noqa: E402
from transforms.params import Watchlist  # noqa: E402
from transforms.records import Endorsement  # noqa: E402

OWN = ROOT / "tests/transforms/endorsement_passages"
WATCHLIST = ROOT / "config/watchlists/nato-secretary-general-2024.toml"
PAGE_BYTES = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One true position of a passage."""

    endorser: str
    candidate_id: str
    stance: str
    status: str
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A passage with the positions that it takes note of."""

    id: str
    language: str
    published_on: date
    title: str
    text: str
    expected: tuple[Position, ...]
    held_out: bool


def read_passages(path: Path) -> list[Marked]:
    """The passages of a file, or of all ``.toml`` files of a folder (there the file's name is the language)."""
    if path.is_dir():
        return [marked for file in sorted(path.glob("*.toml")) for marked in read_passages(file)]
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return [_marked(row | {"lang": path.stem}) for row in tomllib.loads(content)["passages"]]
    return [_marked(row) for row in map(json.loads, filter(str.strip, content.splitlines()))]


def _marked(row: dict[str, Any]) -> Marked:
    day = row["date"]
    return Marked(
        id=row["id"],
        language=row["lang"],
        published_on=day if isinstance(day, date) else date.fromisoformat(day),
        title=row["title"],
        text=row["text"],
        expected=tuple(
            Position(
                endorser=e["endorser"],
                candidate_id=e["candidate_id"] if "candidate_id" in e else e["candidate"],
                stance=e["stance"],
                status=e["status"],
                speaker=e.get("speaker"),
            )
            for e in row["expected"]
        ),
        held_out=row.get("held_out", False),
    )


def load_watchlist(path: Path = WATCHLIST) -> CompiledWatchlist:
    return compile_watchlist(Watchlist.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))


def positions_of(compiled: CompiledWatchlist, passage: Marked) -> tuple[Endorsement, ...]:
    return annotate(compiled, passage.title, passage.text, passage.language, passage.published_on).endorsements


def same_person(one: str | None, other: str | None) -> bool:
    """Whether two names are the same, but for case, diacritics and the order of their parts; nobody is the same as nobody."""
    return _parts(one) == _parts(other)


def _parts(name: str | None) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name or "") if not unicodedata.combining(c))
    return sorted(plain.casefold().replace(".", " ").split())


def tally(passage: Marked, got: Sequence[Endorsement]) -> Counter[str]:
    """The counts that every figure is made of."""
    true = {(p.endorser, p.candidate_id, p.stance): p for p in passage.expected}
    found = {(e.endorser, e.candidate_id, str(e.stance)): e for e in got}
    true_pairs, found_pairs = {key[:2] for key in true}, {key[:2] for key in found}
    both = true.keys() & found.keys()
    return Counter(
        docs=1,
        right=int(true.keys() == found.keys()),
        tuple_gold=len(true),
        tuple_got=len(found),
        tuple_right=len(both),
        pair_gold=len(true_pairs),
        pair_got=len(found_pairs),
        pair_right=len(true_pairs & found_pairs),
        status=sum(true[key].status == str(found[key].status) for key in both),
        speaker=sum(same_person(true[key].speaker, found[key].speaker) for key in both),
        evidence=len(got),
        verbatim=sum(bool(e.evidence) and (e.evidence in passage.title or e.evidence in passage.text) for e in got),
        negatives=int(not true),
        clean=int(not true and not found),
    )


def share(part: int, whole: int) -> float:
    """A share in per cent; nothing out of nothing is all of it."""
    return 100 * part / whole if whole else 100.0


def f1(count: Counter[str], kind: str) -> tuple[float, float, float]:
    """Precision, recall and F1 in per cent."""
    precision, recall = share(count[f"{kind}_right"], count[f"{kind}_got"]), share(count[f"{kind}_right"], count[f"{kind}_gold"])
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=Path, nargs="*", default=[OWN])
    parser.add_argument("--watchlist", type=Path, default=WATCHLIST)
    parser.add_argument("--languages", action="store_true", help="a line for each language")
    parser.add_argument("--failures", action="store_true", help="print what is wrong, but for passages that are held out")
    parser.add_argument("--held-out-failures", action="store_true", help="print what is wrong in these too: they are spent then")
    parser.add_argument("--only", help="one language")
    parser.add_argument("--seconds", type=float, default=1.0, help="for measuring speed, 0 to leave it out")
    args = parser.parse_args()
    began = time.perf_counter()
    compiled = load_watchlist(args.watchlist)
    print(f"compiled in {time.perf_counter() - began:.2f} s")
    for path in args.passages:
        passages = [p for p in read_passages(path) if args.only in (None, p.language)]
        print(f"{path}: {len(passages)} passages")
        _score(compiled, passages, args)
    if args.seconds:
        _speed(compiled, args.seconds)


def _score(compiled: CompiledWatchlist, passages: Sequence[Marked], args: argparse.Namespace) -> None:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for passage in passages:
        got = positions_of(compiled, passage)
        counted = tally(passage, got)
        for group in ("all", "English" if passage.language == "en" else "other", f"  {passage.language}"):
            counts["held out" if passage.held_out else "dev", group].update(counted)
        if args.held_out_failures if passage.held_out else args.failures:
            _explain(passage, got)
    print(f"{'':17} docs | tuples   P     R    F1 | pairs   P     R    F1 | clean | status speaker | verbatim | right")
    for part, group in sorted(counts, key=lambda key: (key[0], key[1].startswith(" "), key[1])):
        if args.languages or not group.startswith(" "):
            print(_line(f"{part:8} {group}", counts[part, group]))


def _line(group: str, count: Counter[str]) -> str:
    tuples, pairs = (" ".join(f"{figure:5.1f}" for figure in f1(count, kind)) for kind in ("tuple", "pair"))
    clean = f"{share(count['clean'], count['negatives']):5.1f}" if count["negatives"] else "    -"
    status, speaker = (
        f"{share(count[kind], count['tuple_right']):5.1f}" if count["tuple_right"] else "    -" for kind in ("status", "speaker")
    )
    verbatim = f"{share(count['verbatim'], count['evidence']):5.1f}" if count["evidence"] else "    -"
    right = share(count["right"], count["docs"])
    return (
        f"{group:17} {count['docs']:4} | tuples {tuples} | pairs {pairs} | {clean} | {status:6} {speaker:7} | {verbatim:8} | {right:5.1f}"
    )


def _explain(passage: Marked, got: Sequence[Endorsement]) -> None:
    true = {(p.endorser, p.candidate_id): (p.stance, p.status, p.speaker) for p in passage.expected}
    found = {(e.endorser, e.candidate_id): (str(e.stance), str(e.status), e.speaker, e.rule) for e in got}
    wrong = []
    for pair in sorted(true.keys() | found.keys()):
        if pair not in found:
            wrong.append(f"missed {pair} {true[pair]}")
        elif pair not in true:
            wrong.append(f"made up {pair} {found[pair]}")
        elif true[pair][:2] != found[pair][:2] or not same_person(true[pair][2], found[pair][2]):
            wrong.append(f"differs {pair} {true[pair]} got {found[pair]}")
    if wrong:
        print(f"--- {passage.id} {passage.published_on}\n    {passage.title} | {passage.text}", *wrong, sep="\n    ")


# Sentences that pages for measuring speed are made of. {who} is a candidate, {country} an endorser.
PLAIN = (
    "The harbour was quiet on Thursday, and the gulls were loud.",
    "Prices rose by two per cent in the spring, the statistics office said, and rents by three.",
    "Ministers will meet again in the autumn to discuss the budget, the railways and a list of smaller matters.",
    "Officials in several capitals declined to comment, and nobody at headquarters would give a date.",
    "The alliance has moved more troops to its eastern border and has asked members to spend more on ammunition.",
)
NAMING = (
    "{who} arrived shortly before noon and left without speaking to reporters.",
    "In a speech to students, {who} recalled the early years of the century and warned against complacency.",
    "The names mentioned most often as the next NATO secretary general include that of {who}.",
)
TELLING = (
    "{country} will support {who}, the foreign ministry said on Tuesday.",
    "Diplomats said that {country} had not yet decided whether to back {who} for the top job at NATO.",
    "“We cannot accept {who},” an official from {country} told the agency, and the prime minister agreed with him.",
)


DENSITIES = {"ordinary": (15, 2, 1), "dense": (6, 2, 2)}  # how often a sentence is plain, names somebody, tells a position


def mention_pages(watchlist: Watchlist, count: int, weights: tuple[int, int, int], seed: int = 5) -> list[tuple[str, str]]:
    """Pages of some 3 kB in English, each about two candidates and two countries."""
    draw = random.Random(seed)
    names, countries = [c.name for c in watchlist.candidates], [e.name for e in watchlist.endorsers]
    pages = []
    for _ in range(count):
        cast, capitals = draw.sample(names, 2), draw.sample(countries, 2)
        paragraphs: list[str] = []
        while sum(len(p.encode()) + 1 for p in paragraphs) < PAGE_BYTES - 100:
            pool = draw.choices((PLAIN, NAMING, TELLING), weights=weights, k=1)[0]
            paragraphs.append(draw.choice(pool).format(who=draw.choice(cast), country=draw.choice(capitals)))
        pages.append((f"{cast[0]} and the race to lead NATO", "\n".join(paragraphs)))
    return pages


def _speed(compiled: CompiledWatchlist, seconds: float) -> None:
    """Articles a second of processor time, so that what else runs on the machine does not count."""
    for name, weights in DENSITIES.items():
        pages = mention_pages(compiled.watchlist, 200, weights)
        kilobytes = sum(len((title + text).encode()) for title, text in pages) / len(pages) / 1e3
        done, mentions, positions, spent = _run(compiled, pages, seconds)
        print(
            f"{name} mention pages of {kilobytes:.1f} kB: {done / spent:,.0f} a second, {done * kilobytes / spent / 1e3:.1f} MB/s; "
            f"on a page {mentions / done:.1f} mentions, {positions / done:.1f} positions"
        )


def _run(compiled: CompiledWatchlist, pages: Sequence[tuple[str, str]], seconds: float) -> tuple[int, int, int, float]:
    """Pages done, mentions and positions found in them, seconds spent."""
    day, done, mentions, positions, began = date(2024, 4, 2), 0, 0, 0, time.process_time()
    while True:
        for title, text in pages:
            found = annotate(compiled, title, text, "en", day)
            done, mentions, positions = done + 1, mentions + len(found.mentions), positions + len(found.endorsements)
        if (spent := time.process_time() - began) >= seconds:
            return done, mentions, positions, spent


if __name__ == "__main__":
    main()
