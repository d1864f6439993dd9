from faas.gateway.counters import BUCKETS, Counters
from faas.gateway.haproxy import Figures, Load, Series, read_calls, read_loads
from faas.gateway.server import loads

HEAD = "# pxname,svname,qcur,scur,stot,req_tot,\n"
OK = Series("echo", "200")


def durations(calls, microseconds=0):
    return (microseconds, calls, *[0] * len(BUCKETS))


def seen(calls, in_flight=0, queued=0, series=OK):
    load = Load(in_flight, queued, calls + in_flight + queued)
    return Figures({"echo": load}, {series: durations(calls, 10 * calls)})


def test_the_table_of_backends_becomes_the_load_by_function():
    table = HEAD + "client,BACKEND,0,1,5,5,\nfn-echo,BACKEND,56,64,224,160,\n\n"
    assert read_loads(table) == {"echo": Load(in_flight=8, queued=56, started=224)}


def test_counted_calls_are_read_by_function_and_exact_status():
    assert read_calls("echo 200 1234 5 6\npay 404 7 0 1\n\n") == {
        Series("echo", "200"): (1234, 5, 6),
        Series("pay", "404"): (7, 0, 1),
    }
    assert read_calls("\n") == {}


def test_a_reload_neither_loses_nor_repeats_a_call():
    counters = Counters()
    counters.observe("1@0", seen(100))
    counters.observe("2@0", seen(5))
    counters.observe("1@0", seen(103))
    counters.forget("1@0")
    counters.observe("2@0", seen(9))
    assert counters.started["echo"] == 112
    assert counters.answered == {OK: durations(112, 1120)}


def test_a_worker_that_could_not_be_reached_for_a_while_is_not_counted_twice():
    counters = Counters()
    counters.observe("1@0", seen(50, in_flight=3))
    counters.lose("1@0")
    assert counters.in_flight("echo") == 0
    counters.observe("1@0", seen(60, in_flight=1))
    assert counters.started["echo"] == 61
    assert counters.answered[OK] == durations(60, 600)


def test_a_new_worker_with_an_old_workers_number_is_counted_from_zero():
    counters = Counters()
    counters.observe("9@0", seen(50))
    counters.observe("9@7", seen(10))
    assert counters.started["echo"] == 60
    assert counters.answered[OK] == durations(60, 600)


def test_what_was_counted_before_this_agent_is_not_told_again():
    counters = Counters()
    counters.skip("1@0", seen(1000))
    counters.observe("1@0", seen(1001))
    assert counters.started["echo"] == 1
    assert counters.answered[OK] == durations(1, 10)


def test_calls_that_the_provider_answered_count_under_their_function():
    counters = Counters()
    counters.observe("1@0", Figures({}, {Series("provider/echo", "200"): durations(3)}))
    counters.observe(
        "1@0", Figures({"echo": Load(0, 0, 4)}, {Series("provider/echo", "200"): durations(3), OK: durations(4)})
    )
    assert counters.started["echo"] == 7
    assert counters.answered == {OK: durations(7)}


def test_calls_in_flight_are_those_of_all_workers_there_are():
    counters = Counters()
    counters.observe("1@0", seen(10, in_flight=2, queued=1))
    counters.observe("2@0", seen(10, in_flight=3))
    assert (counters.in_flight("echo"), counters.queued("echo")) == (5, 1)
    counters.forget("1@0")
    assert (counters.in_flight("echo"), counters.queued("echo")) == (3, 0)


def test_the_load_of_a_function_is_told_with_all_calls_it_ever_had():
    counters = Counters()
    counters.observe("1@0", seen(10, in_flight=2, queued=1))
    assert loads(counters) == {"echo": {"in_flight": 2, "queued": 1, "requests_total": 13}}
