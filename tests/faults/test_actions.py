"""Whatever a learner does, replay, undo and a saved file come to the same bytes; by hand `python -m tests.faults`."""

import pytest

from tests.faults.actions import SMALL, lesson

ACTIONS = 60
"""In each session."""


@pytest.mark.parametrize("seed", range(len(SMALL)))
def test_whatever_is_done_can_be_replayed_undone_and_saved(seed):
    lesson(seed, list(SMALL)[seed], ACTIONS)
