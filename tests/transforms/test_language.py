"""Which language a text is in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from transforms.language import detect, find_language, normalise_tag

LINES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("language_lines.toml").read_text(encoding="utf-8"))

SENTENCES = {
    "nl": "De minister-president zei gisteren dat het kabinet volgende week een besluit neemt over de begroting.",
    "no": "Statsministeren sa i går at regjeringen vil ta en beslutning om budsjettet i løpet av neste uke.",
    "ro": "Președintele a declarat ieri că guvernul va lua o decizie privind bugetul săptămâna viitoare.",
    "el": "Ο πρωθυπουργός δήλωσε χθες ότι η κυβέρνηση θα αποφασίσει για τον προϋπολογισμό την επόμενη εβδομάδα.",
    "tr": "Başbakan dün hükümetin gelecek hafta bütçe konusunda bir karar alacağını söyledi.",
    "uk": "Прем'єр-міністр учора заявив, що уряд ухвалить рішення щодо бюджету наступного тижня.",
    "et": "Peaminister ütles eile, et valitsus teeb eelarve kohta otsuse järgmisel nädalal.",
}


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_sentences(language: str) -> None:
    assert detect(SENTENCES[language]) == language


def test_the_text_goes_before_the_template() -> None:
    assert detect(SENTENCES["nl"] * 3, html_lang="en-US") == "nl"


def test_where_there_is_hardly_text_the_page_decides() -> None:
    assert detect("", html_lang="nb-NO") == "no"
    assert detect("123 456", "", None) is None


def test_twins_are_told_apart_by_the_page() -> None:
    text = "Predsjednik vlade je jučer rekao da će odluka o proračunu biti donesena sljedeći tjedan."
    assert detect(text, html_lang="bs") == "bs"
    assert detect(text, html_lang="hr") == "hr"


@pytest.mark.parametrize(("tag", "code"), [("de-AT", "de"), ("nn_NO", "no"), ("EN", "en"), ("x-default", None), ("", None), (None, None)])
def test_tags(tag: str | None, code: str | None) -> None:
    assert normalise_tag(tag) == code


@pytest.mark.parametrize("language", sorted(LINES))
@pytest.mark.parametrize("html_lang", [None, "en-US"])
def test_headline_and_sentence(language: str, html_lang: str | None) -> None:
    headline, sentence = LINES[language]
    assert detect(sentence, headline, html_lang) == language


@pytest.mark.parametrize("language", sorted(LINES))
def test_a_headline_alone_with_a_declaration(language: str) -> None:
    assert detect("", LINES[language][0], language) == language


def test_what_told() -> None:
    assert find_language(SENTENCES["nl"]) == ("nl", "text")
    assert find_language(SENTENCES["nl"], "", "nl-NL") == ("nl", "both")
    assert find_language("", "", "nl-NL") == ("nl", "html")
    assert find_language("", "", None) == (None, None)


def test_a_language_outside_the_watched_ones_is_told_from_a_long_text() -> None:
    zulu = "Uhulumeni uthe ngoLwesibili uzoqala umsebenzi omusha ekupheleni kwenyanga, kanti abantu bacelwe ukuthi balinde imininingwane. "
    assert detect(zulu * 4, html_lang="en") == "zu"
