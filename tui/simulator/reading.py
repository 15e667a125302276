"""Reading a large file beside the screen: in a thread, as an errand that tells how far it is and can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Generic, TypeVar

from scenarios.file.csv_samples import Watch

Result = TypeVar("Result")

LARGE = 2_000_000
"""Bytes of a file that takes long to read."""
_LOOK = 0.01
"""Seconds between two looks at whether all is read."""


class _GivenUpError(Exception):
    """Nobody waits for it any more."""


class Reading(Generic[Result]):
    """What a function comes to that reads files and tells its watch how far it is; result: None before."""

    def __init__(self, read: Callable[[Watch], Result]) -> None:
        self._read = read
        self._share, self._size = 0.0, 0
        self._given_up = False
        self.result: Result | None = None
        self.error: Exception | None = None

    @property
    def long(self) -> bool:
        """Whether it has come to a file of many samples."""
        return self._size > LARGE

    def words(self) -> str:
        """How far it is."""
        return f"reading samples… {self._share:.0%}"

    def slices(self) -> Iterator[None]:
        """Parts of the time it takes; where they are not gone through to the end it is given up."""
        thread = Thread(target=self._work, daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_LOOK)
                yield
        finally:
            self._given_up = True

    def _work(self) -> None:
        try:
            self.result = self._read(self._watch)
        except _GivenUpError:
            pass
        except Exception as error:  # it is told where the result is waited for
            self.error = error

    def _watch(self, read: int, size: int) -> None:
        if self._given_up:
            raise _GivenUpError
        self._share, self._size = read / size if size else 1.0, size
