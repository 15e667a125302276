"""Input that comes ahead: each key, press of the mouse or paste is handled once the one before has done all it does.

Textual routes input by screen and focus at the moment when it comes, although the key before it, still on its way
through the widgets, may be about to open a dialog or to move the focus.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message

ROUNDS = 4
"""How often messages go from the focus up to the app until what a key began is done: the key itself, a screen
that it opens, the focus there, an answer that closes a dialog."""
PATIENCE = 0.5
"""Seconds of a free loop after which a key counts as handled, though what was to tell of it is gone with its screen."""
LOOKS = 10
"""How often the clock is looked at meanwhile."""
AT_ONCE = ("ctrl+c", "ctrl+q")
"""Keys that overtake all others."""


class FreeTime:
    """Calls back once the loop was free for some seconds: however long it is blocked, that counts as one look only."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, callback: Callable[[], object]) -> None:
        self._loop, self._apart, self._callback = loop, seconds / LOOKS, callback
        self._looks = 0
        self._next = loop.call_later(self._apart, self._look)

    def _look(self) -> None:
        self._looks += 1
        if self._looks < LOOKS:
            self._next = self._loop.call_later(self._apart, self._look)
        else:
            self._callback()

    def cancel(self) -> None:
        """Do not call back."""
        self._next.cancel()


class Handled(Message):
    """Follows input from the focus up to the app, where it comes once the input was handled on the way."""

    def __init__(self, key: int, rounds: int) -> None:
        super().__init__()
        self.key, self.rounds = key, rounds


MOVES = (events.MouseMove, events.MouseScrollUp, events.MouseScrollDown)
"""Input after which nothing has to be waited for."""


class TypeAhead(App[int]):
    """An app that handles its input one at a time, the first once its first screen is there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._waiting: deque[events.InputEvent | events.Paste] = deque()
        self._begun, self._handled = 1, 0
        self._last_resort: FreeTime | None = None

    def on_mount(self) -> None:
        self._follow(ROUNDS)

    @property
    def handled_all(self) -> bool:
        """Whether all input that came was handled."""
        return self._begun == self._handled and not self._waiting

    async def on_event(self, event: events.Event) -> None:
        if (
            not isinstance(event, events.InputEvent | events.Paste)
            or event.is_forwarded
            or (isinstance(event, events.Key) and event.key in AT_ONCE)
        ):
            await super().on_event(event)
        else:
            self._waiting.extend(_taken_apart(event) if isinstance(event, events.Key) else [event])
            if self._begun == self._handled:
                await self._next()

    async def _next(self) -> None:
        while self._waiting and self._begun == self._handled:
            event = self._waiting.popleft()
            moves = isinstance(event, MOVES)
            self._begun += not moves
            await super().on_event(event)
            if not moves:
                self._follow(ROUNDS)

    def _follow(self, rounds: int) -> None:
        """Send after the input, so many times, what tells that it was handled."""
        last = Handled(self._begun, 0)
        if self._last_resort is not None:
            self._last_resort.cancel()
        self._last_resort = FreeTime(asyncio.get_running_loop(), PATIENCE, lambda: self.post_message(last))
        (self.focused or self.screen).post_message(Handled(self._begun, rounds - 1))

    async def on_handled(self, event: Handled) -> None:
        event.stop()
        if event.key != self._begun or self._begun == self._handled:
            return
        if event.rounds > 0 and self.screen_stack:
            self._follow(event.rounds)
            return
        self._handled = self._begun
        await self._next()


def _taken_apart(event: events.Key) -> list[events.Key]:
    """A key; or two where a terminal's bytes for an escape and a character came together, which look like alt."""
    if event.key.startswith("alt+") and event.character:
        return [events.Key("escape", "\x1b"), events.Key(event.character, event.character)]
    return [event]
