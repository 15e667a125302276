"""The last resort of a program that is to end: it does, whatever its threads still compute."""

from __future__ import annotations

import os
from threading import Thread, Timer

from textual.app import App

CLEANING_SECONDS = 0.2
"""How long the terminal may take to be left then."""


def limit_ending(app: App[int], seconds: float, status: int) -> None:
    """End the process after some seconds, whatever its threads still compute; a test's process goes on."""
    if not app.is_headless:
        last_resort = Timer(seconds, _end_now, [app, status])
        last_resort.daemon = True
        last_resort.start()


def _end_now(app: App[int], status: int) -> None:
    """End the process from any thread, and leave the terminal clean if it takes what is written."""
    cleaning = Thread(target=_leave_terminal, args=[app], daemon=True)
    cleaning.start()
    cleaning.join(CLEANING_SECONDS)
    os._exit(status)


def _leave_terminal(app: App[int]) -> None:
    if app._driver is not None:
        app._driver.stop_application_mode()
        app._driver.close()
