"""Encodings of real files, and the prescan by html5lib's cases (third-party data, not part of the product)."""

from __future__ import annotations

import codecs
import re
import tarfile

import pytest
from support import shared_data

from transforms.decode import codec_for, decode_html
from transforms.prescan import declared_labels

# Encodings that no browser knows (encoding.spec.whatwg.org): a page in them cannot be read anywhere.
UNKNOWN_TO_BROWSERS = {"EUC-TW", "Johab", "UTF-32", "UTF-32BE", "UTF-32LE", "iso-2022-kr"}

NOT_AS_STATED = {
    "tests1.dat 51": "the declaration stands behind 8 KB of comment; the standard reads 1,024 bytes, we read 4,096",
    "tests1.dat 52": "the declaration stands behind 8 KB of comment; the standard reads 1,024 bytes, we read 4,096",
    "tests1.dat 53": "the declaration is written by scripts, which we do not run",
}


def _members(*path: str) -> list[tuple[str, bytes]]:
    with tarfile.open(shared_data(*path)) as archive:
        files = [(member.name, archive.extractfile(member)) for member in archive if member.isfile()]
        return sorted((name, file.read()) for name, file in files if file is not None)


def test_real_files_are_decoded_as_their_folder_says() -> None:
    """The folder's name is the encoding, some with the language behind it. Nothing but the bytes is given."""
    wrong, seen = [], 0
    for name, body in _members("encodings", "chardet_by_encoding.tar.gz"):
        folder = name.split("/")[-2]
        if folder in UNKNOWN_TO_BROWSERS:
            assert isinstance(decode_html(body, None), str)
            continue
        seen += 1
        label = re.sub(r"-(?:bulgarian|czech|greek|hebrew|hungarian|polish|russian|slovak|slovene|turkish)$", "", folder)
        codec = codec_for(label)
        assert codec is not None, folder
        if decode_html(body, None) != body.decode(codec, "replace").removeprefix("\ufeff"):
            wrong.append(name)
    assert wrong == []
    assert seen == 199


def _cases() -> list[tuple[str, bytes, str]]:
    found = []
    for path, body in _members("encodings", "html5lib.tar.gz"):
        if path.endswith(".dat"):
            pieces = re.findall(rb"#data\n(.*?)\n#encoding\n(\S+)", body, re.DOTALL)
            found += [(f"{path.rpartition('/')[2]} {n}", data, label.decode()) for n, (data, label) in enumerate(pieces)]
    return found


def _sniffed(data: bytes) -> str | None:
    """What the standard calls the encoding of a page: its mark, its declaration, else the default of western countries."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    found = next((codec for label in declared_labels(data) if (codec := codec_for(label)) is not None), "cp1252")
    return "utf-8" if found.startswith("utf-16") else found


def test_html5libs_cases_of_the_prescan() -> None:
    cases = _cases()
    differing = {name: label for name, data, label in cases if _sniffed(data) != codec_for(label)}
    assert differing.keys() == NOT_AS_STATED.keys(), differing
    assert len(cases) == 60


@pytest.mark.parametrize("label", ['iso8859-2"', "utf-8'", "windows 1252", "utf-8;"])
def test_a_label_with_other_signs_in_it_is_none(label: str) -> None:
    assert codec_for(label) is None
