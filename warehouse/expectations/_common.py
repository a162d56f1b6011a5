"""Short words for the expectations in use, each with a name of its own, a severity and a reason to be there.

``critical`` stops publication; ``warning`` is published and shown in the report.
"""

from __future__ import annotations

from typing import Any, Literal

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

Severity = Literal["critical", "warning"]


def _named(expectation: type[Expectation], name: str, severity: Severity, **arguments: Any) -> Expectation:
    return expectation(severity=FailureSeverity(severity), meta={"name": name}, **arguments)


def present(*columns: str, severity: Severity = "critical") -> list[Expectation]:
    """No NULL."""
    return [_named(gxe.ExpectColumnValuesToNotBeNull, f"{column} is present", severity, column=column) for column in columns]


def unique(*columns: str) -> Expectation:
    """The key of the table's grain."""
    name = f"{', '.join(columns)} is the key"
    if len(columns) == 1:
        return _named(gxe.ExpectColumnValuesToBeUnique, name, "critical", column=columns[0])
    return _named(gxe.ExpectCompoundColumnsToBeUnique, name, "critical", column_list=list(columns))


def one_of(column: str, *values: str, severity: Severity = "critical") -> Expectation:
    """A closed list; NULL is not judged."""
    return _named(gxe.ExpectColumnValuesToBeInSet, f"{column} is known", severity, column=column, value_set=list(values))


def matches(column: str, pattern: str, name: str, severity: Severity = "critical") -> Expectation:
    """A form; NULL is not judged."""
    return _named(gxe.ExpectColumnValuesToMatchRegex, name, severity, column=column, regex=pattern)


def between(
    column: str, least: float | None, most: float | None, name: str, severity: Severity = "critical", mostly: float = 1.0
) -> Expectation:
    """A range, both ends included; NULL is not judged. ``mostly``: the share of rows that has to keep to it."""
    return _named(gxe.ExpectColumnValuesToBeBetween, name, severity, column=column, min_value=least, max_value=most, mostly=mostly)
