"""`make up` on a shop that runs already."""

from tests.live import Stack
from tests.system.containers import docker


def _containers(prefix: str, *options: str) -> set[str]:
    return set(docker("ps", "--quiet", "--filter", f"name=^{prefix}", *options).split())


def _services(stack: Stack) -> set[str]:
    return set(docker("service", "ls", "--quiet", "--filter", f"name={stack.name}_").split())


def test_a_second_make_up_changes_nothing(stack: Stack) -> None:
    services, containers = _services(stack), _containers(f"{stack.name}_")
    stack.up()
    assert _services(stack) == services
    # The load of earlier tests is over: the autoscaler may take a replica away meanwhile, but nothing starts.
    assert _containers(f"{stack.name}_") <= containers


def test_make_up_puts_a_changed_service_right_before_it_goes_on(stack: Stack) -> None:
    database = f"{stack.name}_mariadb"
    docker("service", "update", "--detach", "--env-add", "STRAY=1", database)
    stack.up()
    environment = docker("service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Env}}", database)
    assert "STRAY" not in environment
    (container,) = _containers(f"{database}.")
    assert "STRAY" not in docker("inspect", "--format", "{{.Config.Env}}", container)


def test_jobs_leave_no_container_behind(stack: Stack) -> None:
    assert not _containers(f"{stack.name}_job-", "--all")
