"""What a crash of the engine leaves behind is told from what a running one needs."""

import os
from pathlib import Path

from deploy.engine import last_line, remove_stale


def test_a_pid_file_of_a_process_that_is_gone_is_removed(tmp_path: Path):
    pid_file = tmp_path / "docker.pid"
    pid_file.write_text("4194305")
    remove_stale(pid_file, "dockerd")
    assert not pid_file.exists()


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_removed(tmp_path: Path):
    pid_file = tmp_path / "docker.pid"
    pid_file.write_text(str(os.getpid()))
    remove_stale(pid_file, "dockerd")
    assert not pid_file.exists()


def test_the_pid_file_of_a_running_engine_stays(tmp_path: Path):
    pid_file = tmp_path / "docker.pid"
    pid_file.write_text(str(os.getpid()))
    remove_stale(pid_file, Path("/proc/self/comm").read_text().strip())
    assert pid_file.exists()


def test_no_pid_file_is_fine(tmp_path: Path):
    remove_stale(tmp_path / "docker.pid", "dockerd")


def test_the_last_line_of_an_output_is_what_a_person_is_told():
    assert last_line("starting\nno such image\n") == "no such image"
    assert last_line("") == "no message"
