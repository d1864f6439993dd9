"""The templates in ./template: how each language is built."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faas.cli.errors import CliError
from faas.cli.stack_file import read_yaml

FOLDER = Path("template")
NOT_TO_COPY = shutil.ignore_patterns("__pycache__", ".pytest_cache")


@dataclass(frozen=True)
class Template:
    """A template.yml. `folder` is None for the language "dockerfile", which brings its own Dockerfile."""

    lang: str
    folder: Path | None
    handler_folder: str = "function"
    fprocess: str = ""
    welcome_message: str = ""
    mount_ssh: bool = False
    packages: dict[str, list[str]] = field(default_factory=dict)


def load_template(lang: str) -> Template:
    """Read the template of a language. Raises CliError when ./template has none."""
    lang = lang.lower()
    if lang == "dockerfile":
        return Template(lang=lang, folder=None, handler_folder="")
    file = FOLDER / lang / "template.yml"
    if not file.is_file():
        raise CliError(f"language template: {lang} not supported, build a custom Dockerfile")
    document = read_yaml(file.read_text())
    return Template(
        lang=lang,
        folder=file.parent,
        handler_folder=document.get("handler_folder") or "function",
        fprocess=document.get("fprocess", ""),
        welcome_message=document.get("welcome_message", ""),
        mount_ssh=document.get("mount_ssh") == "true",
        packages={option["name"]: _packages(option) for option in document.get("build_options") or []},
    )


def languages() -> list[str]:
    """The names of the templates in ./template."""
    return sorted(entry.name for entry in FOLDER.iterdir() if entry.is_dir()) if FOLDER.is_dir() else []


def _packages(option: dict[str, Any]) -> list[str]:
    return list(option.get("packages") or [])
