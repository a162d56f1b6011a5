"""Two hundred newsrooms that are odd and right: what the audit must let pass. Seeded; every number is another one.

Odd but legal: outlets from Pago Pago to Kiritimati and in zones that change their clocks at midnight, weeks in which they do, letters
written from right to left, outside the basic plane or without blanks, articles without a date, with a day alone, dated ahead, without text
from an archive, outages, outlets that enter and leave, outlets with one article or none, bylines of nobody. Nothing here is damaged.
"""

from __future__ import annotations

import random
from datetime import date
from unittest.mock import patch
from zoneinfo import ZoneInfo

import builders as b
import generated
from generated import Newsroom, Plan

from transforms.shingles import words

ZONES = (
    "Pacific/Pago_Pago", "Pacific/Kiritimati", "Pacific/Apia", "Pacific/Chatham", "America/Havana", "America/Asuncion", "America/Santiago",
    "America/St_Johns", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Europe/Dublin", "Europe/Chisinau", "Atlantic/Azores", "Antarctica/Troll", "UTC",
)  # fmt: skip
DAYS = (
    date(2024, 1, 1), date(2024, 2, 26), date(2024, 3, 8), date(2024, 3, 29), date(2024, 4, 4), date(2024, 9, 5),
    date(2024, 10, 25), date(2024, 11, 1), date(2023, 12, 29), date(2011, 12, 28),
)  # fmt: skip
SYLLABLES = (
    ["ba", "ke", "mi", "to", "du", "é", "ß", "ø", "ł", "ñ"],
    ["سلا", "مكت", "ابر", "لنو", "حدي"],  # from right to left
    ["ко", "ми", "те", "іс", "їж"],
    ["新聞", "総長", "選挙", "候補"],  # without blanks between words
    ["कु", "मा", "रि", "की"],  # with marks that are no letters
    ["ba😀", "ke🇳🇱", "mi👩‍💻", "𝔞𝔟", "x"],  # outside the basic plane, joined
    ["ba", "ke-", "mi’", "to…", "«du»", "%"],
)
COUNT = 200


def newsroom(seed: int) -> Newsroom:
    """The newsroom of a number."""
    chance = random.Random(seed)
    places = [
        (name, chance.choice(ZONES), name == "wire", chance.choice([None, None, 0.2]), chance.choice([None, None, 0.8]))
        for name in ("post", "wire", "tide", "late", "gone", "mill")
    ]
    plan = Plan(
        seed=seed,
        outlets=chance.randint(1, 6),
        first_day=chance.choice(DAYS),
        days=chance.choice([5, 8, 13, 21]),
        articles=chance.choice([1.0, 1.0, 2.0, 4.0]),
        outages=chance.choice([0.0, 0.1, 0.4]),
        archived_days=chance.randint(0, 6),
        textless=chance.random() < 0.5,
    )
    with patch.object(generated, "_OUTLETS", places), patch.object(generated, "_SYLLABLES", chance.choice(SYLLABLES)):
        made = generated.generate(plan)
    zones = {outlet["id"]: ZoneInfo(outlet["timezone"]) for outlet in made.outlets}
    keep = chance.choice([1.0, 1.0, 1.0, 0.3, 0.0])  # most pages may not have been read yet
    made.batches = [_odd(batch, chance, zones) for batch in made.batches if chance.random() <= keep]
    return made


def _odd(batch: generated.Batch, chance: random.Random, zones: dict[str, ZoneInfo]) -> generated.Batch:
    """The same page with fields that pages seldom have."""
    for page in batch["pages"]:
        if page["published_at"] is not None:  # not everywhere has every day been: Apia had no 30 December 2011
            page["published_on"] = page["published_at"].astimezone(zones[page["outlet_id"]]).date()
        if page["rejected_reason"] is None and page["text"] is not None:
            page["word_count"] = len(words(page["text"]))
            page["language"] = chance.choice(["en", "en", "en", "ar", "no", None])
            page["authors"] = chance.choice([[], [], ["Eve Poole"], ["Eve Poole", "Sam de la Cruz"]])
            page["byline_org"] = chance.choice([None, None, "Newsdesk"])
            page["access"] = chance.choice(["full", "full", "metered", "stub"])
        if page["rejected_reason"] is None:
            page["date_source"] = chance.choice(["jsonld", "meta", "time", "feed", "url", "text"]) if page["published_on"] else None
    return batch


def parts(batches: list[generated.Batch], seed: int) -> list[list[generated.Batch]]:
    """What is staged at once: everything, or for every fourth newsroom what came first and what came later."""
    place = random.Random(-seed).randint(0, len(batches)) if seed % 4 == 3 else 0
    return [part for part in (batches[:place], batches[place:]) if part] or [[]]


def tables(batches: list[generated.Batch]) -> dict[str, list[b.Row]]:
    """The rows of batches by table."""
    found: dict[str, list[b.Row]] = {"pages": [], "page_watchlists": [], "page_mentions": []}
    for batch in batches:
        for table, rows in batch.items():
            found.setdefault(table, []).extend(rows)
    return found
