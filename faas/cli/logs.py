"""`logs`: what a function's replicas wrote."""

import codecs
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from faas.cli.client import Answer, Gateway, gateway_url, unexpected, warn_unless_encrypted
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag
from faas.cli.go_json import go_json
from faas.cli.output import say, warn
from faas.cli.times import RFC3339, Moment, from_rfc3339, laid_out, layout
from faas.durations import seconds

_FIELDS = ("name", "namespace", "instance", "timestamp", "text")


def logs(
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    tail: Annotated[bool, typer.Option("--tail/--no-tail", "-t", help="Go on with new lines.")] = True,
    lines: Annotated[int, typer.Option(metavar="N", help="Begin with the last so many; -1 for all.")] = -1,
    since: Annotated[str, typer.Option(metavar="DURATION", help="Only newer than this, as 10m.")] = "",
    since_time: Annotated[str, typer.Option(metavar="TIME", help="Only since then, as 2026-01-02T03:04:05Z.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="plain|keyvalue|json")] = "plain",
    time_format: Annotated[str, typer.Option(help="A Go layout or the name of one; empty for no time.")] = RFC3339,
    name: Annotated[bool, typer.Option("--name", help="Show the function's name.")] = False,
    instance: Annotated[bool, typer.Option("--instance", help="Show which replica wrote a line.")] = False,
) -> None:
    """Show what a function's replicas wrote.

    Examples: faas-cli logs get-book · faas-cli logs get-book --tail=false --since 10m --instance
    """
    if not names:
        raise CliError("function name is required")
    if output.lower() not in ("plain", "keyvalue", "json"):
        raise CliError(f'invalid argument "{output}" for "-o, --output" flag: unknown log format: \'{output}\'')
    query = {
        "name": names[0],
        "namespace": namespace_flag.namespace,
        "follow": str(tail).lower(),
        "since": _since(since, since_time),
        "tail": str(lines) if lines else "",
    }
    url = gateway_url(gateway_flags.gateway)
    warn_unless_encrypted(url, gateway_flags)
    answer = Gateway(url, gateway_flags, timeout=None).call("GET", "/system/logs", query=query, stream=True)
    if answer.status_code != 200:
        raise unexpected(answer)
    for message in _messages(answer):
        say(_line(message, output.lower(), layout(time_format), name=name, instance=instance))


def _since(duration: str, time: str) -> str:
    try:
        if time:
            at = from_rfc3339(time)
        elif duration:
            at = Moment(datetime.now(UTC) - timedelta(seconds=seconds(duration)))
        else:
            return ""
    except ValueError as error:
        flag = "--since-time" if time else "--since"
        raise CliError(f'invalid argument "{time or duration}" for "{flag}" flag: {error}') from error
    return laid_out(at, RFC3339)


def _messages(answer: Answer) -> Iterator[dict[str, Any]]:
    """The JSON objects of a stream as they come, whatever stands between them; one that is broken ends it."""
    decoder, text = json.JSONDecoder(), ""
    bytes_decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    for chunk in answer.iter_content(chunk_size=None):
        text = (text + bytes_decoder.decode(chunk)).lstrip()
        while text:
            try:
                message, end = decoder.raw_decode(text)
            except ValueError:
                break
            yield message
            text = text[end:].lstrip()
    if text:
        warn(f"cannot parse log results: {text}")


def _line(message: dict[str, Any], output: str, pattern: str, *, name: bool, instance: bool) -> str:
    if output == "json":
        fields = {field: message.get(field) or "" for field in _FIELDS}
        return go_json(fields)
    at = laid_out(from_rfc3339(message["timestamp"]), pattern) if pattern and message.get("timestamp") else ""
    shown = {
        "timestamp": at,
        "name": message.get("name", "") if name else "",
        "instance": message.get("instance", "") if instance else "",
    }
    text = str(message.get("text", "")).rstrip("\n")
    if output == "keyvalue":
        return "".join(f'{key}="{value}" ' for key, value in {**shown, "text": text}.items() if value or key == "text")
    before = [shown["timestamp"], shown["name"], f"({shown['instance']})" if instance else ""]
    return " ".join([*filter(None, before), text])
