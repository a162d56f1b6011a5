"""The lexicons of positions: every file is well formed, and their README names every key."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from support import ROOT

from transforms.annotation import LANGUAGES
from transforms.params import Watchlist
from transforms.position_words import CLASSES, SECTIONS, VOICES, compile_words

FOLDER = files("transforms.lexicons").joinpath("endorsements")
WATCHLIST = Watchlist.model_validate(
    tomllib.loads((ROOT / "config" / "watchlists" / "nato-secretary-general-2024.toml").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("language", sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir() if entry.name.endswith(".toml")))
def test_a_lexicon_compiles_and_has_words_of_every_stance(language: str) -> None:
    assert language in LANGUAGES
    assert compile_words(WATCHLIST, language) is not None
    data = tomllib.loads(FOLDER.joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    for name in CLASSES:
        assert data[name]["active"], name
    assert data["source"]["says"]


def test_the_readme_names_every_key() -> None:
    readme = FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    keys = {*CLASSES, *SECTIONS}
    assert [key for key in keys if f"[{key}]" not in readme] == []
    assert [key for names in (VOICES, *SECTIONS.values()) for key in names if f"`{key}`" not in readme] == []


def test_a_lexicon_with_an_unknown_key_is_refused() -> None:
    from transforms import position_words

    data = {name: {"active": ["backs"]} for name in CLASSES} | {"polarity": {"refuse": []}}
    with pytest.raises(ValueError, match="unknown keys"):
        position_words._check(data, "xx")
