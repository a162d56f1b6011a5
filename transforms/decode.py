"""From a page's bytes to its characters.

Belongs here: which encoding a page is in, and what the labels mean. Does not belong here: reading the page's own declaration
(``prescan``), entities and markup (``structured``, ``extract``).

The order follows the WHATWG encoding sniffing (byte order mark, HTTP header, ``<meta>`` within the first bytes) with one rule of
experience before the declarations: bytes that are valid UTF-8 and hold several multi-byte characters *are* UTF-8, whatever is
declared, because text in another encoding hardly ever is valid UTF-8 by chance. Where nothing is declared, the bytes decide: zero bytes
between ASCII are UTF-16, escape sequences are ISO-2022-JP; after that the language does, by the letters that it writes, and last a
statistical detector.
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise
from unicodedata import combining

import charset_normalizer

from transforms.language import detect, normalise_tag
from transforms.prescan import PRESCAN_BYTES, declared_labels

ASCII_LAST = 0x7F
SAMPLE_BYTES = 16_384  # of text without markup, for detection
ENOUGH_MULTIBYTE = 3  # valid UTF-8 sequences that overrule a declaration
MOSTLY = 10  # a page with one broken sequence to this many good ones is still UTF-8

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]+)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_:.\-]+")
_ISO_LABEL = re.compile(r"iso(8859)(\d{1,2})")  # WHATWG knows iso88592 and the like
_HTML_LANG = re.compile(rb"<html\b[^>]{0,400}?\blang\s*=\s*[\"']?([A-Za-z]{2})\b", re.IGNORECASE)
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][^\w\s!-~’‘“”„«»–—…·\u00ad\u200b-\u200d\u0300-\u036f]+[^\W\d_]")
_CONTROL = re.compile(r"[\x80-\x9f]")
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")  # ISO-2022-JP turns to two-byte characters
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^>]*>|[\x00-\x7f]{200,}", re.IGNORECASE | re.DOTALL)
# Where the WHATWG label means another encoding than Python's name does (encoding.spec.whatwg.org, 4.2), by Python's codec name.
_WHATWG = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "utf-16": "utf-16-le", "mac-roman": "mac-roman",
}  # fmt: skip
# Labels that Python does not know.
_LABELS = {
    "x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "windows-949": "cp949", "dos-866": "cp866", "x-cp1250": "cp1250",
    "x-cp1251": "cp1251", "x-cp1252": "cp1252", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso8859-8", "koi8-ru": "koi8-u", "koi": "koi8-r", "windows-874": "cp874", "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8", "unicode11utf8": "utf-8", "unicode20utf8": "utf-8", "x-unicode20utf8": "utf-8",
    "ucs-2": "utf-16-le", "iso-10646-ucs-2": "utf-16-le", "unicode": "utf-16-le", "csunicode": "utf-16-le", "unicodefeff": "utf-16-le",
    "unicodefffe": "utf-16-be", "dos-874": "cp874", "x-mac-ukrainian": "mac-cyrillic", "x-user-defined": "cp1252",
    "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs", "cseucpkdfmtjapanese": "euc_jp", "iso-ir-149": "cp949", "csksc56011987": "cp949",
    "iso-8859-8-e": "iso8859-8", "csiso88598e": "iso8859-8", "csiso88598i": "iso8859-8", "csisolatin9": "iso8859-15",
    "csiso88596e": "iso8859-6", "csiso88596i": "iso8859-6", "iso-8859-6-e": "iso8859-6", "iso-8859-6-i": "iso8859-6", "koi8": "koi8-r",
    "csmacintosh": "mac-roman", "mac": "mac-roman", "csgb2312": "gb18030", "gb_2312": "gb18030", "gb_2312-80": "gb18030",
    "cseuckr": "cp949", "ks_c_5601-1989": "cp949", "ksc_5601": "cp949", "x-cp1253": "cp1253", "x-cp1254": "cp1254", "x-cp1255": "cp1255",
    "x-cp1256": "cp1256", "x-cp1257": "cp1257", "x-cp1258": "cp1258",
    "x-mac-roman": "mac-roman", "sun_eu_greek": "iso8859-7", "logical": "iso8859-8", "visual": "iso8859-8", "big5-hkscs": "big5hkscs",
}  # fmt: skip
# The encodings that a language's press used before UTF-8, the likeliest first (WHATWG's fallbacks by locale, and ISO's beside them).
_USUAL = {
    code: codecs_of
    for codes, codecs_of in (
        ("cs hu pl sk sl hr bs ro sq", ("cp1250", "iso8859-2")),
        ("ru uk bg be mk sr", ("cp1251", "koi8-u", "iso8859-5", "cp866")),
        ("el", ("iso8859-7", "cp1253")),
        ("tr az", ("cp1254",)),
        ("et lv lt", ("cp1257", "iso8859-13")),
        ("he", ("cp1255",)),
        ("ar fa", ("cp1256",)),
        ("vi", ("cp1258",)),
        ("en de fr nl es pt it da sv no nb nn fi is", ("cp1252",)),
        ("ja", ("cp932", "euc_jp")),
        ("zh", ("gb18030", "big5hkscs")),
        ("ko", ("cp949",)),
    )
    for code in codes.split()
}
# The letters beyond ASCII that a language writes, small ones, for encodings that hold the letters of its neighbours in the same places.
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщьюя"
_LETTERS = {
    code: frozenset(letters)
    for codes, letters in (
        ("cs", "áčďéěíňóřšťúůýžöü"), ("sk", "áäčďéíĺľňóôŕšťúýžöü"), ("pl", "ąćęłńóśźżöü"), ("hu", "áéíóöőúüű"), ("sl hr bs", "čćđšžöü"),
        ("ro", "ăâîșțşţ"), ("tr", "çğıöşüâîû"), ("pt", "áâãàçéêíóôõúü"), ("it", "àèéìíîòóùúç"), ("es", "áéíñóúüçªº"),
        ("fr", "àâæçéèêëîïôœùûüÿñ"), ("de", "äöüßéèàç"), ("nl", "áéëïóöüèêàçíúä"), ("da no", "æøåéòôóèäöü"), ("sv fi", "äöåéüàèšžøæ"),
        ("ru", _CYRILLIC + "ыэъё"), ("uk", _CYRILLIC + "ґєії’"), ("be", _CYRILLIC + "ыэёіў"), ("bg", _CYRILLIC + "ъ"),
        ("et", "äõöüšž"), ("lv", "āčēģīķļņšūž"), ("lt", "ąčęėįšųūž"), ("is", "áðéíóúýþæö"),
    )
    for code in codes.split()
}  # fmt: skip
# Encodings that the press has been written in; the detector chooses among these only.
_CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r", "koi8_u", "cp866",
    "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15", "gb18030", "big5", "cp932", "euc_jp", "cp949",
]  # fmt: skip


def codec_for(label: str) -> str | None:
    """Python's codec for a WHATWG encoding label; None for an unknown one and for codecs that are no text encodings."""
    name = label.strip().lower()
    if not _LABEL.fullmatch(name):  # Python's own lookup passes over punctuation
        return None
    if name in _LABELS:
        return _LABELS[name]
    name = _ISO_LABEL.sub(r"iso-\1-\2", name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in {
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "utf-7",
    }:
        return None
    return _WHATWG.get(info.name, info.name)


def _declared_in_page(content: bytes) -> str | None:
    codec = next((codec for label in declared_labels(content) if (codec := codec_for(label)) is not None), None)
    return "utf-8" if codec in {"utf-16-le", "utf-16-be", "utf-32"} else codec  # the tag was readable as ASCII, so it cannot be UTF-16


def _decoded(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _lenient(content: bytes, codec: str) -> str | None:
    """With replacement, if the codec fits nearly all of what is not ASCII."""
    text = content.decode(codec, "replace")
    bad = text.count("\ufffd")
    good = sum(1 for c in text if ord(c) > ASCII_LAST) - bad
    return text if bad * MOSTLY <= good else None


def _oddities(text: str, language: str | None) -> int:
    """How much of a text nobody writes: symbols in words, capitals behind small letters, letters that the language has not."""
    odd = len(_SYMBOL_IN_WORD.findall(text)) + len(_CONTROL.findall(text))
    odd += sum(1 for one, two in pairwise(text) if ord(one) > ASCII_LAST and one.islower() and two.isupper())
    letters = _LETTERS.get(language or "")
    if letters is not None:
        odd += sum(1 for c in text if ord(c) > ASCII_LAST and (c.isalpha() or combining(c)) and c.lower() not in letters)
    return odd


def _detected(content: bytes) -> str:
    """The encoding of bytes that say nothing of it. The page's language, declared or guessed, names the likely ones."""
    sample = _MARKUP.sub(b" ", content)[:SAMPLE_BYTES]
    match = _HTML_LANG.search(content[:PRESCAN_BYTES])
    declared = normalise_tag(match[1].decode("ascii")) if match else None
    if declared in _USUAL:
        codec = _likeliest(sample, _USUAL[declared], declared)
        if codec is not None:
            return codec
    best = charset_normalizer.from_bytes(sample, steps=3, chunk_size=1024, cp_isolation=_CANDIDATES, preemptive_behaviour=False).best()
    guess = best.encoding if best is not None else "cp1252"
    # The guess is often a neighbour that has the same letters in other places; the words are right enough to tell the language.
    language = detect(sample.decode(guess, "replace"))
    codecs_of = _USUAL.get(language or "", ())
    return (_likeliest(sample, (guess, *codecs_of), language) if codecs_of else None) or guess


def _likeliest(sample: bytes, codecs_of: tuple[str, ...], language: str | None) -> str | None:
    """The encoding that gives the text fewest oddities, the first of equals; None where all give many."""
    readings = [(_oddities(text, language), codec) for codec in codecs_of if (text := _decoded(sample, codec)) is not None]
    if not readings:
        return None
    odd, codec = min(readings, key=lambda reading: reading[0])
    return codec if odd * MOSTLY <= sum(1 for byte in sample if byte > ASCII_LAST) else None


def _by_shape(content: bytes) -> str | None:
    """Encodings that show in the bytes themselves: UTF-16 without a mark, ISO-2022-JP."""
    start = content[:PRESCAN_BYTES]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if even + odd > len(start) // 4 and min(even, odd) * MOSTLY <= max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return "iso2022_jp" if content.isascii() and _JAPANESE_ESCAPE.search(content) else None


def decode_html(content: bytes, content_type: str | None) -> str:
    """The characters of an HTML response. Never raises: what cannot be decoded becomes U+FFFD.

    ``content_type`` is the HTTP header's value. A declaration that the bytes contradict is passed over for the next one.
    """
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(codec, "replace")
    header = _HEADER_CHARSET.search(content_type or "")
    declared = [codec for codec in (codec_for(header[1]) if header else None, _declared_in_page(content)) if codec]
    shape = _by_shape(content) if not declared or b"\0" in content[:4] else None
    as_shaped = _decoded(content, shape) if shape else None
    if as_shaped is not None:
        return as_shaped
    if not any(codec.startswith(("utf-16", "utf-32")) for codec in declared):
        as_utf8 = _decoded(content, "utf-8")
        if as_utf8 is not None and (not declared or declared[0] == "utf-8" or _multibyte(content) >= ENOUGH_MULTIBYTE):
            return as_utf8
    for codec in declared:
        text = _decoded(content, codec)
        if text is not None:
            return text
    for codec in dict.fromkeys([*declared, "utf-8"]):
        text = _lenient(content, codec)
        if text is not None:
            return text
    return content.decode(_detected(content), "replace")


def _multibyte(content: bytes) -> int:
    """How many multi-byte sequences valid UTF-8 holds, counted by their lead bytes."""
    return sum(content.count(bytes([lead])) for lead in range(0xC2, 0xF5))
