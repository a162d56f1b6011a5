"""Stories of the articles in the warehouse, over an index of their texts that is kept from one publication to the next.

A publication reads the texts that are new or have changed, takes out those that are gone, looks for candidates among all fingerprints and
reads the texts of candidates again to compare them. What comes out is what :func:`transforms.dedupe.find_stories` says of all articles at
once, whatever the order of work and the number of publications. What a copy is, is said in ``transforms``.
"""

from __future__ import annotations

import unicodedata
from hashlib import blake2b
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from transforms import frames
from transforms.copies import compare, shingle_sets
from transforms.dedupe import copy_kinds, leads
from transforms.fingerprints import COMMON, candidates, fingerprints, worth_comparing
from transforms.shingles import batches, shingle
from warehouse.database import Connection, sql, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transforms.shingles import Numbers

_TABLES = ("article_texts", "texts", "text_fingerprints", "common_fingerprints", "text_pairs")
_SOURCES = ("shingles.py", "fingerprints.py", "copies.py")
_TEXTS_AT_A_TIME = 20_000  # some 60 MB of text
_INDEXED_AT_A_TIME = 200_000  # some five million fingerprints
_COMPARED_AT_A_TIME = 100_000  # each part looks at all fingerprints


def find_stories(connection: Connection) -> int:
    """Bring index and ``core.story_members`` up to date with the touched articles, of which ``article_pages`` has the texts.

    Other articles whose place among their copies changes by this are added to ``touched_articles``; returns how many.
    """
    with transaction(connection):
        _begin_anew_with_other_code(connection)
        connection.execute(sql("statements/changed_texts.sql")).fetchall()
        # in parts, as each is held in memory as a whole; once even where nothing has changed, for the articles that are gone
        for first, last in list(_parts(connection, "changed_texts", _INDEXED_AT_A_TIME)) or [(1, 0)]:
            _index_texts(connection, first, last)
            _compare_texts(connection)
        _widen_affected(connection)
        _register(connection, _members(connection), "CREATE OR REPLACE TEMP TABLE story_members AS FROM rows_to_load")
        connection.execute(sql("statements/replace_members.sql")).fetchall()
    return int(connection.execute("SELECT count(*) FROM moved_articles").fetchall()[0][0])


def index_version() -> str:
    """Changes with the code that computes the index, and with the Unicode tables that it goes by."""
    digest = blake2b(unicodedata.unidata_version.encode(), digest_size=8)
    for name in _SOURCES:
        digest.update(resources.files("transforms").joinpath(name).read_bytes())
    return digest.hexdigest()


def _begin_anew_with_other_code(connection: Connection) -> None:
    version = index_version()
    if connection.execute("SELECT version FROM warehouse.core.story_index").fetchall() != [(version,)]:
        for table in ("story_index", *_TABLES):
            connection.execute(f"DELETE FROM warehouse.core.{table}").fetchall()  # noqa: S608 - names from above
        connection.execute("INSERT INTO warehouse.core.story_index VALUES (?)", [version]).fetchall()


def _index_texts(connection: Connection, first: int, last: int) -> None:
    """Index the changed texts from ``first`` to ``last``."""
    connection.execute(sql("statements/empty_read_texts.sql")).fetchall()
    seen: set[int] = set()  # a text is indexed once, however many articles have it
    for start in range(first, last + 1, _TEXTS_AT_A_TIME):
        part = {"first": start, "last": min(start + _TEXTS_AT_A_TIME - 1, last)}
        rows = connection.execute(sql("statements/part_of_changed_texts.sql"), part).fetchall()
        if not rows:  # the last part may end beyond the last text
            break
        keys, owners, found = [], [], []
        for batch in batches(text for _, _, text in rows):
            shingled = shingle(batch)
            text, fingerprint = fingerprints(shingled)
            keys.append(shingled.keys)
            fresh = _first_ones(shingled.keys, seen)[text]
            owners.append(shingled.keys[text[fresh]])
            found.append(fingerprint[fresh])
        read = {"article_id": [row[0] for row in rows], "digest": [row[1] for row in rows], "text_id": np.concatenate(keys)}
        schema = {"article_id": pl.String, "digest": pl.UInt64, "text_id": pl.UInt64}
        _register(connection, pl.DataFrame(read, schema=schema), "INSERT INTO read_texts BY NAME FROM rows_to_load")
        _register(
            connection,
            pl.DataFrame({"text_id": np.concatenate(owners), "fingerprint": np.concatenate(found)}),
            "INSERT INTO read_fingerprints BY NAME FROM rows_to_load",
        )
    connection.execute("SET VARIABLE common_limit = ?", [COMMON]).fetchall()  # a file of several statements takes no parameters
    connection.execute(sql("statements/index_texts.sql")).fetchall()


def _first_ones(keys: Numbers, seen: set[int]) -> Any:
    """Which of the texts are seen for the first time; they are added to ``seen``."""
    first = np.zeros(keys.size, dtype=bool)
    for place, key in enumerate(keys.tolist()):
        if key not in seen:
            seen.add(key)
            first[place] = True
    return first


def _compare_texts(connection: Connection) -> None:
    for first, last in _parts(connection, "compared_texts", _COMPARED_AT_A_TIME):
        found = _columns(connection, sql("statements/shared_fingerprints.sql"), {"first": first, "last": last})
        texts, place, owners = np.unique(found["text_id"], return_index=True, return_inverse=True)
        waits = found["waits"][place]
        order = np.argsort(waits, kind="stable")  # those of this part first
        number = np.empty_like(order)
        number[order] = np.arange(order.size)
        pairs = candidates(number[owners], found["fingerprint"], found["fingerprint_count"][place][order], int(np.count_nonzero(~waits)))
        ones, others = np.sort(order[np.stack(pairs)], axis=0)
        fresh = ~_known(connection, texts[ones], texts[others], only_copies=True)
        ones, others = ones[fresh], others[fresh]
        compared = compare(ones, others, _sets_of(connection, texts))
        copies = compared.is_copy
        _keep_pairs(connection, texts[ones[copies]], texts[others[copies]], compared.similarity[copies], is_copy=True)


def _widen_affected(connection: Connection) -> None:
    """A story is a chain of copies: whatever hangs together with an affected text is looked at as a whole."""
    connection.execute("CREATE OR REPLACE TEMP TABLE newly_affected AS SELECT DISTINCT text_id FROM affected_texts").fetchall()
    while connection.execute("SELECT count(*) FROM newly_affected").fetchall() != [(0,)]:
        connection.execute(sql("statements/widen_affected.sql")).fetchall()


def _members(connection: Connection) -> pl.DataFrame:
    documents = _columns(connection, sql("statements/documents.sql"))
    keys = documents["text_id"]
    pairs = _columns(connection, sql("statements/copies.sql"))
    live = ~pairs["is_suspect"] | worth_comparing(pairs["times"], pairs["fewer"])
    lead = leads(keys, pairs["one"][live], pairs["other"][live])
    outlets = np.unique(documents["outlet_id"].astype(str), return_inverse=True)[1]
    kinds = copy_kinds(keys, lead, outlets=outlets, agencies=documents["is_agency"], credited=documents["is_credited"])
    names = documents["article_id"]
    return pl.DataFrame(
        {
            "article_id": list(names),
            "story_id": list(names[lead]),
            "copy_kind": kinds,
            "copy_of": [None if kind == "original" else name for kind, name in zip(kinds, names[lead], strict=True)],
            "similarity": _similarities(connection, keys, keys[lead]),
        },
        schema=frames.STORY_MEMBERS,
    )


def _similarities(connection: Connection, keys: Numbers, lead_keys: Numbers) -> Any:
    """Of every document's text with its lead's; what was never compared is compared now and kept."""
    similarity = np.ones(keys.size)
    changed = np.flatnonzero(keys != lead_keys)
    wanted = np.sort(np.stack((keys[changed], lead_keys[changed])), axis=0)
    pairs, place = np.unique(wanted, axis=1, return_inverse=True)
    fresh = pairs[:, ~_known(connection, pairs[0], pairs[1])]
    texts, dense = np.unique(fresh, return_inverse=True)
    ones, others = dense.reshape(2, -1)
    alike = compare(ones, others, _sets_of(connection, texts)).similarity
    _keep_pairs(connection, fresh[0], fresh[1], alike, is_copy=False)
    _register(
        connection, pl.DataFrame({"one": pairs[0], "other": pairs[1]}), "CREATE OR REPLACE TEMP TABLE wanted_pairs AS FROM rows_to_load"
    )
    found = [value for (value,) in connection.execute(sql("statements/similarities.sql")).fetchall()]
    similarity[changed] = np.round(np.array(found), 4)[place.reshape(-1)]
    return similarity


def _known(connection: Connection, ones: Numbers, others: Numbers, *, only_copies: bool = False) -> Any:
    """Which of these pairs were compared before."""
    frame = pl.DataFrame({"number": np.arange(ones.size), "one": ones, "other": others})
    _register(connection, frame, "CREATE OR REPLACE TEMP TABLE wanted_pairs AS FROM rows_to_load")
    rows = connection.execute(sql("statements/known_pairs.sql"), {"only_copies": only_copies}).fetchall()
    known = np.zeros(ones.size, dtype=bool)
    known[[number for (number,) in rows]] = True
    return known


def _keep_pairs(connection: Connection, ones: Numbers, others: Numbers, similarity: Any, *, is_copy: bool) -> None:
    frame = pl.DataFrame({"one": ones, "other": others, "similarity": similarity, "is_copy": np.full(ones.size, is_copy)})
    _register(connection, frame, "CREATE OR REPLACE TEMP TABLE wanted_pairs AS FROM rows_to_load")
    connection.execute(sql("statements/keep_pairs.sql")).fetchall()


def _sets_of(connection: Connection, texts: Numbers) -> Callable[[list[int]], Iterator[Numbers]]:
    """Reads texts by their place in the sorted array ``texts``."""

    def sets_of(places: list[int]) -> Iterator[Numbers]:
        for start in range(0, len(places), _TEXTS_AT_A_TIME):
            part = texts[places[start : start + _TEXTS_AT_A_TIME]]
            _register(connection, pl.DataFrame({"text_id": part}), "CREATE OR REPLACE TEMP TABLE wanted_texts AS FROM rows_to_load")
            yield from shingle_sets([text for (text,) in connection.execute(sql("statements/texts_by_id.sql")).fetchall()])

    return sets_of


def _parts(connection: Connection, table: str, size: int) -> Iterator[tuple[int, int]]:
    """First and last number of parts of a numbered temporary table."""
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0]  # noqa: S608 - named above
    for first in range(1, count + 1, size):
        yield first, first + size - 1


def _columns(connection: Connection, query: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    """The columns of a result without NULLs, as arrays."""
    return {name: np.asarray(column) for name, column in connection.execute(query, parameters).fetchnumpy().items()}


def _register(connection: Connection, frame: pl.DataFrame, statement: str) -> None:
    """Run a statement that reads ``rows_to_load``."""
    connection.register("rows_to_load", frame.to_arrow())
    connection.execute(statement).fetchall()
    connection.unregister("rows_to_load")
