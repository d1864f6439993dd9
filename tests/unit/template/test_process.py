"""A function's process, as its container runs it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

TEMPLATE = Path(__file__).parents[3] / "template" / "bookstore-python"
HANDLER = """
import time
from shared.words import GREETING

def handle(event, context):
    time.sleep(float(event.query.get("sleep", 0)))
    return {"body": GREETING}
"""


class Process:
    def __init__(self, home, **environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        settings = {"PORT": self.url.rpartition(":")[2], **environment}
        self.process = subprocess.Popen(
            [sys.executable, "index.py"], cwd=home, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True
        )
        deadline = time.monotonic() + 10
        while self.status("/_/ready") != 200:
            assert time.monotonic() < deadline, "the process did not become ready"
            time.sleep(0.05)

    def status(self, path):
        try:
            return requests.get(self.url + path, timeout=10).status_code
        except requests.ConnectionError:
            return 0


@pytest.fixture
def home(tmp_path):
    shutil.copytree(TEMPLATE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "function" / "handler.py").write_text(HANDLER)
    (tmp_path / "function" / "shared").mkdir()
    (tmp_path / "function" / "shared" / "words.py").write_text("GREETING = 'hello'\n")
    return tmp_path


def test_after_sigterm_it_is_not_ready_still_answers_and_loses_nothing(home):
    function = Process(home, drain="1s")
    slow = []
    waiting = threading.Thread(target=lambda: slow.append(function.status("/?sleep=2")))
    waiting.start()
    time.sleep(0.2)
    function.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    assert (function.status("/_/ready"), function.status("/")) == (503, 200)
    waiting.join()
    out, _ = function.process.communicate(timeout=10)
    assert (slow, function.process.returncode) == ([200], 0)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["status"] for line in lines] == [200, 200], "each request has its line, the last one too"


def test_a_copied_folder_is_imported_by_its_own_name(home):
    function = Process(home, drain="0s")
    try:
        assert requests.get(function.url, timeout=5).text == "hello"
        chunks = iter([b"a" * 6, b"b" * 6])
        assert requests.post(function.url, data=chunks, timeout=5).status_code == 200
    finally:
        function.process.terminate()
        function.process.wait()
