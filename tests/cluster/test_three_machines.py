"""A Swarm of three machines, each of which loses its power while clients call. As root; takes three minutes."""

import time

import pytest
import requests

from tests.cluster.conftest import NAME, Cluster
from tests.cluster.load import Load
from tests.cluster.machines import Machine
from tests.system.waiting import eventually

# A node counts as down after three missed heartbeats of five seconds; a new leader takes its time before that.
BACK_WITHIN = 90.0
REPLICAS = 6

pytestmark = pytest.mark.timeout(300)


def _others(cluster: Cluster, machine: Machine) -> list[Machine]:
    return [other for other in cluster.machines if other is not machine]


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def test_every_machine_has_an_entrance_to_functions_on_all_of_them(cluster: Cluster) -> None:
    eventually(lambda: sorted(cluster.replicas("echo").values()) == [2, 2, 2], within=60, what="two replicas on each")
    for machine in cluster.machines:
        said = {requests.get(f"{cluster.gateway(machine)}/function/echo", timeout=30).text for _ in range(60)}
        assert len(said) == REPLICAS


def test_every_machine_gets_the_image_even_of_what_runs_on_another(cluster: Cluster) -> None:
    eventually(lambda: sum(cluster.replicas("alone").values()) == 1, within=60, what="the only replica")
    (service,) = cluster.machines[0].docker.services.list(filters={"name": f"{NAME}_fn-alone"})
    image = service.attrs["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"]
    assert "@sha256:" in image
    eventually(
        lambda: not cluster.machines[0].docker.services.list(filters={"label": f"com.openfaas.pull={NAME}"}),
        within=60,
        what="the end of the pulls",
    )
    for machine in cluster.machines:
        assert machine.docker.images.get(image)


def test_a_function_is_scaled_over_all_machines(cluster: Cluster) -> None:
    assert cluster.openfaas(cluster.machines[2]).scale("alone", 3).status_code == 202
    eventually(lambda: sorted(cluster.replicas("alone").values()) == [1, 1, 1], within=60, what="a replica on each")


# The first has the registry and the place of the data; it comes last, when the others have been away themselves.
@pytest.mark.parametrize("number", [3, 2, 1])
def test_functions_go_on_when_a_machine_loses_its_power(
    cluster: Cluster, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = cluster.machines[number - 1]
    survivors = _others(cluster, lost)
    eventually(lambda: sum(cluster.replicas("echo").values()) == REPLICAS, within=60, what="six replicas")
    load = Load("echo")
    gateways = [cluster.gateway(machine) for machine in survivors]
    with load.on(gateways, [cluster.gateway(lost), *gateways]):
        time.sleep(3)
        lost.power_off()
        began = time.monotonic()
        eventually(lambda: sum(cluster.replicas("echo").values()) == REPLICAS, within=BACK_WITHIN, what="replicas")
        replicas = time.monotonic() - began
        eventually(lambda: all(_answers(f"{url}/function/alone") for url in gateways), within=BACK_WITHIN, what="alone")
        alone = time.monotonic() - began
        eventually(lambda: cluster.openfaas(survivors[1]).scale("alone", 2).ok, within=BACK_WITHIN, what="scaling")
        control = time.monotonic() - began
        time.sleep(3)
    with capsys.disabled():
        print(f"\n{lost} lost its power. All replicas ran again after {replicas:.0f} s, the function of one replica")
        print(f"answered after {alone:.0f} s, functions could be scaled after {control:.0f} s.")
        print(f"  GET, and POST with a key: {load.repeatable}")
        print(f"  POST without a key: {load.once}")
        print(f"  clients that change machines: {load.moving}")
    assert not load.repeatable.failures
    assert not load.moving.failures
    lost.power_on()
    eventually(lambda: all(m.is_manager(survivors[0]) for m in cluster.machines), within=120, what="three managers")
    eventually(lambda: _answers(f"{cluster.gateway(lost)}/function/echo"), within=60, what="its entrance")
