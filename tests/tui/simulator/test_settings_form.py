"""The edit form: what it offers, what its answers mean, and what it refuses."""

import pytest

from nncore.optimizers import Adam, Sgd
from nncore.schedules import Cosine, Step
from tui.session.actions import EditSettings, do
from tui.simulator.settings_form import edit_fields, read_edit

MIXED = """
format = 1
name = "mixed"
steps = 50
[data]
kind = "xor"
samples = 9
[[lanes]]
id = "sgd"
hidden = [2]
optimizer = { name = "sgd", learning_rate = 0.1, momentum = 0.5 }
[[lanes]]
id = "adam"
hidden = []
optimizer = { name = "adam", learning_rate = 0.01 }
schedule = { name = "cosine", horizon = 80 }
batch_size = 4
"""

BOWL = """
format = 1
name = "bowl"
steps = 9
[[lanes]]
id = "one"
function = { expression = "x**2", start = { x = 1 } }
optimizer = { name = "sgd", learning_rate = 0.1 }
"""


def form(session, number, **answers):
    """The form's answers as they stand when it opens, but for the given ones."""
    fields = edit_fields(session.lane_runs[number], session.cursor.step)
    return {field.name: field.value for field in fields} | {key.replace("_", " "): v for key, v in answers.items()}


def settings_after(session, number, numbers=None, **answers):
    numbers = numbers or [number]
    keys, words = read_edit(session, numbers, form(session, number, **answers))
    do(session, EditSettings(numbers, keys, words))
    return session.lane_runs[number].lane.settings_at(session.cursor.step), words


def test_the_form_opens_with_the_settings_in_force(bench):
    session = bench(MIXED).session
    assert form(session, 0) == {
        "learning rate": "0.1",
        "optimizer": "sgd",
        "its constants": "momentum = 0.5, nesterov = false",
        "schedule": "constant",
        "its keys": "",
        "batch size": "full",
        "l1": "0.0",
        "l2": "0.0",
        "frozen layers": "",
    }
    assert form(session, 1)["its constants"] == "betas = [0.9, 0.999], eps = 1e-08"
    assert form(session, 1)["its keys"] == "horizon = 80"


def test_a_function_has_no_batch_penalty_or_layer_to_set(bench):
    session = bench(BOWL).session
    assert list(form(session, 0)) == ["learning rate", "optimizer", "its constants", "schedule", "its keys"]
    settings, words = settings_after(session, 0, learning_rate="0.05")
    assert (settings.optimizer.learning_rate, words) == (0.05, "learning_rate 0.1 → 0.05")


@pytest.mark.parametrize("number", [0, 1])
def test_a_form_left_as_it_opened_changes_nothing(bench, number):
    session = bench(MIXED).session
    assert read_edit(session, [number], form(session, number)) == ({}, "")


def test_one_number(bench):
    session = bench(MIXED).session
    settings, words = settings_after(session, 0, learning_rate="0.25")
    assert settings.optimizer == Sgd(0.25, momentum=0.5)
    assert words == "learning_rate 0.1 → 0.25"


def test_another_optimizer_has_its_own_constants(bench):
    session = bench(MIXED).session
    settings, words = settings_after(session, 0, optimizer="adam", its_constants="")
    assert settings.optimizer == Adam(0.1)
    assert words == "optimizer sgd → adam"


def test_constants_that_were_left_standing_are_not_meant_for_another_optimizer_or_schedule(bench):
    session = bench(MIXED).session
    assert settings_after(session, 0, optimizer="adam")[0].optimizer == Adam(0.1)
    assert settings_after(session, 1, optimizer="sgd")[0].optimizer == Sgd(0.01)
    assert settings_after(session, 1, schedule="step", its_keys="every = 5, factor = 0.5")[0].schedule == Step(5, 0.5)
    session = bench(MIXED).session
    assert settings_after(session, 1, schedule="linear_to_zero")[0].schedule.horizon == 80


def test_everything_at_once(bench):
    session = bench(MIXED).session
    session.go_to(3)
    settings, words = settings_after(
        session,
        0,
        its_constants="momentum = 0.9, nesterov = true",
        schedule="step",
        its_keys="every = 5, factor = 0.5",
        batch_size="2",
        l1="0.1",
        l2="1",
        frozen_layers="1, 2",
    )
    assert settings.optimizer == Sgd(0.1, 0.9, nesterov=True)
    assert settings.schedule == Step(5, 0.5)
    assert (settings.batch_size, settings.l1, settings.l2, settings.frozen) == (2, 0.1, 1.0, {1, 2})
    assert words == (
        "momentum 0.5 → 0.9, nesterov False → True, schedule constant → step, "
        "batch_size full → 2, l1 0.0 → 0.1, l2 0.0 → 1, freeze [] → [1, 2]"
    )
    assert [edit.at for edit in session.lane_runs[0].lane.edits] == [3]


def test_a_horizon_left_out_is_the_files_steps(bench):
    session = bench(MIXED).session
    assert settings_after(session, 0, schedule="cosine")[0].schedule == Cosine(50)


def test_a_change_for_all_lanes_leaves_each_what_it_was_otherwise(bench):
    session = bench(MIXED).session
    first, _ = settings_after(session, 0, numbers=[0, 1], learning_rate="0.02", batch_size="3")
    second = session.lane_runs[1].lane.settings_at(0)
    assert (first.optimizer, first.batch_size) == (Sgd(0.02, momentum=0.5), 3)
    assert (second.optimizer, second.schedule, second.batch_size) == (Adam(0.02), Cosine(80), 3)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"learning_rate": "fast"}, '^learning rate: found "fast"; allowed: a number'),
        ({"learning_rate": ""}, "^learning rate: "),
        ({"learning_rate": "-1"}, "^learning rate: "),
        ({"learning_rate": "inf"}, "^learning rate: "),
        ({"optimizer": "lion"}, '^optimizer: found "lion"'),
        (
            {"optimizer": "adam", "its_constants": "momentum = 0.7"},
            '^its constants: found "momentum"; allowed: betas, eps',
        ),
        ({"its_constants": "momentum"}, '^its constants: found "momentum"; allowed: name = number'),
        ({"its_constants": "momentun = 0.9"}, '^its constants: found "momentun"; .* did you mean "momentum"'),
        ({"schedule": "step"}, "^its keys: every: missing"),
        ({"batch_size": "many"}, "^batch size: "),
        ({"batch_size": "-3"}, "^batch size: "),
        ({"l2": "-0.1"}, "l2"),
        ({"frozen_layers": "3"}, "layers 1 to 2"),
        ({"frozen_layers": "one"}, '^frozen layers: found "one"'),
    ],
)
def test_what_is_not_allowed_is_refused_by_name(bench, answers, message):
    session = bench(MIXED).session
    with pytest.raises(ValueError, match=message):
        read_edit(session, [0], form(session, 0, **answers))


@pytest.mark.parametrize(
    ("answers", "message"),
    [({"frozen_layers": "2"}, "layers 1 to 1"), ({"its_constants": "momentum = 0.9, nesterov = false"}, "momentum")],
)
def test_what_one_of_all_lanes_cannot_have_is_refused(bench, answers, message):
    session = bench(MIXED).session
    with pytest.raises(ValueError, match=message):
        read_edit(session, [0, 1], form(session, 0, **answers))
