"""`--set KEY=VALUE`: what it changes, and that errors name it."""

from pathlib import Path

import pytest

from nncore.optimizers import Adam, Sgd
from nncore.schedules import LinearToZero
from scenarios.errors import ScenarioError
from scenarios.file.loader import load, parse
from scenarios.file.overrides import parse_override, toml_value

LANES = """
format = 1
name = "t"
[data]
points = [[0, 1], [1, 0]]
[[lanes]]
id = "a"
[[lanes]]
id = "b"
optimizer = { name = "adam", learning_rate = 0.5, betas = [0.5, 0.5] }
"""


def changed(*overrides):
    return parse(LANES.encode(), "my.toml", Path(), overrides)


def refusal(*overrides, text=LANES):
    with pytest.raises(ScenarioError) as error:
        parse(text.encode(), "my.toml", Path(), overrides)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("true", True),
        ("[1, 2]", [1, 2]),
        ('"1"', "1"),
        ('{ name = "sgd" }', {"name": "sgd"}),
        ("full", "full"),
        ("two words", "two words"),
        ("", ""),
        ("1\nb = 2", "1\nb = 2"),
        ("[" * 9999, "[" * 9999),
    ],
)
def test_values_are_toml_or_else_text(text, value):
    assert toml_value(text) == value


def test_a_value_may_hold_equals_signs():
    override = parse_override("lanes.a.optimizer = { name = 'sgd' }")
    assert (override.path, override.value) == (("lanes", "a", "optimizer"), {"name": "sgd"})


def test_a_lane_changes_and_the_others_stay():
    a, b = changed("lanes.b.optimizer.learning_rate=0.25").lanes
    assert (a.settings.optimizer, b.settings.optimizer) == (Sgd(0.001), Adam(0.25, (0.5, 0.5)))


def test_a_lane_keeps_what_it_has_from_the_defaults():
    wide, deep = load("disc-depth", ["lanes.deep.optimizer.learning_rate=0.01"]).lanes
    assert (wide.settings.optimizer, deep.settings.optimizer) == (Adam(0.006), Adam(0.01))


def test_a_lane_changes_what_it_has_by_default():
    a, _ = changed(
        "lanes.a.optimizer.momentum=0.5", "lanes.a.schedule.name=linear_to_zero", "lanes.a.init.scale=2"
    ).lanes
    assert (a.settings.optimizer, a.settings.schedule) == (Sgd(0.001, 0.5), LinearToZero(1000))
    assert (a.model.init.name, a.model.init.scale) == ("he", 2.0)


def test_a_name_becomes_a_table():
    a, _ = changed("defaults.init=xavier", "defaults.init.scale=3").lanes
    assert (a.model.init.name, a.model.init.scale) == ("xavier", 3.0)


def test_the_last_change_of_a_key_counts():
    assert changed("steps=5", "steps=6").steps == 6


def test_changes_may_need_each_other():
    scenario = changed("lanes.a.activation=['tanh', 'sine']", "lanes.a.hidden=[3, 4]", "data.seed=3")
    assert scenario.lanes[0].model.network.activations == ("tanh", "sine", "linear")
    assert scenario.data.seed == 3


def test_a_change_leaves_the_file_as_it_was():
    assert load("disc-depth", ["steps=5"]).steps == 5
    assert load("disc-depth").steps == 1000


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("steps", "allowed: KEY=VALUE, as in lanes.deep.optimizer.learning_rate=0.01"),
        ("=1", "allowed: KEY=VALUE, as in lanes.deep.optimizer.learning_rate=0.01"),
        ("a..b=1", "allowed: KEY=VALUE, as in lanes.deep.optimizer.learning_rate=0.01"),
        ("lanes.b.optimizer.lr=1", "lanes.b.optimizer.lr: unknown key; allowed: name, "),
        ("lanes.c.l2=1", 'lanes: there is no lane "c"; allowed: a, b'),
        ("lanes=1", "lanes: allowed: lanes.ID.KEY=VALUE"),
        ("lanes.a=1", "lanes.a: allowed: lanes.ID.KEY=VALUE"),
        ("lanes.a.id=b", 'lanes.b.id: found "b" twice; '),
        ("lanes.a.l2=x", 'lanes.a.l2: found "x"; allowed: a number, at least 0'),
        ("lanes.a.l2=nan", "lanes.a.l2: found nan; allowed: finite numbers"),
        ("lanes.a.hidden.x=1", "lanes.a.hidden: found a table; "),
        ("data.points.x=1", '"points" has no keys'),
        ("stepps=1", "stepps: unknown key; allowed: "),
        ("data.kind=disc", 'data.points: found beside "kind"; '),
        ("defaults.freeze=[2]", "defaults.freeze[0]: found 2; allowed: layers 1 to 1 (in lanes.a)"),
        ("data.outputs=2", "data.points[0]: found an array of 2; allowed: more than outputs = 2, "),
        ("seed=\x1b", "seed: found the control character "),
    ],
)
def test_errors_name_the_change_in_place_of_the_file(override, message):
    text = refusal(override)
    assert text.startswith(f"--set {override}: {message}".replace("\x1b", "\\x1b"))
    assert text.isprintable()


def test_of_several_changes_the_one_to_blame_is_named():
    assert refusal("steps=5", "seed=x", "title=T").startswith("--set seed=x: seed: ")
    assert refusal("data.labels=[0, 1]", "data.points=[[0, 3]]").startswith("--set data.points=[[0, 3]]: data.labels: ")


def test_the_files_own_errors_are_the_files():
    broken = LANES.replace('id = "a"', 'id = "a"\nl2 = -1')
    assert refusal("steps=5", "lanes.c.l2=1", text=broken).startswith("my.toml: lanes.a.l2: ")
