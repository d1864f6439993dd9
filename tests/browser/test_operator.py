"""The operator's page in the browser: figures, reasons, logs and calls of functions that really run."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.people import a_title
from tests.browser.test_accessibility import SCREENS, SMALLEST, TOO_SMALL
from tests.live import Stack
from tests.system.containers import containers_of, docker
from tests.system.openfaas import OpenFaas, deployment
from tests.system.waiting import eventually

NAME = "operator-probe"
# One more replica for each call a second.
EAGER = {
    "com.openfaas.scale.type": "rps",
    "com.openfaas.scale.target": "1",
    "com.openfaas.scale.target-proportion": "1",
    "com.openfaas.scale.max": "3",
    "com.openfaas.scale.down.window": "10s",
}
SHRUNK = re.compile("no more than (its minimum, )?1 needed within the last 10 s")
LOAD_SECONDS = 8
SOON = 30_000  # ms


@pytest.fixture
def deploy(openfaas: OpenFaas) -> Iterator:
    """Deploy a function that answers, and remove it in the end."""

    def deploy_one(**more) -> None:
        assert openfaas.send("POST", "/system/functions", deployment(NAME) | more).status_code == 202
        eventually(lambda: openfaas.describe(NAME)["availableReplicas"] >= 1, within=30, what="the first replica")

    yield deploy_one
    openfaas.remove(NAME)


@pytest.fixture
def open_operator(open_page, stack: Stack, openfaas: OpenFaas):
    """Open the operator's page with the password, on a function's page if one is named."""

    def open_one(name: str = "", **settings) -> Page:
        credentials = {"username": openfaas.user, "password": openfaas.password}
        page = open_page(http_credentials=credentials, **settings)
        page.goto(f"{stack.gateway_url}/ui/#{name}")
        page.get_by_role("heading", level=1).wait_for()
        return page

    return open_one


def row(page: Page, name: str) -> Locator:
    rows = page.get_by_role("region", name="Functions").get_by_role("row")
    return rows.filter(has=page.get_by_role("link", name=name, exact=True))


def events_of(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name="Events").get_by_role("row", name=name)


def dead_letters(page: Page) -> int:
    return int(events_of(page, NAME).get_by_role("cell").last.inner_text())


def consumers(openfaas: OpenFaas) -> int:
    queues = openfaas.send("GET", "/ui/api/now").json()["queues"]
    return next((queue["consumers"] for queue in queues if queue["function"] == NAME), -1)


def test_without_the_password_the_page_does_not_open(open_page, stack):
    with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):
        open_page().goto(f"{stack.gateway_url}/ui/")
    wrong = {"username": "admin", "password": "wrong"}
    page = open_page(http_credentials=wrong)
    assert page.goto(f"{stack.gateway_url}/ui/").status == 401
    expect(page.get_by_text("invalid credentials")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_every_operator_can_use_the_page(open_operator, openfaas, look, screen):
    page = open_operator(**SCREENS[screen])
    for name, function in openfaas.functions().items():
        expect(row(page, name)).to_contain_text(function["image"])
    expect(events_of(page, "sync-catalog")).to_be_visible()
    expect(page.locator(".spark .line").first).to_be_attached(timeout=SOON)
    look(page, f"operator-{screen}")
    assert page.evaluate(TOO_SMALL, SMALLEST) == []
    row(page, "list-books").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("img", name=re.compile("^Load in calls a second"))).to_be_visible()
    page.get_by_text("Deployment").click()
    look(page, f"operator-{screen}-function")
    assert page.evaluate(TOO_SMALL, SMALLEST) == []


def test_a_function_tells_why_it_grew_and_why_it_shrank(deploy, open_operator, openfaas, look):
    deploy(labels=EAGER)
    page = open_operator(NAME)
    changes = page.get_by_role("list", name="Changes of this function")
    expect(changes.get_by_role("listitem").first).to_contain_text("deployed")
    end = time.monotonic() + LOAD_SECONDS
    with ThreadPoolExecutor(4) as callers:
        while time.monotonic() < end:
            list(callers.map(lambda _: openfaas.call(NAME), range(4)))
            time.sleep(0.2)
    expect(changes).to_contain_text(re.compile(r"calls a second; a replica takes 1|at its maximum: .* calls a second"))
    look(page, "operator-grown")
    expect(changes).to_contain_text(SHRUNK, timeout=SOON * 2)
    expect(page.locator(".chart .mark.up").first).to_be_attached()
    look(page, "operator-shrunk")
    page.get_by_role("link", name="All functions").click()
    expect(row(page, NAME)).to_contain_text(SHRUNK, timeout=SOON)


def test_a_function_is_scaled_by_hand_and_a_call_wakes_it(deploy, open_operator, openfaas):
    deploy(labels={"com.openfaas.scale.min": "2", "com.openfaas.scale.max": "2"})
    page = open_operator(NAME)
    changes = page.get_by_role("list", name="Changes of this function")
    page.get_by_role("spinbutton", name="Replicas").fill("0")
    page.get_by_role("button", name="Scale").click()
    expect(page.get_by_role("status").filter(has_text="is going to 0 replicas")).to_be_visible()
    expect(page.get_by_text("asleep", exact=True)).to_be_visible(timeout=SOON)
    expect(changes).to_contain_text("somebody asked for it")
    assert openfaas.call(NAME).status_code == 200
    expect(changes).to_contain_text("a call woke it")
    expect(page.get_by_text("asleep", exact=True)).to_be_hidden()


def test_a_call_from_the_page_shows_the_answer_and_its_log_line_arrives(deploy, open_operator, look):
    deploy()
    page = open_operator(NAME)
    log = page.get_by_role("log")
    expect(page.get_by_text("following")).to_be_visible(timeout=SOON)
    page.get_by_label("Method").select_option("GET")
    page.get_by_role("button", name="Call", exact=True).click()
    answer = page.get_by_role("region", name="Call it").get_by_role("status")
    expect(answer).to_contain_text("200 OK")
    expect(answer).to_contain_text('"openapi"')
    call_id = re.search(r"Call (\S+)$", answer.inner_text().strip())[1]
    expect(log).to_contain_text(call_id, timeout=10_000)
    page.get_by_label("Path and query").fill("/?wrong=1")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(answer).to_contain_text("400 Bad Request")
    look(page, "operator-call")
    page.get_by_label("Filter lines").fill(call_id)
    expect(log.get_by_text(call_id)).to_be_visible()
    expect(log.locator("p:visible")).to_have_count(1)


def test_the_operators_password_is_not_passed_on_to_the_function(deploy, open_operator):
    deploy()
    page = open_operator(NAME)
    with page.expect_request(re.compile(f"/function/{NAME}")) as called:
        page.get_by_role("button", name="Call", exact=True).click()
    called.value.response()
    assert "authorization" not in called.value.all_headers()


def test_what_a_function_refuses_is_counted_as_a_dead_letter(deploy, open_operator, openfaas, seller, stack, look):
    deploy(image="bookstore/login:latest", annotations={"topic": "book.created"})
    page = open_operator()
    eventually(lambda: consumers(openfaas) == 1, within=60, what="a queue that is served")
    before = dead_letters(page)
    seller.sells(a_title("Evelina"))
    eventually(lambda: dead_letters(page) == before + 1, within=60, what="a dead letter on the page")
    expect(page.get_by_text(re.compile(r"\d+ dead letters?"))).to_be_visible()
    look(page, "operator-dead-letters")
    openfaas.remove(NAME)
    expect(events_of(page, f"{NAME} (removed)")).to_be_visible(timeout=SOON)
    eventually(lambda: consumers(openfaas) == 0, within=60, what="a queue that nobody serves")
    (broker,) = containers_of(f"{stack.name}_rabbitmq")
    for queue in (f"fn.{NAME}", f"fn.{NAME}.dead"):
        docker("exec", broker, "rabbitmqctl", "delete_queue", queue)
    expect(events_of(page, NAME)).to_have_count(0, timeout=SOON)


def test_a_function_is_removed_only_with_its_name(deploy, open_operator, openfaas, look):
    deploy()
    page = open_operator(NAME)
    page.get_by_role("button", name="Remove …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Its name, to be sure").fill("another")
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(dialog).to_be_visible()
    assert NAME in openfaas.functions()
    look(page, "operator-remove")
    dialog.get_by_label("Its name, to be sure").fill(NAME)
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"{NAME} is removed.")).to_be_visible()
    assert NAME not in openfaas.functions()
    expect(row(page, NAME)).to_have_count(0)


def test_another_sites_page_cannot_use_the_operators_password(openfaas, stack):
    path, body = "/system/scale-function/login", {"serviceName": "login", "replicas": 2}
    foreign = openfaas.send("POST", path, body, headers={"Origin": "http://elsewhere.example"})
    own = openfaas.send("POST", path, {**body, "replicas": 1}, headers={"Origin": stack.gateway_url})
    assert (foreign.status_code, own.status_code) == (403, 202)


def test_what_is_not_known_says_so_instead_of_a_figure(open_operator, openfaas, stack, look):
    page = open_operator()
    in_flight = row(page, "login").get_by_role("cell").nth(4)
    expect(in_flight).to_have_text(re.compile(r"^[\d.]+$"), timeout=SOON)
    autoscaler = f"{stack.name}_autoscaler"
    docker("service", "scale", "--detach", f"{autoscaler}=0")
    try:
        expect(page.get_by_text(re.compile("Some figures are not known.* The autoscaler "))).to_be_visible(timeout=SOON)
        expect(in_flight).to_have_text("\N{EN DASH}")
        look(page, "operator-unknown")
    finally:
        docker("service", "scale", "--detach", f"{autoscaler}=1")
    expect(in_flight).to_have_text(re.compile(r"^[\d.]+$"), timeout=SOON * 2)


def test_the_page_says_when_the_gateway_no_longer_answers_and_goes_on_when_it_does(open_operator):
    page = open_operator()
    field = page.get_by_label("Filter functions")
    field.focus()
    page.route("**/ui/api/**", lambda route: route.abort())
    expect(page.get_by_role("alert")).to_contain_text("the gateway cannot be reached", timeout=SOON)
    expect(field).to_be_focused()
    page.unroute("**/ui/api/**")
    expect(page.get_by_role("alert")).to_have_count(0, timeout=SOON)
    expect(field).to_be_focused()


def test_what_the_reader_types_and_where_it_stands_survive_every_refresh(open_operator, openfaas):
    page = open_operator()
    field = page.get_by_label("Filter functions")
    field.fill("order:")
    shown = page.locator(".functions tbody tr")
    expect(shown).to_have_count(len([name for name in openfaas.functions() if name.endswith("order")]))
    first = shown.first.element_handle()
    stamp = page.locator(".pulse").inner_text()
    expect(page.locator(".pulse")).not_to_have_text(stamp, timeout=SOON)
    assert field.input_value() == "order:"
    expect(field).to_be_focused()
    assert first.evaluate("row => row.isConnected"), "the row was made anew instead of being brought up to date"


def test_a_script_of_anybody_elses_does_not_run(open_operator):
    page = open_operator()
    refused = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener("securitypolicyviolation", event => done(event.violatedDirective));
            const script = document.createElement("script");
            script.src = "https://elsewhere.example/x.js";
            document.head.append(script);
        })"""
    )
    assert refused.startswith("script-src")
