"""What the gateway counts, on its own port, in Prometheus and in the list of functions."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import requests

from tests.integration.together import together
from tests.live import Stack
from tests.system.mirrors import Figures, mirror
from tests.system.openfaas import OpenFaas
from tests.system.waiting import eventually

COUNTED = "tests-counted"
LABEL = f"{COUNTED}.openfaas-fn"
CALLERS, NEW_ROUTES = 4, 5
SCRAPED = 40.0


@pytest.fixture
def counted(openfaas: OpenFaas) -> Iterator[str]:
    """A function whose calls are counted."""
    with mirror(openfaas, COUNTED) as name:
        yield name


@pytest.fixture(scope="module")
def figures(stack: Stack) -> Figures:
    """What is counted."""
    return Figures(stack)


def answered(figures: Figures, code: int) -> float:
    """Calls of the counted function that were answered with this status."""
    return figures.get("gateway_function_invocation_total", function_name=LABEL, code=str(code))


def test_calls_are_counted_by_exact_status_and_duration(openfaas: OpenFaas, counted: str, figures: Figures) -> None:
    statuses = {200: 3, 201: 2, 404: 1, 418: 4, 503: 1}
    settled(figures)
    before = {status: answered(figures, status) for status in statuses}
    slow_before = figures.get("gateway_functions_seconds_sum", function_name=LABEL, code="200")
    for status, times in statuses.items():
        for _ in range(times - (status == 200)):
            assert openfaas.call(f"{counted}/status?{status}").status_code == status
    openfaas.call(f"{counted}/sleep?1.2")

    def counts() -> dict[int, float]:
        return {status: answered(figures, status) - before[status] for status in statuses}

    eventually(lambda: counts() == statuses, within=10, what="the counts")
    labels = {"function_name": LABEL, "code": "200"}
    assert figures.get("gateway_functions_seconds_sum", **labels) - slow_before == pytest.approx(1.2, abs=0.3)
    slow = figures.get("gateway_functions_seconds_bucket", **labels, le="2.5")
    assert slow - figures.get("gateway_functions_seconds_bucket", **labels, le="1.0") >= 1


def test_calls_at_work_and_waiting_are_told(openfaas: OpenFaas, figures: Figures) -> None:
    # A name of its own: a replica of the function that was just removed would still answer the first calls.
    busy_one = f"{COUNTED}-busy"
    with mirror(openfaas, busy_one, envVars={"max_inflight": "2"}, labels={"com.openfaas.scale.max": "1"}):
        callers = threading.Thread(target=together, args=(5, lambda _: openfaas.call(f"{busy_one}/sleep?6")))
        callers.start()

        def load() -> tuple[float, float]:
            names = ("gateway_function_in_flight", "gateway_function_queued")
            busy, waiting = (figures.get(name, function_name=f"{busy_one}.openfaas-fn") for name in names)
            return busy, waiting

        eventually(lambda: load() == (2, 3), within=5, what="two calls at work and three waiting")
        callers.join()
        eventually(lambda: load() == (0, 0), within=5, what="rest")


def test_a_cold_call_counts_once_under_its_function_and_so_does_one_right_after_the_deployment(
    openfaas: OpenFaas, figures: Figures, upstream: bool
) -> None:
    before = settled(figures)
    with mirror(openfaas, COUNTED, wait=False):
        assert openfaas.call(COUNTED).status_code == 200
        eventually(lambda: total(figures) == before + 1, within=5, what="the first call's count")
        openfaas.put_to_sleep(COUNTED)
        assert openfaas.call(COUNTED).status_code == 200
        eventually(lambda: total(figures) == before + 2, within=5, what="the cold call's count")
        began = figures.get("gateway_function_invocation_started", function_name=LABEL)
        eventually(lambda: invocations(openfaas) == began, within=SCRAPED if upstream else 2, what="the listed calls")
        cold = f'gateway_function_cold_start_seconds_count{{function_name="{LABEL}"}}'
        eventually(lambda: figures.ask(cold) >= 1, within=SCRAPED, what="the cold start in Prometheus")
        eventually(lambda: figures.ask(f'gateway_service_count{{function_name="{LABEL}"}}') == 1, within=SCRAPED)


def test_reloads_under_load_lose_no_call_and_count_each_once(
    openfaas: OpenFaas, counted: str, figures: Figures
) -> None:
    # As increase() does it, without its extrapolation: the difference of two samples with no reset between them.
    series = f'gateway_function_invocation_total{{function_name="{LABEL}",code="200"}}'
    before = settled(figures)
    eventually(lambda: figures.ask(series) == before, within=SCRAPED, what="a scrape before the load")
    listed, reloads = invocations(openfaas), figures.get("gateway_reloads_total")

    sent = load_while(openfaas, lambda: deploy_and_remove_routes(openfaas))
    assert sent.keys() == {200}
    assert figures.get("gateway_reloads_total") - reloads >= 2 * NEW_ROUTES - 2
    assert settled(figures) - before == sent[200]
    assert figures.get("gateway_function_invocation_started", function_name=LABEL) >= sent[200]
    eventually(lambda: figures.ask(series) == before + sent[200], within=SCRAPED, what="a scrape after the load")
    assert invocations(openfaas) - listed == sent[200]
    assert figures.ask(f"resets({series}[2m])") == 0


def total(figures: Figures) -> float:
    """Calls of the counted function that were answered with success."""
    return answered(figures, 200)


def invocations(openfaas: OpenFaas) -> int:
    """What the list of functions says of the counted one, once it is fresh."""
    time.sleep(2.5)
    count: int = openfaas.functions()[COUNTED].get("invocationCount", 0)
    return count


def settled(figures: Figures) -> float:
    """Successful calls, once no more are being added."""
    found = -1.0
    while found != (found := total(figures)):
        time.sleep(2)
    return found


def deploy_and_remove_routes(openfaas: OpenFaas) -> None:
    """Have the gateway reload: each deployment with a route does, and each removal."""
    names = [f"tests-route-{number}" for number in range(NEW_ROUTES)]
    for name in names:
        assert openfaas.deploy(name, annotations={"http.route": f"GET /api/{name}"}).status_code == 202
        time.sleep(1.2)
    for name in names:
        assert openfaas.remove(name).status_code == 202
        time.sleep(1.2)


def load_while(openfaas: OpenFaas, act: Callable[[], None]) -> Counter[int]:
    """Call the counted function from several clients until the act is over; return the answers by status."""
    done = threading.Event()

    def caller(number: int) -> Counter[int]:
        if number < CALLERS:
            return calls_until(done, f"{openfaas.url}/function/{COUNTED}")
        try:
            act()
        finally:
            done.set()
        return Counter()

    return sum(together(CALLERS + 1, caller), Counter())


def calls_until(done: threading.Event, url: str) -> Counter[int]:
    """Call one after the other on a connection that is kept."""
    statuses = Counter[int]()
    with requests.Session() as session:
        while not done.is_set():
            statuses[session.get(url, timeout=30).status_code] += 1
    return statuses
