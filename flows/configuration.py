"""Reads the TOML files of a configuration folder into the frozen models of :mod:`transforms.params`.

A mistake is one clear error that names file, key and value; all mistakes of all files are told at once, and nothing runs on half a
configuration.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from transforms.params import Configuration, Corrections, Outlet, Settings, Watchlist

M = TypeVar("M", bound=BaseModel)
MAX_FILE_BYTES = 5_000_000  # a watch list of a thousand candidates stays under one


class ConfigurationError(Exception):
    """One or more mistakes in the configuration; the message has a line for each."""


def load_configuration(folder: Path, *, empty_panel: bool = False) -> Configuration:
    """The whole configuration in ``folder`` (``frontrunner.toml``, ``outlets/``, ``watchlists/``, ``corrections.toml``).

    Without any outlet there is nothing to do, unless ``empty_panel`` allows it: the first one has to be added somehow.

    Raises:
        ConfigurationError: a file is missing, is no TOML, or holds a key or value that cannot be.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: there is no such configuration folder")
    problems: list[str] = []
    settings = _read(folder / "frontrunner.toml", Settings, problems, required=True)
    corrections = _read(folder / "corrections.toml", Corrections, problems, required=False)
    outlets = _read_all(folder / "outlets", Outlet, problems)
    watchlists = _read_all(folder / "watchlists", Watchlist, problems)
    if not problems and not outlets and not empty_panel:
        problems.append(f"{folder / 'outlets'}: holds no outlet (*.toml)")
    if not problems and not watchlists:
        problems.append(f"{folder / 'watchlists'}: holds no watch list (*.toml)")
    problems += _clashes(folder, outlets, watchlists)
    if problems or settings is None:
        raise ConfigurationError("\n".join(problems))
    try:
        return Configuration(
            settings=settings, outlets=tuple(outlets), watchlists=tuple(watchlists), corrections=corrections or Corrections()
        )
    except ValidationError as error:
        raise ConfigurationError("\n".join(_lines(folder, error))) from error


def load_watchlist(folder: Path, watchlist_id: str) -> Watchlist:
    """One watch list of a configuration folder.

    Raises:
        ConfigurationError: there is none of that name, or it has mistakes.
    """
    problems: list[str] = []
    path = folder / "watchlists" / f"{watchlist_id}.toml"
    if Path(watchlist_id).name != watchlist_id or not path.is_file():
        names = sorted(found.stem for found in (folder / "watchlists").glob("*.toml"))
        raise ConfigurationError(
            f"there is no watch list {watchlist_id!r} in {folder / 'watchlists'}; it holds {', '.join(names) or 'none'}"
        )
    watchlist = _read(path, Watchlist, problems, required=True)
    if watchlist is None or problems:
        raise ConfigurationError("\n".join(problems))
    return watchlist


def config_hash(configuration: Configuration) -> str:
    """Sixteen hexadecimal digits over everything configured."""
    canonical = json.dumps(configuration.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _read_all(folder: Path, model: type[M], problems: list[str]) -> list[M]:
    found = []
    for path in sorted(folder.glob("*.toml")):
        entry = _read(path, model, problems, required=True)
        if entry is not None:
            found.append(entry)
    return found


def _clashes(folder: Path, outlets: Sequence[Outlet], watchlists: Sequence[Watchlist]) -> list[str]:
    """What two files claim both. :class:`Configuration` refuses it as well, but knows no files to name."""
    problems = []
    owners: dict[str, str] = {}
    for outlet in outlets:
        for number, domain in enumerate(outlet.domains):
            if domain in owners:
                problems.append(
                    f"{folder / 'outlets' / outlet.id}.toml: domains.{number}: {domain!r}: is claimed by the outlet {owners[domain]} too"
                )
            owners.setdefault(domain, outlet.id)
    lists: dict[str, str] = {}
    for watchlist in watchlists:
        for number, candidate in enumerate(watchlist.candidates):
            if candidate.id in lists:
                path = folder / "watchlists" / f"{watchlist.id}.toml"
                problems.append(f"{path}: candidates.{number}.id: {candidate.id!r}: is a candidate of the list {lists[candidate.id]} too")
            lists.setdefault(candidate.id, watchlist.id)
    return problems


def _read(path: Path, model: type[M], problems: list[str], *, required: bool) -> M | None:
    if not path.is_file():
        if required:
            problems.append(f"{path}: is missing")
        return None
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            problems.append(f"{path}: is larger than {MAX_FILE_BYTES:,} bytes")
            return None
        raw: dict[str, Any] = tomllib.loads(path.read_bytes().decode("utf-8"))
        entry = model.model_validate(raw)
    except UnicodeDecodeError as error:
        problems.append(f"{path}: is not UTF-8 text (byte {error.start})")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}: is not TOML: {error}")
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror or error}")
    except ValidationError as error:
        problems.extend(_lines(path, error))
    except RecursionError:
        problems.append(f"{path}: is not TOML: nested too deeply")
    except ValueError as error:  # an integer of thousands of digits
        problems.append(f"{path}: is not TOML: {error}")
    else:
        identifier = getattr(entry, "id", path.stem)
        if identifier != path.stem:
            problems.append(f"{path}: id: {identifier!r} differs from the name of its file")
        return entry
    return None


def _lines(path: Path, error: ValidationError) -> list[str]:
    lines = []
    for detail in error.errors(include_url=False):
        key = ".".join(str(part) for part in detail["loc"]) or "(the whole file)"
        if detail["type"] == "extra_forbidden":
            lines.append(f"{path}: {key}: is not a key that is known here (value {_shown(detail['input'])})")
        elif detail["type"] == "missing":
            lines.append(f"{path}: {key}: is missing")
        else:
            message = detail["msg"].removeprefix("Value error, ")
            # a rule between keys names them itself: the whole file as a value would say nothing
            lines.append(f"{path}: {key}: {_shown(detail['input'])}: {message}" if detail["loc"] else f"{path}: {message}")
    return lines


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"
