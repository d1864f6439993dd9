import base64
import json

import pytest


def test_a_platform_secret_is_no_secret_of_functions(run):
    async def story(live):
        await live.swarm.create_secret("shop_mariadb-root-1", b"x", {"com.openfaas.stack": "shop"})
        listed = await live.send("GET", "/system/secrets")
        return listed, (await live.deploy(secrets=["mariadb-root"]))[0]

    assert run(story) == ((200, "[]"), 400)


def test_a_secret_is_made_listed_changed_and_removed_but_never_shown(run):
    async def story(live):
        sent = {"name": "db", "value": "one"}
        answers = [
            (await live.send(method, "/system/secrets", body))[0]
            for method, body in [
                ("POST", sent),
                ("POST", sent),
                ("PUT", {"name": "db", "value": "two"}),
                ("PUT", {"name": "none", "value": "x"}),
            ]
        ]
        listed = await live.send("GET", "/system/secrets?namespace=openfaas-fn")
        removed = [(await live.send("DELETE", "/system/secrets", {"name": "db"}))[0] for _ in range(2)]
        return answers, json.loads(listed[1]), removed, live.swarm.hidden

    assert run(story) == ([201, 409, 202, 404], [{"name": "db", "namespace": "openfaas-fn"}], [202, 404], {})


def test_a_raw_value_wins_and_is_kept_byte_for_byte(run):
    async def story(live):
        raw = base64.b64encode(b"\x00raw\n").decode()
        await live.send("POST", "/system/secrets", {"name": "db", "value": "text", "rawValue": raw})
        return live.swarm.values("db")

    assert run(story) == [b"\x00raw\n"]


@pytest.mark.parametrize(
    "body", [{"name": "db"}, {"value": "x"}, {"name": "d/b", "value": "x"}, {"name": "d", "rawValue": "?"}]
)
def test_a_secret_without_name_or_value_is_400(run, body):
    async def story(live):
        return (await live.send("POST", "/system/secrets", body))[0]

    assert run(story) == 400


def test_a_redeployed_function_gets_the_new_value_even_if_it_was_an_earlier_one(run):
    async def story(live):
        await live.send("POST", "/system/secrets", {"name": "db", "value": "one"})
        await live.deploy(secrets=["db"])
        values = []
        for value in ("two", "one"):
            await live.send("PUT", "/system/secrets", {"name": "db", "value": value})
            await live.send("PUT", "/system/functions", {"service": "echo", "image": "echo:latest", "secrets": ["db"]})
            (mounted,) = live.swarm.container("echo")["Secrets"]
            values.append(live.swarm.hidden[mounted["SecretID"]]["value"])
        return values

    assert run(story) == [b"two", b"one"]


def test_old_values_do_not_pile_up(run):
    async def story(live):
        await live.send("POST", "/system/secrets", {"name": "db", "value": "0"})
        for value in range(1, 6):
            await live.send("PUT", "/system/secrets", {"name": "db", "value": str(value)})
        return live.swarm.values("db")

    assert run(story) == [b"4", b"5"]


def test_a_secret_in_use_is_409_naming_the_function_and_goes_right_after_it(run):
    async def story(live):
        await live.send("POST", "/system/secrets", {"name": "db", "value": "one"})
        await live.deploy(secrets=["db"])
        refused = await live.send("DELETE", "/system/secrets", {"name": "db"})
        await live.send("DELETE", "/system/functions", {"functionName": "echo"})
        return refused, (await live.send("DELETE", "/system/secrets", {"name": "db"}))[0]

    (status, text), then = run(story)
    assert status == 409
    assert "echo" in text
    assert then == 202
