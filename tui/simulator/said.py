"""What is said of what a key did, and before a class which key it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Set

from tui.panes.layout import TALL
from tui.panes.status_lines import Message, message_lines
from tui.render.cells import Line
from tui.render.palette import Look
from tui.widgets.key_echo import KeyEcho

MESSAGE_SECONDS, ERROR_SECONDS = 5.0, 10.0
"""How long a message stands."""


class Said:
    """One message for some seconds; those who watch a class are only told what is wrong, and the last key else.

    after calls back in some seconds. changed: called when something else is to be shown.
    """

    def __init__(
        self,
        after: Callable[[float, Callable[[], None]], asyncio.TimerHandle],
        changed: Callable[[], None],
        echoes: bool,
    ) -> None:
        self._after, self._changed = after, changed
        self._echo = KeyEcho() if echoes else None
        self._silence: asyncio.TimerHandle | None = None
        self.message: Message | None = None

    def say(self, text: str, error: bool) -> None:
        """Say something in place of what was said before."""
        if self._echo is not None and not error:
            return
        self.message = Message(text, error)
        if self._silence is not None:
            self._silence.cancel()
        self._silence = self._after(ERROR_SECONDS if error else MESSAGE_SECONDS, self.no_more)
        self._changed()

    def no_more(self) -> None:
        """Take the message down."""
        self.message = None
        self._changed()

    def pressed(self, pressed: Set[str | None]) -> None:
        """A key was pressed, by its names."""
        if self._echo is not None and self._echo.press(pressed):
            self._changed()

    def placed(
        self, lines: list[Line], spoken_of: bool, width: int, height: int, look: Look
    ) -> tuple[list[Line], Line | None]:
        """The lines of the equation with the message over the last of them, and what stands in the place of all keys.

        The message stands there where the guide speaks of the equation, or the screen is low.
        """
        message = self.message
        said = message_lines(message, width, look, len(lines)) if message else []
        if message and (spoken_of or (len(said) == 1 and height < TALL)):
            return lines, message_lines(message, width, look, 1)[0]
        echo = self._echo.line(width, look) if self._echo else None
        return [*lines[: len(lines) - len(said)], *said], echo
