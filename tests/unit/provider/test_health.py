import asyncio
import json


async def status(live, path="/system/function/echo"):
    answer = json.loads((await live.send("GET", path))[1])
    return (answer[0] if isinstance(answer, list) else answer)["annotations"].get("com.openfaas.status")


async def crash(live, number=1):
    live.swarm.past("echo", exit_code=number, State="failed", Err=f"task: non-zero exit ({number})")
    await live.provider.view.replicas(max_age=0)


def test_a_function_that_crashes_says_so_with_its_last_lines_until_it_is_ready(run):
    async def story(live):
        live.swarm.starts = False
        await live.deploy()
        await crash(live)
        live.swarm.words["past-0"] = ["one", "Traceback", "ValueError: x"]
        ill = await status(live), await status(live, "/system/functions")
        live.swarm.starts = True
        await live.send("POST", "/system/scale-function/echo", {"replicas": 2})
        return ill, await status(live)

    (alone, listed), well = run(story)
    assert alone == "exited with code 1; last lines: one | Traceback | ValueError: x"
    assert listed == "exited with code 1"
    assert well is None


def test_only_the_engine_knows_that_memory_was_short_and_is_asked_once(run):
    async def story(live):
        live.swarm.starts = False
        await live.deploy(limits={"memory": "32Mi"})
        await crash(live, 137)
        live.swarm.out_of_memory = {"c-past-0"}
        first = await status(live)
        live.swarm.out_of_memory = set()
        return first, await status(live)

    first, second = run(story)
    assert first == second == "needs more memory than its limit of 32Mi, and is killed"


def test_an_engine_that_does_not_tell_in_time_holds_nothing_up(run, monkeypatch):
    async def story(live):
        monkeypatch.setattr("faas.provider.health._PATIENCE", 0.05)
        monkeypatch.setattr(live.swarm, "was_out_of_memory", lambda _: asyncio.sleep(60))
        live.swarm.starts = False
        await live.deploy(limits={"memory": "32Mi"})
        await crash(live, 137)
        return await status(live)

    assert run(story) == "exited with code 137"


def test_logs_end_with_the_reason_and_are_not_empty_when_nothing_ever_ran(run):
    async def story(live):
        live.swarm.starts = False
        await live.deploy()
        return json.loads((await live.send("GET", "/system/logs?name=echo&follow=false"))[1])

    message = run(story)
    assert message["text"] == "not ready: no node can take it: too small"
    assert (message["name"], message["instance"]) == ("echo", "provider")


def test_logs_that_are_followed_tell_the_reason_once(run):
    async def story(live):
        live.swarm.starts = False
        await live.deploy()
        answer = await live.gateway.get("/system/logs?name=echo&follow=true", headers=live.operator)
        first = json.loads(await answer.content.readline())
        await crash(live, 2)
        second = json.loads(await answer.content.readline())
        answer.close()
        return first["text"], second["text"]

    assert run(story) == ("not ready: no node can take it: too small", "not ready: exited with code 2")


def test_what_a_function_wrote_is_not_shown_to_those_who_call_it(run):
    async def story(live):
        live.swarm.starts = False
        await live.deploy()
        await crash(live)
        live.swarm.words["past-0"] = ["a secret"]
        return await (await live.call()).text()

    answer = run(story)
    assert "exited with code 1" in answer
    assert "a secret" not in answer


def test_a_function_that_is_read_and_sent_back_does_not_keep_its_status(run):
    async def story(live):
        await live.deploy()
        read = await live.function()
        sent = {
            "service": "echo",
            "image": read["image"],
            "labels": read["labels"],
            "annotations": {**read["annotations"], "com.openfaas.status": "exited with code 1"},
        }
        before = live.swarm.updates
        answered, _ = await live.send("PUT", "/system/functions", sent)
        return answered, live.swarm.updates - before, await status(live)

    assert run(story) == (202, 0, None)


def test_a_function_that_is_deployed_again_in_place_of_one_that_answered_is_waited_for(run):
    async def story(live):
        await live.deploy()
        await live.call()
        await live.send("DELETE", "/system/functions", {"functionName": "echo"})
        await live.deploy()
        await asyncio.sleep(0.2)
        return live.provider.state.is_cold("echo")

    assert run(story) is False
