import pytest

from faas.provider.deployment import Deployment
from faas.provider.functions import SecretVersion, service_spec
from faas.provider.releases import Release, packed, release_of, unpacked


def release(**fields):
    deployment = Deployment.model_validate({"service": "echo", "image": "echo:latest", "secrets": ["db"], **fields})
    return Release(deployment, "sha256:e1", {"db": SecretVersion("id1", "shop_fn-secret-db-1")})


async def roll_back(live, name="echo"):
    return await live.send("POST", f"/system/rollback/{name}")


async def update(live, **fields):
    return await live.send("PUT", "/system/functions", {"service": "echo", "image": "echo:latest", **fields})


def test_a_release_is_read_from_the_service_and_kept_in_a_label_as_it_is():
    built = release(envVars={"a": "1" * 1000}, annotations={"topic": "x"})
    spec = service_spec(
        built.deployment, stack="shop", network="n", image=built.image, secrets=built.secrets, replicas=1
    )
    assert release_of(spec) == built
    assert unpacked(packed(built)) == built
    assert len(packed(built)) < 500


def test_a_release_that_is_too_large_for_a_label_is_not_kept():
    environment = {f"v{number}": str(hash((number, "x")) ** 3) for number in range(2000)}
    assert packed(release(envVars=environment)) == ""


def test_rolling_back_brings_image_environment_and_labels_of_before_and_twice_those_of_now(run):
    async def story(live):
        await live.deploy(envVars={"color": "blue"}, labels={"version": "one"})
        live.swarm.images["echo:latest"] = "sha256:e2"
        live.swarm.images["sha256:e1"] = "sha256:e1"
        await update(live, envVars={"color": "red"})
        await live.send("POST", "/system/scale-function/echo", {"replicas": 3})
        seen = []
        for _ in range(2):
            assert (await roll_back(live))[0] == 202
            live.swarm.images["sha256:e2"] = "sha256:e2"
            container = live.swarm.container("echo")
            labels = (await live.function())["labels"]
            seen.append((container["Image"], container["Env"][1], labels.get("version"), live.swarm.replicas("echo")))
        return seen

    assert run(story) == [("sha256:e1", "color=blue", "one", 3), ("sha256:e2", "color=red", None, 3)]


def test_there_is_nothing_to_go_back_to_before_the_second_deployment(run):
    async def story(live):
        await live.deploy()
        await update(live)
        return await roll_back(live), (await roll_back(live, "nobody"))[0]

    (status, text), unknown = run(story)
    assert (status, unknown) == (409, 404)
    assert "no deployment" in text


def test_an_image_that_is_gone_is_told(run):
    async def story(live):
        await live.deploy()
        live.swarm.images["echo:latest"] = "sha256:e2"
        await update(live)
        return await roll_back(live), live.swarm.container("echo")["Image"]

    (status, text), image = run(story)
    assert (status, image) == (409, "sha256:e2")
    assert "echo:latest" in text


def test_a_secret_has_its_value_of_then_as_long_as_that_is_kept_and_todays_afterwards(run):
    async def story(live):
        await live.send("POST", "/system/secrets", {"name": "db", "value": "0"})
        await live.deploy(secrets=["db"])
        live.swarm.images["sha256:e1"] = "sha256:e1"
        values = []
        for value in ("1", "2", "3"):
            await live.send("PUT", "/system/secrets", {"name": "db", "value": value})
            if value == "1":
                await update(live, secrets=["db"])
                await roll_back(live)
            else:
                await roll_back(live)
            (mounted,) = live.swarm.container("echo")["Secrets"]
            values.append(live.swarm.hidden[mounted["SecretID"]]["value"])
        return values

    assert run(story) == [b"0", b"1", b"3"]


def test_a_secret_that_is_gone_is_told(run):
    async def story(live):
        await live.send("POST", "/system/secrets", {"name": "db", "value": "0"})
        await live.deploy(secrets=["db"])
        live.swarm.images["sha256:e1"] = "sha256:e1"
        await update(live)
        await live.send("DELETE", "/system/secrets", {"name": "db"})
        return await roll_back(live)

    status, text = run(story)
    assert status == 409
    assert "secret db" in text


def test_a_route_that_another_function_took_meanwhile_is_not_taken_back(run):
    async def story(live):
        route = {"http.route": "GET /api/x"}
        await live.deploy(annotations=route)
        live.swarm.images["sha256:e1"] = "sha256:e1"
        await update(live)
        await live.deploy("other", annotations=route)
        return await roll_back(live)

    status, text = run(story)
    assert status == 400
    assert "other" in text


def test_what_is_kept_is_not_a_label_that_owners_see_or_set(run):
    async def story(live):
        await live.deploy()
        await update(live, envVars={"a": "1"})
        refused = await update(live, labels={"com.openfaas.previous": "x"})
        return (await live.function())["labels"], refused[0]

    assert run(story) == ({"faas_function": "echo"}, 400)


@pytest.mark.parametrize(
    ("labels", "replicas"),
    [
        ({"com.openfaas.scale.min": "4"}, 4),
        ({"com.openfaas.scale.max": "2"}, 2),
        ({"com.openfaas.scale.min": "1", "com.openfaas.scale.max": "9"}, 3),
    ],
)
def test_an_update_keeps_the_replicas_within_the_bounds_that_it_brings(run, labels, replicas):
    async def story(live):
        await live.deploy()
        await live.send("POST", "/system/scale-function/echo", {"replicas": 3})
        await update(live, labels=labels)
        return live.swarm.replicas("echo")

    assert run(story) == replicas


def test_what_sleeps_goes_on_sleeping_through_an_update(run):
    async def story(live):
        await live.deploy()
        async with live.agent():
            await live.send("POST", "/system/scale-function/echo", {"replicas": 0})
        await update(live, labels={"com.openfaas.scale.min": "2"})
        return live.swarm.replicas("echo")

    assert run(story) == 0


def test_an_update_that_does_not_stay_up_is_taken_back_once_with_the_reason_until_the_next_one(run):
    async def story(live):
        await live.deploy(envVars={"color": "blue"})
        live.swarm.images["sha256:e1"] = "sha256:e1"
        await update(live, envVars={"color": "red"})
        live.swarm.starts = False
        for _ in range(2):
            live.swarm.past("echo", exit_code=4, State="failed", Err="task: non-zero exit (4)")
        await live.provider.view.replicas(max_age=0)
        await live.provider.mender.look()
        live.swarm.starts = True
        taken = await live.function()
        before = live.swarm.updates
        await live.provider.mender.look()
        again = live.swarm.updates - before
        undone = await roll_back(live)
        await update(live, envVars={"color": "green"})
        return taken, again, undone[0], (await live.function())["annotations"]

    taken, again, undone, then = run(story)
    assert taken["envVars"] == {"color": "blue"}
    assert taken["annotations"] == {"com.openfaas.status": "the last update was rolled back: keeps exiting with code 4"}
    assert (again, undone, then) == (0, 409, {})
