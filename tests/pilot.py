"""The app driven by Textual's Pilot, without a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from textual.binding import Binding
from textual.events import Key
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from scenarios.file.catalog import Course
from scenarios.file.loader import load, parse
from scenarios.scenario import Scenario
from tui.app.app import GradstepApp
from tui.keymap.table import Command
from tui.panes.layout import MINIMUM
from tui.simulator.keys import Simulator
from tui.widgets.bindings import bindings

PATIENCE = 240.0
"""Seconds after which what was waited for will not come any more."""


ROUNDS = 3
"""How often messages are passed on after a key at least: screen, panes, and what they send back."""


def keys_of(command: Command) -> list[str]:
    """A command's keys in the table, by Textual's names."""
    return [binding.key for binding in Binding.make_bindings(bindings((command,))) if binding.id]


class Driver:
    """The app while it runs: keys in, screens and sessions out."""

    def __init__(self, app: GradstepApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def simulator(self) -> Simulator:
        """The simulator, also while a dialog is over it."""
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, Simulator))

    @property
    def session(self):
        return self.simulator.session

    @property
    def cursor(self) -> tuple[int, int | None]:
        return (self.session.cursor.step, self.session.cursor.position)

    @property
    def dialog(self) -> str:
        """The name of the class of the screen on top, "" for the simulator."""
        name = type(self.app.screen).__name__
        return "" if name == "Simulator" else name

    @property
    def text(self) -> str:
        """What the screen on top shows."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def notes(self) -> str:
        """The messages shown: in the simulator the one that stands there, and those of the picker."""
        screens = [screen for screen in self.app.screen_stack if isinstance(screen, Simulator)]
        said = [screen.said.message.text for screen in screens if screen.said.message]
        return "\n".join([*said, *(note.message for note in self.app._notifications)])

    async def press(self, *keys: str) -> None:
        """Send keys, by Textual's names, each once the one before was answered; what plays goes on meanwhile."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
            for _ in range(ROUNDS):
                await self.passed_on()
            async with asyncio.timeout(PATIENCE):
                while self.app.is_running and not self.app.handled_all:
                    await self.passed_on()

    async def passed_on(self) -> None:
        """Let everybody who has messages go through them, and draw what came of it.

        As a pause of Pilot's, which asks every widget, whether it has messages or not.
        """
        screen = self.app.screen
        busy = [self.app, screen, *(one for one in screen.walk_children() if one.message_queue_size)]
        waiting: set[MessagePump] = set()

        def passed(one: MessagePump) -> None:
            waiting.discard(one)

        waiting |= {one for one in busy if one.call_later(passed, one)}
        async with asyncio.timeout(PATIENCE):
            while any(one.is_running for one in waiting):
                assert self.app._exception is None, self.app._exception
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.app.screen._on_timer_update()

    async def type(self, text: str) -> None:
        """Put a text into the field in focus, in place of what stands there."""
        self.app.screen.focused.value = text
        await self.passed_on()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, as long as it takes but not for ever, looking less often the longer it takes."""
        seconds = 0.002
        async with asyncio.timeout(PATIENCE):
            while not condition():
                assert self.app._exception is None, self.app._exception
                await self.passed_on()
                await asyncio.sleep(seconds)
                seconds = min(1.5 * seconds, 0.05)
            await self.passed_on()

    async def settled(self) -> None:
        """Wait until no walk is under way and the screen is drawn."""
        await self.until(lambda: self.simulator.playback.errand is None and not self.simulator.playback.player.playing)

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.passed_on()


def drive(
    scenario: Scenario | Course | str | None,
    walk: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (120, 40),
    ascii: bool = False,
    learner: str = "",
) -> None:
    """Run a walk on the app, opened on a scenario, on one of the library by its name, or on the picker of a course.

    Those of the library come without their guides, which would choose the panes and hold moves up.
    """
    opened = replace(load(scenario), guide=(), quiz=()) if isinstance(scenario, str) else scenario

    async def run() -> None:
        app = GradstepApp(opened, ascii, learner=learner)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: "? help" in driver.text or not isinstance(opened, Scenario) or size < MINIMUM)
            await walk(driver)

    asyncio.run(run())


def scenario(text: str) -> Scenario:
    """The scenario in a text."""
    return parse(text.encode(), "test.toml", Path("."))
