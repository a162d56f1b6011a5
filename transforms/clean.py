"""The plain text of an article as it is kept: one paragraph a line.

Belongs here: white space and invisible characters. Does not belong here: choosing the paragraphs (``extract``).

Kept: every visible character as it stands — no Unicode normal form is applied, so quotations and offsets stay those of the
page; soft hyphens and joiners inside words (names carry them); no-break spaces, which some languages write inside numbers.
Changed: line ends and separators become one "\\n" between paragraphs, runs of blanks and tabs one blank, outer white space and
empty paragraphs go, control characters and byte order marks go. Applying it twice is applying it once.
"""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t]+")


def clean_text(text: str) -> str:
    """The text in the form described above; idempotent."""
    plain = _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
    lines = (_BLANKS.sub(" ", line).strip() for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_title(title: str) -> str:
    """A headline on one line, soft hyphens removed (they only say where a line may break)."""
    return " ".join(clean_text(title).replace("\u00ad", "").split())
