"""Jets: hand-worked gradients and Hessians, kinks, and central differences on random expressions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nncore.arrays import Array
from scenarios.expressions.derivative import hessian, require_differentiable, value_and_gradient
from scenarios.expressions.expression import Expression, ExpressionError, parse
from scenarios.expressions.functions import FUNCTIONS


def slope(text: str, by: str = "x", **values: float) -> float:
    _, gradient = value_and_gradient(parse(text), values)
    return float(gradient[list(values).index(by)])


def curvature(text: str, x: float) -> float:
    return float(hessian(parse(text), {"x": x})[0, 0])


@pytest.mark.parametrize(
    ("text", "by", "on_paper"),
    [
        ("7", "x", "0"),
        ("x", "x", "1"),
        ("y", "x", "0"),
        ("3*x + 2", "x", "3"),
        ("0.5*x**2 - 0.5*y**2 + 0.25*y**4", "x", "x"),
        ("0.5*x**2 - 0.5*y**2 + 0.25*y**4", "y", "-y + y**3"),
        ("0.5*(x*y - 1)**2", "x", "(x * y - 1) * y"),
        ("sin(2*x)", "x", "2 * cos(2 * x)"),
        ("exp(-x)", "x", "-exp(-x)"),
        ("x*y", "y", "x"),
        ("max(x, 0)", "x", "where(x > 0, 1, 0)"),
        ("abs(x)", "x", "sign(x)"),
    ],
)
def test_derivatives_are_those_on_paper(text: str, by: str, on_paper: str) -> None:
    grid = np.linspace(-2, 2, 17)
    values = {"x": grid[:, None], "y": grid}
    value, gradient = value_and_gradient(parse(text), values)
    np.testing.assert_array_equal(value, parse(text).evaluate(values))
    np.testing.assert_array_equal(gradient[..., "xy".index(by)], parse(on_paper).evaluate(values))


@pytest.mark.parametrize(
    ("text", "point", "gradient", "hessian_worked"),
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
    text: str, point: dict[str, float], gradient: list[float], hessian_worked: list[list[float]]
) -> None:
    np.testing.assert_array_equal(value_and_gradient(parse(text), point)[1], gradient)
    np.testing.assert_array_equal(hessian(parse(text), point), hessian_worked)


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


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("3*x + 2", 1, 0),
        ("x*x", 3, 2),
        ("x*x*x", 2, 12),
        ("x**4", 0, 0),
        ("x**1", 0, 0),
        ("x**0", 0, 0),
        ("x**-1", 2, 0.25),
        ("1/x", 2, 0.25),
        ("x/(1 + x)", 1, -0.25),
        ("2**x", 3, 8 * math.log(2) ** 2),
        ("x**x", 2, 4 * ((math.log(2) + 1) ** 2 + 0.5)),
        ("sin(2*x)", 0.5, -4 * math.sin(1)),
        ("cos(x)", 0.5, -math.cos(0.5)),
        ("tan(x)", 0.5, 2 * math.tan(0.5) / math.cos(0.5) ** 2),
        ("asin(x)", 0.6, 0.6 / 0.8**3),
        ("acos(x)", 0.6, -0.6 / 0.8**3),
        ("atan(x)", 2, -4 / 25),
        ("sinh(x)", 1, math.sinh(1)),
        ("cosh(x)", 1, math.cosh(1)),
        ("tanh(x)", 1, -2 * math.tanh(1) / math.cosh(1) ** 2),
        ("exp(x**2)", 1, 6 * math.e),
        ("log(x)", 4, -1 / 16),
        ("log2(x)", 4, -1 / (16 * math.log(2))),
        ("log10(x)", 4, -1 / (16 * math.log(10))),
        ("sqrt(x)", 4, -1 / 32),
        ("x**2 % 2", 3.5, 2),
        ("floor(x) + ceil(x) + sign(x) + x // 2", 0.5, 0),
        ("abs(x**2 - 4)", 1, -2),
        ("max(x**2, 1)", 0.5, 0),
        ("max(x**2, 1)", 2, 2),
        ("max(x**2, x)", 1, 2),
        ("max(x, x**2)", 1, 0),
        ("where(x < 1, x**2, 5*x)", 0.5, 2),
        ("where(x < 1, x**2, 5*x)", 1, 0),
    ],
)
def test_second_derivatives_worked_by_hand(text: str, x: float, expected: float) -> None:
    assert curvature(text, x) == pytest.approx(expected, rel=1e-14, abs=1e-15)


def test_what_does_not_depend_on_a_variable_has_the_derivative_0_where_the_rest_is_infinite() -> None:
    assert slope("log(x) + y", "y", x=0.0, y=1.0) == 1
    assert slope("where(x > 0, sqrt(x), 0)", x=0.0) == 0
    assert slope("x**2", x=0.0) == curvature("x**3", 0.0) == 0


@pytest.mark.parametrize("text", ["x > 0", "x * (x > 0)", "not x > 0", "sin(0 < x < 1)"])
def test_comparisons_have_no_derivative(text: str) -> None:
    with pytest.raises(ExpressionError, match="no derivative by"):
        require_differentiable(parse(text), ["x"])


def test_conditions_and_comparisons_of_other_names_are_no_hindrance() -> None:
    require_differentiable(parse("where(x < 1 and y > 0, x**2, 5*x) + (1 < 2)"), ["x", "y"])
    require_differentiable(parse("x * (y > 0)"), ["x"])


def test_long_products_have_derivatives() -> None:
    product = "x" + "*x" * 50
    assert slope(product, x=1.0) == 51
    assert curvature(product, 1.0) == 51 * 50


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


def central(expression: Expression, x: float, y: float, h: float) -> tuple[Array, Array]:
    """The five-point central differences by x of the value and of the gradient, with an error of order h⁴."""
    values, gradients = value_and_gradient(expression, {"x": x + h * np.array([-2, -1, 1, 2]), "y": y})
    weights = np.array([1, -8, 8, -1]) / (12 * h)
    return weights @ values, weights @ gradients


@given(FUNCTION, st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
@settings(max_examples=300, deadline=None)
def test_jets_agree_with_central_differences(text: str, x: float, y: float) -> None:
    expression, at = parse(text), {"x": x, "y": y}
    value, gradient = value_and_gradient(expression, at)
    exact = gradient[0], hessian(expression, at)[0]
    coarse, fine = (central(expression, x, y, h) for h in (2e-3, 1e-3))
    for found, rough, close, around in zip(exact, coarse, fine, (value, gradient), strict=True):
        size = 1 + np.max(np.abs(close)) + np.max(np.abs(around))
        assume(math.isfinite(size) and np.max(np.abs(rough - close)) < 1e-7 * size)
        assert found == pytest.approx(close, abs=1e-6 * size)


@given(FUNCTION, st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
@settings(deadline=None)
def test_hessians_are_symmetric_and_values_those_of_the_expression(text: str, x: float, y: float) -> None:
    expression, at = parse(text), {"x": x, "y": y}
    second = hessian(expression, at)
    np.testing.assert_array_equal(second, second.T)
    np.testing.assert_array_equal(value_and_gradient(expression, at)[0], expression.evaluate(at))


@given(FUNCTION)
@settings(deadline=None)
def test_a_stack_of_points_has_the_derivatives_of_each(text: str) -> None:
    expression, x, y = parse(text), np.array([-1.0, 0.25, 1.5]), np.array([[0.5], [-2.0]])
    value, gradient = value_and_gradient(expression, {"x": x, "y": y})
    second = hessian(expression, {"x": x, "y": y})
    for i, j in np.ndindex(2, 3):
        at = {"x": x[j], "y": y[i, 0]}
        alone = (*value_and_gradient(expression, at), hessian(expression, at))
        for found, wanted in zip((value[i, j], gradient[i, j], second[i, j]), alone, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)


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
    expression, values = parse(text), {"x": np.array([-1.0, 0.0, math.inf]), "y": 2.0}
    try:
        require_differentiable(expression, ("x", "y"))
    except ExpressionError:
        return
    assert value_and_gradient(expression, values)[1].shape == (3, 2)
    assert hessian(expression, values).shape == (3, 2, 2)
