"""Commands that run one stage on files: extract, annotate, dedupe.

UTF-8 JSON lines in and out, so that any stage can be tried and measured by hand.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TextIO

from flows.backfill import OK_STATUS
from flows.cli import BadUsage
from flows.collectors.archive import ArchivedPage, iterate_pages
from flows.collectors.client import status_reason
from flows.configuration import load_configuration, load_watchlist
from flows.environment import clock
from transforms.params import Outlet
from transforms.reading import read_guarded
from transforms.records import Article, Document, FetchedPage, Reason, RejectedPage, Rejection
from transforms.urls import OutletDirectory

PAGE_SUFFIXES = (".html", ".htm", ".html.gz", ".htm.gz")
WARC_SUFFIXES = (".warc", ".warc.gz")
_SURROGATE = re.compile("[\ud800-\udfff]")
MAX_PAGE_BYTES = 50_000_000  # of one page, unpacked; extraction itself takes far less


class BadLines(Exception):
    """Some input lines could not be read; the others were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """A page to extract, or why there is none."""

    source: str
    page: FetchedPage | Rejection
    url: str | None


def extract(inputs: Iterable[str], config: Path | None, url: str | None, jobs: int, output: str) -> None:
    """Pages to JSON lines."""
    outlets = load_configuration(config).outlets if config else ()
    sources = list(_expand(inputs))
    if url is not None and (len(sources) != 1 or sources[0].endswith(WARC_SUFFIXES)):
        raise BadUsage("--url goes with a single page")
    with _writer(output) as out:
        if jobs > 1 and len(sources) > 1:
            with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(outlets,)) as pool:
                for lines in pool.map(_extract_in_worker, ((source, url) for source in sources), chunksize=4):
                    out.writelines(lines)
        else:
            directory = OutletDirectory(outlets)
            for source in sources:
                out.writelines(_extract_lines(source, url, directory))


def annotate(source: str, watchlist_id: str, config: Path, output: str) -> None:
    """Mentions and ``in_race`` of given texts."""
    from transforms import annotation
    from transforms.language import detect

    compiled = annotation.compile_watchlist(load_watchlist(config, watchlist_id))
    with _writer(output) as out, _reading(source) as rows:
        for row in rows:
            title, text = _text(row, "title"), _text(row, "text")
            language = _text(row, "lang") or detect(text, title, None)
            found = annotation.annotate(compiled, title, text, language, _day(row))
            spans = [
                {"candidate_id": m.candidate_id, "field": m.field, "start": m.start, "end": m.end, "surface": m.surface}
                for m in found.mentions
            ]
            result = {
                "id": row["id"],
                "mentions": spans,
                "candidates": sorted({m.candidate_id for m in found.mentions}),
                "in_race": found.in_race,
                "endorsements": [
                    {
                        "endorser": e.endorser,
                        "candidate_id": e.candidate_id,
                        "stance": str(e.stance),
                        "status": str(e.status),
                        "speaker": e.speaker,
                        "speaker_role": e.speaker_role,
                        "said_on": e.said_on.isoformat() if e.said_on else None,
                        "evidence": e.evidence,
                        "rule": e.rule,
                    }
                    for e in found.endorsements
                ],
                "references": [
                    {"candidate_id": r.candidate_id, "field": r.field, "start": r.start, "end": r.end, "surface": r.surface}
                    for r in found.references
                ],
                "quotes": [
                    {
                        "candidate_id": q.candidate_id,
                        "direction": q.direction,
                        "speaker": q.speaker,
                        "is_direct": q.is_direct,
                        "field": q.field,
                        "start": q.start,
                        "end": q.end,
                        "quote": q.quote,
                    }
                    for q in found.quotes
                ],
            }
            _write(out, result)


def _day(row: dict[str, Any]) -> date | None:
    """``date`` of a row: a day, or a moment that begins with one; None where it is neither."""
    try:
        return date.fromisoformat(_text(row, "date")[:10])
    except ValueError:
        return None


def dedupe(source: str, output: str) -> None:
    """Stories among given texts. A row may also say ``is_agency`` (of its outlet) and ``wire_agency`` (its credit)."""
    from transforms.dedupe import find_stories

    with _writer(output) as out, _reading(source, unique=True) as rows:
        documents, order = [], []
        for row in rows:
            moment, until = _published(row)
            text, wire_agency = row.get("text"), row.get("wire_agency")
            documents.append(
                Document(
                    id=str(row["id"]),
                    text=text if isinstance(text, str) else "",
                    outlet_id=str(row.get("outlet_id") or ""),
                    is_agency=row.get("is_agency") is True,
                    wire_agency=wire_agency if isinstance(wire_agency, str) and wire_agency else None,
                    published_at=moment,
                    published_until=until,
                )
            )
            order.append(row["id"])
        members = {member.id: member for member in find_stories(documents)}
        by_text = {str(each): each for each in order}
        for each in order:
            member = members[str(each)]
            _write(
                out,
                {
                    "id": each,
                    "story_id": by_text[member.story_id],
                    "copy_kind": member.copy_kind,
                    "copy_of": None if member.copy_of is None else by_text[member.copy_of],
                    "similarity": member.similarity,
                },
            )


# ---- extract


def _expand(inputs: Iterable[str]) -> Iterator[str]:
    for given in inputs:
        path = Path(given)
        if given == "-" or path.is_file():
            yield given
        elif path.is_dir():
            yield from sorted(
                str(file) for file in path.rglob("*") if file.is_file() and file.name.lower().endswith(PAGE_SUFFIXES + WARC_SUFFIXES)
            )
        else:
            raise BadUsage(f"{given}: there is no such file or folder")


_worker_directory: list[OutletDirectory] = []  # of this process, filled once at its start


def _start_worker(outlets: tuple[Outlet, ...]) -> None:
    _worker_directory.append(OutletDirectory(outlets))


def _extract_in_worker(task: tuple[str, str | None]) -> list[str]:
    return list(_extract_lines(*task, _worker_directory[0]))


def _extract_lines(source: str, url: str | None, directory: OutletDirectory) -> Iterator[str]:
    for entry in _pages(source, url):
        if isinstance(entry.page, Rejection):
            result: Article | RejectedPage = RejectedPage(rejection=entry.page)
        else:
            result = read_guarded(entry.page, directory.find(entry.url) if entry.url else None, {})
        yield _line(_fields(entry, result))


def _pages(source: str, url: str | None) -> Iterator[_Input]:
    if source.lower().endswith(WARC_SUFFIXES):
        for found in iterate_pages(Path(source)):
            name = f"{source}#{found.record_id or found.offset}"
            page: FetchedPage | Rejection
            if isinstance(found, ArchivedPage) and found.status not in OK_STATUS:
                page = Rejection(stage="fetch", reason=status_reason(found.status), detail=f"HTTP {found.status}")
            elif isinstance(found, ArchivedPage):
                page = FetchedPage(
                    url=found.url, final_url=found.url, content=found.content, content_type=found.content_type, fetched_at=found.fetched_at
                )
            else:
                page = found.rejection
            yield _Input(source=name, page=page, url=found.url)
        return
    try:
        content = _content(source)
    except (OSError, EOFError) as error:
        yield _Input(source=source, page=Rejection(stage="input", reason=Reason.BAD_ENCODING, detail=str(error)), url=url)
        return
    if len(content) > MAX_PAGE_BYTES:
        yield _Input(
            source=source, page=Rejection(stage="input", reason=Reason.TOO_LARGE, detail=f"over {MAX_PAGE_BYTES:,} bytes"), url=url
        )
        return
    yield _Input(
        source=source,
        page=FetchedPage(url=url or "", final_url=url or "", content=content, content_type=None, fetched_at=clock()()),
        url=url,
    )


def _content(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(MAX_PAGE_BYTES + 1)
    if source.lower().endswith(".gz"):
        with gzip.open(source) as packed:
            return packed.read(MAX_PAGE_BYTES + 1)
    with Path(source).open("rb") as file:
        return file.read(MAX_PAGE_BYTES + 1)


def _fields(entry: _Input, result: Article | RejectedPage) -> dict[str, Any]:
    article = result if isinstance(result, Article) else result.fields
    row: dict[str, Any] = {"source": entry.source, "url": entry.url or (article.url if article else None) or None}
    for name in ("canonical_url", "title", "authors", "byline_org", "published_at", "published_on", "modified_at", "date_source",
                 "date_precision", "language", "access", "text", "section", "wire_agency"):  # fmt: skip
        value = getattr(article, name) if article else None
        if name == "authors":
            value = list(value or ())
        elif isinstance(value, datetime):
            value = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        elif isinstance(value, date):
            value = value.isoformat()
        row[name] = value if value != "" else None
    if article is not None:
        row |= {f"{name}_source": getattr(article.evidence, name) for name in ("title", "authors", "wire_agency", "language", "section")}
    if isinstance(result, RejectedPage):
        row["rejected"] = str(result.rejection.reason)
        row["rejected_detail"] = result.rejection.detail
    return row


# ---- JSON lines


@contextmanager
def _writer(output: str) -> Iterator[TextIO]:
    if output == "-":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
    else:
        with Path(output).open("w", encoding="utf-8") as file:
            yield file


@contextmanager
def _reading(source: str, *, unique: bool = False) -> Iterator[Iterator[dict[str, Any]]]:
    """The objects of the input; lines that are none are named on standard error and make the command end with status 1.

    With ``unique`` a line whose id stood before is a bad one too: ids are compared as text.
    """
    bad: list[int] = []
    if source == "-":
        yield _rows(sys.stdin.buffer, bad, unique=unique)
    else:
        path = Path(source)
        if not path.is_file():
            raise BadUsage(f"{source}: there is no such file")
        with path.open("rb") as file:
            yield _rows(file, bad, unique=unique)
    if bad:
        raise BadLines(f"{len(bad)} lines were passed over (lines {', '.join(map(str, bad[:10]))}{', …' if len(bad) > 10 else ''})")


def _rows(lines: Iterable[bytes], bad: list[int], *, unique: bool) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or "id" not in row:
                raise ValueError("is no object with an id")
            if str(row["id"]) in seen:
                raise ValueError(f"the id {row['id']!r} stood before")
        except (ValueError, RecursionError) as error:
            print(f"line {number}: {error}", file=sys.stderr)
            bad.append(number)
        else:
            if unique:
                seen.add(str(row["id"]))
            yield row


def _text(row: Mapping[str, Any], name: str) -> str:
    """A text of a row. Half a surrogate pair, which JSON can name, becomes U+FFFD: it is no text, and offsets stay as they are."""
    value = row.get(name)
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _published(row: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """``published_at`` as an instant, or for a mere day the end of it; UTC where no offset stands."""
    value = row.get("published_at")
    if not isinstance(value, str) or not value:
        return None, None
    try:
        if len(value) == len("2024-07-04"):
            return None, datetime.combine(date.fromisoformat(value) + timedelta(days=1), time.min, UTC) - timedelta(microseconds=1)
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), None
    except (ValueError, OverflowError):  # the second on the edges of the calendar
        return None, None


def _write(out: TextIO, row: Mapping[str, Any]) -> None:
    out.write(_line(row))


def _line(row: Mapping[str, Any]) -> str:
    line = json.dumps(row, ensure_ascii=False) + "\n"
    try:
        line.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can name and UTF-8 cannot hold
        return json.dumps(row) + "\n"
    return line
