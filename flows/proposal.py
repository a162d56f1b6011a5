"""The file that is proposed for a new outlet: TOML with a comment beside each value that says where it comes from.

Belongs here: how values and comments are written. Does not belong here: which values (``newcomer``), the meaning of keys
(``transforms.params``).

Names and titles come from strangers. Nothing in them may end a string or a comment, so control characters and line breaks are
escaped or folded; and the text is read back before anybody sees it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.params import Outlet

CHECK = "please check"
MAX_COMMENT_CHARS = 160
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}

Value = str | float | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A key with its value, or a list with a remark beside each entry."""

    key: str
    value: Value | Sequence[tuple[str, str]]
    remark: str = ""
    sure: bool = True


def write_outlet(lines: Sequence[Line], heading: str) -> tuple[str, Outlet]:
    """The text of the file, and the outlet that it reads as.

    Raises:
        pydantic.ValidationError: a value is none that the configuration takes.
    """
    text = "".join([f"# {one_line(heading)}\n", *(_written(line) for line in lines)])
    found = tomllib.loads(text)
    wanted = {line.key: _plain(line.value) for line in lines}
    if found != wanted:
        raise ValueError(f"the proposal does not read as it was meant: {found!r}, not {wanted!r}")
    return text, Outlet.model_validate(found)


def toml_string(text: str) -> str:
    """A basic string (TOML 1.0). What is not printable is escaped, which keeps marks that reorder a line from doing so."""
    return '"' + "".join(_character(c) for c in text) + '"'


def one_line(text: str) -> str:
    """Text for a comment or a message: one line, nothing in it that is not printable, not too long."""
    folded = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return folded if len(folded) <= MAX_COMMENT_CHARS else folded[: MAX_COMMENT_CHARS - 1] + "…"


def _character(c: str) -> str:
    if c in _SHORT:
        return _SHORT[c]
    if "\ud800" <= c <= "\udfff":  # half a surrogate pair is no character that TOML could hold
        return "\ufffd"
    if c.isprintable():
        return c
    return f"\\u{ord(c):04X}" if ord(c) <= 0xFFFF else f"\\U{ord(c):08X}"


def _written(line: Line) -> str:
    remark = line.remark if line.sure else f"{CHECK}: {line.remark}" if line.remark else CHECK
    comment = f"  # {one_line(remark)}" if remark else ""
    if isinstance(line.value, str):
        return f"{line.key} = {toml_string(line.value)}{comment}\n"
    if isinstance(line.value, int | float):
        return f"{line.key} = {line.value}{comment}\n"
    if not any(beside for _, beside in line.value):
        return f"{line.key} = [{', '.join(toml_string(entry) for entry, _ in line.value)}]{comment}\n"
    entries = "".join(f"  {toml_string(entry)},{f'  # {one_line(beside)}' if beside else ''}\n" for entry, beside in line.value)
    return f"{line.key} = [{comment}\n{entries}]\n"


def _plain(value: Value | Sequence[tuple[str, str]]) -> object:
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
    return value if isinstance(value, int | float) else [entry for entry, _ in value]
