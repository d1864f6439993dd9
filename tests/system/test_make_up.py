"""`make up` on a shop that runs already."""

from tests.live import Stack
from tests.system.containers import containers_of, docker


def _containers(prefix: str, *options: str) -> set[str]:
    return set(docker("ps", "--quiet", "--filter", f"name=^{prefix}", *options).split())


def _by_service(stack: Stack) -> dict[str, set[str]]:
    # Containers alone would show services too that are gone and still finish their calls.
    services = docker("service", "ls", "--filter", f"name={stack.name}_", "--format", "{{.Name}}").split()
    return {service: set(containers_of(service)) for service in services}


def test_a_second_make_up_changes_nothing(stack: Stack) -> None:
    before = _by_service(stack)
    stack.up()
    after = _by_service(stack)
    assert after.keys() == before.keys()
    # The autoscaler may give or take replicas meanwhile, but nothing is replaced.
    replaced = {name for name, then in before.items() if not (then <= after[name] or after[name] <= then)}
    assert not replaced


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
