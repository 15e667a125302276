"""Loading a scenario for a command, with progress where a large file of samples is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from scenarios.file.csv_samples import Watch
from scenarios.file.loader import load
from scenarios.scenario import Scenario

_LARGE = 8 * 2**20
"""Bytes that take a while."""


def loaded(name: str, overrides: Sequence[str] = (), learner: str = "") -> Scenario:
    """The scenario of that name or path, with the user's changes and for a learner; raises ScenarioError."""
    with reading() as watch:
        return load(name, overrides, own_files=True, watch=watch, learner=learner)


@contextmanager
def reading() -> Iterator[Watch]:
    """A bar on stderr that is moved on as a large file is read."""
    with ExitStack() as stack:
        yield _Bar(stack)


class _Bar:
    """Moves a bar on as bytes are read; none of a small file."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._seen = stack, 0
        self._advance: Callable[[int], object] | None = None

    def __call__(self, read: int, size: int) -> None:
        if size < _LARGE:
            return
        if self._advance is None or read < self._seen:  # of the next file from its beginning
            from tui.commands.output import progress

            self._stack.close()
            self._advance, self._seen = self._stack.enter_context(progress(size, "reading samples")), 0
        self._advance(read - self._seen)
        self._seen = read
