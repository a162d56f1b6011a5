"""Which language a text is in."""

from __future__ import annotations

import pytest

from transforms.language import detect, normalise_tag

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
