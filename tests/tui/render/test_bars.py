import numpy as np
import pytest

from tui.render.bars import histogram, histogram_line, upright
from tui.render.glyphs import ASCII, UNICODE


@pytest.mark.parametrize(
    ("share", "bar"), [(0.0, "  ▁"), (1 / 3, "  █"), (0.5, " ▄█"), (1.0, "███"), (7.0, "███"), (-1.0, "  ▁")]
)
def test_a_bar_grows_by_eighths_of_a_cell_and_is_always_seen(share, bar):
    assert upright(share, 3, UNICODE) == bar
    plain = upright(share, 3, ASCII)
    assert (len(plain), plain.isascii()) == (3, True)


def test_a_histogram_counts_every_finite_value_once():
    values = np.array([-9.0, -1.0, -0.1, 0.0, 0.9, 1.0, 5.0, np.nan, np.inf])
    assert histogram(values, -1.0, 1.0, 2).tolist() == [3, 4]
    assert histogram(values, -1.0, 1.0, 0).tolist() == []


def test_a_part_is_as_high_as_its_count_beside_the_fullest():
    assert histogram_line([0, 1, 4, 8], UNICODE) == " ▁▄█"
    assert histogram_line([0, 0], UNICODE) == "  "
