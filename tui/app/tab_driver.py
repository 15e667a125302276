"""Textual's driver for a browser tab, for an app that ends with the server it draws for."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class TabDriver(WebDriver):
    """A driver whose app ends when nothing more can come."""

    def run_input_thread(self) -> None:
        """Wait for input, until the app ends, or what sends it is gone."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.process_message(ExitApp())
