"""A scenario made to fit a CSV file: it loads and trains, whatever stands in the file, or is refused in words."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.training import Trainer
from scenarios.errors import ScenarioError
from scenarios.export.own_data import own_data_text
from scenarios.file.csv_survey import Proposal, column_names, comma_separated, propose, survey
from scenarios.file.loader import parse
from scenarios.runs.build import build
from scenarios.scenario import Scenario


def proposed(folder: Path, text: str, **options: Any) -> Proposal:
    (folder / "a.csv").write_bytes(text.encode())
    return propose(survey(folder / "a.csv", "a.csv"), **options)


def written(folder: Path, proposal: Proposal) -> tuple[dict[str, Any], Scenario]:
    text = own_data_text(proposal, "own", "a.csv")
    return tomllib.loads(text), parse(text.encode(), "own.toml", folder)


def trains(scenario: Scenario) -> None:
    for lane in build(scenario):
        assert np.isfinite(Trainer(lane).run(3).batch_loss).all()


def rows(*lines: str, times: int = 10) -> str:
    return "\n".join([lines[0], *lines[1:] * times]) + "\n"


@pytest.mark.parametrize(
    ("text", "loss", "data"),
    [
        (rows("a,b,c", "1,2,3.5", "2,1,1e1"), "squared", {"inputs": ["a", "b"], "outputs": ["c"]}),
        (rows("a;b;c", "1,5;2;ja", "2,25;1;nein"), "logistic", {"decimal": ",", "outputs": ["c"]}),
        (rows("a,n,c", "1,Ann,x", "2,Bo,y", "3,Cy,z"), "softmax_cross_entropy", {"inputs": ["a"]}),
        (rows("a,b", "1,0", "2,1"), "logistic", {"outputs": ["b"], "labels": [0, 1]}),
        (rows("a,b", "1,0", "2,1", "3,2"), "softmax_cross_entropy", {"outputs": ["b"], "labels": None}),
        (rows("a,b", "1,1", "2,10", "3,2"), "softmax_cross_entropy", {"classes": ["1", "2", "10"]}),
        (rows("a,b", "1,-1", "2,1"), "logistic", {"classes": ["-1", "1"]}),
        ("a,b\n" + "".join(f"{n},{n}\n" for n in range(40)), "squared", {"inputs": ["a"]}),
        (rows("a\tb", "1\t2.5", "2\t3"), "squared", {"inputs": ["a"]}),
        ('sep=;\n"a ""x""";b\n1;2,5\n2;3,5\n', "squared", {"inputs": ['a "x"'], "decimal": ","}),
        ("x1,y1\n1,2\n", "squared", {"inputs": ["x1"], "outputs": ["y1"]}),
    ],
)
def test_the_loss_follows_from_the_last_column(tmp_path: Path, text: str, loss: str, data: dict[str, Any]) -> None:
    table, scenario = written(tmp_path, proposed(tmp_path, text))
    assert table["lanes"][0]["loss"] == loss
    assert {key: table["data"].get(key) for key in data} == data
    assert ("classes" in table["data"]) == ("classes" in data)
    trains(scenario)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_outputs_in_any_unit_are_learned(tmp_path: Path, unit: float) -> None:
    lines = [f"{n / 40},{unit * (5 + n / 40)!r}" for n in range(40)]
    table, scenario = written(tmp_path, proposed(tmp_path, "\n".join(["a,price", *lines]) + "\n"))
    assert table["data"]["standardize"] == "all"
    losses = Trainer(build(scenario)[0]).run(scenario.steps).batch_loss
    assert losses[-1] < 0.01 * losses[0]


def test_few_samples_are_all_trained_on_and_of_many_some_are_kept_to_test(tmp_path: Path) -> None:
    assert "test_fraction" not in written(tmp_path, proposed(tmp_path, "a,b\n1,2\n2,3\n"))[0]["data"]
    table, scenario = written(tmp_path, proposed(tmp_path, rows("a,b", "1,2.5", "2,3", times=50)))
    assert table["data"]["test_fraction"] == 0.25
    assert build(scenario)[0].model.data.x_test.shape == (25, 1)  # type: ignore[union-attr]


def test_columns_and_loss_can_be_said(tmp_path: Path) -> None:
    text = rows("a,b,c,d", "1,2,3,0", "2,1,4,1")
    proposal = proposed(tmp_path, text, inputs=["c"], outputs=["a", "b"], loss="absolute")
    table, scenario = written(tmp_path, proposal)
    assert (table["data"]["inputs"], table["data"]["outputs"]) == (["c"], ["a", "b"])
    assert table["lanes"][0]["loss"] == "absolute"
    trains(scenario)


def test_the_comments_say_what_was_left_out(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, "a,name,b\n1,2,3.5\n2,Bo,4.5\n")
    assert proposal.left_out == (("name", 3, "Bo"),)
    assert '# the columns of numbers; without "name", as line 3 has "Bo" there.' in own_data_text(proposal, "own", "a")


ODD = '"a.csv", line 3, column {}: found "{}"; allowed: a number with a decimal {}, nothing between thousands; correct'


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("a,b,c\n1,2,x\n1,x5,x\n2,3,y\n", {}, ODD.format("2 (b)", "x5", "point")),
        ("a,b,c\n1,2,x\n1,x5,x\n2,3,y\n", {"inputs": ["b"]}, ODD.format("2 (b)", "x5", "point")),
        ('a,b\n1,2\n1,"12,x5"\n2,3\n', {}, ODD.format("2 (b)", "12,x5", "point")),
        ("a;b\n1;2,5\n1;12,x5\n2;3,5\n", {}, ODD.format("2 (b)", "12,x5", "comma")),
        ("a;b;c\n0,5;2,5;x\n1,5;1.250,00;y\n2;1.250,00;x\n", {}, ODD.format("2 (b)", "1.250,00", "comma")),
        ("a,b,c\n1,2,x\n1,,x\n2,3,y\n", {}, ODD.replace('"{}"; a', "nothing; a").format("2 (b)", "point")),
    ],
)
def test_a_wrong_cell_in_a_column_of_numbers_is_said_not_dropped(
    tmp_path: Path, text: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match="line 3") as error:
        proposed(tmp_path, text, **options)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("a,b\nx,1\n", {}, 'there is no column of numbers for the inputs beside "b"; inputs are numbers'),
        ("a,b\n", {}, '"a.csv", line 1: there are no samples below the header'),
        ("", {}, '"a.csv", line 1: there are no samples below the header'),
        ("a\n1\n", {}, 'there is no column of numbers for the inputs beside "a"; inputs are numbers'),
        ("a,a\n1,2\n", {}, '"a.csv", line 1: columns 1 and 2 are both called "a"'),
        ("a,b\n1,2\n", {"outputs": ["bb"]}, 'there is no column "bb"; allowed: "a", "b"; did you mean "b"?'),
    ],
)
def test_what_cannot_be_fitted_is_said(tmp_path: Path, text: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as error:
        proposed(tmp_path, text, **options)
    assert str(error.value) == message


CELLS = st.one_of(
    st.integers(-3, 12).map(str),
    st.floats(-1e6, 1e6).map(repr),
    st.sampled_from(["yes", "no", "maybe", "1,5", "-0,25", "", "nan", "a b", 'say "x"', "1_0", "é"]),
)
COLUMNS = st.sampled_from(
    [st.integers(0, 2).map(str), st.floats(-9, 9).map(repr), st.sampled_from(["yes", "no"]), CELLS]
)


@given(data=st.data(), delimiter=st.sampled_from(",;\t"), count=st.integers(1, 30))
def test_any_table_becomes_a_scenario_that_trains_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, delimiter: str, count: int
) -> None:
    folder = tmp_path_factory.mktemp("own")
    names = data.draw(st.lists(st.text("abx1 ,;\"'é[]#=", max_size=6), min_size=1, max_size=4))
    columns = [data.draw(st.lists(data.draw(COLUMNS), min_size=count, max_size=count)) for _ in names]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([names, *zip(*columns, strict=True)])
    try:
        _, scenario = written(folder, proposed(folder, text.getvalue()))
        lanes = build(scenario)
    except ScenarioError as error:
        message = str(error)
    except ValueError as error:
        message = str(error)
    else:
        message = "fine"
        assert np.isfinite(Trainer(lanes[0]).run(2).batch_loss).all()
    assert message.isprintable()


@given(st.lists(st.text("ab ,\"'é", min_size=1, max_size=5).map(str.strip).filter(bool), max_size=4))
def test_names_of_columns_are_read_as_they_are_written(names: list[str]) -> None:
    assert column_names(comma_separated(names)) == names
