"""What is varied over many seeds: the form's answer, or why it is none."""

import re

import pytest

from scenarios.file.loader import load
from tui.simulator.vary_form import varied, vary_fields

SCENARIO = load("gd-vs-sgd")
RATE = "lanes.sgd8.optimizer.learning_rate"


def test_the_learning_rate_of_the_lane_in_front_is_offered_with_five_values_around_its_own():
    key, values = vary_fields(SCENARIO, 1)
    assert key.value == RATE
    assert values.value == "0.01, 0.03, 0.1, 0.3, 1"
    found = varied(SCENARIO, {"key": key.value, "values": values.value})
    rates = [scenario.lanes[1].settings.optimizer.learning_rate for _, scenario in found.scenarios]
    assert rates == [0.01, 0.03, 0.1, 0.3, 1.0]
    assert {scenario.lanes[0].settings.optimizer.learning_rate for _, scenario in found.scenarios} == {0.1}


def test_a_range_and_texts_are_values_too():
    found = varied(SCENARIO, {"key": RATE, "values": "0.001..0.1:3:log"})
    assert [text for text, _ in found.scenarios] == ["0.001", "0.01", "0.1"]
    found = varied(SCENARIO, {"key": "lanes.sgd8.optimizer.name", "values": "sgd, adam"})
    assert [text for text, _ in found.scenarios] == ["sgd", "adam"]


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        (RATE, "0.1", "found 1 values; allowed: 2 to 6"),
        (RATE, "1, 2, 3, 4, 5, 6, 7", "found 7 values; allowed: 2 to 6"),
        (RATE, "0.1, -1", "lanes.sgd8.optimizer.learning_rate: "),
        (RATE, "", "allowed: V1,V2"),
        (RATE, "0.1, 0.1", "stands there twice"),
        ("lanes.sgd9.optimizer.learning_rate", "0.1, 0.2", "sgd9"),
        ("", "0.1, 0.2", "allowed: "),
        ("seed", "1, 2", "every value has the same seeds"),
    ],
)
def test_what_cannot_be_varied_is_refused_in_the_words_of_the_form(key, values, words):
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        varied(SCENARIO, {"key": key, "values": values})
    assert "--" not in str(caught.value)
