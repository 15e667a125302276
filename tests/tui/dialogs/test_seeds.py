"""Many seeds: where they end stands beside their fan."""

from time import sleep

import numpy as np
import pytest

from scenarios.file.loader import load
from scenarios.runs.seed_fan import SeedFan, is_about_test
from tests.pilot import drive
from tui.dialogs.seeds import SEEDS, Vary, _value_lines, ends_of, fan_series, fans_of
from tui.render.charts import line_chart
from tui.render.palette import look
from tui.session.actions import Look

LOOK = look("dark", ascii=True, color=False)


def drawn(losses, width):
    found = SeedFan(np.array([0.0, 10.0]), losses)
    chart = line_chart(fan_series(found), 60, 12, LOOK, x_label="steps")
    lines = ends_of(found, chart, width, LOOK)
    return chart, ["".join(segment.text for segment in line) for line in lines]


def test_every_run_has_a_mark_at_its_end():
    one, two = np.array([[1.0, 0.5]] * 5 + [[1.0, 0.1]]), np.array([[1.0, 0.1], [1.0, np.nan]])
    chart, lines = drawn({"one": one, "two": two}, 20)
    assert lines[chart.row(0.5)].strip() == "ooooo"
    assert lines[chart.row(0.1)].strip() == "ox"
    assert "where they end" in lines[0]
    assert {len(line) for line in lines} == {20}


def test_marks_stand_for_several_runs_where_there_is_no_room_for_all():
    chart, lines = drawn({"one": np.full((32, 2), 0.5)}, 12)
    assert lines[chart.row(0.5)].strip() == "o" * 8
    _, lines = drawn({"one": np.full((32, 2), 0.5)}, 28)
    assert "a mark for 2 runs" in lines[0]


def test_the_fan_is_of_the_losses_that_the_lesson_speaks_of():
    assert is_about_test(load("overfitting"))
    assert not is_about_test(load("learning-rate"))


def fan(**losses):
    return SeedFan(np.array([0.0, 10.0]), {lane: np.array(rows) for lane, rows in losses.items()})


VARY = Vary("lanes.one.optimizer.learning_rate", tuple((text, None) for text in ("0.01", "0.1", "1")))
FANS = [
    fan(one=[[1.0, 0.8], [1.0, 0.6]], two=[[1.0, 0.5]] * 2),
    fan(one=[[1.0, 0.2], [1.0, 0.1]], two=[[1.0, 0.5]] * 2),
    fan(one=[[1.0, 1e9], [1.0, np.nan]], two=[[1.0, 0.5]] * 2),
]


@pytest.mark.parametrize(("width", "across"), [(96, 3), (70, 2), (40, 1)])
def test_each_value_has_a_fan_under_its_name_in_one_range_of_losses(width, across):
    lines = ["".join(part.text for part in line) for line in fans_of(VARY, FANS, width, 24, LOOK, True)]
    assert {len(line) for line in lines} == {width // across * across}
    headings = [line for line in lines if "learning_rate" in line]
    assert [line.count("learning_rate") for line in headings] == [across] * (3 // across) + [1] * (3 % across > 0)
    assert len({line[: line.index("-")] for line in lines if line.lstrip().startswith("1-")}) <= 1
    assert not any("two" in line for line in lines)  # the key makes no difference to it
    assert not any("10" in line.partition("-")[0].replace("10 ", "") for line in lines[:3])


def test_where_the_runs_of_each_value_end_stands_below_with_the_best():
    lines = [line.plain for line in _value_lines(VARY, FANS, LOOK)]
    assert lines == [
        "0.01   one: 0.7000 [0.6000, 0.8000]",
        " 0.1   one: 0.1500 [0.1000, 0.2000], best",
        "   1   one: 1.000e+09 [1.000e+09, 1.000e+09], 1 diverged",
    ]


def test_nothing_is_best_where_nothing_differs():
    assert not any("best" in line.plain for line in _value_lines(VARY, [FANS[0]] * 3, LOOK))


def test_seeds_count_as_run_once_their_fan_is_there_and_esc_is_named(monkeypatch):
    monkeypatch.setattr("tui.dialogs.seeds.SEEDS", 2)

    def verify(scenario, seeds, tell):
        while True:  # until the dialog is left
            tell(1, 2)
            sleep(0.01)

    monkeypatch.setattr("tui.dialogs.seeds.verify", verify)

    async def walk(driver):
        await driver.press("S")
        await driver.until(lambda: "checking the claims 50% · esc leaves, the seeds count as run" in driver.text)
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        assert [done.how for done in driver.session.journal if isinstance(done, Look)] == ["seeds"]

    drive(load("by-hand"), walk)


def test_a_key_is_varied_from_the_fan(monkeypatch):
    monkeypatch.setattr("tui.dialogs.seeds.SEEDS", 2)

    async def walk(driver):
        await driver.press("G", "S")
        await driver.until(lambda: "done" in driver.text)
        await driver.press("v")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.type("optimizer")  # no such key
        await driver.press("enter")
        assert driver.dialog == "Form"
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)
        await driver.press("S")
        await driver.until(lambda: "done" in driver.text)
        await driver.press("v")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.press("enter")
        await driver.until(lambda: "done" in driver.text and ", best" in driver.text)
        assert driver.text.count("learning_rate = ") == 5
        await driver.press("escape")
        await driver.until(lambda: not driver.dialog)

    assert SEEDS == 32
    drive(load("by-hand"), walk)
