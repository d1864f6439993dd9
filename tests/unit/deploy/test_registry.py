"""Where the machines of a Swarm find images."""

from typing import Any

from deploy.registry import Registry, registry_among


def node(number: int, *, data: bool = False, **more: Any) -> dict[str, Any]:
    labels = {"bookstore.data": "true"} if data else {}
    return {"ID": f"n{number}", "Spec": {"Labels": labels}, "Status": {"Addr": f"10.0.0.{number}"}, **more}


def test_one_machine_needs_no_registry():
    assert registry_among([node(1, data=True)], me="n1", port=5000) is None


def test_the_registry_is_where_the_data_is():
    nodes = [node(1), node(2, data=True), node(3)]
    assert registry_among(nodes, me="n2", port=5000) == Registry("10.0.0.2:5000", here=True)
    assert registry_among(nodes, me="n3", port=5000) == Registry("10.0.0.2:5000", here=False)


def test_a_leader_is_reached_at_the_address_it_has_as_a_manager():
    leader = node(1, data=True, Status={"Addr": "0.0.0.0"}, ManagerStatus={"Addr": "10.0.0.1:2377"})
    registry = registry_among([leader, node(2)], me="n2", port=5001)
    assert registry is not None
    assert registry.prefix == "10.0.0.1:5001/bookstore"
