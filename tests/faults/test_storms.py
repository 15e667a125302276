"""3,000 keys, with whatever else a terminal sends, over ten scenarios; `python -m tests.faults` presses any number."""

import pytest

from tests.faults.monkey import ENDS, weather
from tests.faults.storms import SCENARIOS, TABLE, sent_by, storm

KEYS = 300
"""In each storm."""


def test_a_terminal_has_bytes_for_every_key_of_the_table():
    assert all(sent_by(key) for key in TABLE)


def test_a_seed_names_a_storm():
    assert list(storm(3, 50)) == list(storm(3, 50)) != list(storm(4, 50))


@pytest.mark.parametrize("seed", range(len(SCENARIOS)))
def test_no_storm_ends_the_program_or_leaves_it_deaf(seed):
    weather(seed, SCENARIOS[seed], KEYS)


@pytest.mark.parametrize("end", [end for end in ENDS if end != "q"])
def test_the_program_ends_in_the_midst_of_a_storm(end):
    weather(100, "gd-vs-sgd", 60, end)
