"""The app: its themes, its screens, and how it starts and ends."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.filter import ANSIToTruecolor, LineFilter
from textual.notifications import SeverityLevel
from textual.screen import ModalScreen

from tui.app.ascii_filter import AsciiFilter
from tui.app.ending import limit_ending
from tui.app.presentation import Presentation
from tui.app.progress import Progress, key_of, recall, remembered_runs
from tui.app.themes import NAMES, following, textual_theme, theme_called
from tui.app.type_ahead import TypeAhead
from tui.keymap.own_keys import keyed, textual_keymap, use
from tui.preferences.config import Config
from tui.preferences.preferences import Preferences
from tui.render.palette import Look, look
from tui.widgets.timer import after

if TYPE_CHECKING:
    from pathlib import Path

    from textual.command import Provider
    from textual.driver import Driver

    from scenarios.file.catalog import Course
    from scenarios.guide import Target
    from scenarios.scenario import Scenario
    from tui.app.picker import Picked
    from tui.archive.autosave import Autosave
    from tui.lesson.lesson_progress import LessonProgress, Score
    from tui.session.session import Session
    from tui.session.snapshot import SavedRun
    from tui.simulator.keys import Simulator

SEEN_AGAIN = "how far runs were looked at is remembered again"
SIGNALLED = 128
"""What the exit status after a signal adds to its number, as a shell tells it."""
LEFT = "taken up where you left it (to begin anew: {open}, then ctrl+n)"
UNNAMED = "each learner has their own numbers here: gradstep --as ID gives you yours"
ENDING_SECONDS = 5.0
"""How long the app may take to end after a signal."""
QUITTING_SECONDS = 0.7
"""How long it may take where nothing is left to write."""
RESIZED_SECONDS = 0.05
"""How long after another size the screens know it at the latest."""


def _collect_again() -> None:
    """What the launch loaded stays for good; only what comes later is worth collecting."""
    gc.freeze()
    gc.enable()


def _on_signal(loop: asyncio.AbstractEventLoop, number: int, callback: Callable[[int], None]) -> None:
    """Call back in the loop when a signal comes, also where loops do not listen to signals themselves."""
    try:
        loop.add_signal_handler(number, callback, number)
    except NotImplementedError:
        signal.signal(number, lambda number, _: loop.call_soon_threadsafe(callback, number))


class GradstepApp(TypeAhead):
    """gradstep in the terminal, on the picker or on one scenario."""

    CSS_PATH = "gradstep.tcss"
    TITLE = "gradstep"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[Callable[[], type[Provider]]]] = set()  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "interrupt", "interrupt", show=False, priority=True)]

    def __init__(
        self,
        opened: Scenario | SavedRun | Course | None = None,
        ascii: bool = False,
        anew: bool = False,
        selected: Target | None = None,
        config: Config | None = None,
        present: bool = False,
        learner: str = "",
    ):
        super().__init__()
        config = config or Config()
        self._preferences = Preferences(config)
        self._opened, self._anew, self._selected, self.learner = opened, anew, selected, learner
        self._ascii = ascii or self._preferences.ascii
        self._course: Course | None = None
        self._simulator: Simulator | None = None
        self._autosave: Autosave | None = None
        self._progress: Progress | None = None
        self._failing: set[str] = set()
        self._quitting = False
        for name in NAMES:
            self.register_theme(textual_theme(name))
        self.theme = NAMES[self._preferences.theme]
        self._presentation = Presentation(self, lambda: self.look)
        if present:
            self._presentation.begin()
        use(config.keys)
        self.set_keymap(textual_keymap())

    @property
    def look(self) -> Look:
        """How panes draw: the theme's palette, and the glyphs asked for."""
        name = theme_called(self.theme)
        return look(name, self._ascii, "NO_COLOR" not in os.environ)

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                _on_signal(loop, getattr(signal, name), self._end)
        self.call_after_refresh(_collect_again)
        self._open_first()
        if self._preferences.problem:
            self._say(self._preferences.problem, error=True)

    def _open_first(self) -> None:
        """Show what the app was started on: by default the picker of the library, which needs no NumPy."""
        from scenarios.file.catalog import Course

        if self._opened is None or isinstance(self._opened, Course):
            self._course = self._opened
            self.action_open()
            return
        from scenarios.scenario import Scenario

        if isinstance(self._opened, Scenario):
            self.open_scenario(self._opened, self._anew)
        else:
            self.open_run(self._opened)
        if self._selected is not None and self._simulator is not None:
            self._simulator.guide.on = False  # this is about what is selected
            self._simulator.call_after_refresh(self._simulator.select, self._selected)

    def get_driver_class(self) -> type[Driver]:
        """What Textual finds for this platform; for a POSIX terminal and for a browser tab our own."""
        found = super().get_driver_class()
        if found.__module__ == "textual.drivers.web_driver":
            from tui.app.tab_driver import TabDriver

            return TabDriver
        if found.__module__ != "textual.drivers.linux_driver":
            return found
        from tui.app.terminal_driver import TerminalDriver

        return TerminalDriver

    def on_resize(self) -> None:
        """See that the screens are told: Textual's timer for it may skip its call, and is never set again then."""
        after(self, RESIZED_SECONDS, self._check_resize)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line passes on its way to the terminal, those of Textual's own widgets too.

        Not the one for the terminal's own colours: none are used, and looking for them takes a tenth of a frame.
        """
        kept = [one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor)]
        return [*kept, AsciiFilter()] if self._ascii else kept

    @property
    def progress(self) -> Progress:
        """What is remembered from one start to the next."""
        if self._progress is None:
            self._progress = recall()
        return self._progress

    memory = cached_property(remembered_runs)
    """How far runs were looked at, in every opening."""

    def open_scenario(self, scenario: Scenario, anew: bool = False) -> None:
        """Show a scenario in place of the one before; a lesson that was left on the way where that was."""
        from scenarios.file.loader import of_learner
        from tui.session.session import Session

        scenario = of_learner(scenario, self.learner)
        if self._presentation.on:
            self._presentation.show(scenario)
            return
        left, problem = self._left(scenario) if scenario.guide and not anew else (None, "")
        if left is None:
            self.open_session(Session.begin(scenario))
        else:
            self.open_run(left)
        unnamed = UNNAMED if scenario.learner_seed and not self.learner else ""
        if told := problem or (keyed(LEFT) if left else unnamed):
            self._say(told, error=bool(problem))
        if scenario.file != scenario.name:
            self._tell_of_progress(self.progress.opened(scenario.file))

    def _left(self, scenario: Scenario) -> tuple[SavedRun | None, str]:
        """The run in which a lesson was left on the way, and why one that is there cannot be taken up."""
        from tui.archive.errors import SharingError
        from tui.archive.kept_lessons import kept_lesson

        try:
            return kept_lesson(key_of(scenario.name, scenario.file), scenario, self.learner), ""
        except SharingError as error:
            return None, str(error)

    def open_session(self, session: Session) -> None:
        """Show a session in place of the one before."""
        from tui.simulator.keys import Simulator

        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._simulator = Simulator(session, self)
        self.push_screen(self._simulator)

    def open_run(self, run: SavedRun) -> None:
        """Show a saved run as it was left; before a class its scenario, from the beginning."""
        from tui.session.session import Session

        if self._presentation.on:
            self._presentation.show(run.scenario)
            return

        self.open_session(Session(run))
        if run.notes:
            self._say("\n".join(run.notes))

    def keep(self, run: SavedRun, instead_of: Path | None = None) -> None:
        """Keep a run in case the program does not end by itself, in place of a file that kept it before."""
        if self._quitting:
            return
        if self._autosave is None:
            from tui.archive.autosave import Autosave

            self._autosave = Autosave()
        self._autosave.save(run, instead_of)

    def keeping(self) -> bool:
        """Whether the run is kept on the way, as far as that is known; a change of it is told."""
        self._tell_once(self.memory.save(), again=SEEN_AGAIN)
        problem = self._autosave.problem if self._autosave is not None else ""
        self._tell_once(problem, again="runs are kept on the way again")
        return not problem

    def remember(self, run: SavedRun, result: str, score: Score, visit: LessonProgress) -> None:
        """Remember how far a lesson got, and where it is left on the way."""
        key = key_of(run.scenario.name, run.scenario.file)
        problem = self.progress.left(key, result, score, visit)
        if run.scenario.guide and not run.scenario.overrides:
            from tui.archive.kept_lessons import forget_lesson, keep_lesson

            if visit.over:
                forget_lesson(key)
            else:
                problem = keep_lesson(key, run) or problem
        self._tell_of_progress(problem)
        self._tell_once(self.memory.save(), again=SEEN_AGAIN)

    def follows_guide(self, scenario: Scenario) -> bool:
        return self._preferences.guide(key_of(scenario.name, scenario.file))

    def chosen_panes(self, scenario: Scenario) -> tuple[str, ...] | None:
        return self._preferences.panes(key_of(scenario.name, scenario.file))

    def choose_guide(self, scenario: Scenario | None, on: bool) -> None:
        lesson = None if scenario is None else key_of(scenario.name, scenario.file)
        self._tell_of_choices(self._preferences.choose_guide(lesson, on))

    def choose_panes(self, scenario: Scenario, panes: tuple[str, ...]) -> None:
        self._tell_of_choices(self._preferences.choose_panes(key_of(scenario.name, scenario.file), panes))

    def _tell_of_choices(self, problem: str) -> None:
        self._tell_once(problem, again="what you choose can be remembered again")

    def _tell_of_progress(self, problem: str) -> None:
        """Tell whether what is remembered from one start to the next could be written, if that has changed."""
        self._tell_once(problem, again="what was opened can be remembered again")

    def _tell_once(self, problem: str, again: str) -> None:
        if bool(problem) != (again in self._failing):
            self._failing ^= {again}
            self._say(problem or again, error=bool(problem))

    def _say(self, text: str, error: bool = False) -> None:
        """Tell something in the simulator's line of messages; elsewhere it lies over the screen for a while."""
        from tui.simulator.screen import SimulatorScreen

        screen = next((one for one in reversed(self.screen_stack) if not isinstance(one, ModalScreen)), None)
        if isinstance(screen, SimulatorScreen):
            screen.say(text, error=error)
        else:
            self.notify(text, severity="error" if error else "information", timeout=6)

    def forget_run(self) -> None:
        """The program ends as its user wants: nothing is offered at the next start, nor kept by screens that close."""
        self._quitting = True
        if self._autosave is not None:
            self._autosave.done()

    def _end(self, number: int) -> None:
        """End as a signal asks, the terminal clean and the run kept."""
        limit_ending(self, ENDING_SECONDS, SIGNALLED + number)
        self.exit(return_code=SIGNALLED + number)

    def action_interrupt(self) -> None:
        """The program ends at once; its run is kept, and offered at the next start."""
        self._end(signal.SIGINT)

    def _handle_exception(self, error: Exception) -> None:
        """End with a traceback, but for screens that opened while the program was ending and were given no widgets."""
        if not (self._exit and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message as it is written."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)

    async def action_quit(self) -> None:
        limit_ending(self, QUITTING_SECONDS, 0)
        self.forget_run()
        self.exit()

    def action_open(self) -> None:
        from tui.app.picker import Picker

        if self._simulator is not None and self._simulator.is_open:
            self._simulator.remember()
        if self._presentation.on:
            self.push_screen(Picker(Progress(), self._course, offers=False), self._picked)
        else:
            self.push_screen(Picker(self.progress, self._course), self._picked)

    def _picked(self, picked: Picked) -> None:
        """Show what was picked; without a choice go back to the simulator, or out where none is open."""
        from tui.app.picker import Chosen, TakenUp

        if isinstance(picked, Chosen):
            self.open_scenario(picked.scenario, picked.anew)
        elif isinstance(picked, TakenUp):
            self.open_run(picked.run)
            if picked.kept is not None:
                self.keep(picked.run, picked.kept)
        elif picked is not None:
            self._course = picked
            self.action_open()
        elif len(self.screen_stack) == 1:
            limit_ending(self, QUITTING_SECONDS, 0)
            self.exit()

    def action_present(self) -> None:
        """Show the lesson that is open to a class, or leave that; where nothing was open before, the app."""
        if self._presentation.on:
            self._presentation.leave()
            if len(self.screen_stack) == 1:
                self.exit()
        elif self._simulator is not None:
            self._simulator.playback.pause()
            self._presentation.show(self._simulator.session.scenario)

    def action_next_theme(self) -> None:
        if self._presentation.on:
            self._presentation.next_theme()
        else:
            theme = following(self._preferences.theme, list(NAMES))
            self.theme = NAMES[theme]
            self._tell_of_choices(self._preferences.choose_theme(theme))

    def action_next_glyphs(self) -> None:
        """Unicode or ASCII: whatever has been drawn is drawn anew."""
        self._ascii = not self._ascii
        self._invalidate_css()
        self.refresh_css(animate=False)
        self.theme_changed_signal.publish(self.current_theme)
        self._tell_of_choices(self._preferences.choose_glyphs("ascii" if self._ascii else "unicode"))
