"""What is said of the best of a sweep: how sure it is over the seeds, edges, ties; which it is comes last."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from scenarios.runs.sweep import Row, plan_sweep
from tests.scenarios.runs.test_sweep import DRAWN
from tui.commands.sweep_best import best_lines, chance
from tui.commands.sweep_table import Results

RATES = "lanes.a.optimizer.learning_rate=0.01,0.1,1"


def lines(folder: Path, losses: Sequence[Sequence[float | None]], *vary: str) -> list[str]:
    """What is said of test losses of lane a by setting and seed."""
    (folder / "my.toml").write_text(DRAWN)
    sweep = plan_sweep(str(folder / "my.toml"), vary, seeds=len(losses[0]))
    rows = {
        (place, 5 + number): Row(place, 5 + number, {"a": {"train_loss": loss, "test_loss": loss}, "b": {}})
        for place, of_setting in enumerate(losses)
        for number, loss in enumerate(of_setting)
    }
    return best_lines(Results(sweep, rows), ascii=True)


def test_a_best_that_wins_nearly_always_is_clear(tmp_path: Path) -> None:
    losses = [[0.3] * 8, [0.1] * 7 + [0.4], [0.5] * 8]
    assert lines(tmp_path, losses, RATES) == [
        "a: lower than the next best (learning_rate 0.01: 0.3000) for 7 of 8 seeds, as a coin falls 4% of the time: "
        "clear",
        "best of 3 settings for a: learning_rate 0.1: median test loss 0.1000 [0.1000, 0.4000]",
    ]


def test_a_best_by_chance_is_not_clear_and_its_rivals_are_counted(tmp_path: Path) -> None:
    losses = [[0.3, 0.1, 0.3, 0.1], [0.1, 0.2, 0.1, 0.4], [0.5, 0.5, None, 0.5]]
    first, *_, last = lines(tmp_path, losses, RATES)
    assert first == (
        "a: lower than the next best (learning_rate 0.01: 0.2000) for 2 of 4 seeds, as a coin falls 69% of the time: "
        "not clear; also not clearly worse: (learning_rate 1); it takes 5 seeds at least"
    )
    assert last.startswith("best of 3 settings for a: learning_rate 0.1: ")


def test_ties_and_one_seed_are_said(tmp_path: Path) -> None:
    assert lines(tmp_path, [[0.1, 0.2], [0.1, 0.2], [0.3, 0.3]], RATES)[0] == (
        "a: the next best (learning_rate 0.1: 0.1500) is as good for each of 2 seeds"
    )
    assert lines(tmp_path, [[0.2], [0.1], [0.3]], RATES)[0].startswith("a: one seed does not tell")


@pytest.mark.parametrize(
    ("vary", "losses", "said"),
    [
        (RATES, [3, 2, 1], "the best learning_rate, 1, is at the edge of what was tried: try larger ones"),
        (RATES, [1, 2, 3], "the best learning_rate, 0.01, is at the edge of what was tried: try smaller ones"),
        (RATES, [2, 1, 3], None),
        ("lanes.a.l2=0,1", [1, 2], None),
        ("lanes.a.activation=relu,tanh", [1, 2], None),
    ],
)
def test_the_edge_of_what_was_tried_is_said(tmp_path: Path, vary: str, losses: list[float], said: str | None) -> None:
    found = [line for line in lines(tmp_path, [[loss] * 2 for loss in losses], vary) if "edge" in line]
    assert found == ([f"a: {said}"] if said else [])


def test_the_chance_is_a_coins() -> None:
    assert (chance(8, 0), chance(3, 1), chance(1, 1)) == (1 / 256, 5 / 16, 0.75)
