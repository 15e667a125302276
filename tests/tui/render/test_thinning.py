import pytest

from tui.render.thinning import every_so_many


@pytest.mark.parametrize("room", range(1, 80))
@pytest.mark.parametrize("count", [1, 2, 7, 64])
def test_the_first_and_the_last_are_always_shown(count, room):
    shown = every_so_many(count, room)
    assert (shown[0], shown[-1]) == (0, count - 1)
    assert len(shown) <= max(room, 2)
    assert len(shown) == count or room < count
