import pytest

from faas.dashboard.queues import Queue, by_function, read_queues, shared
from faas.dashboard.source import Unknown

TOLD = """\
# TYPE rabbitmq_detailed_queue_messages_ready gauge
# HELP rabbitmq_detailed_queue_messages_ready Messages ready to be delivered to consumers
rabbitmq_detailed_queue_messages_ready{vhost="/",queue="fn.echo"} 4
rabbitmq_detailed_queue_messages_ready{vhost="/",queue="fn.echo.dead"} 2
rabbitmq_detailed_queue_messages_ready{vhost="/",queue="fn.gone"} 1
rabbitmq_detailed_queue_messages_ready{vhost="/",queue="delay.5s"} 3
rabbitmq_detailed_queue_messages_ready{vhost="/",queue="shop.unrouted"} 7
# TYPE rabbitmq_detailed_queue_messages_unacked gauge
rabbitmq_detailed_queue_messages_unacked{vhost="/",queue="fn.echo"} 8
# TYPE rabbitmq_detailed_queue_consumers gauge
rabbitmq_detailed_queue_consumers{vhost="/",queue="fn.echo"} 1
"""


def test_a_function_has_its_queue_and_what_it_refused_in_one_row():
    echo, gone = by_function(read_queues(TOLD), ["echo", "other"])
    assert echo == {"function": "echo", "deployed": True, "waiting": 4, "in_hand": 8, "consumers": 1, "dead": 2}
    assert (gone["function"], gone["deployed"], gone["waiting"]) == ("gone", False, 1)


def test_dead_letters_of_a_queue_that_is_gone_still_count():
    assert [row["dead"] for row in by_function({"fn.old.dead": Queue(waiting=3)}, [])] == [3]


def test_what_all_functions_share_is_counted_together():
    assert shared(read_queues(TOLD)) == {"delayed": 3, "unrouted": 7}


def test_an_answer_that_cannot_be_read_is_no_figure():
    with pytest.raises(Unknown, match="RabbitMQ"):
        read_queues('rabbitmq_detailed_queue_messages_ready{queue="fn.echo"} many')
