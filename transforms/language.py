"""Which language a text is in.

Belongs here: ISO 639-1 codes from text, checked against what the page declares. Does not belong here: what a language means
for names (``mentions``).

py3langid ships its model; restricted to the languages of the press that is watched it made no error on whole pages.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from py3langid.langid import MODEL_FILE, LanguageIdentifier

if TYPE_CHECKING:
    from collections.abc import Sequence

# Languages of the allies, of their neighbours, and of the largest world press. "nb" and "nn" count as "no".
LANGUAGES = (
    "ar", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he", "hi", "hr", "hu", "hy", "id",
    "is", "it", "ja", "ka", "ko", "lb", "lt", "lv", "mk", "ms", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv",
    "tr", "uk", "vi", "zh",
)  # fmt: skip
SAMPLE_CHARS = 1_500  # more changes no answer
SHORT_CHARS = 60  # below, a declaration that the detector finds possible is believed
ENOUGH_CHARS = 12  # below, only the declaration can say anything
NEAR = 40.0  # log-probability that a declared language may lie behind the best one and still be believed for a short text
# Languages whose written press the detector cannot tell apart by letters alone: the declaration decides within a group.
_TWINS = (frozenset({"bs", "hr", "sr"}), frozenset({"id", "ms"}))
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "sh": "sr", "mo": "ro"}


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def normalise_tag(tag: str | None) -> str | None:
    """``de-AT`` → ``de``, ``nb_NO`` → ``no``; None where the tag names no two-letter language."""
    code = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    code = _SAME.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def detect(text: str, title: str = "", html_lang: str | None = None) -> str | None:
    """The language of an article (ISO 639-1, nb and nn as no), or None where nothing can be said.

    ``html_lang`` is the page's own declaration. It is often that of the template, so it only decides where the text is too short or
    the languages are twins; a declared language outside :data:`LANGUAGES` is kept when the detector has no word for the script.
    """
    declared = normalise_tag(html_lang)
    sample = f"{title}\n{text[:SAMPLE_CHARS]}".strip()
    if sum(1 for c in sample if c.isalpha()) < ENOUGH_CHARS:
        return declared
    ranked: Sequence[tuple[str, float]] = _identifier().rank(sample)
    best, score = ranked[0]
    best = _SAME.get(best, best)
    if declared is None or declared == best:
        return str(best)
    if any(declared in twins and best in twins for twins in _TWINS):
        return declared
    if len(sample) < SHORT_CHARS and any(code == declared and score - other <= NEAR for code, other in ranked):
        return declared
    return str(best)
