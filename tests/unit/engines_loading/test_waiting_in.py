"""How a gauge is read out of an engine's metrics."""

import pytest

from containers.engines.loading.waiting_calls import waiting_in

VLLM = """
# HELP vllm:num_requests_waiting Number of requests waiting.
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="a } b"} 3.0
vllm:num_requests_waiting{engine="1",model_name="a } b"} 4.0
vllm:num_requests_waiting_by_reason{reason="capacity"} 9.0
"""


def test_a_gauge_is_summed_over_its_labels_and_over_nothing_else() -> None:
    assert waiting_in(VLLM, "vllm:num_requests_waiting") == 7


@pytest.mark.parametrize(
    ("line", "waiting"),
    [
        ("te_queue_size 2", 2),
        ("te_queue_size 2.5 1790000000000", 2.5),
        ("te_queue_size 0", 0),
        ("te_queue_size NaN", None),
        ("te_queue_size", None),
        ("te_queue_size_total 5", None),
        ("", None),
    ],
)
def test_what_isnt_known_is_nothing_and_not_zero(line: str, waiting: float | None) -> None:
    assert waiting_in(line, "te_queue_size") == waiting
