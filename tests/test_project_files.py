"""The files around the code: compose file, image, locks, documentation of the configuration, and what must never be committed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from typing import TYPE_CHECKING

import pytest
from support import ROOT

from transforms import params

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

LOCKS = ("requirements.lock", "requirements-test.lock")
# Put together here, so that this file does not hold what it looks for.
_INDEX_HOSTS = (("pypi", "org"), ("pypi", "python", "org"), ("pythonhosted", "org"), ("anaconda", "org"), ("npmjs", "org"))
INDEX_HOSTS = tuple(".".join(parts) for parts in _INDEX_HOSTS)
PERSONAL_PATH = re.compile(r"(?<![\w.~-])/(?:home|Users|root|work)/[\w.-]+", re.ASCII)


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is committed or would be."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the project is unknown")
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return tuple(path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())


def texts() -> list[tuple[str, str]]:
    """Name and content of the project's text files."""
    found = []
    for path in project_files():
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            found.append((path.relative_to(ROOT).as_posix(), content.decode("utf-8", errors="replace")))
    return found


def normalised(requirement: str) -> str:
    """The name of a requirement as PEP 503 compares it."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def locked(name: str) -> dict[str, list[str]]:
    """Requirement → its hashes."""
    entries: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        stripped = line.rstrip(" \\")
        if stripped.startswith("    --hash="):
            current.append(stripped.strip())
        elif stripped and not stripped.startswith("#"):
            assert re.match(r"[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,-]+\])?==[\w.!+]+( ;.*)?$", stripped), (
                f"{name}: {line!r} is not a pinned requirement"
            )
            current = entries.setdefault(stripped, [])
    return entries


def pyproject() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def runtime_dependencies() -> list[str]:
    project = pyproject()["project"]
    assert isinstance(project, dict)
    return [normalised(requirement) for requirement in project["dependencies"]]


def test_compose_file_follows_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_file_holds_no_password() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert re.findall(r"POSTGRES_PASSWORD: (?!\$\{POSTGRES_PASSWORD:\?)", text) == []
    assert re.findall(r"://[^:/\s]+:(?!\$\{)[^@\s]+@", text) == []


def test_image_is_built_from_hashed_files_and_runs_without_root() -> None:
    lines = [line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    installs = [line for line in lines if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users, "no USER"
    assert not users[-1].startswith(("root", "0"))


def test_what_the_image_copies_is_not_ignored() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    copied: set[str] = set()
    for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY"):
            copied.update(line.split()[1:-1])
    assert copied == allowed
    assert [name for name in sorted(copied) if not (ROOT / name).exists()] == []


def test_no_file_names_a_package_index() -> None:
    assert [(name, host) for name, text in texts() for host in INDEX_HOSTS if host in text.lower()] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert [(name, found.group()) for name, text in texts() if (found := PERSONAL_PATH.search(text))] == []


def test_no_lock_that_holds_addresses_is_there() -> None:
    assert [path.name for path in project_files() if path.name == "uv.lock" or re.fullmatch(r"pylock.*\.toml", path.name)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_hashes_and_no_host(name: str) -> None:
    entries = locked(name)
    assert len(entries) > 50
    assert [requirement for requirement, hashes in entries.items() if not hashes] == []
    assert [h for hashes in entries.values() for h in hashes if not re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h)] == []
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|\s@\s", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_locked(name: str) -> None:
    names = {normalised(requirement) for requirement in locked(name)}
    assert sorted(set(runtime_dependencies()) - names) == []
    assert "setuptools" in names, "the build backend has to be locked: the project is installed without build isolation"


def test_the_decision_on_libraries_names_every_dependency() -> None:
    text = (ROOT / "docs" / "decisions" / "0004-libraries.md").read_text(encoding="utf-8")
    assert [name for name in runtime_dependencies() if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)] == []


def configuration_models() -> list[type[params.Model]]:
    whole = {params.Model, params.Configuration}
    return [model for model in vars(params).values() if isinstance(model, type) and issubclass(model, params.Model) and model not in whole]


@pytest.mark.parametrize("model", configuration_models(), ids=lambda model: model.__name__)
def test_every_configuration_key_is_documented(model: type[BaseModel]) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = re.findall(r"[\w.]+", " ".join(re.findall(r"`([^`\n]+)`", text)))
    words = {word for name in documented for word in name.split(".")}
    keys = [field.alias or name for name, field in model.model_fields.items()]
    assert [key for key in keys if key not in words] == []


def test_every_key_of_the_settings_is_shown_in_the_shipped_file() -> None:
    shown = (ROOT / "config" / "frontrunner.toml").read_text(encoding="utf-8")
    uncommented = re.sub(r"^# (?=\[|[a-z_]+ = )", "", shown, flags=re.MULTILINE)
    settings = params.Settings.model_validate(tomllib.loads(uncommented))
    for name, field in params.Settings.model_fields.items():
        value = getattr(settings, name)
        assert name in settings.model_fields_set
        if isinstance(value, params.Model):
            assert value.model_fields_set == set(type(value).model_fields)
            assert name == "retention" or value == field.default, f"{name}: what is shown is not the default"
        elif name != "contact":
            assert value == field.default


def test_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


@pytest.mark.parametrize("contract", ["rooms", "transforms-pure", "warehouse-indoors", "collectors-plain"])
def test_contract_of_the_rooms_is_written(contract: str) -> None:
    assert f"[importlinter:contract:{contract}]" in (ROOT / ".importlinter").read_text(encoding="utf-8")


def test_rooms_import_only_downwards() -> None:
    # -c, because the command has no module to run with -m
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command(['--no-cache']))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
