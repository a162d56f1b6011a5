"""Finds the weights of :mod:`transforms.evidence` from the project's own passages: logistic regression with a penalty, in plain Python.

    python benchmarks/race_weights.py [--penalty P] [--ablation] [--write]

It learns from ``tests/transforms/race_*.toml`` without what is held out there, and prints accuracy by cross-validation, on what it learnt
from and on what was held out. Without --write it changes nothing. The result is the same each time.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from transforms.annotation import CompiledWatchlist, compile_watchlist  # noqa: E402
from transforms.mentions import decide_mentions, find_names  # noqa: E402
from transforms.normalise import Folded, fold  # noqa: E402
from transforms.params import Watchlist  # noqa: E402
from transforms.race import ENOUGH, read_cues  # noqa: E402
from transforms.records import Field  # noqa: E402
from transforms.weighing import Name  # noqa: E402
from transforms.wording import wording  # noqa: E402

PASSAGES = (
    "race_passages.toml",
    "race_more.toml",
    "race_third.toml",
    "race_fourth.toml",
    "race_nobody.toml",
    "race_unseen.toml",
    "race_english.toml",
    "race_short.toml",
    "race_articles.toml",
    "mention_passages.toml",
)
LONGEST = 330  # code points; longer passages are articles and are weighed otherwise
# Groups of figures by the beginnings of their names, for leaving one out; first of all the wording.
GROUPS = (
    *("word ", "alone", "nobody", "post", "holder", "body", "any_", "name", "country", "office", "elsewhere"),
    *("domestic", "home", "work", "rivals", "running", "side"),
)
WORDED = ("en",)  # languages with enough passages to learn from their wording as well
WORD = "word "  # how the key of a word or pair begins
LEAST = 3  # passages in which a word has to occur
WORD_PENALTY, PAIR_PENALTY = 2.0, 4.0
WORDS = ROOT / "transforms/lexicons/race_words.toml"
WEIGHTS = ROOT / "transforms/lexicons/race_weights.toml"
MARKED = re.compile(r"\{[a-z]+:([^}]*)\}")  # a mention, as mention_passages.toml has them
FOLDS = 10
ROUNDS = 400
CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Example:
    """A passage as the model sees it."""

    figures: Mapping[str, float]
    about: bool
    language: str
    held_out: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchlist", type=Path, default=ROOT / "config/watchlists/nato-secretary-general-2024.toml")
    parser.add_argument("--penalty", type=float, default=0.3)
    parser.add_argument("--ablation", action="store_true", help="leave out one group of figures after the other")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    args = parser.parse_args()
    compiled = compile_watchlist(Watchlist.model_validate(tomllib.loads(args.watchlist.read_text(encoding="utf-8"))))
    examples = [e for name in PASSAGES for e in read(compiled, ROOT / "tests/transforms" / name)]
    open_, held = [e for e in examples if not e.held_out], [e for e in examples if e.held_out]
    report("all figures", open_, held, args.penalty)
    if args.ablation:
        for prefix in GROUPS:
            without = [[drop(e, prefix) for e in part] for part in (open_, held)]
            report(f"without {prefix}", *without, args.penalty)
    if args.write:
        write(learn(open_, args.penalty))


def read(compiled: CompiledWatchlist, path: Path) -> list[Example]:
    if not path.exists():
        return []
    passages = tomllib.loads(path.read_text(encoding="utf-8"))["passage"]
    for passage in passages:
        passage["text"] = MARKED.sub(r"\1", passage["text"])
    return [Example(figures_of(compiled, p), p["race"], p["lang"], p.get("held_out", False)) for p in passages if len(p["text"]) <= LONGEST]


def figures_of(compiled: CompiledWatchlist, passage: Mapping[str, Any]) -> Mapping[str, float]:
    """The first steps of :func:`transforms.annotation.annotate`, up to the evidence."""
    code = passage["lang"]
    folded: dict[Field, Folded] = {"title": fold(passage["title"]), "text": fold(passage["text"])}
    names = find_names(folded, compiled.vocabularies.get(code, compiled.vocabularies[""]), code)
    cues = read_cues(compiled.contest, folded["title"].text, folded["text"].text, code, bool(names.found))
    kept = decide_mentions(names, cues, folded)
    persons = [Name(f.candidate_id, f.field, f.start, f.end) for f in kept]
    found = cues.evidence(persons, folded)
    if not found or code not in WORDED:
        return found
    return {**found, **{WORD + word: 1.0 for word in wording(folded, cues.hits, persons)}}


def drop(example: Example, prefix: str) -> Example:
    kept = {key: value for key, value in example.figures.items() if not key.startswith(prefix)}
    return Example(kept, example.about, example.language, example.held_out)


def learn(examples: Sequence[Example], penalty: float) -> dict[str, float]:
    """Weights by gradient descent with momentum; ``penalty`` pulls each towards zero, the constant excepted.

    Words are pulled harder, and those of a few passages only are left out.
    """
    examples = [e for e in examples if e.figures]
    often = Counter(key for e in examples for key in e.figures)
    keys = sorted(key for key, times in often.items() if times >= LEAST or not key.startswith(WORD))
    known = set(keys)
    examples = [dataclasses.replace(e, figures={k: v for k, v in e.figures.items() if k in known}) for e in examples]
    pull = {key: penalty_of(key, penalty) for key in keys}
    weight = dict.fromkeys((CONSTANT, *keys), 0.0)
    speed = dict.fromkeys(weight, 0.0)
    step = 1.0 / len(examples)
    for _ in range(ROUNDS):
        slope = {key: pull[key] * value if key != CONSTANT else 0.0 for key, value in weight.items()}
        for e in examples:
            error = likely(weight, e.figures) - e.about
            slope[CONSTANT] += error
            for key, value in e.figures.items():
                slope[key] += error * value
        for key, value in slope.items():
            speed[key] = 0.9 * speed[key] - step * value
            weight[key] += speed[key]
    return weight


def penalty_of(key: str, penalty: float) -> float:
    if not key.startswith(WORD):
        return penalty
    return PAIR_PENALTY if " " in key.removeprefix(WORD) else WORD_PENALTY


def likely(weight: Mapping[str, float], figures: Mapping[str, float]) -> float:
    if not figures:
        return 0.0
    total = weight[CONSTANT] + sum(weight.get(key, 0.0) * value for key, value in figures.items())
    return 1.0 / (1.0 + math.exp(-total))


def right(weight: Mapping[str, float], examples: Iterable[Example]) -> list[bool]:
    return [(likely(weight, e.figures) >= ENOUGH) == e.about for e in examples]


def share(results: Sequence[bool]) -> str:
    return f"{100 * sum(results) / len(results):5.1f}" if results else "    -"


def crossed(examples: Sequence[Example], penalty: float) -> list[bool]:
    """Each passage judged by weights that were learnt without it."""
    order = list(range(len(examples)))
    random.Random(1).shuffle(order)
    result = [False] * len(examples)
    for part in range(FOLDS):
        mine = set(order[part::FOLDS])
        weight = learn([e for i, e in enumerate(examples) if i not in mine], penalty)
        for i in mine:
            result[i] = right(weight, [examples[i]])[0]
    return result


def report(label: str, open_: Sequence[Example], held: Sequence[Example], penalty: float) -> None:
    weight = learn(open_, penalty)
    outside = right(weight, held)
    english = [r for r, e in zip(outside, held, strict=True) if e.language == "en"]
    other = [r for r, e in zip(outside, held, strict=True) if e.language != "en"]
    print(
        f"{label:28} crossed {share(crossed(open_, penalty))}  learnt {share(right(weight, open_))}"
        f"  held out {share(outside)} (en {share(english)}, other {share(other)})  of {len(open_)} and {len(held)}"
    )


def write(weight: Mapping[str, float]) -> None:
    figures = {key: value for key, value in weight.items() if not key.startswith(WORD)}
    lines = [
        "# Weights of what a short text offers as evidence (transforms/evidence.py). Found by benchmarks/race_weights.py, not by hand."
    ]
    lines += ["", "[weights]", *(f"{key} = {value:.2f}" for key, value in sorted(figures.items()))]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = {key.removeprefix(WORD): value for key, value in weight.items() if key.startswith(WORD) and abs(value) >= 0.05}
    lines = [
        "# Weights of words and pairs of words in short texts (transforms/wording.py): the first letters of words; names, countries, the",
        "# body and whoever has the post stand in angle brackets. Found by benchmarks/race_weights.py, not by hand.",
    ]
    lines += ["", f"[{WORDED[0]}]", *(f'"{key}" = {value:.2f}' for key, value in sorted(words.items()))]
    WORDS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
