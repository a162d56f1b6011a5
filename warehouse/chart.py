"""Charts: numbers → SVG, offline, through altair and vl-convert, which are imported only when a chart is drawn: they take most of a second.

A chart holds no word but days and numbers. Its colours are fixed names for what they mean, which the page replaces by style sheet (dark
mode, hatching), so that one drawing serves screen, paper and PDF.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

# Told apart with the common colour deficiencies, each at least 3:1 against its ground: (light, dark). Names always stand beside them.
ACCENTS = (
    ("#0b6299", "#5fb0e5"),  # blue
    ("#c2500a", "#f0894a"),  # vermilion
    ("#00806a", "#3cc4a5"),  # green
    ("#a03f8f", "#dd8ccd"),  # purple
    ("#8a6a00", "#d9b43c"),  # ochre
    ("#3a86b4", "#93cdf0"),  # sky
    ("#7c4a2d", "#c79a7c"),  # brown
    ("#56606b", "#a5afba"),  # slate
)
OTHER = ("#767e87", "#8e97a1")  # everybody past the accents
INK, MUTED, RULE, BAND, HATCH = "#191c20", "#5a636d", "#9aa2ab", "#eceef1", "#dfe2e6"
WIDTH, HEIGHT = 264, 104


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One column of a panel."""

    label: str  # below the axis; may be empty, may have two lines
    value: int | None  # None: unknown
    text: str  # above the column
    some_unknown: bool  # at least one outlet is unknown


def accent(rank: int) -> tuple[str, str]:
    """The colour (light, dark) of a candidate by rank from 1."""
    return ACCENTS[rank - 1] if 1 <= rank <= len(ACCENTS) else OTHER


def panel(days: Sequence[Day], maximum: int, colour: str) -> str:
    """One candidate's days as an SVG of :data:`WIDTH` by :data:`HEIGHT`, its scale from 0 to ``maximum``."""
    import altair as alt
    import vl_convert

    top = max(maximum, 1) * 1.3  # room for the number above the highest column
    rows = [
        {
            "n": n,
            "value": d.value or 0,
            "text": d.text if len(days) <= 14 else "",
            "label": d.label,
            "ground": HATCH if d.value is None else BAND if d.some_unknown else None,
        }
        for n, d in enumerate(days)
    ]
    x = alt.X("n:O", axis=None, scale=alt.Scale(paddingInner=0.22 if len(days) <= 31 else 0, paddingOuter=0.11))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[0, top], nice=False, zero=True))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    ground = (
        base.transform_filter("datum.ground != null")
        .transform_calculate(top=str(top))
        .mark_bar()
        .encode(y=alt.Y("top:Q", axis=None), color=alt.Color("ground:N", scale=None))
    )
    columns = base.mark_bar(color=colour).encode(y=y)
    texts = base.mark_text(baseline="bottom", dy=-2, fontSize=11, color=INK).encode(y=y, text="text:N")
    labels = base.mark_text(baseline="top", dy=5, fontSize=10, color=MUTED, lineBreak="\n", lineHeight=12).encode(
        y=alt.value(HEIGHT - 32), text="label:N"
    )
    rule = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=RULE, strokeWidth=1).encode(y=alt.value(HEIGHT - 32))
    chart = (
        alt.layer(ground, columns, texts, labels, rule)
        .properties(width=WIDTH, height=HEIGHT - 32, background="transparent")
        .configure(
            font="Liberation Sans, Arial, Helvetica, sans-serif",
            padding={"left": 0, "right": 0, "top": 2, "bottom": 30},
            aria=False,
            autosize="none",
            view={"stroke": None},
        )
    )
    # Altair numbers its parts by a counter of the process, which would change the bytes; nothing here refers to them.
    specification = cast("dict[str, Any]", json.loads(chart.to_json()))
    # Roles without a name only confuse a screen reader: the page names the drawing as a whole.
    return re.sub(r' (?:role|aria-roledescription)="[^"]*"', "", str(vl_convert.vegalite_to_svg(specification)))
