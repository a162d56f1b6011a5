"""Scores the quotes that ``transforms.annotation.annotate`` finds, and measures their share of the time on pages that mention candidates.

    python benchmarks/quotes.py [PASSAGES.toml] [--watchlist FILE] [--languages] [--failures] [--only LANGUAGE] [--seconds S]

Without a path: the passages of our own (tests/transforms/quote_passages.toml). A found quote is right where candidate and direction are a
true one's and the tokens of both overlap by more than 0.8 (Jaccard); "soft" by more than 0.3, which the literature on quotations takes.
Each true quote is found once. Speaker: accuracy on right quotes, where one name's words are all among the other's. Failures of passages
that are held out are never shown.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from endorsements import DENSITIES, PLAIN, f1, load_watchlist, mention_pages, share  # noqa: E402

import transforms.annotation as stages  # noqa: E402
from transforms.annotation import CompiledWatchlist, annotate  # noqa: E402
from transforms.offices import Offices  # noqa: E402
from transforms.passage import Passage  # noqa: E402
from transforms.quotes import find_quotes  # noqa: E402
from transforms.records import Quote, Reference  # noqa: E402
from transforms.references import find_references  # noqa: E402

OWN = ROOT / "tests/transforms/quote_passages.toml"
WATCHLIST = ROOT / "config/watchlists/nato-secretary-general-2024.toml"
RIGHT, SOFT = 0.8, 0.3  # overlap above which a quote is found
DAY = date(2024, 4, 10)  # of passages that name none


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One true quote of a passage."""

    candidate_id: str
    direction: str
    speaker: str
    is_direct: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A passage with the quotes that are in it."""

    id: str
    language: str
    title: str
    text: str
    expected: tuple[Words, ...]
    held_out: bool


def read_passages(path: Path = OWN) -> list[Marked]:
    return [
        Marked(
            id=row["id"],
            language=row["lang"],
            title=row["title"],
            text=row["text"],
            expected=tuple(
                Words(
                    candidate_id=q["candidate"],
                    direction=q["direction"],
                    speaker=q["speaker"],
                    is_direct=q["is_direct"],
                    words=q["words"],
                )
                for q in row["quotes"]
            ),
            held_out=row.get("held_out", False),
        )
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["passages"]
    ]


def quotes_of(compiled: CompiledWatchlist, passage: Marked) -> tuple[Quote, ...]:
    return annotate(compiled, passage.title, passage.text, passage.language, DAY).quotes


def overlap(one: str, other: str) -> float:
    """Jaccard overlap of the tokens of two texts."""
    first, second = (Counter(re.findall(r"\w+", text.lower())) for text in (one, other))
    either = (first | second).total()
    return (first & second).total() / either if either else 0.0


def same_speaker(one: str, other: str | None) -> bool:
    """Whether all words of one name are among the other's."""
    first, second = (set(re.findall(r"\w+", _plain(name or ""))) for name in (one, other))
    return bool(first and second) and (first <= second or second <= first)


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()


def matched(expected: Sequence[Words], got: Sequence[Quote], least: float) -> list[tuple[Words, Quote]]:
    """True and found quotes that go together, the most alike first."""
    pairs = sorted(
        (
            (overlap(w.words, q.quote), i, j)
            for i, w in enumerate(expected)
            for j, q in enumerate(got)
            if (w.candidate_id, w.direction) == (q.candidate_id, q.direction)
        ),
        reverse=True,
    )
    left, right = set(range(len(expected))), set(range(len(got)))
    found = []
    for score, i, j in pairs:
        if score > least and i in left and j in right:
            left.remove(i)
            right.remove(j)
            found.append((expected[i], got[j]))
    return found


def tally(passage: Marked, got: Sequence[Quote]) -> Counter[str]:
    """The counts that every figure is made of."""
    counts: Counter[str] = Counter(docs=1, negatives=int(not passage.expected), clean=int(not passage.expected and not got))
    for kind, wanted, found in (
        ("all", passage.expected, got),
        ("direct", [w for w in passage.expected if w.is_direct], [q for q in got if q.is_direct]),
        ("indirect", [w for w in passage.expected if not w.is_direct], [q for q in got if not q.is_direct]),
    ):
        right = matched(wanted, found, RIGHT)
        counts.update({f"{kind}_gold": len(wanted), f"{kind}_got": len(found), f"{kind}_right": len(right)})
        if kind == "all":
            soft = matched(wanted, found, SOFT)
            counts.update(soft_gold=len(wanted), soft_got=len(found), soft_right=len(soft))
            counts["speaker"] = sum(same_speaker(w.speaker, q.speaker) for w, q in right)
    counts["verbatim"] = sum((passage.title if q.field == "title" else passage.text)[q.start : q.end] == q.quote for q in got)
    return counts


def score(compiled: CompiledWatchlist, passages: Sequence[Marked], *, failures: bool = False) -> dict[tuple[str, str], Counter[str]]:
    """Counts by part (dev, held out) and group (all, English, other, each language)."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for passage in passages:
        got = quotes_of(compiled, passage)
        counted = tally(passage, got)
        for group in ("all", "English" if passage.language == "en" else "other", f"  {passage.language}"):
            counts["held out" if passage.held_out else "dev", group].update(counted)
        if failures and not passage.held_out:
            _explain(passage, got)
    return counts


def _explain(passage: Marked, got: Sequence[Quote]) -> None:
    right = matched(passage.expected, got, RIGHT)
    wrong = [f"missed  {w}" for w in passage.expected if not any(w is one for one, _ in right)]
    wrong += [f"made up {q.candidate_id} {q.direction} {q.speaker} {q.quote!r}" for q in got if not any(q is one for _, one in right)]
    wrong += [f"speaker {w.speaker!r}, got {q.speaker!r}" for w, q in right if not same_speaker(w.speaker, q.speaker)]
    if wrong:
        print(f"--- {passage.id} {passage.title} | {passage.text}", *wrong, sep="\n    ")


def _line(group: str, count: Counter[str]) -> str:
    figures = " | ".join(f"{kind} " + " ".join(f"{x:5.1f}" for x in f1(count, kind)) for kind in ("all", "soft", "direct", "indirect"))
    speaker = f"{share(count['speaker'], count['all_right']):5.1f}" if count["all_right"] else "    -"
    clean = f"{share(count['clean'], count['negatives']):5.1f}" if count["negatives"] else "    -"
    return f"{group:17} {count['docs']:4} | {figures} | speaker {speaker} | clean {clean}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=Path, nargs="?", default=OWN)
    parser.add_argument("--watchlist", type=Path, default=WATCHLIST)
    parser.add_argument("--languages", action="store_true", help="a line for each language")
    parser.add_argument("--failures", action="store_true", help="print what is wrong, but for passages that are held out")
    parser.add_argument("--only", help="one language")
    parser.add_argument("--seconds", type=float, default=0.5, help="for measuring speed, 0 to leave it out")
    args = parser.parse_args()
    compiled = load_watchlist(args.watchlist)
    passages = [p for p in read_passages(args.passages) if args.only in (None, p.language)]
    counts = score(compiled, passages, failures=args.failures)
    print(f"{'':17} docs | precision, recall and F1 of all, soft, direct, indirect")
    for part, group in sorted(counts, key=lambda key: (key[0], key[1].startswith(" "), key[1])):
        if args.languages or not group.startswith(" "):
            print(_line(f"{part:8} {group}", counts[part, group]))
    if args.seconds:
        _speed(compiled, args.seconds)


def _speed(compiled: CompiledWatchlist, seconds: float) -> None:
    """Processor time a page of :func:`transforms.quotes.find_quotes` alone, with everything before it done."""
    for name, weights in {"silent": (15, 2, 0), **DENSITIES}.items():
        pages = mention_pages(compiled.watchlist, 100, weights)
        if name == "silent":  # no word of saying near a candidate
            pages = [(title, _silenced(text)) for title, text in pages]
        kept: list[tuple[Offices, Passage, tuple[Reference, ...]]] = []
        done, found, spent = 0, 0, 0.0
        while spent < seconds:
            for title, text in pages:
                kept.clear()
                _keep(compiled, title, text, kept)
                began = time.process_time()
                got = [find_quotes(offices, passage, references) for offices, passage, references in kept]
                spent += time.process_time() - began
                done, found = done + 1, found + sum(map(len, got))
        print(f"{name} mention pages: {1e3 * spent / done:.3f} ms a page, {found / done:.1f} quotes")


def _silenced(text: str) -> str:
    """A page without the sentences that have a word of saying."""
    return "\n".join(PLAIN[0] if any(word in line for word in ("said", "recalled", "asked")) else line for line in text.split("\n"))


def _keep(compiled: CompiledWatchlist, title: str, text: str, kept: list[tuple[Offices, Passage, tuple[Reference, ...]]]) -> None:
    """What :func:`annotate` hands to :func:`find_quotes` for a page; references are found before, since it needs them anyway."""

    def keep(offices: Offices, passage: Passage, references: Sequence[Reference] | None = None) -> tuple[Quote, ...]:
        kept.append((offices, passage, tuple(find_references(offices, passage) if references is None else references)))
        return ()

    stages.find_quotes, before = keep, stages.find_quotes
    try:
        annotate(compiled, title, text, "en", DAY)
    finally:
        stages.find_quotes = before


if __name__ == "__main__":
    main()
