import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.operations import Phase, operations
from tui.session.cursor import Cursor, LanePosition, Lockstep


def model(depth):
    return NetworkModel(Network((1,) * (depth + 1), ("linear",) * depth), "squared", "mean", data=None)


DEPTHS = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def lockstep(depths):
    lanes = [operations(model(depth)) for depth in depths]
    return Lockstep(lanes), lanes


@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_a_step_of_depth_l_has_6l_plus_2_operations(depth):
    one, (lane,) = lockstep([depth])
    assert len(one) == len(lane) == 6 * depth + 2
    assert [sum(op.phase is phase for op in lane) for phase in Phase] == [1, 2 * depth, 1, 3 * depth, depth]


def test_a_shorter_lane_waits_at_the_end_of_its_phase():
    """A network of one layer beside one of two: in FORWARD 2 operations beside 4."""
    one, lanes = lockstep([1, 2])
    seen = []
    for position in range(len(one)):
        cursor = Cursor(0, position)
        short, long = one.lane_position(0, cursor), one.lane_position(1, cursor)
        seen.append((short.index, short.waiting, long.index))
        assert lanes[0][short.index].phase is lanes[1][long.index].phase
        assert not long.waiting
    assert seen == [
        (0, False, 0),
        *[(1, False, 1), (2, False, 2), (2, True, 3), (2, True, 4)],
        (3, False, 5),
        *[(4, False, 6), (5, False, 7), (6, False, 8), (6, True, 9), (6, True, 10), (6, True, 11)],
        *[(7, False, 12), (7, True, 13)],
    ]


@given(DEPTHS)
def test_every_lane_passes_all_its_operations_in_order(depths):
    one, lanes = lockstep(depths)
    for number, lane in enumerate(lanes):
        indices = [one.lane_position(number, Cursor(3, position)).index for position in range(len(one))]
        assert sorted(set(indices)) == list(range(len(lane)))
        assert indices == sorted(indices)


@given(DEPTHS, st.integers(0, 5), st.integers(0, 60))
def test_out_undoes_into(depths, step, moves):
    one, _ = lockstep(depths)
    cursor = Cursor(step)
    for _ in range(moves):
        after = one.into(cursor)
        assert one.out(after) == cursor
        cursor = after


@given(DEPTHS)
def test_as_many_operations_as_there_are_complete_a_step(depths):
    one, lanes = lockstep(depths)
    cursor = Cursor(7)
    for _ in range(len(one)):
        cursor = one.into(cursor)
    assert cursor == Cursor(8)
    assert all(
        one.lane_position(number, cursor) == LanePosition(len(lane) - 1, False) for number, lane in enumerate(lanes)
    )


def test_nothing_lies_before_step_0():
    one, _ = lockstep([2])
    assert one.out(Cursor(0)) == Cursor(0)
    assert one.lane_position(0, Cursor(0)) == LanePosition(-1, False)


def test_the_step_looked_at_is_the_one_in_progress_or_the_one_before():
    assert Cursor(5, 0).traced == 5
    assert Cursor(5).traced == 4
    assert Cursor(0).traced == 0


def test_a_function_has_one_operation_a_phase_and_waits_for_networks():
    function = operations(FunctionModel(("x",), value=None, value_and_gradient=None, hessian=None))
    assert [op.phase for op in function] == list(Phase)
    one = Lockstep([function, operations(model(1))])
    assert [one.lane_position(0, Cursor(0, position)).index for position in range(len(one))] == [0, 1, 1, 2, 3, 3, 3, 4]
