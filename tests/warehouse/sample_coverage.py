"""A small published file for the tests of the report: rows written by hand, the grid of counts made from them in plain Python.

It holds what life holds: an outage, partial and archive days, zeros, a wire story, an undated article, an outlet that joins late, hostile headlines.
Run as a program it writes the file to the path given, to be looked at.
"""

# ruff: noqa: E501 (the rows are sentences)

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

NATO = "nato-secretary-general-2024"
ASPIRANTS = "nato-aspirants"
LATER = "un-secretary-general-2026"
SINCE, UNTIL = date(2024, 6, 24), date(2024, 7, 7)  # two ISO weeks: W26 and W27
PUBLISHED_AT = datetime(2024, 7, 8, 5, 30, tzinfo=UTC)

OUTLETS = [
    # outlet_id, name, country, language, zone, agency, panel_from
    ("avondpost", "De Avondpost", "NL", "nl", "Europe/Amsterdam", False, None),
    ("baltic-ledger", "The Baltic Ledger", "EE", "en", "Europe/Tallinn", False, None),
    ("curierul-nou", "Curierul Nou", "RO", "ro", "Europe/Bucharest", False, None),
    ("dunya-postasi", "Dünya Postası", "TR", "tr", "Europe/Istanbul", False, None),
    ("fjordavisen", "Fjordavisen", "NO", "no", "Europe/Oslo", False, None),
    ("northwire", "Northwire Agency", "BE", "en", "Europe/Brussels", True, None),
    ("rheinblick", "Rheinblick", "DE", "de", "Europe/Berlin", False, None),
    ("vestnik-dnia", "Вестник дня", "BG", "bg", "Europe/Sofia", False, date(2024, 7, 4)),
]
WATCHLISTS = [
    (NATO, "NATO Secretary General, 2024", "person", date(2023, 1, 1), date(2024, 10, 1)),
    (ASPIRANTS, "Countries that want to join NATO", "country", date(2023, 1, 1), date(2024, 12, 31)),
    (LATER, "UN Secretary-General, 2026", "person", date(2025, 11, 1), date(2026, 12, 31)),
]
CANDIDATES = [
    ("mark-rutte", NATO, "Mark Rutte", "NL", "appointed"),
    ("klaus-iohannis", NATO, "Klaus Iohannis", "RO", "withdrew"),
    ("kaja-kallas", NATO, "Kaja Kallas", "EE", "touted"),
    ("krisjanis-karins", NATO, "Krišjānis Kariņš", "LV", "touted"),
    ("ursula-von-der-leyen", NATO, "Ursula von der Leyen", "DE", "denied"),
    ("ben-wallace", NATO, "Ben Wallace", "GB", None),
    ("ukraine", ASPIRANTS, "Ukraine", "UA", "declared"),
    ("georgia", ASPIRANTS, "Georgia", "GE", "declared"),
]
RLM, RLO = "\u200f", "\u202e"
HOSTILE = {
    "script": "<script>alert('x')</script> Rutte & \"friends\" <img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://evil.example/","Rutte")',
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab": "\t=1+1 Rutte in tabs",
    "bidi": f"{RLM}راته يزور أنقرة{RLM} {RLO}evissim{RLO} Rutte",
    "long": "Rutte " + "weighs every word " * 280,
    "emoji": "Rutte 🇳🇱🤝🇹🇷 wins 👏🏽",
    "null": "Rutte\x00 and a\x1b[31m control\x07 character",
    "typst": '#read("/etc/passwd") $x^2$ *Rutte* _to_ `lead` \\ @ref <label>',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article as a reader would note it down."""

    outlet: str
    day: date | None
    hour: int | None
    title: str
    named: Mapping[str, int]  # candidate_id → mentions in the text
    sentence: str
    story: str | None = None  # key of the piece that leads it; None leads its own
    kind: str = "original"
    key: str = ""
    url: str | None = None
    agency: str | None = None
    in_race: bool = True
    uncounted: str | None = None


def week(first: date, outlet_shift: int = 0) -> list[Piece]:
    """A week of ordinary coverage that begins on ``first``; ``outlet_shift`` leaves some of it out, so that weeks differ."""
    d = [first + timedelta(days=n) for n in range(7)]
    tag = f"{first:%m%d}"
    wire = f"wire-{tag}"
    pieces = [
        Piece(
            outlet="northwire",
            day=d[2],
            hour=9,
            key=wire,
            title="Allies appoint Mark Rutte as next NATO chief",
            named={"mark-rutte": 4, "klaus-iohannis": 1, "kaja-kallas": 1},
            sentence="Mark Rutte was chosen after Klaus Iohannis stepped aside, while Kaja Kallas had been touted early on.",
            agency="northwire",
        ),
        *(
            Piece(
                outlet=o,
                day=d[2],
                hour=10 + n,
                story=wire,
                kind=k,
                title=t,
                named={"mark-rutte": 4, "klaus-iohannis": 1, "kaja-kallas": 1},
                sentence=s,
                agency="northwire",
            )
            for n, (o, k, t, s) in enumerate(
                [
                    (
                        "avondpost",
                        "syndicated",
                        "NAVO benoemt Mark Rutte tot secretaris-generaal",
                        "Mark Rutte werd gekozen nadat Klaus Iohannis zich had teruggetrokken, Kaja Kallas was eerder genoemd.",
                    ),
                    (
                        "baltic-ledger",
                        "exact",
                        "Allies appoint Mark Rutte as next NATO chief",
                        "Mark Rutte was chosen after Klaus Iohannis stepped aside, while Kaja Kallas had been touted early on.",
                    ),
                    (
                        "rheinblick",
                        "syndicated",
                        "Verbündete ernennen Mark Rutte",
                        "Mark Rutte wurde gewählt, nachdem Klaus Iohannis verzichtet hatte; Kaja Kallas war früh im Gespräch.",
                    ),
                    (
                        "fjordavisen",
                        "near",
                        "Mark Rutte blir NATO-sjef",
                        "Mark Rutte ble valgt etter at Klaus Iohannis trakk seg; Kaja Kallas ble tidlig nevnt.",
                    ),
                ]
            )
        ),
        Piece(
            outlet="avondpost",
            day=d[0],
            hour=6,
            title="Rutte neemt afscheid van de fractie",
            named={"mark-rutte": 6},
            sentence="„Het was een eer”, zei Rutte op het Binnenhof.",
            in_race=False,
        ),
        Piece(
            outlet="avondpost",
            day=d[1],
            hour=18,
            title="Wat Rutte in Brussel te wachten staat",
            named={"mark-rutte": 9},
            sentence="Op Rutte wacht een oorlog aan de grens en een Witte Huis dat van bewoner kan wisselen.",
        ),
        Piece(
            outlet="avondpost",
            day=d[3],
            hour=7,
            title="Profiel: de man van de compromissen",
            named={"mark-rutte": 7, "ursula-von-der-leyen": 1},
            sentence="Rutte en Ursula von der Leyen kennen elkaar uit honderd nachten in Brussel.",
        ),
        Piece(
            outlet="curierul-nou",
            day=d[0],
            hour=12,
            title="Iohannis se retrage din cursă",
            named={"klaus-iohannis": 5, "mark-rutte": 2},
            sentence="Președintele Klaus Iohannis a anunțat că România îl va susține pe Mark Rutte.",
        ),
        Piece(
            outlet="curierul-nou",
            day=d[1],
            hour=13,
            title="Ce urmează pentru Klaus Iohannis",
            named={"klaus-iohannis": 6},
            sentence="Klaus Iohannis își încheie mandatul la sfârșitul anului.",
        ),
        Piece(
            outlet="dunya-postasi",
            day=d[3],
            hour=15,
            title="Ankara: Rutte’ye desteğimiz sürüyor",
            named={"mark-rutte": 3},
            sentence="Sözcü, Rutte’nin Ankara’ya verdiği sözleri tutmasını beklediklerini söyledi.",
        ),
        Piece(
            outlet="baltic-ledger",
            day=d[0],
            hour=11,
            title="Why Kallas was passed over",
            named={"kaja-kallas": 8, "mark-rutte": 2, "krisjanis-karins": 1},
            sentence="Kaja Kallas was too outspoken on Moscow for some capitals, diplomats said.",
        ),
        Piece(
            outlet="rheinblick",
            day=d[4],
            hour=8,
            title="Rutte und die Macht der Geduld",
            named={"mark-rutte": 5},
            sentence="Wer Rutte verstehen will, muss ihn auf dem Fahrrad sehen.",
        ),
        Piece(
            outlet="northwire",
            day=d[5],
            hour=14,
            title="Karins: Latvia backs consensus",
            named={"krisjanis-karins": 2, "mark-rutte": 1},
            sentence="“We back the consensus,” Krišjānis Kariņš told reporters.",
        ),
        Piece(
            outlet="northwire",
            day=d[1],
            hour=16,
            title="Ukraine’s path to membership irreversible, draft says",
            named={"ukraine": 5},
            sentence="Ukraine’s path is called irreversible in a draft seen by the agency.",
        ),
        Piece(
            outlet="baltic-ledger",
            day=d[4],
            hour=10,
            title="Georgia’s turn away from the West",
            named={"georgia": 4, "ukraine": 1},
            sentence="Georgia was promised membership in Bucharest together with Ukraine.",
        ),
    ]
    return [p for n, p in enumerate(pieces) if not outlet_shift or n % 5 != outlet_shift]


def hostile_week(first: date) -> list[Piece]:
    """Headlines, sentences and addresses that try to be something else."""
    pieces = [
        Piece(
            outlet="northwire",
            day=first + timedelta(days=n % 5),
            hour=20,
            title=title,
            named={"mark-rutte": 1},
            sentence=title if n % 2 else "A sentence that names Rutte, </script> and all.",
        )
        for n, title in enumerate(HOSTILE.values())
    ]
    return [
        *pieces,
        Piece(
            outlet="northwire",
            day=first,
            hour=None,
            title="Rutte behind a bad address",
            named={"mark-rutte": 1},
            sentence="=cmd|Rutte",
            url="javascript:alert('Rutte')",
        ),
        Piece(
            outlet="rheinblick",
            day=None,
            hour=None,
            title="Ohne Datum über Rutte",
            named={"mark-rutte": 2},
            sentence="Rutte schweigt.",
            uncounted="undated",
        ),
    ]


def statuses(since: date = SINCE, until: date = UNTIL) -> dict[tuple[str, date], tuple[str, str | None]]:
    """Collection status by outlet and day: an outage over two days, partial and blocked days, the rest complete."""
    found: dict[tuple[str, date], tuple[str, str | None]] = {}
    for outlet_id, *_, panel_from in OUTLETS:
        for n in range((until - since).days + 1):
            day = since + timedelta(days=n)
            if panel_from is None or day >= panel_from:
                found[outlet_id, day] = ("complete", None)
    for day in (date(2024, 7, 2), date(2024, 7, 3)):
        found["curierul-nou", day] = ("outage", "connection")
    found["dunya-postasi", date(2024, 7, 4)] = ("partial", "gap_between_polls")
    found["fjordavisen", date(2024, 7, 6)] = ("blocked", "forbidden")
    found["vestnik-dnia", date(2024, 7, 4)] = ("partial", "before_first_poll")
    return {k: v for k, v in found.items() if since <= k[1] <= until}


def article_id(outlet: str, url: str) -> str:
    return hashlib.sha256(f"{outlet} {url}".encode()).hexdigest()[:16]


def build(
    path: Path,
    *,
    pieces: Sequence[Piece] | None = None,
    status: Mapping[tuple[str, date], tuple[str, str | None]] | None = None,
    warnings: int = 1,
    critical: int = 0,
) -> Path:
    """Write the published file. Without ``pieces`` and ``status`` it is the two weeks described above."""
    pieces = [*week(SINCE, 2), *week(date(2024, 7, 1)), *hostile_week(date(2024, 7, 1))] if pieces is None else pieces
    status = statuses() if status is None else status
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute((resources.files("warehouse") / "published.sql").read_text(encoding="utf-8")).fetchall()
        _insert(con, "outlets", [(i, n, c, lang, z, f"https://{i}.example/", ag, pf, None) for i, n, c, lang, z, ag, pf in OUTLETS])
        _insert(con, "watchlists", WATCHLISTS)
        _insert(con, "candidates", CANDIDATES)
        _articles(con, pieces, status)
        _counts(con, pieces, status)
        _history(con, warnings, critical)
    return path


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    listed = [tuple(r) for r in rows]
    if listed:  # the first columns; what a table has beyond them is NULL here
        names = [name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()][: len(listed[0])]
        con.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(listed[0]))})", listed)


def _visible(piece: Piece, status: Mapping[tuple[str, date], tuple[str, str | None]]) -> bool:
    known = piece.day is not None and status.get((piece.outlet, piece.day), ("outage", None))[0] in {"complete", "partial", "archive"}
    return known or piece.uncounted is not None


def _identified(pieces: Sequence[Piece], status: Mapping[tuple[str, date], tuple[str, str | None]]) -> list[tuple[str, str, Piece]]:
    listed = []
    for n, piece in enumerate(pieces):
        url = piece.url or f"https://{piece.outlet}.example/{piece.day or 'undated'}/{n}"
        if _visible(piece, status):
            listed.append((article_id(piece.outlet, url), url, piece))
    return listed


def _articles(con: duckdb.DuckDBPyConnection, pieces: Sequence[Piece], status: Mapping[tuple[str, date], tuple[str, str | None]]) -> None:
    identified = _identified(pieces, status)
    leads = {p.key: i for i, _, p in identified if p.key}
    languages = {o[0]: o[3] for o in OUTLETS}
    articles: list[tuple[Any, ...]] = []
    mentions: list[tuple[Any, ...]] = []
    named: list[tuple[Any, ...]] = []
    members: dict[str, list[tuple[str, Piece]]] = {}
    for ident, url, p in identified:
        story = leads.get(p.story or "", ident)
        instant = datetime.combine(p.day, time(p.hour), tzinfo=UTC) if p.day and p.hour is not None else None
        seen = instant or datetime(2024, 7, 3, 12, tzinfo=UTC)
        precision = "second" if instant else "day" if p.day else "none"
        kind, copy_of = (p.kind, story) if story != ident else ("original", None)
        articles.append(
            (
                ident,
                p.outlet,
                url,
                p.title,
                [],
                None,
                languages[p.outlet],
                instant,
                p.day,
                "jsonld" if p.day else None,
                precision,
                seen,
                400,
                "full",
                kind,
                copy_of,
                story,
                p.agency,
                "secret text of the article",
            )
        )
        members.setdefault(story, []).append((ident, p))
        for candidate, count in p.named.items():
            surname = next(c[2] for c in CANDIDATES if c[0] == candidate).split()[-1]
            mentions += [
                (
                    ident,
                    candidate,
                    "text",
                    100 * n,
                    100 * n + len(surname),
                    surname,
                    p.sentence if n == 0 else f"Another sentence with {surname}.",
                    "surname",
                )
                for n in range(count)
            ]
            named.append((ident, candidate, count, False, True, p.in_race))
    _insert(con, "articles", articles)
    _insert(con, "mentions", mentions)
    _insert(con, "article_candidates", named)
    _insert(
        con,
        "stories",
        [
            (
                s,
                s,
                next((a[7] for a in articles if a[0] == s), None),
                len(m),
                len({p.outlet for _, p in m}),
                next((p.agency for _, p in m if p.agency), None),
            )
            for s, m in members.items()
        ],
    )
    _insert(con, "uncounted", [(i, p.uncounted) for i, _, p in identified if p.uncounted])


def _counts(con: duckdb.DuckDBPyConnection, pieces: Sequence[Piece], status: Mapping[tuple[str, date], tuple[str, str | None]]) -> None:
    identified = [i for i in _identified(pieces, status) if i[2].uncounted is None]
    leads = {p.key: i for i, _, p in identified if p.key}
    cells, health = [], []
    for (outlet, day), (state, reason) in status.items():
        here = [(i, p) for i, _, p in identified if (p.outlet, p.day) == (outlet, day)]
        known = state in {"complete", "partial", "archive"}
        health.append(
            (outlet, day, state, reason, len(here) + 3, 1, len(here) + 1, len(here), 1, 1)
            if known
            else (outlet, day, state, reason, 0, 0, 0, 0, 0, 0)
        )
        for candidate, watchlist, *_ in CANDIDATES:
            naming = [(i, p) for i, p in here if candidate in p.named]
            mentions = sum(p.named[candidate] for _, p in naming)
            everyone = sum(n for _, p in here for c, n in p.named.items() if next(k[1] for k in CANDIDATES if k[0] == c) == watchlist)
            stories = {leads.get(p.story or "", i) for i, p in naming}
            counts = (
                len(naming),
                sum(p.in_race for _, p in naming),
                len(stories),
                len(stories & {i for i, _ in naming}),
                mentions,
                len(here) + 20,
                mentions / everyone if everyone else None,
            )
            cells.append((outlet, day, watchlist, candidate, *(counts if known else (None,) * 7), state, day < date(2024, 7, 6)))
    _insert(con, "coverage_by_outlet_day", cells)
    _insert(con, "collection_health", health)


def _history(con: duckdb.DuckDBPyConnection, warnings: int, critical: int) -> None:
    digest = hashlib.sha256(b"sample").hexdigest()
    _insert(
        con,
        "snapshot",
        [(PUBLISHED_AT, "run-2", PUBLISHED_AT - timedelta(minutes=12), digest, "0.1.0+abc1234", digest[:16], 1, "mentions")],
    )
    _insert(con, "runs", [("run-2", "run", PUBLISHED_AT, PUBLISHED_AT, "succeeded", None, "0.1.0+abc1234", digest[:16], digest)])
    results: list[tuple[Any, ...]] = [
        ("run-1", "articles", "old_warning", "warning", False, "1", "0", 1, None),
        ("run-2", "articles", "titles_present", "critical", True, "0", "0", 0, None),
    ]
    results += [("run-2", "articles", f"share_of_undated_{n}", "warning", False, "4.1%", "at most 2%", 3, "[]") for n in range(warnings)]
    results += [("run-2", "mentions", f"offsets_hold_{n}", "critical", False, "2", "0", 2, "[]") for n in range(critical)]
    _insert(con, "quality_results", results)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
