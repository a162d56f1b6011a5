"""The audit that stands before publication: Great Expectations over every table of a batch and of the file to be published.

Column rules are suites (``expectations/``); rules that join tables are SQL that selects the wrong rows (``checks/``), counted in DuckDB and
judged by Great Expectations like the rest. An expectation that cannot be evaluated has failed.
"""

from __future__ import annotations

import json
import logging
import os
import re
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import polars as pl

from transforms import frames
from warehouse.database import Connection, sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

SUITES: dict[str, tuple[str, ...]] = {
    "staging": ("pages", "page_watchlists", "page_mentions", "page_endorsements", "page_quotes", "page_references"),
    "published": (
        "outlets", "watchlists", "candidates", "endorsers", "articles", "article_versions", "mentions", "suppressed_mentions",
        "office_references", "article_candidates", "article_watchlists", "stories", "quotes", "endorsements", "positions", "uncounted",
        "sources", "collection_health", "coverage_by_outlet_day",
    ),
}  # fmt: skip
SAMPLE_ROWS = 10
VECTORS_AT_A_TIME = 245  # of 2,048 rows: half a million
_RECORDED = ("suite", "expectation", "severity", "success", "observed", "expected", "failing_rows", "sample", "finding", "accepted")
_SEVERITY = re.compile(r"^-- (critical|warning): (.+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityResult:
    """What one expectation found."""

    suite: str
    expectation: str
    severity: Literal["critical", "warning"]
    success: bool
    observed: str | None
    expected: str
    failing_rows: int | None
    sample: str | None  # JSON: a list of some of them
    finding: str | None = None  # of a failure: a hash over all failing rows, or over the error
    accepted: str | None = None  # why it does not stop publication although it is critical


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A SQL file that selects wrong rows."""

    name: str
    severity: Literal["critical", "warning"]
    meaning: str
    query: str


def audit(connection: Connection, stage: Literal["staging", "published"], *, grown: bool = False) -> list[QualityResult]:
    """Judge the staged batch, or the tables about to be published (attached as ``published``).

    ``grown``: the file grew from one that was judged before, so the suites look at the rows that were made (``fresh_<table>``, see
    ``build``). The checks look at the whole file all the same.
    """
    if stage == "staging":
        connection.execute(sql("statements/judged_pages.sql")).fetchall()
    results = [result for name in SUITES[stage] for result in judge_table(connection, name, grown=grown)]
    return results + judge_checks(connection, stage)


def judge_table(connection: Connection, name: str, *, grown: bool = False) -> list[QualityResult]:
    """The suite of one table, in parts that fit into memory."""
    _frame_asset()  # before the suites import Great Expectations
    module = import_module(f"warehouse.expectations.{name}")
    rows = module.TABLE.replace("published.", "temp.fresh_") if grown else module.TABLE
    query = f"SELECT {module.COLUMNS} FROM {rows}"  # noqa: S608 - packaged text
    parts = [_judge(module.TABLE, frame, module.expectations()) for frame in _frames(connection, query)]
    return [_together(found) for found in zip(*parts, strict=True)]


def _frames(connection: Connection, query: str) -> Iterator[pd.DataFrame]:
    """The rows of a query as they come, never all at once; one frame at least."""
    result = connection.execute(query)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)  # pandas says it of DuckDB
        frame = result.fetch_df_chunk(VECTORS_AT_A_TIME)
        yield frame
        while len(frame := result.fetch_df_chunk(VECTORS_AT_A_TIME)):
            yield frame


def _together(found: Sequence[QualityResult]) -> QualityResult:
    """What one expectation found in all parts of a table: the first failure speaks, the failing rows are added up."""
    first = next((result for result in found if not result.success), found[0])
    counts = [result.failing_rows for result in found]
    findings = [result.finding for result in found if result.finding is not None]
    return replace(
        first,
        failing_rows=None if None in counts else sum(count or 0 for count in counts),
        finding=findings[0] if len(findings) == 1 else _digest(findings) if findings else None,
    )


def refusals(results: Iterable[QualityResult]) -> list[QualityResult]:
    """The results that stop publication."""
    return [result for result in results if not result.success and result.severity == "critical" and result.accepted is None]


def record(connection: Connection, run_id: str, results: Sequence[QualityResult]) -> None:
    """Append the results to the history."""
    rows = [{"run_id": run_id, **{name: getattr(result, name) for name in _RECORDED}} for result in results]
    connection.register("rows_to_load", pl.DataFrame(rows, schema=frames.QUALITY_RESULTS).to_arrow())
    connection.execute("INSERT INTO history.quality_results BY NAME FROM rows_to_load").fetchall()
    connection.unregister("rows_to_load")


def recorded(connection: Connection, run_id: str) -> list[QualityResult]:
    """What was recorded of a run, in the order of suites and names."""
    rows = connection.execute(
        f"SELECT {', '.join(_RECORDED)} FROM history.quality_results WHERE run_id = ? ORDER BY suite, expectation",  # noqa: S608
        [run_id],
    ).fetchall()
    return [QualityResult(**dict(zip(_RECORDED, row, strict=True))) for row in rows]


def checks(stage: str) -> list[Check]:
    """The packaged checks of a stage, by name.

    Raises:
        ValueError: a file whose first line does not say its severity and meaning.
    """
    found = []
    for entry in sorted(resources.files("warehouse").joinpath("checks", stage).iterdir(), key=lambda file: file.name):
        if entry.name.endswith(".sql"):
            query = sql(f"checks/{stage}/{entry.name}")
            header = _SEVERITY.match(query.splitlines()[0])
            if header is None:
                raise ValueError(f"checks/{stage}/{entry.name}: the first line must be '-- critical: …' or '-- warning: …'")
            severity: Literal["critical", "warning"] = "critical" if header[1] == "critical" else "warning"
            found.append(Check(name=entry.name.removesuffix(".sql"), severity=severity, meaning=header[2], query=query))
    return found


def judge_checks(connection: Connection, stage: str) -> list[QualityResult]:
    """The checks of a stage. One that cannot be evaluated has failed."""
    import pandas as pd

    rules = checks(stage)
    samples: dict[str, list[str]] = {}  # rows as JSON
    findings: dict[str, str] = {}
    counts: dict[str, int | None] = {}
    errors: dict[str, str] = {}
    for rule in rules:
        try:
            result = connection.execute(rule.query)
            names = [column[0] for column in result.description]
            rows = result.fetchall()
        except duckdb.Error as error:
            counts[rule.name], samples[rule.name], errors[rule.name] = None, [], f"could not be evaluated: {error}"
            findings[rule.name] = _digest([str(error)])
            continue
        counts[rule.name] = len(rows)
        found = sorted(_json(dict(zip(names, row, strict=True))) for row in rows)
        samples[rule.name], findings[rule.name] = found[:SAMPLE_ROWS], _digest(found)
    from warehouse.expectations._common import between

    frame = pd.DataFrame([counts])
    expectations = [between(rule.name, 0, 0, rule.name, rule.severity) for rule in rules]
    judged = {result.expectation: result for result in _judge(f"checks/{stage}", frame, expectations)}
    return [
        QualityResult(
            suite=f"checks/{stage}",
            expectation=rule.name,
            severity=rule.severity,
            success=judged[rule.name].success and rule.name not in errors,
            observed=errors.get(rule.name, f"{counts[rule.name]} wrong rows"),
            expected=rule.meaning,
            failing_rows=counts[rule.name],
            sample=f"[{', '.join(samples[rule.name])}]" if samples[rule.name] else None,
            finding=findings[rule.name] if counts[rule.name] != 0 else None,
        )
        for rule in rules
    ]


def _judge(suite: str, frame: pd.DataFrame, expectations: Sequence[Any]) -> list[QualityResult]:
    import great_expectations as gx

    batch = _frame_asset().get_batch(batch_parameters={"dataframe": frame})
    # whether each is met costs half of what its details cost, and nearly all are met
    validation = batch.validate(gx.ExpectationSuite(name=suite, expectations=list(expectations)), result_format="BOOLEAN_ONLY")
    named = {expectation.meta["name"]: expectation for expectation in expectations}
    judged = [_result(suite, result) for result in validation.to_json_dict()["results"]]
    return [
        _met(result, named[result.expectation], frame) if result.success else _with_rows(suite, batch, frame, named[result.expectation])
        for result in judged
    ]


def _met(result: QualityResult, expectation: Any, frame: pd.DataFrame) -> QualityResult:
    """A success; where no row may fail, none does."""
    is_strict = getattr(expectation, "mostly", 1) == 1
    return replace(result, observed=f"0 of {len(frame)}", failing_rows=0) if is_strict else result


def _with_rows(suite: str, batch: Any, frame: pd.DataFrame, expectation: Any) -> QualityResult:
    """A failure with its rows, whole: some as the sample, all in the finding."""
    found = batch.validate(expectation, result_format="COMPLETE").to_json_dict()
    result = _result(suite, found)
    places = (found.get("result") or {}).get("unexpected_index_list")
    if not places:
        return replace(result, finding=_digest([str(result.observed), str(result.sample)]))
    rows = sorted(_json(_without_gaps(row)) for row in frame.iloc[sorted(set(places))].to_dict("records"))
    return replace(result, sample=f"[{', '.join(rows[:SAMPLE_ROWS])}]", finding=_digest(rows))


def _without_gaps(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of a frame with None for what pandas has several words for, of which JSON knows none."""
    import pandas as pd

    return {str(name): None if pd.api.types.is_scalar(value) and pd.isna(value) else value for name, value in row.items()}


@lru_cache(maxsize=1)
def _frame_asset() -> Any:
    """Where every frame is judged; one for the process."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read once, at import
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    # without a site of data docs: it would leave a temporary folder behind
    config = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False))
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    return context.data_sources.add_pandas("warehouse").add_dataframe_asset("frame").add_batch_definition_whole_dataframe("all")


def _result(suite: str, result: dict[str, Any]) -> QualityResult:
    config = result["expectation_config"]
    found = result.get("result") or {}
    raised = _exception(result.get("exception_info") or {})
    arguments = {key: value for key, value in config["kwargs"].items() if key not in {"batch_id", "column", "column_list"}}
    observed = raised or found.get("observed_value")
    if observed is None and found.get("element_count") is not None:
        observed = f"{found.get('unexpected_count', 0)} of {found['element_count']}"
    return QualityResult(
        suite=suite,
        expectation=config["meta"]["name"],
        severity=config["severity"],
        success=bool(result["success"]) and raised is None,
        observed=None if observed is None else str(observed),
        expected=config["type"] + (" " + _json(arguments) if arguments else ""),
        failing_rows=found.get("unexpected_count"),
        sample=_json(found["partial_unexpected_list"]) if found.get("partial_unexpected_list") else None,
    )


def _exception(info: dict[str, Any]) -> str | None:
    """The message of an expectation that could not be evaluated: Great Expectations reports it as a mere failure."""
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if isinstance(entry, dict) and entry.get("raised_exception"):
            return f"could not be evaluated: {entry.get('exception_message')}"
    return None


def _digest(rows: Iterable[str]) -> str:
    return blake2b("\n".join(rows).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
