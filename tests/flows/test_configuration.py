"""Reading the configuration: the smallest files work, and every mistake is named with file, key and value, all of them at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from newsroom_fixtures import OUTLET, SETTINGS, WATCHLIST

from flows.configuration import ConfigurationError, config_hash, load_configuration, load_watchlist

if TYPE_CHECKING:
    from pathlib import Path

OUTLET_FILE = "outlets/dutchnews.toml"
LIST_FILE = "watchlists/nato-secretary-general-2024.toml"
SETTINGS_FILE = "frontrunner.toml"


def mistakes(config: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(config)
    return str(caught.value).splitlines()


def write(config: Path, name: str, text: str | bytes) -> None:
    path = config / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_the_smallest_files_work(minimal_config: Path) -> None:
    configuration = load_configuration(minimal_config)
    (outlet,), (watchlist,) = configuration.outlets, configuration.watchlists
    assert (outlet.id, outlet.domains, outlet.timezone, outlet.sitemaps) == ("dutchnews", ("dutchnews.nl",), "Europe/Amsterdam", ())
    assert (watchlist.watched_from, watchlist.watched_until) == (date(2023, 1, 1), date(2024, 10, 1))
    assert [candidate.name for candidate in watchlist.candidates] == ["Mark Rutte"]
    assert configuration.settings.publish.text == "mentions"
    assert not configuration.settings.allow_private_addresses
    assert outlet.crawl.delay_seconds >= 1, "polite by default"


def test_norway_is_no_boolean_and_its_languages_are_one(minimal_config: Path) -> None:
    for language in ("no", "nb", "nn"):
        write(minimal_config, OUTLET_FILE, OUTLET.replace('"NL"', '"NO"').replace('"en"', f'"{language}"'))
        (outlet,) = load_configuration(minimal_config).outlets
        assert (outlet.country, outlet.language) == ("NO", "no")


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        (OUTLET_FILE, 'name = "DutchNews"', 'name = "DutchNews"\ncolour = "red"', ("colour", "'red'")),
        (OUTLET_FILE, 'name = "DutchNews"\n', "", ("name", "missing")),
        (OUTLET_FILE, 'country = "NL"', "country = true", ("country", "True")),
        (OUTLET_FILE, 'country = "NL"', 'country = "nl"', ("country", "'nl'")),
        (OUTLET_FILE, 'language = "en"', 'language = "English"', ("language", "'English'")),
        (OUTLET_FILE, '"Europe/Amsterdam"', '"Europe/Amsterdamn"', ("timezone", "'Europe/Amsterdamn'", "IANA")),
        (OUTLET_FILE, '"https://www.dutchnews.nl/feed/"', '"ftp://www.dutchnews.nl/feed/"', ("feeds.0", "'ftp://www.dutchnews.nl/feed/'")),
        (OUTLET_FILE, '"https://www.dutchnews.nl/feed/"', '"https://user:pw@www.dutchnews.nl/feed/"', ("feeds.0", "credentials")),
        (OUTLET_FILE, 'feeds = ["https://www.dutchnews.nl/feed/"]', 'feeds = "https://www.dutchnews.nl/feed/"', ("feeds", "'https://www.dutch")),
        (OUTLET_FILE, '["dutchnews.nl"]', "[]", ("domains", "at least 1")),
        (OUTLET_FILE, '["dutchnews.nl"]', '["https://dutchnews.nl/"]', ("domains.0", "'https://dutchnews.nl/'")),
        (OUTLET_FILE, '["dutchnews.nl"]', '["dutchnews.nl", "dutchnews.nl"]', ("domains", "more than once")),
        (OUTLET_FILE, "sitemaps = []", "sitemaps = []\nfrom = 2024-02-01\nuntil = 2024-01-01", ("from", "2024-02-01", "2024-01-01")),
        (OUTLET_FILE, "sitemaps = []", 'sitemaps = []\nfrom = "2024-02-01"', ("from", "'2024-02-01'")),
        (OUTLET_FILE, "sitemaps = []", "sitemaps = []\n[crawl]\ndelay_seconds = -1", ("crawl.delay_seconds", "-1")),
        (OUTLET_FILE, "sitemaps = []", "sitemaps = []\n[crawl]\ndelay = 1", ("crawl.delay", "1")),
        (OUTLET_FILE, 'id = "dutchnews"', 'id = "dutch-news"', ("id", "'dutch-news'", "file")),
        (OUTLET_FILE, 'id = "dutchnews"', 'id = "Dutch News"', ("id", "'Dutch News'")),
        (LIST_FILE, "from = 2023-01-01", "from = 2025-01-01", ("from", "2025-01-01", "2024-10-01")),
        (LIST_FILE, "from = 2023-01-01", "", ("from", "missing")),
        (LIST_FILE, 'country = "NL"', 'country = "Netherlands"', ("candidates.0.country", "'Netherlands'")),
        (LIST_FILE, 'name = "Mark Rutte"', "name = 7", ("candidates.0.name", "7")),
        (LIST_FILE, 'id = "nato-secretary-general-2024"', 'id = "nato"', ("id", "'nato'", "file")),
        (SETTINGS_FILE, '"desk@example.org"', '"the desk"', ("contact", "the desk")),
        (SETTINGS_FILE, "allow_private_addresses = false", 'allow_private_addresses = "no"', ("allow_private_addresses", "'no'")),
        (SETTINGS_FILE, "allow_private_addresses = false", '[publish]\ntext = "some"', ("publish.text", "'some'")),
        (SETTINGS_FILE, "allow_private_addresses = false", '[report]\nformats = ["docx"]', ("report.formats.0", "'docx'")),
    ],
)  # fmt: skip
def test_one_mistake_is_one_line(minimal_config: Path, file: str, before: str, after: str, said: tuple[str, ...]) -> None:
    text = (minimal_config / file).read_text(encoding="utf-8")
    assert before in text
    write(minimal_config, file, text.replace(before, after))
    (line,) = mistakes(minimal_config)
    assert str(minimal_config / file) in line
    for word in said:
        assert word in line.removeprefix(str(minimal_config / file)), line
    assert len(line) < 400 + len(str(minimal_config))


def test_a_doubled_candidate_is_named(minimal_config: Path) -> None:
    write(minimal_config, LIST_FILE, WATCHLIST + WATCHLIST[WATCHLIST.index("[[candidates]]") :])
    (line,) = mistakes(minimal_config)
    assert str(minimal_config / LIST_FILE) in line
    assert "mark-rutte" in line


def test_a_candidate_on_two_lists_is_named(minimal_config: Path) -> None:
    write(minimal_config, "watchlists/other.toml", WATCHLIST.replace('"nato-secretary-general-2024"', '"other"'))
    (line,) = mistakes(minimal_config)
    assert "watchlists/other.toml" in line
    assert "candidates.0.id" in line
    assert "'mark-rutte'" in line
    assert "nato-secretary-general-2024" in line


def test_a_domain_of_two_outlets_is_named(minimal_config: Path) -> None:
    write(minimal_config, "outlets/other.toml", OUTLET.replace('"dutchnews"', '"other"'))
    (line,) = mistakes(minimal_config)
    assert "outlets/other.toml" in line
    assert "domains.0" in line
    assert "'dutchnews.nl'" in line
    assert "the outlet dutchnews" in line


def test_all_mistakes_of_all_files_are_told_at_once(minimal_config: Path) -> None:
    write(minimal_config, SETTINGS_FILE, 'contact = "desk@example.org"\nretries = 3\n[storage]\nwarc_megabytes = 0\n')
    write(minimal_config, OUTLET_FILE, OUTLET.replace('"NL"', '"Holland"').replace('name = "DutchNews"\n', ""))
    write(minimal_config, "outlets/broken.toml", "id = broken\n")
    write(minimal_config, "watchlists/latin.toml", 'title = "Générale"\n'.encode("latin-1"))
    write(minimal_config, "corrections.toml", '[[suppress]]\narticle_id = "x"\ncandidate_id = "mark-rutte"\nreason = "a namesake"\n')
    lines = mistakes(minimal_config)
    told = {line.removeprefix(f"{minimal_config}/").rsplit(": ", 1)[0].split(": ")[0] + ": " + line.split(": ")[1] for line in lines}
    assert told == {
        "frontrunner.toml: retries",
        "frontrunner.toml: storage.warc_megabytes",
        "outlets/dutchnews.toml: country",
        "outlets/dutchnews.toml: name",
        "outlets/broken.toml: is not TOML",
        "watchlists/latin.toml: is not UTF-8 text (byte 10)",
        "corrections.toml: suppress.0.article_id",
    }


def test_bad_toml_says_where(minimal_config: Path) -> None:
    write(minimal_config, OUTLET_FILE, OUTLET.replace('name = "DutchNews"', 'name = "DutchNews'))
    (line,) = mistakes(minimal_config)
    assert "line 3" in line


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 50_000, "a = " + "9" * 6_000, "a = 1\0", "\ufeff" + SETTINGS, "[a]\n[a]\n", "a = 1\na = 2\n"],
    ids=["deep", "long-number", "nul", "byte-order-mark", "table-twice", "key-twice"],
)
def test_odd_text_is_a_mistake_and_no_crash(minimal_config: Path, text: str) -> None:
    write(minimal_config, OUTLET_FILE, text)
    (line,) = mistakes(minimal_config)
    assert OUTLET_FILE in line


def test_a_huge_file_is_not_read(minimal_config: Path) -> None:
    with (minimal_config / OUTLET_FILE).open("ab") as file:
        file.truncate(6_000_000)
    (line,) = mistakes(minimal_config)
    assert "larger than" in line


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (SETTINGS_FILE, "frontrunner.toml: is missing"),
        (OUTLET_FILE, "outlets: holds no outlet"),
        (LIST_FILE, "watchlists: holds no watch list"),
    ],
)
def test_a_missing_file_is_named(minimal_config: Path, gone: str, said: str) -> None:
    (minimal_config / gone).unlink()
    (line,) = mistakes(minimal_config)
    assert said in line


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path / "nowhere")
    assert "nowhere" in line


def test_hidden_and_other_files_are_passed_over(minimal_config: Path) -> None:
    write(minimal_config, "outlets/README.md", "Notes")
    write(minimal_config, "outlets/old.toml.bak", "not even TOML")
    assert len(load_configuration(minimal_config).outlets) == 1


def test_the_hash_is_of_what_is_configured_and_not_of_how_it_is_written(minimal_config: Path) -> None:
    before = config_hash(load_configuration(minimal_config))
    write(minimal_config, OUTLET_FILE, "# a remark\n" + "\n".join(sorted(OUTLET.splitlines()[1:])))
    assert config_hash(load_configuration(minimal_config)) == before
    write(minimal_config, SETTINGS_FILE, SETTINGS + '[publish]\ntext = "none"\n')
    assert config_hash(load_configuration(minimal_config)) != before


def test_one_watch_list(minimal_config: Path) -> None:
    assert load_watchlist(minimal_config, "nato-secretary-general-2024").title == "NATO Secretary General, 2024"
    for name in ("nato", "../outlets/dutchnews", "", "."):
        with pytest.raises(ConfigurationError, match="nato-secretary-general-2024"):
            load_watchlist(minimal_config, name)
    write(minimal_config, LIST_FILE, WATCHLIST.replace('"nato-secretary-general-2024"', '"nato"'))
    with pytest.raises(ConfigurationError, match="id"):
        load_watchlist(minimal_config, "nato-secretary-general-2024")


NOBODYS = [("country", "UU"), ("country", "nl"), ("country", "EU"), ("language", "xx"), ("timezone", "localtime")]


@pytest.mark.parametrize(("key", "value"), NOBODYS)
def test_codes_that_nobody_has_are_named(minimal_config: Path, key: str, value: str) -> None:
    path = minimal_config / "outlets" / "dutchnews.toml"
    lines = [f'{key} = "{value}"' if line.startswith(f"{key} ") else line for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"dutchnews\.toml: {key}: '{value}'"):
        load_configuration(minimal_config)


def test_a_correction_for_nobody_is_an_error(minimal_config: Path) -> None:
    (minimal_config / "corrections.toml").write_text(
        '[[suppress]]\narticle_id = "0123456789abcdef"\ncandidate_id = "mark-rute"\nreason = "a namesake"\n', encoding="utf-8"
    )
    with pytest.raises(ConfigurationError, match=r"corrections\.toml: suppress: candidate_id: mark-rute"):
        load_configuration(minimal_config)


def test_uk_is_read_as_gb(minimal_config: Path) -> None:
    path = minimal_config / "outlets" / "dutchnews.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('country = "NL"', 'country = "UK"'), encoding="utf-8")
    assert load_configuration(minimal_config).outlets[0].country == "GB"
