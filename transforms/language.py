"""Which language a text is in.

Belongs here: ISO 639-1 codes from text, checked against what the page declares. Does not belong here: what a language means
for names (``mentions``).

py3langid ships its model; restricted to the languages of the press that is watched it made no error on whole pages. A text in a language
outside them is told by how much better that language fits.
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
SAMPLE_CHARS = 800  # more changes no answer: none of 574 articles from 500 on
SHORT_CHARS = 60  # below, a declaration that the detector finds possible is believed
ENOUGH_CHARS = 12  # below, only the declaration can say anything
LONG_CHARS = 300  # a language that is not watched is believed only of a text of so many characters …
FAR = 0.1  # … whose log-probability is better by this share
NEAR = 40.0  # log-probability that a declared language may lie behind the best one and still be believed for a short text
# Languages whose written press the detector cannot tell apart by letters alone: the declaration decides within a group.
_TWINS = (frozenset({"bs", "hr", "sr"}), frozenset({"id", "ms"}))
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "sh": "sr", "mo": "ro"}


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _ranked(sample: str) -> list[tuple[str, float]]:
    """The languages of the press with their log-probabilities, best first; another language goes before them only if it fits far better."""
    ranked: Sequence[tuple[str, float]] = _identifier().rank(sample)
    watched = [(code, float(score)) for code, score in ranked if code in LANGUAGES]
    code, score = ranked[0]
    far = len(sample) >= LONG_CHARS and score - watched[0][1] > FAR * abs(watched[0][1])
    return [(code, float(score)), *watched] if far and code not in LANGUAGES else watched


def normalise_tag(tag: str | None) -> str | None:
    """``de-AT`` → ``de``, ``nb_NO`` → ``no``; None where the tag names no two-letter language."""
    code = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    code = _SAME.get(code, code)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def detect(text: str, title: str = "", html_lang: str | None = None) -> str | None:
    """The language of an article (ISO 639-1, nb and nn as no), or None where nothing can be said; see :func:`find_language`."""
    return find_language(text, title, html_lang)[0]


def find_language(text: str, title: str = "", html_lang: str | None = None) -> tuple[str | None, str | None]:
    """The language of an article and what told it: the ``text``, the declaration (``html``) or ``both``.

    ``html_lang`` is the page's own declaration. It is often that of the template, so it only decides where the text is too short or
    the languages are twins; a declared language outside :data:`LANGUAGES` is kept when the detector has no word for the script.
    """
    declared = normalise_tag(html_lang)
    sample = f"{title}\n{text[:SAMPLE_CHARS]}".strip()
    if sum(1 for c in sample if c.isalpha()) < ENOUGH_CHARS:
        return declared, "html" if declared else None
    ranked = _ranked(sample)
    best, score = ranked[0]
    best = _SAME.get(best, best)
    if declared is None or declared == best:
        return str(best), "text" if declared is None else "both"
    if any(declared in twins and best in twins for twins in _TWINS):
        return declared, "html"
    if len(sample) < SHORT_CHARS and any(code == declared and score - other <= NEAR for code, other in ranked):
        return declared, "html"
    return str(best), "text"
