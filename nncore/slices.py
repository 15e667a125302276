"""Long computations in slices of bounded work: who waits may look elsewhere in between, or give the rest up."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
Result = TypeVar("Result")
Slices = Generator[None, None, Result]
"""A computation that stops after each slice of it, and returns its result."""


def finished(slices: Slices[Result], between: Callable[[], object] | None = None) -> Result:
    """The result of a computation, all its slices made at once; `between` is called after each, and may raise."""
    while True:
        try:
            next(slices)
            if between:
                between()
        except StopIteration as end:
            result: Result = end.value
            return result


def quiet(slices: Slices[Result]) -> Slices[Result]:
    """The same computation without warnings of overflow; those of whoever goes on in between stay."""
    while True:
        with np.errstate(all="ignore"):
            try:
                next(slices)
            except StopIteration as end:
                result: Result = end.value
                return result
        yield


class InSlices(Generic[P, Result]):
    """A function whose result is computed at once by a call, or bit by bit by `slices` with the same arguments."""

    def __init__(self, slices: Callable[P, Slices[Result]]) -> None:
        self.slices = slices
        update_wrapper(self, slices)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Result:
        return finished(self.slices(*args, **kwargs))
