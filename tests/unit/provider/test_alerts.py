import pytest

from faas.provider.alerts import Alert, replicas_after
from faas.provider.deployment import Deployment
from faas.provider.errors import BadRequest


def deployment(**labels):
    scale = {f"com.openfaas.scale.{key}": value for key, value in labels.items()}
    return Deployment(service="echo", image="echo:latest", labels=scale)


def alerts(*statuses, name="echo.openfaas-fn"):
    return {"alerts": [{"status": status, "labels": {"function_name": name}} for status in statuses]}


@pytest.mark.parametrize(
    ("status", "labels", "now", "after"),
    [
        ("firing", {}, 1, 3),
        ("firing", {"max": "5"}, 1, 2),
        ("firing", {"max": "5", "factor": "50"}, 1, 4),
        ("firing", {"max": "5"}, 5, 5),
        ("firing", {"factor": "0"}, 2, 2),
        ("resolved", {"min": "2"}, 9, 2),
        ("resolved", {"min": "0"}, 9, 1),
        ("resolved", {}, 9, 1),
    ],
)
def test_a_firing_alert_adds_a_share_of_the_maximum_and_any_other_leaves_the_minimum(status, labels, now, after):
    assert replicas_after(Alert(status=status), deployment(**labels), now) == after


def test_a_factor_that_is_no_number_is_named():
    with pytest.raises(BadRequest, match="factor"):
        replicas_after(Alert(status="firing"), deployment(factor="x"), 1)


def test_alerts_scale_and_say_nothing_about_functions_that_do_not_exist(run):
    async def story(live):
        await live.deploy()
        answers = [
            (await live.send("POST", "/system/alert", body))[0]
            for body in (alerts("firing", "firing"), alerts("firing", name="nobody"), {"alerts": "x"})
        ]
        return answers, live.swarm.replicas("echo")

    assert run(story) == ([200, 200, 400], 5)
