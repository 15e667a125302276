"""Reading and evaluating expressions: hand-worked values, refusals in words, and nothing between."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.expressions.functions import FUNCTIONS
from scenarios.expressions.tree import Quantity, render


def value(text: str, **values: object) -> float:
    return float(parse(text).evaluate(values))


def refusal(text: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 ** 3 ** 2", 512),
        ("-2 ** 2", -4),
        ("(-2) ** 2", 4),
        ("2 ** -1", 0.5),
        ("7 - 4 - 2", 1),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("1e3 + 0x10 + 1_000", 2016),
        ("+3", 3),
        ("sqrt(16) + abs(-2) + sign(-5)", 5),
        ("floor(2.7) + ceil(2.2)", 5),
        ("min(3, 1, 2) + 10 * max(1, 3, 2)", 31),
        ("log(e) + log2(8) + log10(1000)", 7),
        ("sin(pi / 2) + cos(pi)", 0),
        ("4 * atan(1) - pi", 0),
        ("cosh(1)**2 - sinh(1)**2", 1),
        ("where(1 < 2, 3, 4)", 3),
        ("where(1 < 2 and not 3 < 4, 3, 4)", 4),
        ("2 > 1", 1),
        ("3 > 2 > 1", 1),
        ("3 > 2 > 2", 0),
        ("(1 < 2) + (3 < 4)", 2),
        ("-(1 < 2)", -1),
        ("(1 < 2) != (3 < 2)", 1),
        ("1 < 2 and 2 < 1 or not 1 == 2", 1),
        ("1 +\n  1", 2),
    ],
)
def test_values_worked_by_hand(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, abs=1e-15)


def test_arrays_broadcast() -> None:
    rows, columns = np.array([[1.0], [2.0]]), np.array([10.0, 20.0, 30.0])
    result = parse("x1 * x2 + 1").evaluate({"x1": rows, "x2": columns})
    np.testing.assert_array_equal(result, [[11, 21, 31], [21, 41, 61]])
    assert result.dtype == np.float64


def test_a_constant_takes_the_shape_of_the_values() -> None:
    np.testing.assert_array_equal(parse("1").evaluate({"x": np.zeros(3)}), np.ones(3))


def test_the_value_never_shares_memory_with_its_arguments() -> None:
    x = np.zeros(3)
    assert not np.shares_memory(parse("x").evaluate({"x": x}), x)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 0", math.inf),
        ("-1 / 0", -math.inf),
        ("0 / 0", math.nan),
        ("log(0)", -math.inf),
        ("sqrt(-1)", math.nan),
        ("(-8) ** (1 / 3)", math.nan),
        ("9**9**9**9", math.inf),
        ("exp(1000)", math.inf),
        ("1 % 0", math.nan),
        ("sin(1 / 0)", math.nan),
        ("asin(2)", math.nan),
    ],
)
def test_inf_and_nan_come_without_a_warning(text: str, expected: float) -> None:
    np.testing.assert_equal(value(text), expected)


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "==", "!="])
def test_every_comparison_with_nan_is_false(operator: str) -> None:
    assert value(f"x {operator} 1", x=math.nan) == 0
    assert value(f"x {operator} x", x=math.nan) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x^2", 'use "**"'),
        ("x & y", 'use "and"'),
        ("x = 1", 'use "=="'),
        ("", "empty"),
        (" \n", "empty"),
        ("x\0", "\\x00"),
        ("\ud800", "\\ud800"),
        ("2x", "invalid decimal literal"),
        ("2(x)", "a product needs *"),
        ("(x", "never closed"),
        ("sinn(x)", 'did you mean "sin"?'),
        ("sin", "function of 1 argument"),
        ("sin(1, 2)", "function of 1 argument"),
        ("max(1)", "function of 2 arguments or more"),
        ("where(1 < 2, 1)", "function of 3 arguments"),
        ("where(x, 1, 2)", "begins with a comparison"),
        ("first_step(x)", "begins with a comparison"),
        ("x and y", '"and" takes comparisons'),
        ("not x", '"not" takes comparisons'),
        ("any(x > 1)", "ranges over the lanes"),
        ("1 if x > 0 else 2", "where(condition, value, otherwise)"),
        ("1e999", "at most 1.8e308"),
        ("9" * 999, "at most 1.8e308"),
        ("a.grad_norm[-1]", "a layer's number or indices"),
        ("a.grad_norm[True]", "a layer's number or indices"),
        ("a.W2[1,2,3]", "a layer's number or indices"),
        ("a.W2[1,x]", "a layer's number or indices"),
        ("a.b.c", "lane.name"),
        ("np.sin(x)", "plain name"),
        ("True", '"True" is not allowed'),
        ("1j", '"1j" is not allowed'),
        ("x is 1", '"x is 1" is not allowed'),
        ("'x'", "is not allowed"),
        ("[1, 2]", '"[1, 2]" is not allowed'),
        ("max(*x, y)", '"*x" is not allowed'),
        ("[x for x in y]", "is not allowed"),
        ("__import__('os')", "is not allowed"),
        ("x" * 1001, "1,001 characters"),
    ],
)
def test_refusals_say_what_was_found_and_what_is_allowed(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize("opening", ["(", "sin(", "-", "not ", "x**", "1+", "a[", "where(x<", "max(0,"])
def test_depth_is_refused_in_words(opening: str) -> None:
    closing = {"(": ")", "[": "]", ",": ")"}.get(opening[-1], "")
    assert "50 deep" in refusal(opening * 51 + "1" + closing * 51)
    assert "50 deep" in refusal(opening * (999 // len(opening)) + "1")


def test_a_depth_of_fifty_is_read() -> None:
    assert value("(" * 50 + "1" + ")" * 50) == 1
    assert value("abs(" * 50 + "1" + ")" * 50) == 1
    assert value("1" + "+1" * 50) == 51


def test_references_are_named_in_order_and_once() -> None:
    expression = parse("b.grad_norm[2] > step or a.test_loss < b.grad_norm[2] + x")
    assert expression.quantities == (
        Quantity("b", "grad_norm", (2,)),
        Quantity(None, "step"),
        Quantity("a", "test_loss"),
        Quantity(None, "x"),
    )
    assert expression.names == {"step", "x"}


def test_first_step_keeps_its_own_references() -> None:
    expression = parse("first_step(a.train_loss < 0.1) < first_step(b.train_loss < 0.1) + step")
    assert expression.quantities == (Quantity(None, "step"),)
    assert [condition.text for condition in expression.first_steps] == [
        "a.train_loss < 0.1",
        "b.train_loss < 0.1",
    ]


def test_require_names_the_nearest() -> None:
    parse("rate * x").require(["x", "rate"])
    with pytest.raises(ExpressionError, match='unknown name "rat"; known: x, rate; did you mean "rate"'):
        parse("rat * x").require(["x", "rate"])
    with pytest.raises(ExpressionError, match=r'unknown name "deep\.x"; known: x'):
        parse("deep.x").require(["x"])
    with pytest.raises(ExpressionError, match="claims and breakpoints"):
        parse("first_step(x < 1)").require(["x"])


CHARACTERS = list("xy1290e()[],.+-*/%<=!^#'_é²{\\\0\n ")
WORDS = [
    "2.5",
    "pi",
    "[1]",
    "//",
    "**",
    "==",
    "!=",
    "first_step(",
    "a.test_loss",
    ":=",
    "0x",
    "1e",
    "where(x<1,",
]
KEYWORDS = [f" {word} " for word in ("and", "or", "not", "if", "else", "lambda", "for", "in", "is", "await")]
TOKENS = st.sampled_from([*CHARACTERS, *WORDS, *KEYWORDS, *FUNCTIONS, "any", "all"])
TEXTS = st.text() | st.lists(TOKENS, max_size=300).map("".join) | st.lists(TOKENS, max_size=40).map(" ".join)


@given(TEXTS)
@settings(deadline=None)
@example("9**9**9**9")
@example("(" * 1000)
@example("-" * 1000)
@example("lambda " * 140)
def test_any_text_is_an_expression_or_refused_on_one_line(text: str) -> None:
    try:
        expression = parse(text)
    except ExpressionError as error:
        message = str(error)
        assert message.isprintable()
        assert len(message) < 400
    else:
        assert isinstance(expression, Expression)
        assert parse(render(expression.root)).root == expression.root


ATOMS = st.sampled_from(["x", "y", "2", "0.5", "3e-5", "1e300"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "<", "!=", "<= 2 <"])
    unary = st.sampled_from([name for name in FUNCTIONS if FUNCTIONS[name].most == 1])
    return (
        st.builds("({} {} {})".format, inner, binary, inner)
        | st.builds("{} {} {}".format, inner, binary, inner)
        | st.builds("{}({})".format, unary, inner)
        | st.builds("min({}, {}, {})".format, inner, inner, inner)
        | st.builds("where({} < {} and not {} > 0, {}, -{})".format, inner, inner, inner, inner, inner)
    )


@given(st.recursive(ATOMS, grown, max_leaves=12))
@settings(deadline=None)
def test_what_is_read_evaluates_without_a_warning_and_prints_back(text: str) -> None:
    expression = parse(text)
    x, y = np.array([-1.5, 0.0, 2.0, math.inf]), np.array([[0.0], [1e200], [math.nan]])
    result = expression.evaluate({"x": x, "y": y})
    assert result.shape == (3, 4)
    again = parse(render(expression.root))
    assert again.root == expression.root
    np.testing.assert_array_equal(again.evaluate({"x": x, "y": y}), result)
