"""Templates → pages: every page of ours is filled in here, so that all escape what others wrote and share one look (``templates/``).

What is said on a page belongs in the module that makes it.
"""

from __future__ import annotations

from warehouse import chart
from warehouse.messages import Messages


def render(template: str, words: Messages, **values: object) -> bytes:
    """A template of ``templates/`` filled in: UTF-8, whatever the values hold."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("warehouse", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = Markup  # ours: the chart holds nothing but days and numbers
    accents = [*chart.ACCENTS, chart.OTHER]
    colours = {"INK": chart.INK, "MUTED": chart.MUTED, "RULE": chart.RULE, "BAND": chart.BAND, "HATCH": chart.HATCH}
    shared = {"t": words, "language": words.locale.language, "accents": accents, "colours": colours}
    return environment.get_template(template).render(**shared, **values).encode("utf-8", errors="replace")
