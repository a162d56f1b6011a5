"""The words of the report: one catalogue a language (``locale/*.toml``), with plurals, dates and numbers by the rules of CLDR.

No other file of the report holds a word that a reader sees, apart from names of tables and columns, which are the same in every language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """A catalogue and the locale that it is written in."""

    words: Mapping[str, Any]
    locale: Locale

    def __call__(self, key: str, **values: object) -> str:
        """The message ``section.name``, values filled in; ``n`` decides between plural forms. Raises KeyError for an unknown key."""
        section, _, name = key.partition(".")
        message = self.words[section][name]
        number = values.get("n")
        if isinstance(message, Mapping):
            category = self.locale.plural_form(number if isinstance(number, int | float) else 0)
            message = message.get(category, message["other"])
        shown = {name: self.number(value) if isinstance(value, int | float) else value for name, value in values.items()}
        return str(message).format(**shown)

    def number(self, value: float | None) -> str:
        """A number with the locale's separators; None is the word for unknown."""
        return self("report.unknown") if value is None else str(format_decimal(value, locale=self.locale))

    def percent(self, value: float | None, *, pattern: str | None = None) -> str:
        """A share (0 to 1) in percent; None is the word for unknown."""
        return self("report.unknown") if value is None else str(format_percent(value, format=pattern, locale=self.locale))

    def day(self, value: date, pattern: str = "EEEE d MMMM y") -> str:
        """A day by a CLDR pattern."""
        return str(format_date(value, format=pattern, locale=self.locale))

    def instant(self, value: datetime | None) -> str:
        """An instant in UTC, to the minute."""
        if value is None:
            return self("report.unknown")
        return str(format_datetime(value, format="d MMMM y, HH:mm 'UTC'", tzinfo=UTC, locale=self.locale))


def load(language: str = "en") -> Messages:
    """The catalogue of a language. Raises FileNotFoundError where there is none."""
    words = tomllib.loads((resources.files("warehouse") / "locale" / f"{language}.toml").read_text(encoding="utf-8"))
    return Messages(words=words, locale=Locale.parse(words["locale"]))
