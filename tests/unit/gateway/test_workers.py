"""Workers against command lines that answer as HAProxy's do."""

import asyncio
from contextlib import asynccontextmanager, suppress

from faas.gateway.counters import Counters
from faas.gateway.haproxy import Series
from faas.gateway.workers import Workers

OK = Series("echo", "200")


class HAProxy:
    """A master that reloads and workers that count, each on its own connection."""

    def __init__(self, folder):
        self.socket = folder / "worker.sock"
        self.taking = Process(1)

    async def reload(self):
        self.taking.stopping = True
        self.taking = Process(self.taking.pid + 1)

    @asynccontextmanager
    async def listening(self):
        async def serve(reader, writer):
            process = self.taking
            process.connections.append(writer)
            with suppress(asyncio.CancelledError):
                while line := await reader.readline():
                    writer.write(f"{process.answer(line.decode().strip())}\n> ".encode())
            process.connections.remove(writer)

        server = await asyncio.start_unix_server(serve, self.socket)
        yield
        server.close()


class Process:
    """One worker."""

    def __init__(self, pid):
        self.pid, self.calls, self.clients, self.stopping = pid, 0, 0, False
        self.marks, self.connections = {}, []

    def answer(self, command):
        match command.split():
            case ["show", "info"]:
                return (
                    f"Pid: {self.pid}\nStart_time_sec: 7\nStopping: {int(self.stopping)}\nCurrConns: {self.clients}\n"
                )
            case ["show", "stat", *_]:
                return f"# pxname,svname,qcur,scur,stot,\nfn-echo,BACKEND,0,0,{self.calls},\n"
            case ["show", "calls"]:
                return f"echo 200 {self.calls} {self.calls}\n"
            case ["set", "map", _, key, value]:
                self.marks[key] = value
        return ""


def play(tmp_path, story):
    async def whole():
        haproxy, counters = HAProxy(tmp_path), Counters()
        async with haproxy.listening():
            await story(haproxy, counters, Workers(haproxy, haproxy.socket, counters))

    asyncio.run(whole())


def test_a_worker_that_leaves_is_counted_until_its_last_client_is_gone(tmp_path):
    async def story(haproxy, counters, workers):
        first = haproxy.taking
        await workers.count()
        first.clients, first.calls = 1, 10
        await workers.replace(tmp_path / "servers", ["echo"])
        haproxy.taking.calls = 5
        await workers.count()
        first.clients, first.calls = 0, 11
        await workers.count()
        haproxy.taking.calls = 6
        await workers.count()
        assert (counters.started["echo"], counters.answered[OK]) == (17, (17, 17))
        await asyncio.sleep(0.05)
        assert first.connections == []

    play(tmp_path, story)


def test_a_connection_that_breaks_loses_and_doubles_nothing(tmp_path):
    async def story(haproxy, counters, workers):
        await workers.count()
        haproxy.taking.calls = 10
        await workers.count()
        haproxy.taking.connections[0].close()
        haproxy.taking.calls = 12
        await workers.count()
        await workers.count()
        assert counters.started["echo"] == 12
        assert workers.up

    play(tmp_path, story)


def test_the_worker_that_takes_new_calls_is_marked_even_when_it_had_been_lost(tmp_path):
    async def story(haproxy, counters, workers):
        await workers.count()
        haproxy.taking.clients = 1
        await workers.replace(tmp_path / "servers", ["echo"])
        haproxy.taking.connections[0].close()
        await workers.count()
        await workers.mark("cold.map", {"echo": "1"})
        assert haproxy.taking.marks == {"echo": "1"}

    play(tmp_path, story)
