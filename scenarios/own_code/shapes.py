"""Shapes in words: what each axis of a result is, and which slip makes another shape of it."""

from __future__ import annotations

from collections.abc import Iterator

Shape = tuple[int, ...]

_SAMPLES = "a row for each sample, a column for each unit"
_ROWS = {
    "A": _SAMPLES,
    "Z": _SAMPLES,
    "D": _SAMPLES,
    "W": "a row for each unit, a column for each input of the layer",
    "dW": "a row for each unit, a column for each input of the layer, as in W",
    "b": "a number for each unit",
    "db": "a number for each unit, as in b",
}


def axes(name: str) -> str:
    """What the axes of a result are: of D, "a row for each sample, …"; "" of a number."""
    return _ROWS.get(name, "")


def slips(name: str, found: Shape, expected: Shape, samples: int) -> Iterator[str]:
    """The slips that make a result of the shape `found` of one that should be `expected`, in words."""
    if name in ("b", "db"):
        yield from _of_biases(found, expected, samples)
    elif name == "L":
        yield from _of_loss(found, samples)
    elif len(expected) == 2:
        yield from _of_matrix(name, found, expected)


def _of_biases(found: Shape, expected: Shape, samples: int) -> Iterator[str]:
    (units,) = expected
    if found == (1, units):
        yield "keepdims=True, or a sum with a row of ones, leaves an axis too many: sum(axis=0) alone"
    if found == (units, 1):
        yield "it is a column: take it without a second axis, as from sum(axis=0)"
    if found in ((samples,), (samples, 1)):
        yield "axis=1 sums the units of each sample: sum over the samples, axis=0"
    if found in ((), (1,), (1, 1)):
        yield "a sum without axis adds the units too: sum over the samples, axis=0"


def _of_loss(found: Shape, samples: int) -> Iterator[str]:
    if found in ((samples,), (samples, 1)):
        yield "there is one loss for each sample: sum them up, without axis"
    if found in ((1,), (1, 1)):
        yield "keepdims=True leaves axes: sum without it"


def _of_matrix(name: str, found: Shape, expected: Shape) -> Iterator[str]:
    rows, columns = expected
    of_samples = name in ("A", "Z", "D")
    if found == (columns, rows):
        yield "rows and columns are changed: transpose it, .T, or change the order of the product"
    if found in ((columns,), (1, columns)):
        one = "samples were summed, or one was taken alone: keep a row for each" if of_samples else "rows were summed"
        yield f"axis=0 has gone: {one}"
    if name == "W" and found == (rows,):
        yield "it has the shape of b: W is returned first, then b"
    elif found in ((rows,), (rows, 1)):
        yield f"axis=1 has gone: {'a sum over the units, or [:, 0]' if of_samples else 'columns were summed'}"
    if found == ():
        yield "it is one number: a sum without axis adds everything"
    if of_samples and found == (rows, rows):
        yield "it has a column for each sample: (m,) has met (m, 1), or the product is in the wrong order"
