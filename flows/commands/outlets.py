"""Commands that change the panel: ``outlets add``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from flows.cli import BadUsage
from flows.environment import Environment, load_environment, new_run_id
from flows.newcomer import Proposal, propose_outlet, record_page
from flows.proposal import one_line
from transforms import urls
from transforms.params import Configuration, Identifier, Outlet
from transforms.records import Reason, RejectedPage, Rejection


class OutletRefused(Exception):
    """The outlet cannot be added; the message says why."""


def add(config: Path, url: str, outlet_id: str | None, *, dry_run: bool) -> None:
    """Propose the file of an outlet and write it, with one of its pages recorded."""
    environment = load_environment(config, empty_panel=True)
    outlets = environment.configuration.outlets
    if outlet_id is not None:
        _check_id(outlet_id)
        _refuse_taken_id(outlet_id, outlets)
    host = urls.host(url if "://" in url else f"https://{url}").removeprefix("www.")
    _refuse_taken_domains((host,), outlets)
    found = asyncio.run(propose_outlet(url, environment.configuration.settings, environment.clock, outlet_id=outlet_id))
    if isinstance(found, Rejection):
        if found.reason is Reason.INVALID_URL:
            raise BadUsage(f"{one_line(url)}: is {found.detail}")
        raise OutletRefused(_why_unread(url, found))
    _refuse_taken_id(found.outlet.id, outlets)
    _refuse_taken_domains(found.outlet.domains, outlets)
    _check_whole(environment, found.outlet)
    print(found.text, end="", flush=True)
    if not found.sources:
        raise OutletRefused(
            f"{one_line(url)}: no feed and no news sitemap was found, so nothing was written. The proposal takes the links of the home "
            f"page; if that will do, save it as {config / 'outlets' / found.outlet.id}.toml"
        )
    if dry_run:
        _tell("nothing was written")
    else:
        _write(environment, config, found)
    if found.to_check:
        _tell(f"please check: {', '.join(found.to_check)}")


def _write(environment: Environment, config: Path, found: Proposal) -> None:
    """The page first: without the file of the outlet the command can simply be given again."""
    if found.example is None:
        _tell("none of the first pages that it lists could be fetched, so no page was recorded")
    else:
        expected = record_page(environment.data / "pages", found.outlet.id, found.example, environment.clock(), new_run_id())
        _tell(f"recorded a page: {expected}")
        if isinstance(found.example.reading, RejectedPage):
            why = found.example.reading.rejection
            _tell(f"which did not read as an article: {why.reason} {one_line(why.detail)}")
    path = config / "outlets" / f"{found.outlet.id}.toml"
    with path.open("x", encoding="utf-8") as file:
        file.write(found.text)
    _tell(f"wrote {path}")


def _why_unread(url: str, found: Rejection) -> str:
    if found.reason is Reason.ROBOTS:
        return f"{one_line(url)}: its robots.txt asks us not to read the home page, so it is left alone"
    return f"{one_line(url)}: the home page cannot be read: {found.reason} {one_line(found.detail)}".rstrip()


def _check_id(outlet_id: str) -> None:
    try:
        TypeAdapter(Identifier).validate_python(outlet_id)
    except ValidationError as error:
        raise BadUsage(f"--id {outlet_id}: is not made of small letters, digits and single hyphens") from error


def _refuse_taken_id(outlet_id: str, outlets: tuple[Outlet, ...]) -> None:
    if any(outlet.id == outlet_id for outlet in outlets):
        raise OutletRefused(f"the id {outlet_id} is taken already; choose another with --id")


def _refuse_taken_domains(domains: tuple[str, ...], outlets: tuple[Outlet, ...]) -> None:
    taken = {_in_punycode(domain): outlet.id for outlet in outlets for domain in outlet.domains}
    for domain in domains:
        if _in_punycode(domain) in taken:
            raise OutletRefused(f"the domain {domain} belongs to the outlet {taken[_in_punycode(domain)]} already")


def _in_punycode(domain: str) -> str:
    name, _, port = domain.partition(":")
    return f"{urls.host(f'http://{name}/') or name}:{port}"


def _check_whole(environment: Environment, outlet: Outlet) -> None:
    """The configuration with the new outlet in it must hold as a whole, or the next run would refuse all of it."""
    known = environment.configuration
    try:
        Configuration(settings=known.settings, outlets=(*known.outlets, outlet), watchlists=known.watchlists, corrections=known.corrections)
    except ValidationError as error:
        raise OutletRefused("; ".join(detail["msg"] for detail in error.errors(include_url=False))) from error


def _tell(words: str) -> None:
    print(f"frontrunner: {words}", file=sys.stderr)
