"""Scores the mentions on a set of passages in the format of the mention set, and measures the speed of finding them.

    python benchmarks/mentions.py PASSAGES.jsonl [--watchlist FILE] [--languages] [--failures]

Exact spans: (candidate, start, end) in the text, micro-averaged; documents: candidate ids; clean negatives: passages without a mention
that got none; in_race: accuracy. Only the stages of names and of the contest are run, not references, endorsements and quotes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from transforms.annotation import LANGUAGES  # noqa: E402
from transforms.mentions import decide_mentions, find_names, mention_of  # noqa: E402
from transforms.nameparts import Vocabulary, vocabulary_of  # noqa: E402
from transforms.normalise import Folded, fold  # noqa: E402
from transforms.params import Watchlist  # noqa: E402
from transforms.race import Contest, compile_contest, read_cues  # noqa: E402
from transforms.records import Field, Mention  # noqa: E402
from transforms.weighing import Name, Units, split  # noqa: E402


@dataclass(frozen=True, slots=True)
class Reader:
    """What the mentions of a watch list need."""

    vocabularies: Mapping[str, Vocabulary]
    contest: Contest


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one text."""

    mentions: tuple[Mention, ...]
    in_race: bool


def compile_reader(watchlist: Watchlist, languages: Sequence[str] = LANGUAGES) -> Reader:
    codes = ("", *languages)
    return Reader({code: vocabulary_of(watchlist, code or None) for code in codes}, compile_contest(watchlist, codes))


def read(reader: Reader, title: str, text: str, language: str) -> Reading:
    """The mentions in a title and a text as :func:`transforms.annotation.annotate` finds them."""
    folded: dict[Field, Folded] = {"title": fold(title), "text": fold(text)}
    names = find_names(folded, reader.vocabularies.get(language, reader.vocabularies[""]), language)
    cues = read_cues(reader.contest, folded["title"].text, folded["text"].text, language, bool(names.found))
    kept = decide_mentions(names, cues, folded)
    units: Units = {field: split(copy) for field, copy in folded.items()} if kept or cues.hits else {}
    in_race, _ = cues.decide(tuple(Name(f.candidate_id, f.field, f.start, f.end) for f in kept), folded, units)
    return Reading(tuple(mention_of(folded[f.field], f) for f in kept), in_race)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=Path)
    parser.add_argument("--watchlist", type=Path, default=ROOT / "config/watchlists/nato-secretary-general-2024.toml")
    parser.add_argument("--languages", action="store_true", help="a line for each language")
    parser.add_argument("--failures", action="store_true", help="print what is wrong")
    parser.add_argument("--seconds", type=float, default=1.0, help="for measuring speed, 0 to leave it out")
    args = parser.parse_args()
    began = time.perf_counter()
    reader = compile_reader(Watchlist.model_validate(tomllib.loads(args.watchlist.read_text(encoding="utf-8"))))
    print(f"compiled in {time.perf_counter() - began:.2f} s")
    rows = [json.loads(line) for line in args.passages.read_text(encoding="utf-8").splitlines() if line.strip()]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        result = read(reader, row["title"], row["text"], row["lang"])
        tally = _tally(row, result)
        for group in ("all", "English" if row["lang"] == "en" else "other", f"  {row['lang']}"):
            counts[group].update(tally)
        if args.failures:
            _explain(row, result, tally)
    for group in sorted(counts, key=lambda g: (g.startswith(" "), g)):
        if args.languages or not group.startswith(" "):
            print(_line(group, counts[group]))
    if args.seconds:
        _speed(reader, rows, args.seconds)


def _tally(row: dict[str, Any], result: Reading) -> Counter[str]:
    gold = {(e["candidate_id"], e["start"], e["end"]) for e in row["expected"]}
    got = {(m.candidate_id, m.start, m.end) for m in result.mentions if m.field == "text"}
    gold_ids, got_ids = {g[0] for g in gold}, {g[0] for g in got}
    return Counter(
        docs=1,
        span_gold=len(gold),
        span_got=len(got),
        span_right=len(gold & got),
        doc_gold=len(gold_ids),
        doc_got=len(got_ids),
        doc_right=len(gold_ids & got_ids),
        negatives=int(not gold),
        clean=int(not gold and not got),
        race=int(result.in_race == row["in_race"]),
    )


def _f1(count: Counter[str], kind: str) -> str:
    right, got, gold = (count[f"{kind}_{part}"] for part in ("right", "got", "gold"))
    precision, recall = (right / got if got else 1.0), (right / gold if gold else 1.0)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"{100 * precision:5.1f} {100 * recall:5.1f} {100 * f1:5.1f}"


def _line(group: str, count: Counter[str]) -> str:
    clean = f"{100 * count['clean'] / count['negatives']:5.1f}" if count["negatives"] else "    -"
    spans, docs, race = _f1(count, "span"), _f1(count, "doc"), 100 * count["race"] / count["docs"]
    return f"{group:8} {count['docs']:4} | spans {spans} | docs {docs} | clean {clean} | in_race {race:5.1f}"


def _explain(row: dict[str, Any], result: Reading, tally: Counter[str]) -> None:
    wrong_spans = tally["span_right"] != tally["span_gold"] or tally["span_right"] != tally["span_got"]
    if not wrong_spans:
        return
    print(f"--- {row['id']} {row['lang']} in_race gold {row['in_race']} got {result.in_race}\n    {row['title']} | {row['text']}")
    if wrong_spans:
        print("    gold", [(e["candidate_id"], e["surface"]) for e in row["expected"]])
        print("    got ", [(m.candidate_id, m.surface, m.rule) for m in result.mentions if m.field == "text"])


FILLER = {
    "en": "The harbour was quiet on Thursday, and the gulls were loud. Prices rose by two per cent, the office said. ",
    "fr": "Le marché était calme jeudi, et les étals étaient pleins. L’hiver sera long, selon la météo de la région. ",
    "cs": "Přístav byl ve čtvrtek tichý a rackové křičeli. Ceny vzrostly o dvě procenta, oznámil úřad v Brně. ",
    "ru": "В четверг в порту было тихо, и кричали чайки. Цены выросли на два процента, сообщило ведомство. ",
}


def _speed(reader: Reader, rows: list[dict[str, Any]], seconds: float) -> None:
    """Megabytes a second over the passages, and over plain articles of some 4 kB that name nobody."""
    for name, documents in (
        ("passages", [(r["title"], r["text"], r["lang"]) for r in rows]),
        *((f"articles that name nobody, {code}", [("", text * 40, code)]) for code, text in FILLER.items()),
    ):
        size = sum(len((title + text).encode()) for title, text, _ in documents)
        rounds, began = 0, time.perf_counter()
        while (spent := time.perf_counter() - began) < seconds:
            for document in documents:
                read(reader, *document)
            rounds += 1
        print(f"{name}: {rounds * size / spent / 1e6:.1f} MB/s, {rounds * len(documents) / spent:,.0f} a second")


if __name__ == "__main__":
    main()
