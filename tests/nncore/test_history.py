"""The log of a run: thinned, it forgets no extreme."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.history import StepLog, evaluation_stride
from nncore.training import Steps

CAPACITY = 8
LAYERS = 2

RUNS = st.lists(st.integers(0, 40), max_size=12)


@pytest.fixture(autouse=True, scope="module")
def _small_log():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nncore.history.CAPACITY", CAPACITY)
        yield


def report(first, count, seed):
    rng = np.random.default_rng([seed, first])
    losses = rng.standard_normal(count) * 10.0 ** rng.integers(-3, 4, count)
    return Steps(first, losses, rng.exponential(size=(count, LAYERS)), np.full(count, 0.1))


def filled(runs, seed):
    """A log of runs of these lengths, and the columns it was given."""
    log, columns = StepLog(LAYERS), []
    for length in runs:
        steps = report(log.last + 1, length, seed)
        log.append(steps)
        total = np.sqrt((steps.norms**2).sum(-1))
        columns.append(np.column_stack([steps.batch_loss, total, steps.norms]))
    return log, np.concatenate([np.empty((0, 2 + LAYERS)), *columns])


def brute_force(columns, width):
    parts = [columns[start : start + width] for start in range(0, len(columns), width)]
    return np.array([[part.min(0) for part in parts], [part.max(0) for part in parts]])


@given(runs=RUNS, seed=st.integers(0, 99))
def test_each_stretch_has_the_extremes_of_its_steps(runs, seed):
    log, columns = filled(runs, seed)
    assert log.last == len(columns)
    if not len(columns):
        assert log.extremes.shape == (2, 0, 2 + LAYERS)
        return
    assert log.width == 1 << max(0, -(-len(columns) // CAPACITY) - 1).bit_length()
    np.testing.assert_allclose(log.extremes, brute_force(columns, log.width), rtol=1e-15)
    middle, low, high = log.column(0)
    assert len(middle) == len(low) == len(high) <= CAPACITY
    assert middle[0] == (1 + min(log.width, log.last)) / 2
    assert (np.diff(middle) > 0).all()


@given(runs=RUNS, cut=st.integers(0, 500), seed=st.integers(0, 99))
def test_a_log_cut_and_written_again_is_the_log_that_never_was_cut(runs, cut, seed):
    log, columns = filled(runs, seed)
    before, copy = log.extremes.tobytes(), log.copy()
    last = copy.truncate(min(cut, log.last))
    assert last == copy.last <= cut
    assert min(cut, log.last) - last < log.width
    again = columns[last:]
    copy.append(Steps(last + 1, again[:, 0], again[:, 2:], np.full(len(again), 0.1)))
    assert (copy.last, copy.width) == (log.last, log.width)
    np.testing.assert_allclose(copy.extremes, log.extremes, rtol=1e-15)
    assert log.extremes.tobytes() == before


def test_a_replica_of_nan_hides_no_extreme():
    log = StepLog(1)
    losses = np.array([1.0, np.nan, 3.0, np.inf, -2.0, 0.0, 0.0, 0.0, 5.0])
    log.append(Steps(1, losses, np.ones((9, 1)), np.ones(9)))
    assert log.width == 2
    _, low, high = log.column(0)
    assert low.tolist() == [1, 3, -2, 0, 5]
    assert high.tolist() == [1, np.inf, 0, 0, 5]


def test_evaluations_are_64_a_doubling_after_the_first_128():
    taken = [step for step in range(1, 4096) if step % evaluation_stride(step) == 0]
    assert taken[:128] == list(range(1, 129))
    for low in (128, 256, 512, 1024, 2048):
        assert len([step for step in taken if low < step <= 2 * low]) in (64, 63)
