"""Short words for the expectations in use, each with a name of its own, a severity and a reason to be there.

``critical`` stops publication; ``warning`` is published and shown in the report.
"""

from __future__ import annotations

from typing import Any, Literal

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

Severity = Literal["critical", "warning"]

# ISO 639-1
LANGUAGES = tuple(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
    et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj
    kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nd ne ng nl no nr nv ny oc
    oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - easier to read
)
# UTF-8 read as Latin-1 or Windows-1252: letters that no language writes in this order
MOJIBAKE = r"[ÃÐÑ][\x{80}-\x{BF}]|â€[™œ“”¦˜¢]|Ã[©¨¼¶¤±³¡]"


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
