from __future__ import annotations

from itertools import pairwise
from math import inf, sqrt

import pytest

from nncore.schedules import SCHEDULES, Constant, Cosine, LinearToZero, Schedule, Step


def test_names() -> None:
    assert dict(SCHEDULES) == {
        "constant": Constant,
        "step": Step,
        "cosine": Cosine,
        "linear_to_zero": LinearToZero,
    }


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        (Constant(), {0: 1.0, 500: 1.0, 10**9: 1.0}),
        (Step(every=100, factor=0.5), {0: 1.0, 99: 1.0, 100: 0.5, 199: 0.5, 200: 0.25, 1000: 0.5**10}),
        (Cosine(1000), {0: 1.0, 250: 0.5 + sqrt(2) / 4, 500: 0.5, 1000: 0.0, 1001: 0.0, 2000: 0.0}),
        (LinearToZero(1000), {0: 1.0, 1: 0.999, 250: 0.75, 999: 0.001, 1000: 0.0, 5000: 0.0}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_factors(schedule: Schedule, factors: dict[int, float]) -> None:
    assert {t: schedule.factor_at(t) for t in factors} == pytest.approx(factors, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("schedule", [Cosine(37), LinearToZero(37)])
def test_falls_at_every_update_and_is_zero_from_the_horizon(schedule: Schedule) -> None:
    factors = [schedule.factor_at(t) for t in range(80)]
    assert all(after < before for before, after in pairwise(factors[:38]))
    assert factors[37:] == [0.0] * 43


def test_a_factor_that_grows_too_large_is_inf_and_no_exception() -> None:
    growing = Step(every=2, factor=10.0)
    assert [growing.factor_at(t) for t in (616, 617, 618, 10**9)] == [1e308, 1e308, inf, inf]
