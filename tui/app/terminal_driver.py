"""Textual's driver of a POSIX terminal, for terminals that send any bytes and are left from any thread."""

from __future__ import annotations

from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Any

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver


def _dropping_decoder(encoding: str) -> Callable[[], IncrementalDecoder]:
    """Makes decoders that drop bytes which mean nothing; Textual's own end the program there."""
    return partial(getincrementaldecoder(encoding), errors="ignore")


linux_driver.getincrementaldecoder = _dropping_decoder  # type: ignore[assignment]


class TerminalDriver(LinuxDriver):
    """A driver whose terminal is left once, whichever thread comes first."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._leaving, self._entered = Lock(), False

    def start_application_mode(self) -> None:
        super().start_application_mode()
        self._entered = True

    def stop_application_mode(self) -> None:
        with self._leaving:
            if self._entered:
                self._entered = False
                self._disable_mouse_support()  # what follows leaves it on, where this is not the main thread
                super().stop_application_mode()
