"""The form that changes a scenario: what it refuses, in the words of its fields."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.errors import ScenarioError
from scenarios.file.loader import load
from tui.simulator.scenario_form import rework_fields, reworked
from tui.simulator.tasks.change import _number

SCENARIO = load("disc-depth")
FIELDS = rework_fields(SCENARIO, 1)
BAD = ["", "abc", "-1.5", "nan", "inf", "[12", "[0]", "x=y", "true", "99999999999999999999", "{}", '"', "1; 2"]


def changed(name, value):
    return reworked(SCENARIO, FIELDS, {field.name: field.value for field in FIELDS} | {name: value})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("seed", "abc", 'seed: found "abc"; allowed: an integer'),
        (
            "lanes.deep.hidden",
            "[0]",
            "lanes.deep.hidden[0]: found 0; allowed: an integer, at least 1",
        ),
        ("data.kind", "dics", 'data.kind: found "dics"; allowed: "disc", '),
        ("other keys", "noise", 'other keys: found "noise"; allowed: KEY=VALUE, as in '),
        ("other keys", "data.nois=0.1", "other keys: data.nois: unknown key; allowed: kind, "),
        ("other keys", "seed=2; steps=-1", "other keys: steps: found -1; allowed: an integer, at least 1"),
    ],
)
def test_a_refusal_names_the_field(name, value, message):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        changed(name, value)
    assert str(refused.value).startswith(message)


@given(st.sampled_from([field.name for field in FIELDS]), st.sampled_from(BAD) | st.text(max_size=20))
def test_no_refusal_speaks_of_options(name, value):
    said = ""
    try:
        changed(name, value)
    except ValueError as error:
        said = str(error)
    assert "--set" not in said
    assert "\n" not in said


def test_what_is_wrong_in_the_file_itself_names_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = Path("mine.toml")
    file.write_text('format = 1\nname = "mine"\n[data]\nkind = "xor"\n[[lanes]]\nid = "one"\n')
    scenario = load("mine.toml")
    fields = rework_fields(scenario, 0)
    file.write_text("format = 1\nname = 3\n")
    with pytest.raises(ScenarioError, match=r"^mine\.toml: name: found 3"):
        reworked(scenario, fields, {field.name: field.value for field in fields})


@pytest.mark.parametrize("text", ["", "abc", "nan", "-inf", "1e200", "1,5"])
def test_a_parameter_is_a_finite_number(text):
    with pytest.raises(ValueError, match=f'^found "{text}"; allowed: a finite number$'):
        _number(text)
