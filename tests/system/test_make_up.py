"""`make up` on a shop that runs already."""

from tests.live import Stack
from tests.system.containers import docker


def _containers(prefix: str, *options: str) -> set[str]:
    return set(docker("ps", "--quiet", "--filter", f"name=^{prefix}", *options).split())


def test_a_second_make_up_changes_nothing(stack: Stack) -> None:
    before = _containers(f"{stack.name}_")
    stack.up()
    assert _containers(f"{stack.name}_") == before


def test_jobs_leave_no_container_behind(stack: Stack) -> None:
    assert not _containers(f"{stack.name}_job-", "--all")
