"""Which country stands behind whom: the mechanics, on an invented contest with invented officials."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.annotation import annotate, compile_watchlist
from transforms.params import Watchlist

LIST = """
id = "harbour-board"
title = "Director General of the Harbour Board"
from = 2030-01-01
until = 2030-12-31
[context]
en = ["director general", "top job", "head of the harbour board"]
[bodies]
any = ["harbour board"]
[elsewhere]
en = ["mayor of", "general election", "customs union"]
[[candidates]]
id = "anna-berg"
name = "Anna Berg"
country = "SE"
[[candidates]]
id = "ole-lund"
name = "Ole Lund"
country = "DK"
offices = [{ title = "prime minister of Denmark", country = "DK", from = 2028-01-01 }]
[[candidates]]
id = "pedro-vidal"
name = "Pedro Vidal"
country = "PT"
"""

COUNTRIES = {
    "SE": "Sweden",
    "DK": "Denmark",
    "PT": "Portugal",
    "FI": "Finland",
    "FR": "France",
    "DE": "Germany",
    "GB": "United Kingdom",
    "US": "United States",
    "HU": "Hungary",
    "PL": "Poland",
    "ES": "Spain",
    "TR": "Turkey",
}
OFFICIALS = {
    "FI": (("Aino Salmi", "head_of_government"), ("Pekka Rinne", "foreign_minister")),
    "FR": (("Luc Morel", "head_of_state"),),
    "HU": (("Gábor Vadas", "foreign_minister"), ("Béla Kertész", "head_of_government")),
    "GB": (("Harold Finch", "head_of_government"), ("Joan Tilbury", "defence_minister")),
    "TR": (("Kemal Yalın", "head_of_state"),),
}


def _watchlist() -> str:
    parts = [LIST]
    for code, name in COUNTRIES.items():
        parts.append(f'[[endorsers]]\ncountry = "{code}"\nname = "{name}"\n')
        for person, office in OFFICIALS.get(code, ()):
            begins = "2030-07-05" if person == "Joan Tilbury" else "2027-01-01"
            parts.append(f'[[endorsers.officials]]\nname = "{person}"\noffice = "{office}"\nfrom = {begins}\n')
    return "".join(parts)


BOARD = compile_watchlist(Watchlist.model_validate(tomllib.loads(_watchlist())))
DAY = date(2030, 9, 12)  # a Thursday
BERG, LUND, VIDAL = "anna-berg", "ole-lund", "pedro-vidal"


def told(text: str, title: str = "", day: date | None = DAY) -> list[str]:
    """The positions of a text, one line each."""
    found = annotate(BOARD, title, text, "en", day).endorsements
    return sorted(f"{e.endorser} {e.stance} {e.candidate_id} {e.status}" + (f" by {e.speaker}" if e.speaker else "") for e in found)


ACTIVE = [
    ("Finland backs Anna Berg.", ["FI supports anna-berg reported"]),
    ("Finland backs Anna Berg for the top job at the Harbour Board, the foreign ministry said.", ["FI supports anna-berg stated"]),
    ("Finland has thrown its weight behind Anna Berg, diplomats said.", ["FI supports anna-berg reported"]),
    (
        "The Finnish government will vote for Anna Berg, Prime Minister Aino Salmi said on Tuesday.",
        ["FI supports anna-berg stated by Aino Salmi"],
    ),
    ("Helsinki is firmly behind Anna Berg.", ["FI supports anna-berg reported"]),
    ("Germany and France are backing Anna Berg.", ["DE supports anna-berg reported", "FR supports anna-berg reported"]),
    (
        "Britain, France, Germany and the United States all support Anna Berg.",
        [f"{c} supports anna-berg reported" for c in ("DE", "FR", "GB", "US")],
    ),
    ("Anna Berg, whom Germany supports, met reporters in Paris.", ["DE supports anna-berg reported"]),
    ("Hungary opposes Anna Berg but supports Pedro Vidal.", ["HU opposes anna-berg reported", "HU supports pedro-vidal reported"]),
    ("Hungary opposes Anna Berg, while Poland backs her.", ["HU opposes anna-berg reported", "PL supports anna-berg reported"]),
    ("Spain prefers Anna Berg to Pedro Vidal.", ["ES supports anna-berg reported"]),
    ("Spain would rather have Anna Berg than Pedro Vidal, the foreign ministry in Madrid said.", ["ES supports anna-berg stated"]),
]
PASSIVE = [
    ("Anna Berg is backed by Germany, France and Spain.", [f"{c} supports anna-berg reported" for c in ("DE", "ES", "FR")]),
    ("Anna Berg has the support of Finland, Foreign Minister Pekka Rinne told reporters.", ["FI supports anna-berg stated by Pekka Rinne"]),
    ("Anna Berg has won the backing of the Polish government.", ["PL supports anna-berg reported"]),
    (
        "Her candidacy is opposed by Hungary, but Anna Berg has won over Poland.",
        ["HU opposes anna-berg reported", "PL supports anna-berg reported"],
    ),
    ("Anna Berg received an endorsement from President Luc Morel of France.", ["FR supports anna-berg stated by Luc Morel"]),
]
NOMINAL = [
    ("German support for Anna Berg came as no surprise.", ["DE supports anna-berg reported"]),
    ("Hungary's veto on Anna Berg stands.", ["HU opposes anna-berg reported"]),
    ("Washington's choice is Anna Berg.", ["US supports anna-berg reported"]),
    ("France announced its support for Anna Berg.", ["FR supports anna-berg stated"]),
    ("Hungary lifted its veto on Anna Berg, officials said.", ["HU withdraws-objection anna-berg reported"]),
    (
        "Hungary will no longer block Anna Berg, Foreign Minister Gábor Vadas said.",
        ["HU withdraws-objection anna-berg stated by Gábor Vadas"],
    ),
]
NEGATED = [
    ("Hungary will not support Anna Berg, Vadas said.", ["HU opposes anna-berg stated by Gábor Vadas"]),
    (
        "Gábor Vadas told reporters in Warsaw that his government would never vote for Anna Berg.",
        ["HU opposes anna-berg stated by Gábor Vadas"],
    ),
    ("Poland has not yet decided whether to back Anna Berg, a spokesman said.", ["PL withholds anna-berg stated"]),
    (
        "Poland declined to say whether it would support Anna Berg or Pedro Vidal.",
        ["PL withholds anna-berg reported", "PL withholds pedro-vidal reported"],
    ),
    ("Spain has not chosen between Anna Berg and Pedro Vidal.", ["ES withholds anna-berg reported", "ES withholds pedro-vidal reported"]),
    ("Hungary does not oppose Anna Berg, its government said.", ["HU withdraws-objection anna-berg stated"]),
    ("The United States stopped short of endorsing Anna Berg.", ["US withholds anna-berg reported"]),
    ("Turkey has yet to endorse Anna Berg.", ["TR withholds anna-berg reported"]),
    ("Turkey is no longer opposed to Anna Berg.", ["TR withdraws-objection anna-berg reported"]),
]
MOOD = [
    ("Spain is expected to back Anna Berg next week.", ["ES supports anna-berg expected"]),
    ("Germany is likely to endorse Anna Berg, two diplomats said.", ["DE supports anna-berg expected"]),
    ("Hungary will back Anna Berg if she rules out new harbour fees, Vadas said.", ["HU withholds anna-berg conditional by Gábor Vadas"]),
    (
        "If Anna Berg rules out new harbour fees, Hungary will support her, its foreign minister said.",
        ["HU withholds anna-berg conditional"],
    ),
    ("Hungary supports Anna Berg on condition that fees stay as they are.", ["HU supports anna-berg conditional"]),
    ("If Pedro Vidal were to withdraw, Spain would support Anna Berg.", []),
    ("Spain would have backed Anna Berg had she asked.", []),
    ("If Hungary backs Anna Berg, the contest is over.", []),
    ("Poland denied that it had sided with Anna Berg.", ["PL withholds anna-berg denied"]),
    (
        "Poland has not decided, contrary to reports that it had come out for Anna Berg, the prime minister's spokesman said.",
        ["PL withholds anna-berg denied"],
    ),
    ("Hungary rejected reports that it had dropped its objections to Anna Berg.", ["HU opposes anna-berg denied"]),
]
SPEAKERS = [
    ("“We support Anna Berg,” said Béla Kertész.", ["HU supports anna-berg stated by Béla Kertész"]),
    ("The Hungarian foreign minister said Budapest backed Anna Berg.", ["HU supports anna-berg stated by Gábor Vadas"]),
    ("Finland supports Anna Berg, its foreign minister said.", ["FI supports anna-berg stated"]),
    ("Prime Minister Aino Salmi endorsed Anna Berg on Monday.", ["FI supports anna-berg stated by Aino Salmi"]),
    ("President Yalın told allies that Turkey would back Anna Berg.", ["TR supports anna-berg stated by Kemal Yalın"]),
    ("Poland backs Anna Berg, government spokeswoman Ewa Lis said.", ["PL supports anna-berg stated by Ewa Lis"]),
    (
        "The American ambassador to the Harbour Board, Sue Parker, said Washington was for Anna Berg.",
        ["US supports anna-berg stated by Sue Parker"],
    ),
    ("Luc Morel said Hungary would support Anna Berg.", ["HU supports anna-berg reported"]),
    ("Turkey backs Anna Berg, Kemal Yalın is understood to have told colleagues.", ["TR supports anna-berg reported"]),
    ("Hungarian officials say they will not support Anna Berg.", ["HU opposes anna-berg reported"]),
    ("Aino Salmi, holding Anna Berg's letter, said Finland was ready to support her.", ["FI supports anna-berg stated by Aino Salmi"]),
    ("Defence Secretary Joan Tilbury said Britain backed Anna Berg.", ["GB supports anna-berg stated by Joan Tilbury"]),
]
NOBODY = [
    ("Hungary's opposition supports Anna Berg.", []),
    ("A former British prime minister backs Anna Berg.", []),
    ("Poland's opposition leader said he would rather have Anna Berg than Pedro Vidal.", []),
    ("I back Anna Berg. There is nobody better in Germany.", []),
    ("All allies support Anna Berg.", []),
    ("German Greens adopted a motion supporting Anna Berg.", []),
    ("A poll in France found that voters prefer Anna Berg.", []),
    ("Shadow Defence Secretary Joan Tilbury said Labour would support Anna Berg.", []),
    ("The Finnish prime minister called Anna Berg a good friend.", []),
    ("Germany congratulated Anna Berg and welcomed her candidacy.", []),
    ("Anna Berg said Sweden would go on supporting Ukraine.", []),
    ("Germany supports Anna Berg's plan for cheaper fees.", []),
    ("Anna Berg met the Finnish president in Helsinki to ask for support.", []),
    ("France supports Anna Berg as mayor of Malmö.", []),
    ("Spain supports the customs union, Anna Berg said.", []),
    ("Anna Berg wants the job, a Swedish newspaper said.", []),
]
CANDIDATES = [
    ("Ole Lund said Denmark would support Anna Berg.", ["DK supports anna-berg stated by Ole Lund"]),
    ("Ole Lund backs Anna Berg.", ["DK supports anna-berg stated by Ole Lund"]),
    ("Ole Lund wants to be director general and is asking for support.", []),
    ("The Danish prime minister Ole Lund is supported by Germany.", ["DE supports ole-lund reported"]),
    ("Denmark has nominated its prime minister, Ole Lund.", ["DK supports ole-lund stated"]),
    ("Portugal has put forward Pedro Vidal, the foreign ministry said.", ["PT supports pedro-vidal stated"]),
    ("Germany would support the Dane, Ole Lund.", ["DE supports ole-lund reported"]),
    ("Germany resisted an American idea to send Anna Berg to the Harbour Board.", ["DE opposes anna-berg reported"]),
    ("Everyone but Hungary is for Anna Berg.", ["HU withholds anna-berg reported"]),
    ("All members except Hungary and Turkey back Anna Berg.", ["HU withholds anna-berg reported", "TR withholds anna-berg reported"]),
]
ACROSS = [
    ("Anna Berg visited Budapest on Monday. Hungary said it would not support her.", ["HU opposes anna-berg stated"]),
    ("Turkey, which had long opposed Anna Berg, now supports her.", ["TR supports anna-berg reported"]),
    (
        "Turkey had opposed Anna Berg for months. On Thursday it dropped its objections, diplomats said.",
        ["TR withdraws-objection anna-berg reported"],
    ),
    (
        "Germany backs Anna Berg. “She is the one,” said a diplomat. The German foreign ministry confirmed its support for Anna Berg.",
        ["DE supports anna-berg stated"],
    ),
    ("Anna Berg is running for director general. France has not decided.", ["FR withholds anna-berg reported"]),
]

CONSTRUCTIONS = [
    ("Paris has come down on Anna Berg's side, the Élysée confirmed on Tuesday.", ["FR supports anna-berg stated"]),
    ("Anna Berg can count on Berlin, a German government spokesman said.", ["DE supports anna-berg stated"]),
    ("Germany's candidate is Anna Berg, the foreign ministry in Berlin said.", ["DE supports anna-berg stated"]),
    ("The French president threw his support behind Anna Berg.", ["FR supports anna-berg stated by Luc Morel"]),
    ("Finland would welcome Anna Berg at the helm, but it has made no commitment.", ["FI withholds anna-berg reported"]),
    (
        "Hungary's government has ruled out backing Anna Berg, Mr Vadas told state television.",
        ["HU opposes anna-berg stated by Gábor Vadas"],
    ),
    ("There will be no Hungarian vote for Anna Berg, Gábor Vadas said.", ["HU opposes anna-berg stated by Gábor Vadas"]),
    ("“We cannot and will not back Anna Berg,” Vadas said in Budapest.", ["HU opposes anna-berg stated by Gábor Vadas"]),
    (
        "Asked about Anna Berg, Prime Minister Aino Salmi said Finland would make up its mind in the autumn.",
        ["FI withholds anna-berg stated by Aino Salmi"],
    ),
    ("Spain is keeping its cards close to its chest on Anna Berg, a diplomat said.", ["ES withholds anna-berg reported"]),
    ("Poland is torn between Anna Berg and Pedro Vidal.", ["PL withholds anna-berg reported", "PL withholds pedro-vidal reported"]),
    ("Warsaw's position on Anna Berg remains open, the foreign ministry said.", ["PL withholds anna-berg stated"]),
    ("The United States has taken no position on Anna Berg.", ["US withholds anna-berg reported"]),
    ("Turkey's blessing for Anna Berg came late, but it came.", ["TR supports anna-berg reported"]),
    ("Turkey has given Anna Berg the green light, President Kemal Yalın announced.", ["TR supports anna-berg stated by Kemal Yalın"]),
    ("Turkey has lifted its opposition to Anna Berg, clearing the way for her appointment.", ["TR withdraws-objection anna-berg reported"]),
    ("Ankara's objections to Anna Berg have been overcome, two officials said.", ["TR withdraws-objection anna-berg reported"]),
    ("Hungary will not stand in Anna Berg's way, its foreign minister said.", ["HU withdraws-objection anna-berg stated"]),
    ("Anna Berg is Britain's preferred choice, according to Downing Street.", ["GB supports anna-berg stated"]),
    ("London favours Anna Berg over Pedro Vidal, officials said.", ["GB supports anna-berg reported"]),
    ("Britain and Germany are united behind Anna Berg.", ["DE supports anna-berg reported", "GB supports anna-berg reported"]),
    (
        "Among those backing Anna Berg are Spain, Poland and France.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    ("Countries such as Spain and Poland have endorsed Anna Berg.", ["ES supports anna-berg reported", "PL supports anna-berg reported"]),
    ("Anna Berg's supporters include Spain and Poland.", ["ES supports anna-berg reported", "PL supports anna-berg reported"]),
    ("Support for Anna Berg has come from Spain and Poland.", ["ES supports anna-berg reported", "PL supports anna-berg reported"]),
    ("Joining Spain and Poland, Germany on Thursday endorsed Anna Berg.", ["DE supports anna-berg reported"]),
    ("Germany joined Spain in backing Anna Berg.", ["DE supports anna-berg reported", "ES supports anna-berg reported"]),
    ("Spain, like Germany, wants Anna Berg.", ["DE supports anna-berg reported", "ES supports anna-berg reported"]),
    ("Hungary alone is against Anna Berg.", ["HU opposes anna-berg reported"]),
    ("Only Hungary still opposes Anna Berg.", ["HU opposes anna-berg reported"]),
    ("Hungary remains the only country to oppose Anna Berg.", ["HU opposes anna-berg reported"]),
    ("Anna Berg faces a veto from Hungary.", ["HU opposes anna-berg reported"]),
    ("Anna Berg has failed to win over Hungary.", ["HU withholds anna-berg reported"]),
    ("Anna Berg still lacks the support of Hungary and Turkey.", ["HU withholds anna-berg reported", "TR withholds anna-berg reported"]),
    ("Still missing from Anna Berg's list are Hungary and Turkey.", ["HU withholds anna-berg reported", "TR withholds anna-berg reported"]),
    ("Hungary is the last holdout against Anna Berg.", ["HU opposes anna-berg reported"]),
    ("Budapest says no to Anna Berg", ["HU opposes anna-berg reported"]),
    ("Germany to back Anna Berg, sources say", ["DE supports anna-berg expected"]),
    ("Germany set to endorse Anna Berg", ["DE supports anna-berg expected"]),
    ("Germany looks set to back Anna Berg, but its government has made no announcement.", ["DE supports anna-berg expected"]),
    ("Germany is leaning towards Anna Berg, diplomats say.", ["DE supports anna-berg expected"]),
    ("Spain will announce its support for Anna Berg next week, El Faro reported.", ["ES supports anna-berg expected"]),
    ("A decision by Spain in favour of Anna Berg is expected on Friday.", ["ES supports anna-berg expected"]),
    ("Turkey would back Anna Berg only in return for lower fees, an official said.", ["TR withholds anna-berg conditional"]),
    ("Turkey made its support for Anna Berg conditional on lower fees.", ["TR supports anna-berg conditional"]),
    ("As long as fees stay low, Spain will support Anna Berg, its premier said.", ["ES withholds anna-berg conditional"]),
    ("Provided that Anna Berg keeps her word, Hungary supports her, Vadas said.", ["HU supports anna-berg conditional by Gábor Vadas"]),
    (
        "Finland's prime minister denied that she had promised Anna Berg her country's vote.",
        ["FI withholds anna-berg denied by Aino Salmi"],
    ),
    ("It is not true that Spain supports Anna Berg, the foreign ministry in Madrid said.", ["ES withholds anna-berg denied"]),
    ("Reports that Spain had agreed to back Anna Berg are false, a Spanish government spokesman said.", ["ES withholds anna-berg denied"]),
    ("Poland once backed Pedro Vidal; it now supports Anna Berg.", ["PL supports anna-berg reported", "PL supports pedro-vidal reported"]),
    ("Having opposed Anna Berg for months, Hungary now backs her, Vadas said.", ["HU supports anna-berg stated by Gábor Vadas"]),
    ("Hungary changed course and endorsed Anna Berg.", ["HU supports anna-berg reported"]),
    ("After long resistance, Turkey agreed to Anna Berg's appointment.", ["TR supports anna-berg reported"]),
    ("Turkey consented to the appointment of Anna Berg.", ["TR supports anna-berg reported"]),
    ("Speaking in Paris, Béla Kertész said he would vote for Anna Berg.", ["HU supports anna-berg stated by Béla Kertész"]),
    ("In an interview with a French daily, Aino Salmi spoke out in favour of Anna Berg.", ["FI supports anna-berg stated by Aino Salmi"]),
    ("Aino Salmi: “Finland is with Anna Berg.”", ["FI supports anna-berg stated by Aino Salmi"]),
    ("“Anna Berg has our full support,” Foreign Minister Pekka Rinne said.", ["FI supports anna-berg stated by Pekka Rinne"]),
    (
        "“Anna Berg is the right person,” said Aino Salmi, adding that Finland would support her.",
        ["FI supports anna-berg stated by Aino Salmi"],
    ),
    (
        "Poland's deputy foreign minister, Jan Wolski, told the agency that Warsaw was on board with Anna Berg.",
        ["PL supports anna-berg stated by Jan Wolski"],
    ),
    ("A statement from the Polish foreign ministry said that the government supported Anna Berg.", ["PL supports anna-berg stated"]),
    ("The Spanish cabinet decided on Tuesday to support Anna Berg.", ["ES supports anna-berg reported"]),
    ("Sweden has formally nominated Anna Berg.", ["SE supports anna-berg stated"]),
    ("Sweden proposed Anna Berg as director general on Monday.", ["SE supports anna-berg stated"]),
    ("Sweden is campaigning for Anna Berg in every capital.", ["SE supports anna-berg reported"]),
    ("Stockholm has submitted Anna Berg's name, the government said.", ["SE supports anna-berg stated"]),
    ("Anna Berg thanked Germany for its support.", ["DE supports anna-berg reported"]),
    ("Washington has told its partners that it wants Anna Berg.", ["US supports anna-berg stated"]),
    ("The White House thinks highly of Anna Berg but has not endorsed anybody.", ["US withholds anna-berg reported"]),
    (
        "Germany and France disagree: Berlin wants Anna Berg, Paris prefers Pedro Vidal.",
        ["DE supports anna-berg reported", "FR supports pedro-vidal reported"],
    ),
    ("Berlin is for Anna Berg and Paris for Pedro Vidal.", ["DE supports anna-berg reported", "FR supports pedro-vidal reported"]),
    ("Anna Berg met the Polish president in Warsaw on Friday.", []),
    ("German voters prefer Anna Berg.", []),
    ("The mayor of Paris backs Anna Berg.", []),
    ("Finland's Social Democrats want Anna Berg.", []),
    ("Anna Berg hopes for the backing of Germany.", []),
    ("Anna Berg urged Germany to back the plan.", []),
    ("Could Germany back Anna Berg?", []),
    ("Germany may have backed Anna Berg to annoy France, a columnist wrote.", []),
    ("Germany praised Anna Berg's work and wished her well.", []),
    ("Anna Berg, backed by business groups in Germany and Spain, gave a speech.", []),
]
TALLIES = [
    (
        "Six countries back Anna Berg: Spain, France, Germany, Poland, Finland and the United States.",
        [
            "DE supports anna-berg reported",
            "ES supports anna-berg reported",
            "FI supports anna-berg reported",
            "FR supports anna-berg reported",
            "PL supports anna-berg reported",
            "US supports anna-berg reported",
        ],
    ),
    (
        "For Anna Berg: Spain, France, Germany. Undecided: Turkey, Poland.",
        [
            "DE supports anna-berg reported",
            "ES supports anna-berg reported",
            "FR supports anna-berg reported",
            "PL withholds anna-berg reported",
            "TR withholds anna-berg reported",
        ],
    ),
    (
        "Spain, France, Germany, Finland and Poland have all said they will vote for Anna Berg; Hungary and Turkey have not.",
        [
            "DE supports anna-berg stated",
            "ES supports anna-berg stated",
            "FI supports anna-berg stated",
            "FR supports anna-berg stated",
            "HU withholds anna-berg reported",
            "PL supports anna-berg stated",
            "TR withholds anna-berg reported",
        ],
    ),
    (
        "Anna Berg now has ten of twelve votes; only Hungary and Turkey are missing.",
        ["HU withholds anna-berg reported", "TR withholds anna-berg reported"],
    ),
    (
        "Two countries, Hungary and Turkey, have yet to back Anna Berg.",
        ["HU withholds anna-berg reported", "TR withholds anna-berg reported"],
    ),
    (
        "Those who have not yet declared for Anna Berg are Hungary, Turkey and Poland.",
        ["HU withholds anna-berg reported", "PL withholds anna-berg reported", "TR withholds anna-berg reported"],
    ),
    (
        "Of the twelve, only Hungary, Turkey and Poland have not endorsed Anna Berg.",
        ["HU withholds anna-berg reported", "PL withholds anna-berg reported", "TR withholds anna-berg reported"],
    ),
    (
        "The backers of Anna Berg include Spain, France, Germany, Poland, Finland and the United States.",
        [
            "DE supports anna-berg reported",
            "ES supports anna-berg reported",
            "FI supports anna-berg reported",
            "FR supports anna-berg reported",
            "PL supports anna-berg reported",
            "US supports anna-berg reported",
        ],
    ),
    (
        "Hungary, Turkey and Poland remain undecided on Anna Berg.",
        ["HU withholds anna-berg reported", "PL withholds anna-berg reported", "TR withholds anna-berg reported"],
    ),
    (
        "The big three - Britain, France and Germany - are behind Anna Berg.",
        ["DE supports anna-berg reported", "FR supports anna-berg reported", "GB supports anna-berg reported"],
    ),
    (
        "Behind Anna Berg stand Spain, France and Germany.",
        ["DE supports anna-berg reported", "ES supports anna-berg reported", "FR supports anna-berg reported"],
    ),
    (
        "Ministers from Spain, France and Germany said they would vote for Anna Berg.",
        ["DE supports anna-berg stated", "ES supports anna-berg stated", "FR supports anna-berg stated"],
    ),
    (
        "The governments of Spain, France and Poland back Anna Berg.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "The leaders of Spain, France and Poland endorsed Anna Berg.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "In a joint statement, Spain, France and Poland endorsed Anna Berg.",
        ["ES supports anna-berg stated", "FR supports anna-berg stated", "PL supports anna-berg stated"],
    ),
    (
        "The countries that have come out for Anna Berg so far are Spain, France and Poland.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "So far Spain, France and Poland have come out for Anna Berg, while Hungary is opposed and Turkey undecided.",
        [
            "ES supports anna-berg reported",
            "FR supports anna-berg reported",
            "HU opposes anna-berg reported",
            "PL supports anna-berg reported",
            "TR withholds anna-berg reported",
        ],
    ),
    (
        "Spain is for Anna Berg. So are France and Poland.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "Spain backs Anna Berg, as do France and Poland.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    ("Spain backs Anna Berg and so does France.", ["ES supports anna-berg reported", "FR supports anna-berg reported"]),
    (
        "Anna Berg has Spain, France and Poland behind her.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "Anna Berg has Spain, France and Poland on her side.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "Spain, France and Poland are all in favour of Anna Berg.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    ("Neither Hungary nor Turkey supports Anna Berg.", ["HU opposes anna-berg reported", "TR opposes anna-berg reported"]),
    ("Neither Hungary nor Turkey has endorsed Anna Berg.", ["HU withholds anna-berg reported", "TR withholds anna-berg reported"]),
    ("Hungary does not support Anna Berg; nor does Turkey.", ["HU opposes anna-berg reported", "TR opposes anna-berg reported"]),
    ("Hungary and Turkey are holding out against Anna Berg.", ["HU opposes anna-berg reported", "TR opposes anna-berg reported"]),
    ("Hungary and Turkey hold out.", []),
    (
        "Votes for Anna Berg: Spain, France, Poland.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "Anna Berg: supported by Spain, France, Poland; opposed by Hungary.",
        [
            "ES supports anna-berg reported",
            "FR supports anna-berg reported",
            "HU opposes anna-berg reported",
            "PL supports anna-berg reported",
        ],
    ),
    (
        "Spain, followed by France and Poland, endorsed Anna Berg.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
    (
        "First Spain, then France and finally Poland came out for Anna Berg.",
        ["ES supports anna-berg reported", "FR supports anna-berg reported", "PL supports anna-berg reported"],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [*ACTIVE, *PASSIVE, *NOMINAL, *NEGATED, *MOOD, *SPEAKERS, *NOBODY, *CANDIDATES, *ACROSS, *CONSTRUCTIONS, *TALLIES]
)
def test_positions(text: str, expected: list[str]) -> None:
    assert told(text) == sorted(expected)


def test_only_the_binding_role_counts() -> None:
    text = (
        "Shadow Defence Secretary Joan Tilbury met Anna Berg in spring. After the election Defence Secretary Joan Tilbury confirmed "
        "Britain's support for Anna Berg."
    )
    assert told(text) == ["GB supports anna-berg stated by Joan Tilbury"]


def test_before_the_office_was_held_it_does_not_bind() -> None:
    assert told("Joan Tilbury said Britain should back Anna Berg.", day=date(2030, 3, 1)) == []


def test_the_title_supplies_the_candidate() -> None:
    text = "The Hungarian government will not support her candidacy, the foreign ministry in Budapest said."
    assert told(text, title="Hungary against Anna Berg") == ["HU opposes anna-berg stated"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Finland backs Anna Berg, Pekka Rinne said on Tuesday.", date(2030, 9, 10)),
        ("Finland backs Anna Berg, Pekka Rinne said yesterday.", date(2030, 9, 11)),
        ("Finland backs Anna Berg, Pekka Rinne said today.", date(2030, 9, 12)),
        ("Finland backs Anna Berg, Pekka Rinne said on Thursday.", date(2030, 9, 12)),
        ("Finland backs Anna Berg, Pekka Rinne said on 3 September.", date(2030, 9, 3)),
        ("Finland backs Anna Berg, Pekka Rinne said on September 3.", date(2030, 9, 3)),
        ("Finland backs Anna Berg, Pekka Rinne said on 30 December.", None),  # most of a year ago, or to come: nobody knows
        ("Finland backs Anna Berg, Pekka Rinne said.", None),
    ],
)
def test_the_day_of_the_statement(text: str, day: date | None) -> None:
    assert [e.said_on for e in annotate(BOARD, "", text, "en", DAY).endorsements] == [day]


def test_evidence_is_the_sentence_as_it_stands() -> None:
    text = "It rained.\n\n“We back Anna\u00a0Berg,” said\nAino Salmi. The sun came out."
    (found,) = annotate(BOARD, "", text, "en", DAY).endorsements
    assert found.evidence == "“We back Anna\u00a0Berg,” said\nAino Salmi."
    assert text[found.start : found.end] == found.evidence
    assert found.speaker_role == "head_of_government"


def test_a_language_without_a_lexicon_says_nothing() -> None:
    assert annotate(BOARD, "", "Finland backs Anna Berg.", "ja", DAY).endorsements == ()


def pairs(text: str, title: str = "") -> set[str]:
    """Country, stance and the candidate's given name, where status and speaker are not the matter."""
    return {f"{e.endorser} {e.stance} {e.candidate_id.split('-')[0]}" for e in annotate(BOARD, title, text, "en", DAY).endorsements}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Finland is behind Anna Berg. So is Poland.", {"FI supports anna", "PL supports anna"}),
        ("Finland will vote for Anna Berg. So will Spain.", {"FI supports anna", "ES supports anna"}),
        ("Finland supports Anna Berg. The same goes for Poland.", {"FI supports anna", "PL supports anna"}),
        ("Finland will vote for Anna Berg. France too.", {"FI supports anna", "FR supports anna"}),
        ("Finland has come out for Anna Berg, and Poland too.", {"FI supports anna", "PL supports anna"}),
        ("Finland backed Anna Berg, joining Spain and Poland.", {"FI supports anna", "ES supports anna", "PL supports anna"}),
        ("Finland backs Anna Berg; Hungary does not.", {"FI supports anna", "HU opposes anna"}),
        ("Finland has backed Anna Berg; Hungary has not.", {"FI supports anna", "HU withholds anna"}),
        ("Where do they stand on Anna Berg? Hungary: no. Spain: yes.", {"HU opposes anna", "ES supports anna"}),
        ("For Anna Berg: Spain, Finland. Against: Hungary.", {"ES supports anna", "FI supports anna", "HU opposes anna"}),
        ("Whom will Helsinki back? Anna Berg, the foreign minister said.", {"FI supports anna"}),
    ],
)
def test_words_that_stand_for_a_statement(text: str, expected: set[str]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spain, France (and, since Monday, Finland) back Anna Berg.", {"ES", "FR", "FI"}),
        ("Besides Spain and France, Finland also backs Anna Berg.", {"ES", "FR", "FI"}),
        ("In addition to Spain, Finland has declared for Anna Berg.", {"ES", "FI"}),
        ("Not only Spain but also Finland backs Anna Berg.", {"ES", "FI"}),
        ("Spain has joined France and Finland in backing Anna Berg.", {"ES", "FR", "FI"}),
        ("Anna Berg, backed by Spain, met Béla Kertész.", {"ES"}),
        ("Backed by Spain and Finland, Anna Berg travelled to Warsaw.", {"ES", "FI"}),
    ],
)
def test_lists_with_interruptions(text: str, expected: set[str]) -> None:
    assert pairs(text) == {f"{country} supports anna" for country in expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("All allies but three support Anna Berg: Hungary, Poland and Turkey.", {f"{c} withholds anna" for c in ("HU", "PL", "TR")}),
        ("It is Anna Berg whom Paris wants.", {"FR supports anna"}),
        ("Anna Berg is the woman Warsaw wants.", {"PL supports anna"}),
        ("For Madrid, Anna Berg is the right choice.", {"ES supports anna"}),
        ("Anna Berg would be the best choice, the Polish foreign minister said.", {"PL supports anna"}),
        ("Anna Berg would be the best choice.", set()),
        ("“Anna Berg has our vote,” Pekka Rinne said.", {"FI supports anna"}),
        ("“She has our full support,” Pekka Rinne said of Anna Berg.", {"FI supports anna"}),
        ("“I cannot support Anna Berg,” Béla Kertész said.", {"HU opposes anna"}),
        ("“My government will vote for Anna Berg,” said Pekka Rinne.", {"FI supports anna"}),
        ("I back Anna Berg. There, I said it.", set()),
        ("Under no circumstances will Hungary vote for Anna Berg.", {"HU opposes anna"}),
        ("Reports that Hungary is against Anna Berg are false, Gábor Vadas said.", {"HU withholds anna"}),
    ],
)
def test_who_wants_whom(text: str, expected: set[str]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Hungary does not back Anna Berg.", "opposes"),
        ("Hungary does not back Anna Berg yet.", "withholds"),
        ("Hungary cannot back Anna Berg for now.", "withholds"),
        ("There is no support from Budapest for Anna Berg.", "withholds"),
        ("There was no endorsement of Anna Berg from Budapest yet.", "withholds"),
        ("There will be no Hungarian vote for Anna Berg.", "opposes"),
        ("Asked if Hungary would support Anna Berg, its foreign minister said yes.", "supports"),
        ("Hungary’s answer to Anna Berg remains no.", "opposes"),
        ("Hungary has nothing against Anna Berg.", "supports"),
        ("Béla Kertész would not say whether Hungary favours Anna Berg.", "withholds"),
    ],
)
def test_final_or_not(text: str, stance: str) -> None:
    assert pairs(text) == {f"HU {stance} anna"}


@pytest.mark.parametrize(
    "text",
    [
        "Hungary opposed Anna Berg at nearly every summit of the past ten years.",
        "Hungary supports Anna Berg for another five years in her old seat.",
        "Spain hopes that Hungary will support Anna Berg.",
        "The biggest Hungarian opposition party called on the government on Wednesday to support Anna Berg.",
    ],
)
def test_no_position(text: str) -> None:
    assert pairs(text) == set()


@pytest.mark.parametrize(
    ("text", "expected", "day"),
    [
        ("Finland backs Anna Berg. Prime Minister Aino Salmi announced the decision on Tuesday.", "Aino Salmi", date(2030, 9, 10)),
        ("Finland backs Anna Berg. Pekka Rinne made the Finnish position known at a meeting in Rome.", "Pekka Rinne", None),
        ("Finland backs Anna Berg. Aino Salmi and Pekka Rinne announced it on 3 September.", "Aino Salmi", date(2030, 9, 3)),
        ("Turkey has not committed itself to Anna Berg. Kemal Yalın said on Tuesday that it had not made its choice.", "Kemal Yalın", None),
        ("Finland backs Anna Berg. President Luc Morel of France announced the decision to build a tunnel.", None, None),
        ("Finland backs Anna Berg. Pekka Rinne announced on Tuesday that the ferries would sail again.", None, None),
        ("Finland backs Anna Berg. Pekka Rinne announced the decision to build a bridge.", None, None),
        ("Finland backs Anna Berg. Pekka Rinne said it was raining.", None, None),
        ("Finland backs Anna Berg. Pekka Rinne announced this week that the ferries would sail again.", None, None),
    ],
)
def test_the_sentence_behind_names_who_says_it(text: str, expected: str | None, day: date | None) -> None:
    (found,) = annotate(BOARD, "", text, "en", DAY).endorsements
    assert found.speaker == expected
    assert found.status == ("stated" if expected else "reported")
    assert day is None or found.said_on == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A tally of another day, and the present.
        ("Twenty governments stood behind Anna Berg after that, and only Hungary and Spain were missing.", set()),
        ("Twenty governments stand behind Anna Berg, and only Hungary and Spain are missing.", {"HU withholds anna", "ES withholds anna"}),
        # Who says yes, and to what.
        ("Asked whether Hungary would support Anna Berg, its foreign minister said yes.", {"HU supports anna"}),
        ("Anna Berg heard of it late. Pedro Vidal of Portugal said yes before he was asked.", set()),
        ("France did not say no. The other capitals met Anna Berg, and Spain agreed in May.", set()),
        # Whom a country did not put forward, and whom it does not.
        ("Sweden never put Anna Berg's name forward.", set()),
        ("Sweden is not nominating Anna Berg.", {"SE withholds anna"}),
        # What else is open.
        ("Finland does not know who will be its next prime minister. Anna Berg was in Turku.", set()),
        ("Finland has not decided whether to back Anna Berg.", {"FI withholds anna"}),
        # Less than a veto.
        ("Paris preferred somebody else to Anna Berg, but not to the point of a veto.", set()),
        ("Hungary did not veto Anna Berg.", {"HU withdraws anna"}),
        # Nobody is not the candidate of whom the text speaks.
        ("Anna Berg met Luc Morel. France does not choose alone, but nobody has ever been chosen against it.", set()),
        # A programme, and a man.
        ("Sweden's parties had to agree on a programme and on her, Anna Berg recalled.", set()),
        # Rules for everybody.
        ("Anna Berg was in Madrid, Spain. A country need not approve; it only has to stop objecting.", set()),
        # An attempt that came to nothing.
        ("Finland lobbied for Anna Berg in Washington, and it was not enough.", set()),
        # A note on a text that was corrected.
        ("Anna Berg waits. An earlier version of this article counted Spain among the undecided.", set()),
        # A year before all that a paragraph tells.
        (
            "June 2029: Ole Lund visits Rome. Finland campaigns for Anna Berg.\nJune 2030: Spain campaigns for Anna Berg.",
            {"ES supports anna"},
        ),
    ],
)
def test_what_is_no_position_of_today(text: str, expected: set[str]) -> None:
    assert pairs(text) == {e.replace("withdraws", "withdraws-objection") for e in expected}


PIECES = """Finland backs will not Anna Berg Pedro Vidal said if unless that , . ; “ ” Hungary's opposition the Polish prime minister
denied it her veto on has decided all but except dropped its objections Ole Lund told is expected to by from and"""
WORDS = st.sampled_from([*PIECES.split(), "told\u00ad", "\u00a0", "\n\n"])


@settings(max_examples=200, deadline=None)
@given(title=st.lists(WORDS, max_size=8).map(" ".join), text=st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=300))
def test_never_raises_and_quotes_verbatim(title: str, text: str) -> None:
    for found in annotate(BOARD, title, text, "en", DAY).endorsements:
        source = title if found.field == "title" else text
        assert source[found.start : found.end] == found.evidence
        assert found.evidence.strip()
        assert not (found.status == "reported" and found.speaker)
