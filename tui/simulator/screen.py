"""The one screen, made of parts: what plays the session, the panes, what keeps it, and the lesson's verdicts."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from time import monotonic, thread_time
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.events import Key
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from nncore.slices import Slices, finished
from scenarios.expressions.expression import Expression
from tui.explain.notation import hit_in_words, losses_in_words
from tui.keymap.own_keys import keyed
from tui.keymap.table import SIMULATOR
from tui.lesson.guide import Guide
from tui.lesson.guide_page import after_the_last, page_of
from tui.lesson.lesson_progress import LessonProgress
from tui.lesson.truths import Checked, Truths
from tui.lesson.variation_quiz import Quiz
from tui.lesson.verdicts import Verdicts
from tui.panes.guide import box, large_box
from tui.panes.layout import MINIMUM, Box, Region
from tui.panes.marks import line_mark, pane_of
from tui.panes.pane import Options
from tui.panes.status_lines import equation_lines, header
from tui.render.palette import Look
from tui.session.actions import do
from tui.session.cursor import Cursor
from tui.session.frame import Frame, LessonView
from tui.session.frame_builder import FrameBuilder
from tui.session.lane_run import LaneRun
from tui.session.session import Session, Way
from tui.session.snapshot import Action
from tui.simulator.arrangement import AT_A_DESK, Arrangement, first_panes
from tui.simulator.attention import Attention
from tui.simulator.host import Host
from tui.simulator.pane_grid import PaneGrid
from tui.simulator.playback import Playback
from tui.simulator.run_keeper import RunKeeper
from tui.simulator.said import Said
from tui.simulator.task import Errand, Task, going, run
from tui.simulator.watching import Watching
from tui.widgets.key_bar import Guided, KeyBar
from tui.widgets.picture import PictureWidget
from tui.widgets.timeline_bar import TimelineBar
from tui.widgets.timer import after

if TYPE_CHECKING:  # it loads the mistakes, which only those who fill in need
    from tui.lesson.fill_in import Kept

BARS = 5
"""The lines above and below the panes: header, equation, timeline and keys."""
STUDY_PERIOD = 0.05
"""How often what costly panes have found is looked at."""
SAVE_SECONDS = 1.0
"""How often the run is kept on disk while it goes on; a change is kept at once."""
CHART_SECONDS = 0.25
"""How far apart charts are drawn anew while playing."""
CHECKING = "checking the lesson"


class SimulatorScreen(Screen[None]):
    """The screen without its keys, which are in `keys`.

    former: runs of the scenario before its changes with their quizzes, for undo. filled: what was filled in of steps.
    """

    AUTO_FOCUS = ""

    def __init__(self, session: Session, host: Host, arrangement: Arrangement = AT_A_DESK) -> None:
        super().__init__()
        self.host, self.keeper, self.arrangement = host, RunKeeper(host), arrangement
        self.options = Options(large=arrangement.large)
        self.panes = PaneGrid(first_panes(session, host), session.view.front, arrangement.arrange)
        self._header, self._equation = PictureWidget(id="header"), PictureWidget(id="equation")
        self._timeline, self._keys = TimelineBar(id="timeline"), KeyBar(SIMULATOR, id="keys")
        self._too_small = Static(id="too-small")
        self.playback = Playback(session, monotonic, thread_time, self.after, self.moved, self.tell_hit)
        looked_at, waits = lambda: self.panes.shows("watch"), lambda: not host.handled_all
        self.watching = Watching(monotonic, self.after, looked_at, waits, self.refresh_view)
        self.former: list[tuple[Session, Quiz]] = []
        self.filled: dict[tuple[LaneRun, int], Kept] = {}
        self._attended = Attention(monotonic)
        self._charted = 0.0
        self._latest: Frame | None = None
        self._placed_for = Size()
        self.set_class(arrangement.large, "large")
        self.said = Said(self.after, self._show_said, arrangement.echoes)
        self._left: tuple[Session, Cursor] | None = None
        self.show_session(session)

    def show_session(self, session: Session, quiz: Quiz | None = None) -> None:
        """Put another session in place of the one before, with its quiz where that was begun."""
        self.session = self.playback.session = session
        session.memory, session.learner = self.host.memory, self.host.learner or session.learner
        self.truths = Truths(session)
        self.verdicts = Verdicts(session, self.truths)
        followed = self.host.follows_guide(session.scenario)
        self.guide = Guide(session, self.truths, followed, self.arrangement.by_hands)
        self.quiz = quiz or Quiz(session)
        self.builder = FrameBuilder(session)
        self._guide = page_of(self.guide)

    def compose(self) -> ComposeResult:
        yield from (self._header, self.panes, self._equation, self._timeline, self._keys, self._too_small)

    def on_mount(self) -> None:
        self.set_interval(STUDY_PERIOD, self.panes.study)
        self.app.theme_changed_signal.subscribe(self, lambda _: self.place_panes())
        self.set_interval(SAVE_SECONDS, lambda: self.keeper.keep_on(self.session))
        if self.guide.on:
            self.choose_stage_panes()
            self.call_after_refresh(self.show_stage)  # a run stays where it is, and with it keys that came before
        self.place_panes()

    def choose_stage_panes(self) -> bool:
        """Choose the panes that the open stage names; whether these are others than before."""
        kinds, panes = self.panes.kinds, self.guide.stage.panes
        if panes:
            self.panes.choose((*panes, "lesson"))
        if self.arrangement.large:
            self._put_first({pane_of(target) for target in self.guide.stage.point})
        return self.panes.kinds != kinds

    def _put_first(self, spoken_of: set[str]) -> None:
        """Put the panes that the open stage speaks of on the first page, and that in view."""
        self.panes.kinds = tuple(sorted(self.panes.kinds, key=lambda kind: kind not in spoken_of))
        self.panes.focused_pane = None

    def on_key(self, event: Key) -> None:
        """Show those who watch which key was pressed."""
        self.said.pressed({event.key, event.character})

    def on_unmount(self) -> None:
        """Keep the run as it is left, and remember how far the lesson got."""
        self.playback.pause()
        self.keeper.keep(self.session)
        self.remember()

    def remember(self) -> None:
        """Tell the host how far the lesson got, for the picker."""
        session = self.session
        if session.reached or session.journal:
            self.host.remember(session.saved(), self._result(), self.verdicts.score, self.progress())

    def progress(self) -> LessonProgress:
        """How far the lesson got since this was asked last."""
        guide, done, of, seconds = self.guide, self.guide.stages_done, len(self.guide.stages), self._attended.taken()
        over = guide.finished and not self.quiz.open(before=False)
        quiz = self.quiz.marks(before=False)
        return LessonProgress(done, of, guide.marked, quiz, seconds, guide.finished, over)

    def _result(self) -> str:
        """The lanes' losses in words, "" before the first step."""
        return losses_in_words(self.frame()) if self.session.reached else ""

    @property
    def look(self) -> Look:
        return self.host.look

    @property
    def is_open(self) -> bool:
        """Whether the screen has not been left yet, though messages still come."""
        return self in self.app.screen_stack

    @property
    def label(self) -> str:
        """The name of the lane in front."""
        return self.session.lane_runs[self.panes.front].lane.label

    def after(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        """Call back in some seconds."""
        return after(self, seconds, callback)

    # What a key does

    def start(self, task: Task) -> None:
        """Begin what a key does, in place of what is under way."""
        if self.playback.under_way:
            if self.playback.errand not in (None, CHECKING):
                self.say(f"stopped at step {self.session.cursor.step:,}, as a key was pressed")
            self.playback.pause()
            self.refresh_view()
        self.begin(task)

    def begin(self, task: Task) -> None:
        """Begin what a key does, beside what is under way."""
        self._go_on(task, None)

    def _go_on(self, task: Task, answer: object) -> None:
        """Let it come to the next dialog or errand that it waits for."""
        try:
            wanted = task.send(answer)
        except StopIteration:
            return
        if isinstance(wanted, Errand):
            self.playback.run(wanted, lambda: self._go_on(task, None))
        else:
            self.app.push_screen(wanted, lambda answer: self._go_on(task, answer))

    def move(self, way: Way) -> None:
        """Go a short way in place of what is under way: at once, or in slices where it may take long."""
        session, before = self.session, self.session.cursor
        if not session.large:
            self.playback.pause()
            session.move(way)
            self._tell_held(before)
            self.moved()
        elif (words := going(way(session.lockstep, before))) != self.playback.errand:  # it goes there already
            self.playback.run(Errand(session.moving(way), words), lambda: self._tell_held(before))

    def _tell_held(self, before: Cursor) -> None:
        """Say why the cursor did not move, where the guide holds it."""
        if self.session.cursor == before and self.guide.held_move:
            self.say(self.guide.held_move)

    @abstractmethod
    def show_stage(self) -> None:
        """Show what the open stage of the guide wants in view."""

    def advance_to(self, step: int) -> None:
        """Walk to a step, as far from here as it may be, or as the guide lets it."""
        if not self.session.allows(Cursor(step)):
            self.say(self.guide.held_move)
        self.playback.run(Errand(self.session.advance(step)))

    async def do(self, action: Action, note: str) -> None:
        """Do what undo takes back, say so, and show the lanes as they are now."""
        await self.finish(do.slices(self.session, action), f"{note}…")
        self.changed(note + keyed("   ({undo} undoes it)"))

    async def finish(self, slices: Slices[object], words: str) -> None:
        """Come to the end of a computation: at once, or between keys where it may take long."""
        if self.session.large:
            await run(slices, words)
        else:
            finished(slices)

    def changed(self, note: str) -> None:
        """Say what was done to the lanes, and show them as they are now."""
        self.say(note)
        self.bring_to_front(self.panes.front)

    def bring_to_front(self, lane: int) -> None:
        """Put a lane in front, the last one if there is no such."""
        self.panes.bring_to_front(lane, len(self.session.lane_runs))
        self.place_panes()

    # What is shown

    def place_panes(self) -> None:
        """Put the panes where the size, the lanes and the choice want them, and show what there is."""
        if not self.panes.is_attached:  # not composed yet, or left already
            return
        self._latest = None  # it may lack lanes that come in view now
        width, height = self._placed_for = self.size
        small = width < MINIMUM[0] or height < MINIMUM[1]
        self.set_class(small, "small")
        if small:
            self._too_small.update(f"gradstep needs {MINIMUM[0]}×{MINIMUM[1]} cells, here are {width}×{height}")
        room = None if small else Region(0, 0, width, height - BARS)
        self.panes.place(room, len(self.session.lane_runs), self._box())
        if not small:
            self.call_after_refresh(self.moved)

    def _box(self) -> Box | None:
        """What the guide's page asks of the layout."""
        asks = large_box if self.arrangement.large else box
        return asks(self._guide, self.look, self.session.lane_runs[self.panes.front].lane.id) if self._guide else None

    def on_resize(self) -> None:
        if self.size != self._placed_for:
            self.place_panes()

    def on_screen_resume(self) -> None:
        """Fit the size that there is once a dialog has closed: what came under it may not have been told here."""
        self.call_later(self.on_resize)

    def frame(self, fresh: bool = True) -> Frame:
        """The session as it stands."""
        playback, watch = self.playback, self.watching.rows(self.session)
        return self.builder.frame(playback.player, self.panes.front, playback.busy, fresh, self._lesson(), watch)

    def _lesson(self) -> LessonView:
        page = page_of(self.guide)
        if page is not None and self.guide.finished and not (page.waits or page.tells):
            page = replace(page, after=after_the_last(self.quiz, self.playback.errand not in (None, CHECKING)))
        return replace(self.verdicts.view, hidden=self.guide.open_questions, guide=page)

    @property
    def before_lesson(self) -> bool:
        """Whether the lesson has not begun: its first page is open, without a guide no step was made."""
        return not self.guide.stages_done if self.guide.stages else not self.session.reached

    def moved(self) -> None:
        """After every move and change: let the guide look, show it, keep it, see whether there is something to tell."""
        if not self.is_open:
            return
        self._attended.note()
        for target in self.panes.selected_targets:
            self.guide.sees("selected", target)
        self.guide.looks(self.panes.front)
        self.refresh_view()
        self.session.look_at(self.panes.front, tuple(self.panes.kinds))
        self.session.remember()
        self.keeper.note(self.session)
        if not self.playback.under_way and self._untold():
            self.call_later(self._tell)

    def refresh_view(self) -> None:
        """Build a frame and give it to every line and pane in view: the one place where the session is painted."""
        now, calm = monotonic(), not self.playback.under_way
        fresh = calm or now - self._charted >= CHART_SECONDS
        if fresh:
            self._charted = now
        frame = self._latest = self.frame(fresh)
        if frame.lesson.guide != self._guide:
            self._guide = frame.lesson.guide
            self.place_panes()
            return
        self.paint(frame)

    def paint(self, frame: Frame) -> None:
        """Give a frame to every pane and line in view."""
        self.panes.show(frame, self.options, self.look)
        self._show_lines(frame)  # what is selected is told of panes that are shown

    def _show_lines(self, frame: Frame) -> None:
        width, widget = self.size.width, self.panes.focused_widget
        self._header.show_lines([header(frame, width, self.look)])
        lines = equation_lines(frame, widget.explanation(frame) if widget else "", width, self.look, self.options.large)
        spoken_of = line_mark(frame, "equation", self.look) != " "
        lines, key_line = self.said.placed(lines, spoken_of, width, self.size.height, self.look)
        self._equation.show_lines(lines)
        self._timeline.show(frame, self.look)
        inside = widget.pane.hints(widget.view) if widget and widget.view and self.panes.inside else ()
        guide = frame.lesson.guide
        guided: Guided | None = None if guide is None else "asks" if guide.asking else "tells"
        self._keys.show(inside, guided, key_line)

    @on(TimelineBar.Picked)
    def _picked(self, event: TimelineBar.Picked) -> None:
        self.advance_to(event.step)

    # What is told

    def say(self, text: str, *, error: bool = False) -> None:
        """Say what a key did, or why it could not, for some seconds, in place of what was said before."""
        self.said.say(text, error)

    def _show_said(self) -> None:
        if self._latest is not None and self.is_open:
            self._show_lines(self._latest)

    def tell_hit(self, otherwise: str = "", title: str = "breakpoint") -> None:
        """Say which condition stopped the run, and where; a lane that it is about comes to the front."""
        hit = self.session.hit
        if hit is not None and hit.text != self.session.bounds.until:
            ids = [lane_run.lane.id for lane_run in self.session.lane_runs]
            self.bring_to_front(ids.index(hit.lane) if hit.lane in ids else self.panes.front)
            self.say(f"{title}: {hit_in_words(self.session, hit, self.panes.front)}")
        elif otherwise:
            self.say(otherwise)

    def _untold(self) -> list[Checked | tuple[str, int]]:
        """What of the lesson can be told by now, unless that was stopped where the cursor still is."""
        return [*self.guide.due(), *self.verdicts.due()] if self._left != (self.session, self.session.cursor) else []

    def _tell(self) -> None:
        """Work out one thing that the run has come to: a number of the guide, a claim or a prediction."""
        due = self._untold()
        if due and not self.playback.under_way:
            what, at = due[0]
            self.start(self._telling(what, at) if isinstance(what, str) else self._measuring(what, at))

    async def _measuring(self, expression: Expression, at: int) -> None:
        await run(self.truths.telling(expression, at), CHECKING)
        self.moved()
        self.remember()  # a lane that is edited from here on takes the truth with it

    async def _telling(self, kind: str, number: int) -> None:
        await run(self.verdicts.telling(kind, number), CHECKING)
        if kind == "prediction" and self.verdicts.right(number) is not None:
            right, asked = self.verdicts.score
            self.say(f"{self.verdicts.lines()[number]}  Score {right} of {asked}.")

    def stop_errand(self) -> None:
        """Leave the errand under way; what the lesson says is not checked again before the cursor moves."""
        if self.playback.errand == CHECKING:
            self._left = (self.session, self.session.cursor)
        self.playback.stop_errand()
