"""`template store list|describe`: which templates there are elsewhere, and in whose repositories."""

import os
from typing import Annotated, Any

import typer

from faas.cli.errors import CliError
from faas.cli.output import say
from faas.cli.store import UrlFlag, read_store
from faas.cli.tables import table

_DEFAULT = "https://raw.githubusercontent.com/openfaas/store/master/templates.json"
_WHICH = """
Need to specify {}, check available ones by running the command:

faas-cli template store list
"""


def list_template_store(
    url: UrlFlag = "",
    platform: Annotated[str, typer.Option("--platform", "-p", help="What they must run on.")] = "x86_64",
    recommended: Annotated[bool, typer.Option("--recommended", "-r", help="Recommended ones only.")] = False,
    official: Annotated[bool, typer.Option("--official", "-o", help="Official ones only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show language and platform, too.")] = False,
) -> None:
    """List the templates of a store: --url, else $OPENFAAS_TEMPLATE_STORE_URL, else the community's.

    Examples: faas-cli template store list · faas-cli template store list --url ./templates.json --verbose
    """
    found = [item for item in _items(url) if str(item.get("platform", "")).lower() == platform.lower()]
    found = [item for item in found if item.get("recommended") or not recommended]
    found = [item for item in found if item.get("official") == "true" or recommended or not official]
    if not found:
        return
    columns = ["SOURCE", "DESCRIPTION", "LANGUAGE", "PLATFORM"][: 4 if verbose else 2]
    rows = [
        [item["template"], _tick(bool(item.get("recommended"))), *(str(item.get(name.lower(), "")) for name in columns)]
        for item in found
    ]
    say("\n".join(["", *table([["NAME", "RECOMMENDED", *columns], *rows]), ""]))


def describe_template_store(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None, url: UrlFlag = ""
) -> None:
    """Show a template of a store, by its name or as SOURCE/NAME.

    Example: faas-cli template store describe golang-http
    """
    item = find_template(names, url)
    fields = ["template", "description", "language", "source", "repo", "platform"]
    titles = ["Name:", "Description:", "Language:", "Source:", "Repository:", "Platform:"]
    rows = [(title, str(item.get(field, ""))) for title, field in zip(titles, fields, strict=True)]
    rows += [("Official:", _tick(item.get("official") == "true")), ("Recommended:", _tick(bool(item["recommended"])))]
    say("\n".join(["", *table(rows), ""]))


def find_template(names: list[str] | None, url: str = "") -> dict[str, Any]:
    """The one template of that name in a store. Raises CliError when there is none."""
    if not names or len(names) > 1:
        raise CliError(_WHICH.format("single template from the store" if names else "one of the store templates"))
    for item in _items(url):
        if names[0] in (item["template"], f"{item.get('source')}/{item['template']}"):
            return item
    raise CliError(f"template with name: `{names[0]}` does not exist in the store")


def _items(url: str) -> list[dict[str, Any]]:
    """The templates of a store, recommended ones first."""
    items: list[dict[str, Any]] = read_store(url or os.environ.get("OPENFAAS_TEMPLATE_STORE_URL") or _DEFAULT)
    defaults = {"recommended": False, "official": ""}
    return sorted(
        (defaults | item for item in items),
        key=lambda item: (not item["recommended"], item["official"], item["template"].lower()),
    )


def _tick(yes: bool) -> str:
    return "[x]" if yes else "[ ]"
