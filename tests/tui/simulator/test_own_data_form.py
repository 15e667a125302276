"""The form that changes a scenario: a user's CSV file in place of its data, from anywhere, or refused in words."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from scenarios.errors import ScenarioError
from scenarios.export.provenance import scenario_hash
from scenarios.export.self_contained import self_contained
from scenarios.export.toml import toml_text
from scenarios.file.csv_samples import Watch
from scenarios.file.loader import load, parse
from scenarios.runs.build import build
from scenarios.scenario import Scenario
from tests.tui.simulator.fakes import FakeScreen, carry_out
from tui.session.session import Session
from tui.simulator import scenario_form
from tui.simulator.reading import Reading
from tui.simulator.scenario_form import rework_fields, reworked
from tui.simulator.tasks.scenario import rework

SHEET = "age;dose;cured\n" + "37;1,5;yes\n20;2,5;no\n41;0,5;no\n33;3,5;yes\n" * 5


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "own.csv").write_text(SHEET)
    return tmp_path / "own.csv"


def changed(scenario: Scenario, **values: str) -> Scenario:
    fields = rework_fields(scenario, 0)
    answers = {field.name: field.value for field in fields}
    return reworked(scenario, fields, answers | {key.replace("__", "."): value for key, value in values.items()})


def data(scenario: Scenario) -> dict[str, Any]:
    found: dict[str, Any] = scenario.table["data"]
    return found


def test_a_file_takes_the_place_of_a_librarys_data(sheet: Path) -> None:
    lesson = load("disc-depth")
    own = changed(lesson, data__csv=str(sheet))
    assert data(own) == {
        "csv": str(sheet),
        "inputs": ["age", "dose"],
        "outputs": ["cured"],
        "decimal": ",",
        "standardize": True,
        "test_fraction": 0.25,
    }
    assert [lane.model.data.x.shape for lane in build(own)] == [(15, 2), (15, 2)]  # type: ignore[union-attr]
    fields = {field.name: field.value for field in rework_fields(own, 0)}
    assert (fields["data.csv"], fields["data.inputs"]) == (str(sheet), "age,dose")
    again = changed(own, data__inputs="dose", data__outputs="age")
    assert (data(again)["inputs"], data(again)["outputs"]) == (["dose"], ["age"])
    assert changed(again, seed="7").seed == 7


def test_what_is_exported_needs_the_file_no_more(sheet: Path, tmp_path: Path) -> None:
    own = changed(load("disc-depth"), data__csv=str(sheet))
    sheet.unlink()
    text = toml_text(self_contained(own))
    again = parse(text.encode(), "own.toml", tmp_path)
    assert scenario_hash(again) == scenario_hash(own)
    assert again.data.names == own.data.names  # type: ignore[union-attr]


def test_a_path_is_seen_from_where_one_is_and_from_home(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sheet.parent)
    assert data(changed(load("disc-depth"), data__csv="own.csv"))["outputs"] == ["cured"]
    monkeypatch.chdir("/")
    monkeypatch.setenv("HOME", str(sheet.parent))
    assert data(changed(load("disc-depth"), data__csv="~/own.csv"))["outputs"] == ["cured"]


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        (None, {}, '": No such file or directory'),
        ("age,kind\n1,a\n2,b\n3,c\n", {}, 'found "squared"; allowed: softmax_cross_entropy, as class numbers measure'),
        (SHEET, {"data__outputs": "kured"}, 'data.csv: there is no column "kured"; allowed: "age", "dose", "cured"'),
        ("age;dose;cured\n1;high;yes\n", {"data__inputs": "dose"}, '"high"; allowed: a finite number, as inputs are'),
        ("age\n1\n", {}, 'data.csv: there is no column of numbers for the inputs beside "age"'),
        (SHEET, {"data__inputs": '"age'}, "data.csv: found"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    tmp_path: Path, text: str | None, values: dict[str, str], message: str
) -> None:
    file = tmp_path / "a.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ValueError, match=r"\S") as error:
        changed(load("disc-depth"), data__csv=str(file), **values)
    said = str(error.value)
    assert message in said
    assert "--set" not in said


def test_columns_without_a_file_and_another_kind_beside_one_are_refused(sheet: Path) -> None:
    with pytest.raises(ScenarioError, match="is empty"):
        changed(load("disc-depth"), data__inputs="age")
    with pytest.raises(ValueError, match="found beside"):
        changed(load("disc-depth"), data__csv=str(sheet), data__kind="moons")


QUIZ = """
format = 1
name = "a"
[data]
csv = "there.csv"
[[lanes]]
id = "a"
[[quiz]]
ask = "?"
at = 1
set = { data.csv = "%s" }
choices = [{ say = "a", when = "a.train_loss < 1" }, { say = "b", when = "a.train_loss >= 1" }]
"""


def test_a_scenario_itself_names_no_file_elsewhere(tmp_path: Path, sheet: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "there.csv").write_text("x1,y1\n1,2\n")
    for text in (QUIZ % sheet, QUIZ.replace("there.csv", str(sheet)) % "there.csv"):
        with pytest.raises(ScenarioError, match=r'allowed: a path relative to this file, without "\.\."'):
            parse(text.encode(), "a.toml", folder, own_files=True)
    with pytest.raises(ScenarioError, match=r'allowed: a path relative to this file, without "\.\."'):
        parse((QUIZ % "there.csv").encode(), "a.toml", folder, [f"data.csv={sheet}"])


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> FakeScreen:
    """A screen on which every file is a large one."""
    monkeypatch.setattr(scenario_form, "QUICK", 0)
    return FakeScreen(Session.begin(load("disc-depth")))


def test_a_large_file_is_read_beside_the_screen(screen: FakeScreen, sheet: Path) -> None:
    (form,) = carry_out(rework(screen), {"data.csv": str(sheet), "seed": "7"})
    assert isinstance(form.accept({"data.csv": str(sheet)}), dict), "nothing is read at a key"
    assert (data(screen.session.scenario)["csv"], screen.session.scenario.seed) == (str(sheet), 7)


def test_what_is_wrong_with_a_large_file_is_told_where_it_was_named(screen: FakeScreen, sheet: Path) -> None:
    sheet.write_text(SHEET.replace("20;2,5", "20;2,x5", 1))
    before = screen.session
    first, again = carry_out(rework(screen), {"data.csv": str(sheet)}, None)
    assert 'line 3, column 2 (dose): found "2,x5"' in again._note
    assert [field.value for field in again.fields if field.name == "data.csv"] == [str(sheet)]
    assert [field.name for field in again.fields] == [field.name for field in first.fields]
    assert screen.session is before


def test_reading_tells_how_far_it_is_and_ends_where_it_is_given_up() -> None:
    begun, ended = Event(), Event()

    def endless(watch: Watch) -> None:
        try:
            while True:
                watch(1, 4)
                begun.set()
        finally:
            ended.set()

    reading = Reading(endless)
    slices = reading.slices()
    next(slices)
    assert begun.wait(60)
    assert reading.words() == "reading samples… 25%"
    slices.close()
    assert ended.wait(60)
    assert (reading.result, reading.error) == (None, None)
