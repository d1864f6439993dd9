"""`list` and `describe`: what is deployed, and in which state."""

from typing import Annotated, Any

import typer

from faas.cli.client import Gateway, gateway_url
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag, StackFlags
from faas.cli.output import say
from faas.cli.stack_file import load_stack
from faas.cli.times import Moment, from_rfc3339, go_text

VerboseFlag = Annotated[bool, typer.Option("--verbose", "-v", help="Show more.")]
_IMAGE_WIDTH = 40


def list_functions(
    stack_flags: StackFlags,
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Names only.")] = False,
    verbose: VerboseFlag = False,
    sort: Annotated[str, typer.Option(metavar="name|invocations|creation", help="What to order by.")] = "name",
) -> None:
    """List the functions of a gateway with their calls and replicas.

    Examples: faas-cli list · faas-cli list --verbose --sort invocations
    """
    gateway = Gateway(gateway_url(gateway_flags.gateway, load_stack(stack_flags).gateway), gateway_flags)
    functions = _sorted(gateway.functions(namespace_flag.namespace), sort)
    if quiet:
        lines = [function["name"] for function in functions]
    elif verbose:
        lines = _wide(functions)
    else:
        lines = [f"{'Function':<30}\t{'Invocations':<15}\t{'Replicas':<5}"]
        lines += [f"{f['name']:<30}\t{_count(f, 'invocationCount'):<15}\t{_count(f, 'replicas'):<5}" for f in functions]
    for line in lines:
        say(line)


def describe(
    stack_flags: StackFlags,
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    verbose: VerboseFlag = False,
) -> None:
    """Show everything about one function.

    Example: faas-cli describe get-book
    """
    stack = load_stack(stack_flags)
    if not names:
        raise CliError("please provide a name for the function")
    gateway = Gateway(gateway_url(gateway_flags.gateway, stack.gateway), gateway_flags)
    namespace = namespace_flag.namespace
    function = gateway.function(names[0], namespace)
    listed = next((f for f in gateway.functions(namespace) if f["name"] == function.get("name")), {})
    address = names[0] + (f".{namespace}" if namespace else "")
    lines = _described({**function, "invocationCount": _count(listed, "invocationCount")}, gateway.url, address)
    say("\n".join(_aligned([*lines, *_details(function, verbose=verbose)])))


def _sorted(functions: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    match order:
        case "name":
            return sorted(functions, key=lambda f: str(f["name"]))
        case "invocations":
            return sorted(functions, key=lambda f: -_count(f, "invocationCount"))
        case "creation":
            return sorted(functions, key=_created)
    return functions


def _wide(functions: list[dict[str, Any]]) -> list[str]:
    width = max([_IMAGE_WIDTH, *(len(function["image"]) for function in functions)])
    header = f"{'Function':<30}\t{'Image':<{width}}\t{'Invocations':<15}\t{'Replicas':<5}\t{'CreatedAt':<5}"
    return [header] + [
        f"{f['name']:<30}\t{f['image']:<{width}}\t{_count(f, 'invocationCount'):<15}\t{_count(f, 'replicas'):<5}"
        f"\t\t{go_text(_created(f))}"
        for f in functions
    ]


def _count(function: dict[str, Any], key: str) -> int:
    return int(function.get(key) or 0)


def _created(function: dict[str, Any]) -> Moment:
    return from_rfc3339(function.get("createdAt") or "0001-01-01T00:00:00Z")


def _described(function: dict[str, Any], gateway: str, address: str) -> list[str]:
    available = _count(function, "availableReplicas")
    return [
        f"Name:\t{function['name']}",
        f"Status:\t{'Ready' if available else 'Not Ready'}",
        f"Replicas:\t{_count(function, 'replicas')}",
        f"Available Replicas:\t{available}",
        f"Invocations:\t{_count(function, 'invocationCount')}",
        f"Image:\t{function.get('image', '')}",
        f"Function Process:\t{function.get('envProcess') or '<default>'}",
        f"URL:\t{gateway}/function/{address}",
        f"Async URL:\t{gateway}/async-function/{address}",
    ]


def _details(function: dict[str, Any], *, verbose: bool) -> list[str]:
    sections = {
        "Labels": _pairs(function.get("labels")),
        "Annotations": _pairs(function.get("annotations")),
        "Constraints": _items(function.get("constraints")),
        "Environment": _pairs(function.get("envVars")),
        "Secrets": _items(function.get("secrets")),
        "Requests": _resources(function.get("requests")),
        "Limits": _resources(function.get("limits")),
        "Usage": _usage(function.get("usage")),
    }
    lines = []
    for title, rows in sections.items():
        if rows:
            lines += [f"{title}:", *rows]
        elif verbose:
            lines.append(f"{title}:\t <none>")
    return lines


def _pairs(found: dict[str, str] | None) -> list[str]:
    return [f"\t {key}: {value}" for key, value in sorted((found or {}).items())]


def _items(found: list[str] | None) -> list[str]:
    return [f"\t - {item}" for item in found or []]


def _resources(found: dict[str, str] | None) -> list[str]:
    return [f"\t CPU: {found.get('cpu', '')}", f"\t Memory: {found.get('memory', '')}"] if found is not None else []


def _usage(found: dict[str, float] | None) -> list[str]:
    if found is None:
        return []
    memory, cpu = found.get("totalMemoryBytes") or 0, found.get("cpu") or 0
    return [f"  RAM:\t {memory / 1024 / 1024:.2f} MB", f"  CPU:\t {cpu if cpu >= 0 else 1:.0f} Mi"]


def _aligned(lines: list[str]) -> list[str]:
    """Put values into a column, each run of lines with a tab in one of its own, as Go's tabwriter does."""
    done: list[str] = []
    run: list[tuple[str, str]] = []
    for line in [*lines, ""]:
        key, tab, value = line.partition("\t")
        if tab:
            run.append((key, value))
            continue
        width = max((len(key) for key, _ in run), default=0) + 1
        done += [f"{key:<{width}}{value}" if key else value for key, value in run]
        done.append(line)
        run = []
    return done[:-1]
