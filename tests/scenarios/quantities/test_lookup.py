"""Checks: references validated with the nearest name, any. and all. over lanes, nan, and first_step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.expressions.tree import Quantity, render
from scenarios.quantities.definitions import QUANTITIES
from scenarios.quantities.lane_shape import LaneShape
from scenarios.quantities.lookup import check, evaluate_check, is_comparison

LANES = {"wide": LaneShape((2, 8, 1), samples=20), "deep": LaneShape((2, 3, 3, 3, 1))}


def evaluated(text: str, table: dict[str, Any], firsts: dict[str, Any] | None = None) -> Any:
    """The value of a check, where the table gives the quantities as they are written."""

    def lookup(quantity: Quantity) -> Any:
        return table[str(quantity)]

    def first_step(condition: Expression) -> Any:
        return (firsts or {})[condition.text]

    return evaluate_check(check(parse(text), LANES), lookup, first_step)


def refusal(text: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        check(parse(text), LANES)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deep.test_loss < wide.test_loss / 2", True),
        ("deep.test_loss < wide.test_loss / 4", False),
        ("deep.grad_norm[4] > 0.1", True),
        ("abs(deep.test_loss - 0.01) < 1e-6 and step == 500", True),
        ("epoch", 4.0),
        ("epoch * 2 + step", 508.0),
        ("not 0.02 < wide.test_loss < 0.04", False),
        ("step % 100 == 0", True),
        ("1 < 2", True),
        ("deep.test_loss / 0 > 1e300", True),
        ("any.test_loss < 0.02", True),
        ("all.test_loss < 0.02", False),
        ("all.test_loss < 0.04", True),
        ("not all.test_loss < 0.02", True),
        ("all.test_loss < 0.04 and any.test_loss > 0.02", True),
    ],
)
def test_scalars(text: str, expected: float | bool) -> None:
    table = {
        "deep.test_loss": 0.01,
        "wide.test_loss": 0.03,
        "deep.grad_norm[4]": 0.2,
        "step": 500,
        "epoch": 4,
    }
    result = evaluated(text, table)
    assert result == expected
    assert type(result) is type(expected)


def test_one_value_a_seed() -> None:
    table = {"deep.test_loss": np.array([1.0, 2.0, math.nan]), "wide.test_loss": np.array([3.0, 3.0, 3.0])}
    result = evaluated("deep.test_loss < wide.test_loss / 2", table)
    assert result.dtype == bool
    assert result.tolist() == [True, False, False]
    assert evaluated("any.test_loss > 2.5", table).tolist() == [True, True, True]
    assert evaluated("all.test_loss >= 2", table).tolist() == [False, True, False]


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
def test_every_comparison_with_null_is_false(operator: str) -> None:
    table = {"deep.diverged_at": math.nan, "wide.diverged_at": 3.0}
    assert evaluated(f"deep.diverged_at {operator} 3", table) is False
    assert evaluated(f"deep.diverged_at {operator} deep.diverged_at", table) is False
    assert evaluated(f"not deep.diverged_at {operator} 3", table) is True


def test_any_takes_both_sides_of_its_comparison_from_the_same_lane() -> None:
    table = {"deep.train_loss": 1, "deep.test_loss": 2, "wide.train_loss": 3, "wide.test_loss": 4}
    assert evaluated("any.train_loss > any.test_loss", table) is False
    assert evaluated("all.train_loss < all.test_loss", table) is True


def test_any_is_written_out_over_the_lanes_within_the_smallest_comparison() -> None:
    resolved = check(parse("(any.grad_norm[2] / 2 > 1) == (step > 3) and 0 < all.test_loss < 1"), LANES)
    assert render(resolved.root) == (
        "(wide.grad_norm[2] / 2 > 1 or deep.grad_norm[2] / 2 > 1) == (step > 3) "
        "and (0 < wide.test_loss < 1 and 0 < deep.test_loss < 1)"
    )
    assert [str(quantity) for quantity in resolved.quantities] == [
        "wide.grad_norm[2]",
        "deep.grad_norm[2]",
        "step",
        "wide.test_loss",
        "deep.test_loss",
    ]


def test_first_step_is_asked_of_the_history() -> None:
    text = "first_step(deep.train_loss < 0.01) < 400"
    firsts = {"deep.train_loss < 0.01": np.array([399.0, 400.0, math.nan])}
    assert evaluated(text, {}, firsts).tolist() == [True, False, False]
    any_lane = {"wide.train_loss < 0.01 or deep.train_loss < 0.01": 7.0}
    assert evaluated("first_step(any.train_loss < 0.01)", {}, any_lane) == 7


@pytest.mark.parametrize(
    ("text", "truth"),
    [("step == 500", True), ("not step == 500", True), ("epoch", False), ("first_step(step > 1)", False)],
)
def test_comparisons_are_told_from_quantities(text: str, truth: bool) -> None:
    assert is_comparison(parse(text)) is truth


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_is_accepted_as_its_definition_says(name: str) -> None:
    definition = QUANTITIES[name]
    reference = f"deep.{name}" if definition.of_lane else name
    if definition.whole_network:
        check(parse(reference), LANES)
    else:
        assert f'"{name}" needs a layer, such as "deep.{name}[1]"' in refusal(reference)
    if definition.per_layer:
        check(parse(f"{reference}[4]"), LANES)
    else:
        assert f'"{name}" takes no [layer]' in refusal(f"{reference}[1]")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dep.test_loss < 1", 'unknown lane "dep" in "dep.test_loss"; known: wide, deep, any, all'),
        ("dep.test_loss < 1", 'did you mean "deep"?'),
        ("deep.tst_loss < 1", 'unknown quantity "tst_loss"'),
        ("deep.tst_loss < 1", 'did you mean "test_loss"?'),
        ("test_loss < 1", '"test_loss" needs a lane, such as "wide.test_loss"'),
        ("stp == 1", 'did you mean "step"?'),
        ("deep.step == 1", '"step" stands alone'),
        ("deep.grad_norm[5] > 1", 'lane "deep" has layers 1 to 4, not "5"'),
        ("deep.grad_norm[0] > 1", 'lane "deep" has layers 1 to 4, not "0"'),
        ("deep.grad_norm[1,2] > 1", 'lane "deep" has layers 1 to 4, not "1,2"'),
        ("any.grad_norm[3] > 1", 'lane "wide" has layers 1 to 2, not "3"'),
        ("deep.W5[0,0] > 1", 'lane "deep" has layers 1 to 4, not "deep.W5[0,0]"'),
        ("deep.W2[0] > 1", '"W2" needs a unit of layer d and what goes into layer d, such as "deep.W2[0,0]"'),
        ("deep.W2 > 1", 'such as "deep.W2[0,0]"'),
        ("deep.W2[3,0] > 1", '"deep.W2[3,0]": a unit of layer 2 is one of 0 to 2, not 3'),
        ("deep.W2[0,3] > 1", '"deep.W2[0,3]": what goes into layer 2 is one of 0 to 2, not 3'),
        ("wide.a1[20,0] > 1", '"wide.a1[20,0]": a training sample is one of 0 to 19, not 20'),
        ("wide.output[0,1] > 1", '"wide.output[0,1]": a unit of layer 2 is one of 0 to 0, not 1'),
        ("W1[0,0] > 1", '"W1" needs a lane, such as "wide.W1[0,0]"'),
        ("deep.w1[0,0] > 1", 'unknown quantity "w1"'),
        ("step[1] == 1", '"step" takes no [layer]; those that do: grad_norm'),
        ("any.grad_norm", '"any.grad_norm" needs a comparison'),
        ("first_step(step > 1) + any.grad_norm", '"any.grad_norm" needs a comparison'),
        ("any.grad_norm < all.test_loss", 'both "any." and "all."'),
        ("first_step(first_step(step > 1) < 2)", 'stands inside another "first_step"'),
        ("first_step(deep.los < 1) < 2", 'unknown quantity "los"'),
    ],
)
def test_refusals_name_what_is_known(text: str, words: str) -> None:
    assert words in refusal(text)


def test_a_function_has_no_layers() -> None:
    with pytest.raises(ExpressionError, match='lane "saddle" is a function and has no layers'):
        check(parse("saddle.hessian_max[1] > 0"), {"saddle": LaneShape(variables=("x", "y"))})


def test_samples_are_not_counted_where_that_is_not_known_yet() -> None:
    check(parse("deep.a1[60,0] > 1"), LANES)


@pytest.mark.parametrize(
    "text", ["deep.W4[0,2]", "wide.b1[7]", "wide.dW2[0,7]", "deep.db4[0]", "wide.a1[19,7]", "wide.output[0,0]"]
)
def test_entries_that_are_there_are_accepted(text: str) -> None:
    assert render(check(parse(text), LANES).root) == text


def test_the_variables_of_a_function_are_quantities_of_its_lane() -> None:
    lanes = {"f": LaneShape(variables=("x", "y")), **LANES}
    check(parse("f.x < f.y"), lanes)
    for text, words in {
        "f.x[1] < 1": '"x" is a variable of lane "f" and takes no brackets',
        "f.u < 1": "known: ",
        "deep.x < 1": 'unknown quantity "x"',
        "any.x < 1": 'lane "wide" has no variables, not "any.x"',
        "f.W1[0,0] < 1": 'lane "f" is a function and has no layers',
    }.items():
        with pytest.raises(ExpressionError) as caught:
            check(parse(text), lanes)
        assert words in str(caught.value)


PART = st.sampled_from(["wide", "deep", "any", "all", "dep", ""])
REFERENCE = st.builds(
    lambda lane, name, index: (f"{lane}." if lane else "") + name + index,
    PART,
    st.sampled_from([*QUANTITIES, "W1", "b2", "output", "los"]),
    st.sampled_from(["", "[1]", "[3]", "[0,1]"]),
)
CONDITION = st.recursive(
    st.builds("{} < {}".format, REFERENCE, REFERENCE | st.just("1")),
    lambda inner: st.builds("({} and {})".format, inner, inner) | st.builds("first_step({}) < 9".format, inner),
    max_leaves=4,
)


@given(CONDITION)
@settings(deadline=None)
def test_any_condition_is_refused_or_has_no_lane_left_open(text: str) -> None:
    try:
        resolved = check(parse(text), LANES)
    except ExpressionError:
        return
    for part in (resolved, *resolved.first_steps):
        assert {quantity.lane for quantity in part.quantities} <= {None, *LANES}
    assert evaluate_check(resolved, lambda *_: 0.5, lambda _: math.nan) in (True, False)
