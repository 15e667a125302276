"""Damaged saved runs, lesson runs, scenarios and tables: the command opens or refuses each of them in a line."""

import pytest

from tests.faults.mutations import KINDS
from tests.faults.opener import damage

FILES = 60


@pytest.mark.parametrize("suffix", KINDS)
def test_whatever_is_done_to_a_file_it_is_opened_or_refused(suffix):
    damage(1, suffix, FILES)
