"""`faas-cli` against the live gateway, as the operator types it."""

import json
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.live import Stack
from tests.system.containers import docker
from tests.system.openfaas import IMAGE, OpenFaas
from tests.system.waiting import eventually

HELLO = "tests-hello"
STACK_FILE = f"""
version: 1.0
provider:
  name: openfaas
functions:
  {HELLO}:
    lang: bookstore-python
    handler: ./nowhere
    image: {IMAGE}
    annotations:
      com.openfaas.ready.http.path: /_/ready
"""


@pytest.fixture(scope="module")
def cli(stack: Stack) -> Stack:
    """The stack, with the operator signed in."""
    password = stack.secret("basic-auth-password")
    done = stack.faas_cli("login", "--username", "admin", "--password", password, "--gateway", stack.gateway_url)
    assert done.returncode == 0, done.stdout + done.stderr
    return stack


def says(stack: Stack, *arguments: str) -> str:
    """What a command prints that must succeed."""
    done = stack.faas_cli(*arguments, "--gateway", stack.gateway_url)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_functions_are_listed(cli: Stack, openfaas: OpenFaas) -> None:
    header, *rows = says(cli, "list").splitlines()
    assert header.split() == ["Function", "Invocations", "Replicas"]
    assert [row.split()[0] for row in rows] == sorted(openfaas.functions())


def test_a_function_is_described(cli: Stack) -> None:
    text = says(cli, "describe", "place-order")
    described = dict(line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith(" "))
    assert described["Name"].strip() == "place-order"
    assert described["Status"].strip() == "Ready"
    assert "http.route: POST /api/orders" in text
    assert cli.faas_cli("describe", "no-such-function", "--gateway", cli.gateway_url).returncode == 1


def test_a_function_is_called(cli: Stack) -> None:
    assert json.loads(says(cli, "invoke", "api-docs"))["openapi"].startswith("3.")


def test_logs_are_shown(cli: Stack, openfaas: OpenFaas) -> None:
    call = f"call-{uuid.uuid4()}"
    openfaas.call("api-docs", headers={"X-Call-Id": call})
    eventually(
        lambda: call in says(cli, "logs", "api-docs", "--tail=false", "--lines", "20"),
        within=10,
        what="the call's line",
    )


def test_a_function_of_a_stack_file_is_deployed_and_removed(cli: Stack, openfaas: OpenFaas, tmp_path: Path) -> None:
    file = tmp_path / "tests.yml"
    file.write_text(STACK_FILE)
    assert "Deployed. 202 Accepted." in says(cli, "deploy", "--yaml", str(file))
    eventually(lambda: openfaas.call(HELLO).ok, within=30, what="an answer")
    says(cli, "remove", HELLO)
    assert HELLO not in openfaas.functions()


def test_a_secret_is_kept_and_removed(cli: Stack) -> None:
    name = f"tests-{uuid.uuid4().hex[:8]}"
    says(cli, "secret", "create", name, "--from-literal", "a value")
    assert name in says(cli, "secret", "list").split()
    says(cli, "secret", "remove", name)
    assert name not in says(cli, "secret", "list").split()


HANDLER = """
import os
from pathlib import Path

def handle(event, context):
    secret = Path("/var/openfaas/secrets/tests-word").read_text()
    Path("/tmp/written").write_text("as any program does")
    return {"body": {"said": "SAID", "secret": secret, "setting": os.environ["SETTING"], "name": event.query["name"]}}
"""
SETTINGS = """\
    environment: {SETTING: given}
    secrets: [tests-word]
    limits: {memory: 64Mi, cpu: 500m}
    readonly_root_filesystem: true
    annotations: {com.openfaas.ready.http.path: /_/ready}
"""
ANSWER = {"secret": "sesame", "setting": "given", "name": "Ada"}


@dataclass(frozen=True)
class Project:
    """A folder with a function in it, and its author."""

    stack: Stack
    folder: Path
    function: str

    def says(self, *arguments: str) -> str:
        """What a command prints that must succeed."""
        done = subprocess.run(
            self._command(*arguments), cwd=self.folder, env=self.stack.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, said: str) -> None:
        """Save the handler."""
        (self.folder / self.function / "handler.py").write_text(HANDLER.replace("SAID", said))

    @contextmanager
    def runs(self, *arguments: str) -> Iterator[Path]:
        """A command that goes on until Ctrl+C; gives the file with its output."""
        output = self.folder / "output"
        with output.open("w") as out:
            # Whoever starts the tests in the background has them ignore Ctrl+C, and what they start.
            running = subprocess.Popen(
                self._command(*arguments),
                cwd=self.folder,
                env=self.stack.environment,
                stdout=out,
                stderr=out,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
            try:
                yield output
            finally:
                running.send_signal(signal.SIGINT)
                assert running.wait(30) == 0, output.read_text()

    def _command(self, *arguments: str) -> list[str]:
        return [str(Path(sys.executable).with_name("faas-cli")), *arguments]


@pytest.fixture
def project(cli: Stack, tmp_path: Path) -> Iterator[Project]:
    """A function begun in an empty folder, with a secret."""
    made = Project(cli, tmp_path, f"tests-{uuid.uuid4().hex[:8]}")
    made.says("new", made.function, "--lang", "bookstore-python")
    stack_file = tmp_path / "stack.yml"
    (tmp_path / f"{made.function}.yml").rename(stack_file)
    stack_file.write_text(stack_file.read_text().rstrip() + "\n" + SETTINGS)
    made.write("one")
    (tmp_path / ".secrets").mkdir()
    (tmp_path / ".secrets" / "tests-word").write_text("sesame")
    yield made
    docker("image", "rm", "--force", f"{made.function}:latest")


def said(url: str) -> str | None:
    """What the function says there; nothing while it does not answer."""
    try:
        answer = requests.get(url, params={"name": "Ada"}, timeout=5)
    except (requests.ConnectionError, requests.Timeout):
        return None
    assert answer.status_code != 500, answer.text
    if not answer.ok:
        return None
    body = answer.json()
    assert {key: body[key] for key in ANSWER} == ANSWER
    return str(body["said"])


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_function_runs_without_a_gateway_and_anew_at_every_change(project: Project) -> None:
    port = free_port()
    with project.runs("local-run", project.function, "--port", str(port), "--watch") as output:
        eventually(lambda: said(f"http://127.0.0.1:{port}") == "one", within=90, what="the first answer")
        project.write("two")
        eventually(lambda: said(f"http://127.0.0.1:{port}") == "two", within=60, what="the changed answer")
    assert "[Watch] Reloading" in output.read_text()
    label = f"label=com.openfaas.local-run={project.function}"
    assert docker("ps", "--all", "--quiet", "--filter", label) == "", "nothing is left behind"


def test_a_watched_function_is_deployed_anew_at_every_change(project: Project, openfaas: OpenFaas) -> None:
    function = project.function
    project.says("secret", "create", "tests-word", "--from-literal", "sesame")
    try:
        with project.runs("up", "--skip-push", "--watch") as output:
            url = f"{openfaas.url}/function/{function}"
            eventually(lambda: said(url) == "one", within=90, what="the first answer")
            (project.folder / function / "handler.py").write_text("def handle(:")
            eventually(lambda: "Errors received during build" in output.read_text(), within=60, what="a failed build")
            assert said(url) == "one", "a mistake stops nothing"
            project.write("two")
            eventually(lambda: said(url) == "two", within=60, what="the changed answer")
        # It answers a moment before Swarm's picture of it is that new.
        project.says("ready", function)
        described = project.says("describe", function)
        assert "Status:             Ready" in described
        assert "64Mi" in described
        assert "is up to date" in project.says("up", "--skip-push")
        project.says("remove")
    finally:
        openfaas.send("DELETE", "/system/functions", {"functionName": function})
        openfaas.send("DELETE", "/system/secrets", {"name": "tests-word"})
