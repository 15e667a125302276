"""A step filled in: its operations, their cells, typed, judged, hinted at."""

from pathlib import Path

import numpy as np
import pytest

from scenarios.file.loader import library_files, load, parse
from tui.lesson.fill_in import Found, begin
from tui.lesson.sheet_layout import Scope
from tui.render.numbers import num
from tui.session.cursor import Cursor
from tui.session.frame_builder import FrameBuilder
from tui.session.session import Session

TINY = """
format = 1
name = "tiny"
question = "Which?"
text = "Look."
seed = 0
steps = 20
[data]
DATA
[[lanes]]
id = "one"
LANE
"""
THREE = "points = [[1, 2, 1], [0.5, -1, 0], [-1, 0.25, 1]]"
SIX = "points = [[1, 2, 1], [0.5, -1, 0], [-1, 0.25, 1], [0, 1, 0], [2, 1, 1], [1, 0, 0]]"
RATE = "learning_rate = 0.1"


def frame(scenario, step=0, lane=0):
    """A lane of a scenario at the first operation of the step after `step` updates."""
    session = Session.begin(scenario if not isinstance(scenario, str) else load(scenario))
    session.go_to(step)
    return FrameBuilder(session).lane(lane, Cursor(step, 0))


def tiny(data, lane, step=0):
    text = TINY.replace("DATA", data).replace("LANE", lane)
    return frame(parse(text.encode(), "tiny.toml", Path(".")), step)


def at(lane, name):
    """A step to be filled in, from the operation of a title's beginning on."""
    fill_in = begin(lane, 0)
    while not fill_in.title.startswith(name):
        fill_in = fill_in.next_operation()
    return fill_in


def typed(fill_in, *texts):
    for text in texts:
        fill_in = fill_in.typed(text).taken()
    return fill_in


def titles(lane):
    fill_in, found = begin(lane, 0), []
    while fill_in:
        found.append(fill_in.title)
        fill_in = fill_in.next_operation()
    return found


BY_HAND = {
    "pre-activation a₁": ("0.5*1 + 0.25*2 + 1", "-1*1+0.25*2+0"),
    "activation z₁": ("2", "0"),
    "pre-activation a₂": ("0.5*2 + 1*0 + 0.5",),
    "loss L": ("0.5*(1.5-2)**2",),
    "error signal δ₂": ("1.5 - 2",),
    "gradient ∂L/∂W₂": ("-0.5*2", "-0.5*0"),
    "gradient ∂L/∂b₂": ("−0.5",),
    "error signal δ₁": ("-0.5*0.5*1", "-0.5*1*0"),
    "gradient ∂L/∂W₁": ("-0.25*1", "-0.25*2", "0", "0"),
    "gradient ∂L/∂b₁": ("-.25", "0"),
    "update of layer 1": ("0.1*-0.25", "0.1·-0.5", "-0.025", "0", "0", "0"),
    "update of layer 2": ("0.6", "1", "0.55"),
}
"""The step of by-hand, worked out on paper: of the last update the new values, which are taken as well."""


def test_the_step_of_by_hand_is_filled_in_from_paper():
    fill_in, seen = begin(frame("by-hand"), 0), []
    while fill_in is not None:
        seen.append(fill_in.title)
        assert not fill_in.complete
        fill_in = typed(fill_in, *BY_HAND[fill_in.title])
        assert fill_in.complete
        last, fill_in = fill_in, fill_in.next_operation()
    assert seen == list(BY_HAND)
    assert (last.score().right, last.score().hinted, last.score().shown) == (sum(map(len, BY_HAND.values())), 0, 0)


@pytest.mark.parametrize(
    ("operation", "text", "mistake"),
    [
        ("pre-activation a₁", "0.5*1 + 0.25*2", "the bias is missing: add b₁ = 1"),
        ("loss", "(1.5-2)**2", "the ½ is missing"),
        ("error signal δ₂", "2 - 1.5", "the difference is the wrong way round"),
        ("gradient ∂L/∂W₂", "-0.5*1.5", "z₂ is used"),
        ("update of layer 1", "-0.25", "the learning rate is missing: multiply by α = 0.1"),
        ("update of layer 1", "0.025", "the sign is wrong"),
        ("update of layer 1", "0.475", "the sign is wrong"),
        ("update of layer 1", "17", "look at what is subtracted"),
    ],
)
def test_a_wrong_number_is_told_which_mistake_it_is_and_the_right_one_counts_as_corrected(operation, text, mistake):
    fill_in = at(frame("by-hand"), operation)
    wrong = typed(fill_in, text)
    assert mistake in wrong.says
    assert wrong.place == fill_in.place
    assert wrong.cell.mistake
    right = typed(wrong, BY_HAND[fill_in.title][0])
    assert right.cell_of(fill_in.entry).found is Found.HINTED
    assert right.score(fill_in.index).hinted == 1


def test_derivatives_that_were_forgotten_are_told():
    fill_in = at(frame("by-hand"), "error signal δ₁").stepped(1)
    assert "σ′ is missing: multiply by σ′(a₁) = 0" in typed(fill_in, "-0.5*1").says


def test_what_is_no_number_is_refused_in_words_and_accuses_nobody():
    fill_in = begin(frame("by-hand"), 0)
    for text in ("two", "1/0", "__import__('os')", "1,5"):
        refused = typed(fill_in, text)
        assert "allowed: a number, or arithmetic" in refused.says
        assert not refused.cell.mistake
    assert typed(fill_in, "2").score().right == 1


def test_hints_give_the_formula_the_terms_and_the_number_and_are_counted():
    fill_in = begin(frame("by-hand"), 0)
    assert fill_in.formula == fill_in.terms == ""
    once = fill_in.hinted()
    assert once.formula == "A₁ = Z₀ W₁ᵀ + b₁"
    assert once.terms == ""
    twice = once.hinted()
    assert twice.terms == "0.5000·1.000 + 0.2500·2.000 + 1.000"
    assert typed(twice, "2").score().hinted == 1
    thrice = twice.hinted()
    assert thrice.cell_of((0, 0)).found is Found.SHOWN
    assert thrice.entry == (0, 1)
    assert thrice.says == "a₁ of sample 0, unit 0 = 2.000"
    assert typed(thrice, "-0.5").complete
    assert str(typed(thrice, "-0.5").score()) == "1 right at once, 0 after a hint, 1 shown"


def test_a_found_cell_takes_no_more_and_typing_over_what_is_wrong_begins_anew():
    fill_in = begin(frame("by-hand"), 0)
    wrong = typed(fill_in, "7")
    assert wrong.typed("2").cell.typed == "2"
    assert wrong.erased().cell.typed == ""
    assert wrong.typed("7").typed(" + 1 - 6").cell.typed == "7 + 1 - 6"
    right = typed(fill_in, "2").stepped(-1)
    assert right.typed("9").cell == right.cell
    assert right.hinted().score().right == 1


def test_arrows_and_tab_go_from_cell_to_cell_and_tell_what_is_wrong_first():
    fill_in = at(frame("by-hand"), "gradient ∂L/∂W₁")
    assert fill_in.moved(1, 0).entry == (0, 1)
    assert fill_in.moved(0, 1).entry == (1, 0)
    assert fill_in.moved(-1, 0).entry == (0, 0)
    assert fill_in.stepped(-1).entry == (1, 1)
    assert fill_in.typed("-0.25").moved(0, 1).entry == (1, 0)
    told = fill_in.typed("9").stepped(1)
    assert told.entry == (0, 0)
    assert told.says
    assert told.stepped(1).entry == (0, 1)


@pytest.mark.parametrize(
    ("name", "step"), [(file.stem, (0, 5)[number % 2]) for number, file in enumerate(library_files())]
)
def test_a_step_of_every_lesson_can_be_filled_in(name, step):
    for number in range(len(load(name).lanes)):
        lane = frame(name, step, number)
        fill_in = None if lane.stopped else begin(lane, 0)
        while fill_in is not None:
            assert len(fill_in.entries) <= 20
            for entry in fill_in.entries:
                assert np.isfinite(fill_in.value(entry))
            shown = fill_in.hinted().hinted()
            assert shown.formula
            assert shown.terms
            fill_in = typed(fill_in, *(num(fill_in.value(entry)) for entry in fill_in.entries))
            assert fill_in.complete, (fill_in.title, fill_in.says)
            fill_in = fill_in.next_operation()


@pytest.mark.parametrize(
    ("loss", "lane"),
    [
        ("squared", f'optimizer = {{ name = "sgd", {RATE}, momentum = 0.9 }}\nl2 = 0.01'),
        ("squared", f'optimizer = {{ name = "sgd", {RATE}, momentum = 0.9, nesterov = true }}\nreduction = "sum"'),
        ("logistic", f'optimizer = {{ name = "adam", {RATE} }}'),
        ("softmax_cross_entropy", f'optimizer = {{ name = "rmsprop", {RATE} }}\nl1 = 0.1'),
        ("huber", f'optimizer = {{ name = "adagrad", {RATE} }}\noutput = "tanh"'),
    ],
)
@pytest.mark.parametrize("data", [THREE, SIX])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_losses_optimizers_and_penalties_in_one_sample_or_all(loss, lane, data, activation):
    text = f'hidden = [3, 2]\nactivation = "{activation}"\nloss = "{loss}"\n{lane}'
    lane = tiny(data, text, step=3)
    for whole in (False, True):
        fill_in = begin(lane, 0, (Scope(1, whole, (0, 0, 0)), {}))
        while fill_in is not None:
            fill_in = typed(fill_in, *(num(fill_in.value(entry)) for entry in fill_in.entries))
            assert fill_in.complete, (fill_in.title, fill_in.says)
            fill_in = fill_in.next_operation()


def test_a_small_batch_is_filled_in_whole_and_a_larger_one_by_a_sample():
    three, six = begin(tiny(THREE, "hidden = [2]"), 0), begin(tiny(SIX, "hidden = [2]"), 0)
    assert len(three.entries) == 6
    assert len(six.entries) == 2
    assert len(six.other_samples().entries) == 12
    assert len(three.other_samples().entries) == 2
    assert six.next_sample().scope.row == (six.scope.row + 1) % 6
    large = begin(frame("disc-depth"), 0)
    assert "128 samples are too many" in large.other_samples().says
    assert not large.other_samples().scope.whole


def test_of_a_wide_layer_one_unit_is_asked_for_and_the_rest_is_shown():
    fill_in = begin(frame("disc-depth", lane=1), 0)
    ((_, unit),) = fill_in.entries
    assert len(fill_in.sheet.cells.columns) > 1
    (other,) = fill_in.other_unit(1).entries
    assert other == (fill_in.scope.row, (unit + 1) % 12)
    gradient = at(frame("disc-depth", lane=1), "gradient ∂L/∂W₂")
    assert {row for row, _ in gradient.entries} == {gradient.scope.units[1]}


def test_one_sample_taken_for_the_batch_is_told_whichever_it_is():
    lane = frame("disc-depth", lane=1)
    fill_in = at(lane, "gradient ∂L/∂W₄")
    row, (unit, column) = fill_in.scope.row, fill_in.entry
    own = lane.trace.delta[3][row, unit] * lane.trace.z[3][row, column]
    sample = lane.trace.indices[row]
    assert f"this is sample {sample} alone" in typed(fill_in, f"{own:.4g}").says


def test_layers_that_are_frozen_are_passed_over():
    lane = tiny(THREE, f'hidden = [2]\nfreeze = [1]\noptimizer = {{ name = "sgd", {RATE} }}')
    assert "error signal δ₁" in titles(lane)
    assert not {"gradient ∂L/∂W₁", "gradient ∂L/∂b₁", "update of layer 1"} & set(titles(lane))


def test_a_function_is_filled_in_by_its_value_gradient_and_update():
    lane = frame("saddle-noise")
    assert titles(lane) == ["value f(θ)", "gradient ∂f/∂θ", "update of θ"]


def test_no_change_is_not_right_where_the_change_is_small():
    lane = tiny(THREE, 'hidden = [2]\noptimizer = { name = "sgd", learning_rate = 1e-9 }')
    fill_in = at(lane, "update of layer 2")
    assert not typed(fill_in, "0").score().right
    assert typed(fill_in, repr(fill_in.value(fill_in.entry))).score().right == 1


def test_what_was_filled_in_is_kept_and_a_complete_operation_is_asked_afresh_only_where_it_is_wanted():
    lane = frame("by-hand")
    left = typed(begin(lane, 0), "2")
    back = begin(lane, 0, (left.scope, left.cells))
    assert back.cell_of((0, 0)).found is Found.RIGHT
    assert back.entry == (0, 1)
    assert begin(lane, 0, (left.scope, left.cells), afresh=True).cells == left.cells
    complete = typed(back, "-0.5")
    assert begin(lane, 0, (complete.scope, complete.cells)).title == "activation z₁"
    assert not begin(lane, 0, (complete.scope, complete.cells), afresh=True).cells


def test_a_diverging_step_asks_for_what_is_finite():
    lane = tiny(THREE, 'hidden = [2]\noptimizer = { name = "sgd", learning_rate = 1e308 }')
    assert titles(lane)
    assert np.isfinite([begin(lane, 0).value(entry) for entry in begin(lane, 0).entries]).all()


def test_a_wrong_number_is_typed_over_or_gone_on_from():
    wrong = at(frame("by-hand"), "pre-activation").typed("0.5*1+0.25*2").taken()
    assert "bias" in wrong.cell.mistake
    gone_on = wrong.typed("+").typed("1")
    assert gone_on.cell.typed == "0.5*1+0.25*2+1"
    assert gone_on.taken().place == wrong.place + 1
    assert wrong.typed("-").typed("2").cell.typed == "-2"
