"""Derivatives: hand-worked gradients and Hessians, kinks, and central differences on random expressions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scenarios.expressions.derivative import derivative
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.expressions.functions import FUNCTIONS


def slope(text: str, by: str = "x", **values: float) -> float:
    return float(derivative(parse(text), by).evaluate(values))


@pytest.mark.parametrize(
    ("text", "by", "printed"),
    [
        ("7", "x", "0"),
        ("x", "x", "1"),
        ("y", "x", "0"),
        ("3*x + 2", "x", "3"),
        ("0.5*x**2 - 0.5*y**2 + 0.25*y**4", "x", "x"),
        ("0.5*x**2 - 0.5*y**2 + 0.25*y**4", "y", "-y + y**3"),
        ("0.5*(u*w - 1)**2", "u", "(u * w - 1) * w"),
        ("sin(2*x)", "x", "2 * cos(2 * x)"),
        ("exp(-x)", "x", "-exp(-x)"),
        ("x*y", "y", "x"),
        ("max(x, 0)", "x", "where(x > 0, 1, 0)"),
        ("abs(x)", "x", "sign(x)"),
    ],
)
def test_derivatives_print_as_on_paper(text: str, by: str, printed: str) -> None:
    assert derivative(parse(text), by).text == printed


@pytest.mark.parametrize(
    ("text", "point", "gradient", "hessian"),
    [
        (
            "0.5*x**2 - 0.5*y**2 + 0.25*y**4",
            {"x": 1.0, "y": 2.0},
            [1, -2 + 8],
            [[1, 0], [0, -1 + 12]],
        ),
        (
            "0.5*(x*y - 1)**2",
            {"x": 2.0, "y": 3.0},
            [5 * 3, 5 * 2],
            [[9, 5 + 6], [5 + 6, 4]],
        ),
        (
            "(1 - x)**2 + 100*(y - x**2)**2",
            {"x": -1.0, "y": 2.0},
            [2 * (-1 - 1) - 400 * -1 * (2 - 1), 200 * (2 - 1)],
            [[2 - 400 * (2 - 3), 400], [400, 200]],
        ),
    ],
)
def test_gradient_and_hessian_of_test_functions(
    text: str, point: dict[str, float], gradient: list[float], hessian: list[list[float]]
) -> None:
    first = [derivative(parse(text), name) for name in point]
    np.testing.assert_array_equal([g.evaluate(point) for g in first], gradient)
    second = [[derivative(g, name).evaluate(point) for name in point] for g in first]
    np.testing.assert_array_equal(second, hessian)


def test_the_saddle_holds_exactly() -> None:
    assert slope("0.5*x**2 - 0.5*y**2 + 0.25*y**4", "y", x=1.0, y=0.0) == 0


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("tan(x)", 0.5, 1 / math.cos(0.5) ** 2),
        ("asin(x)", 0.6, 1 / 0.8),
        ("acos(x)", 0.6, -1 / 0.8),
        ("atan(x)", 2, 0.2),
        ("sinh(x)", 1, math.cosh(1)),
        ("cosh(x)", 1, math.sinh(1)),
        ("tanh(x)", 1, 1 - math.tanh(1) ** 2),
        ("log(x)", 4, 0.25),
        ("log2(x)", 4, 0.25 / math.log(2)),
        ("log10(x)", 4, 0.25 / math.log(10)),
        ("sqrt(x)", 4, 0.25),
        ("2**x", 3, 8 * math.log(2)),
        ("x**x", 2, 4 * (math.log(2) + 1)),
        ("x**-2", 2, -0.25),
        ("1/(1 + x)", 1, -0.25),
        ("x/(1 + x)", 1, 0.25),
        ("x % 2", 3.5, 1),
        ("7 % x", 2, -3),
        ("x // 2", 3.5, 0),
        ("floor(x) + ceil(x) + sign(x)", 0.5, 0),
        ("min(x**2, 3, x)", 0.25, 0.5),
        ("min(x**2, 3, x)", 2, 1),
        ("min(x**2, 3, x)", 5, 0),
        ("where(x < 1, x**2, 5*x)", 0.5, 1),
        ("where(x < 1, x**2, 5*x)", 1, 5),
        ("abs(x)", -3, -1),
        ("x * (y > 0)", 3, 1),
    ],
)
def test_slopes_worked_by_hand(text: str, x: float, expected: float) -> None:
    assert slope(text, x=x, y=1.0) == pytest.approx(expected, rel=1e-14, abs=1e-15)


def test_slopes_at_kinks() -> None:
    assert slope("abs(x)", x=0.0) == 0
    assert slope("max(x, 0)", x=0.0) == slope("max(0, x)", x=0.0) == 0
    assert slope("min(x, 0)", x=0.0) == slope("min(0, x)", x=0.0) == 0
    assert slope("max(2*x, 3*x)", x=0.0) == 2


@pytest.mark.parametrize("text", ["x > 0", "x * (x > 0)", "not x > 0", "sin(0 < x < 1)"])
def test_comparisons_have_no_derivative(text: str) -> None:
    with pytest.raises(ExpressionError, match="no derivative by"):
        derivative(parse(text), "x")


def test_a_derivative_too_long_to_use_is_refused() -> None:
    product = parse("x" + "*x" * 50)
    assert slope(product.text, x=1.0) == 51
    with pytest.raises(ExpressionError, match="too long"):
        derivative(derivative(product, "x"), "x")


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner)
        | st.builds("{}({})".format, st.sampled_from(["sin", "cos", "tanh", "atan", "sinh", "-"]), inner)
        | st.builds("sqrt(1 + ({})**2)".format, inner)
        | st.builds("log(2 + cos({}))".format, inner)
        | st.builds("exp(-({})**2)".format, inner)
        | st.builds("({})**{}".format, inner, st.sampled_from(["2", "3", "0", "1"]))
        | st.builds("({} / (2 + sin({})))".format, inner, inner)
        | st.builds("(1.5 + cos({}))**({})".format, inner, inner)
    )


FUNCTION = st.recursive(st.sampled_from(["x", "y", "2", "0.5", "pi"]), grown, max_leaves=10)


def central(expression: Expression, x: float, y: float, h: float) -> float:
    """The five-point central difference by x, with an error of order h⁴."""
    f = expression.evaluate({"x": x + h * np.array([-2, -1, 1, 2]), "y": y})
    return float((f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h))


@given(FUNCTION, st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
@settings(max_examples=300, deadline=None)
def test_derivatives_agree_with_central_differences(text: str, x: float, y: float) -> None:
    expression = parse(text)
    for _ in range(2):
        exact = derivative(expression, "x")
        coarse, fine = (central(expression, x, y, h) for h in (2e-3, 1e-3))
        size = 1 + abs(fine) + abs(float(expression.evaluate({"x": x, "y": y})))
        assume(math.isfinite(size) and abs(coarse - fine) < 1e-7 * size)
        assert exact.evaluate({"x": x, "y": y}) == pytest.approx(fine, abs=1e-6 * size)
        expression = exact


@given(FUNCTION)
@settings(deadline=None)
def test_the_text_of_a_derivative_reads_back_as_the_same_tree(text: str) -> None:
    exact = derivative(parse(text), "x")
    assume(len(exact.text) <= 1000)
    assert parse(exact.text).root == exact.root


ATOMS = st.sampled_from(["x", "y", "0", "-1", "0.5", "1e300", "(y > 0)"])


def anything(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    unary = st.sampled_from([name for name in FUNCTIONS if FUNCTIONS[name].most == 1])
    return (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "**"]), inner)
        | st.builds("{}({})".format, unary, inner)
        | st.builds("{}({}, {}, {})".format, st.sampled_from(["min", "max"]), inner, inner, inner)
        | st.builds("where({} < {}, {}, {})".format, inner, inner, inner, inner)
        | st.builds("1e300 * (1e300 * {})".format, inner)
    )


@given(st.recursive(ATOMS, anything, max_leaves=20))
@settings(deadline=None)
def test_any_expression_differentiates_twice_or_is_refused(text: str) -> None:
    expression = parse(text)
    try:
        for name in ("x", "y"):
            expression = derivative(expression, name)
            expression.evaluate({"x": np.array([-1.0, 0.0, math.inf]), "y": 2.0})
    except ExpressionError:
        return
