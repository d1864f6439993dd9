from ipaddress import IPv4Network

from faas.gateway.networks import own_networks

ROUTES = """Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth1	00000000	010014AC	0003	0	0	0	00000000	0	0	0
eth0	0001000A	00000000	0001	0	0	0	00FFFFFF	0	0	0
eth1	000014AC	00000000	0001	0	0	0	0000FFFF	0	0	0
"""


def test_the_network_that_leads_out_is_not_the_stacks():
    assert own_networks(ROUTES) == (IPv4Network("10.0.1.0/24"),)


def test_a_container_without_networks_has_none():
    assert own_networks("Iface\tDestination\n") == ()
