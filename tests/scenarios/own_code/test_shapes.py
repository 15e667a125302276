"""What has another shape or type than it should is told as NumPy shows it, with the slip that makes it."""

from __future__ import annotations

import pytest

from scenarios.own_code.wording import described
from tests.scenarios.own_code.learners import changed, checked

SHAPES = [
    ("D[d].sum(axis=0)", "D[d].sum(axis=0, keepdims=True)", "db2", "keepdims=True, or a sum"),
    ("D[d].sum(axis=0)", "D[d].sum(axis=1)", "db2", "axis=1 sums the units of each sample"),
    ("D[d].sum(axis=0)", "D[d].sum(axis=1, keepdims=True)", "db2", "axis=1 sums the units of each sample"),
    (
        "    return 0.5 * np.sum((output - Y) ** 2)",
        "    return 0.5 * np.sum((output - Y) ** 2, axis=1)",
        "L",
        "there is",
    ),
    (
        "    return D, dW",
        "    D[1] = D[1].mean(axis=0)\n    return D, dW",
        "D1",
        "axis=0 has gone: samples were summed",
    ),
    ("    return D, dW", "    D[1] = D[1].sum(axis=1, keepdims=True)\n    return D, dW", "D1", "axis=1 has gone"),
    ("    return D, dW", "    D[1] = D[1].T\n    return D, dW", "D1", "rows and columns are changed"),
    (
        "return {d: W[d] - alpha * dW[d] for d in W}, {d: b[d] - alpha * db[d] for d in b}",
        "return {d: b[d] - alpha * db[d] for d in b}, {d: W[d] - alpha * dW[d] for d in W}",
        "W1",
        "it has the shape of b: W is returned first",
    ),
]


@pytest.mark.parametrize(("old", "new", "key", "slip"), SHAPES)
def test_a_wrong_axis_is_told_by_the_shape_that_it_makes(tmp_path, old, new, key, slip):
    told = checked(tmp_path, changed((old, new))).findings[0]
    assert (told.fault.result.key, told.mistakes) == (key, ("shape",))
    assert len(told.fault.slips) == 1
    assert told.fault.slips[0].startswith(slip)
    where, _, hint = described(told)
    assert f"found {told.fault.found}, expected {told.fault.expected}" in where
    assert hint == told.fault.slips[0]


@pytest.mark.parametrize(
    ("zeroth", "found"),
    [("{}", "nothing"), ("{0: X.T}", "an array (2, 1) of float64"), ("{0: 2 * X}", "an array of other numbers")],
)
def test_what_forward_returns_as_z0_is_told_there(tmp_path, zeroth, found):
    change = "    return A, Z\n", f"    del Z[0]\n    return A, {{**Z, **{zeroth}}}\n"
    told = checked(tmp_path, changed(change)).findings[0]
    assert (told.function, told.says) == (
        "forward",
        f"Z[0] is {found}: it should be X, as it was given, and A comes before Z",
    )


def test_an_error_for_other_shapes_is_told_in_lines_of_its_own(tmp_path):
    told = checked(tmp_path, changed(("A[d - 1] > 0", "A[d] > 0"))).findings[0]
    error = next(line for line in described(told) if "ValueError" in line)
    assert error.startswith(("for other shapes: ValueError", "backward: ValueError"))
    assert list(described(told))[-1].startswith("  in a ")


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ("A[d].astype(np.float32)", "numbers are kept as float32: compute in float64"),
        ("A[d].tolist()", ""),
    ],
)
def test_numbers_that_are_no_arrays_of_doubles(tmp_path, kept, says):
    told = checked(tmp_path, changed(("    return A, Z", f"    return {{d: {kept} for d in A}}, Z"))).findings[0]
    assert (told.fault.result.key, told.says) == ("A1", says)
    assert says or told.fault.found == "a list of 1"
