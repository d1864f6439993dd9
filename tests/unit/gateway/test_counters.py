from faas.gateway.counters import Counters
from faas.gateway.haproxy import Figures, read_figures
from faas.gateway.server import loads

HEAD = "# pxname,svname,qcur,scur,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,req_tot,\n"


def seen(requests, in_flight=0, queued=0, ok=None):
    return {"echo": Figures(in_flight, queued, requests, {"2xx": requests if ok is None else ok, "5xx": 0})}


def test_the_table_of_backends_becomes_figures_by_function():
    table = HEAD + "client,BACKEND,0,1,0,5,0,0,0,0,5,\nfn-echo,BACKEND,56,64,0,90,1,2,3,0,160,\n\n"
    codes = {"1xx": 0, "2xx": 90, "3xx": 1, "4xx": 2, "5xx": 3, "other": 0}
    assert read_figures(table) == {"echo": Figures(in_flight=8, queued=56, requests=160, codes=codes)}


def test_a_reload_neither_loses_nor_repeats_a_call():
    counters = Counters()
    counters.observe(1, seen(100))
    counters.observe(2, seen(5))
    counters.observe(1, seen(103))
    counters.forget(1)
    counters.observe(2, seen(9))
    assert counters.requests["echo"] == 112
    assert counters.codes["echo"]["2xx"] == 112


def test_a_new_worker_with_an_old_workers_number_is_counted_from_zero():
    counters = Counters()
    counters.observe(9, seen(50))
    counters.forget(9)
    counters.observe(9, seen(10))
    assert counters.requests["echo"] == 60


def test_what_was_counted_before_this_agent_is_not_told_again():
    counters = Counters()
    counters.skip(1, seen(1000))
    counters.observe(1, seen(1001))
    assert counters.requests["echo"] == 1


def test_calls_in_flight_are_those_of_all_workers_there_are():
    counters = Counters()
    counters.observe(1, seen(10, in_flight=2, queued=1))
    counters.observe(2, seen(10, in_flight=3))
    assert (counters.in_flight("echo"), counters.queued("echo")) == (5, 1)
    counters.forget(1)
    assert (counters.in_flight("echo"), counters.queued("echo")) == (3, 0)


def test_the_load_of_a_function_is_told_with_all_it_ever_had():
    counters = Counters()
    counters.observe(1, seen(10, in_flight=2, queued=1))
    assert loads(counters) == {"echo": {"in_flight": 2, "queued": 1, "requests_total": 10}}
