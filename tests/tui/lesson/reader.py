"""Reads a guide without the app: does in the session what each stage waits for, as its keys would."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nncore.slices import finished
from scenarios.guide import (
    LINES,
    CheckHolds,
    Did,
    Filled,
    LookedAt,
    OperationReached,
    PaneOpened,
    Ran,
    StepReached,
    Target,
    Until,
)
from scenarios.scenario import Scenario
from tui.lesson.guide import Guide
from tui.lesson.guide_page import page_of
from tui.lesson.truths import Truths
from tui.panes.guide import box, draw_guide
from tui.panes.layout import GUIDE, Layout, PaneId, Region, arrange, pane_order
from tui.panes.marks import line_mark, pane_of, pointed
from tui.panes.pane import CORNERS, Options, View
from tui.panes.registry import SHARED
from tui.render.cells import longest
from tui.render.palette import Look
from tui.session.actions import Branch, CountStart, EditSettings, Fill, NewSeed, do
from tui.session.frame import Frame, GuideView, LessonView
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Bounds, Session
from tui.simulator.screen import BARS

MOST_PAGES = 60
"""How many pages a guide may have, replies and visits to the same stage counted."""
RATE = {"optimizer": {"name": "sgd", "learning_rate": 0.123}}


@dataclass(frozen=True)
class Sheet:
    """A page at a size: its box's text with the titles in its border, and what is pointed at but not marked in view."""

    text: str
    unmarked: tuple[Target, ...]


class Reader:
    """A learner at the guide of a scenario, without a screen."""

    def __init__(self, scenario: Scenario) -> None:
        self.session = Session.begin(scenario)
        self.truths = Truths(self.session)
        self.guide = Guide(self.session, self.truths)
        self._builder = FrameBuilder(self.session)
        self._kinds = scenario.panes
        self._front = 0
        self._opened()

    def read(self, look: Callable[[], None]) -> list[str]:
        """Go to the last stage, looking at every page on the way; the titles of the stages that were open."""
        guide, titles = self.guide, list[str]()
        for _ in range(MOST_PAGES):
            self._looked()
            if titles[-1:] != [guide.stage.title]:
                titles.append(guide.stage.title)
            look()
            if guide.finished and guide.reply is None:
                return titles
            self._obey()
        raise AssertionError(f"the guide does not come to its end: {titles}")

    def sheet(self, width: int, height: int, look: Look) -> Sheet:
        """The page that is open, at a size of the screen."""
        frame = self._frame()
        page = frame.lesson.guide
        assert page is not None
        regions = self._arranged(frame, page, Region(0, 0, width, height - BARS), look)
        if GUIDE not in regions:
            return Sheet("", page.targets)
        room = regions[GUIDE]
        drawing = draw_guide(page, View(frame, frame.lane, room.width - 2, room.height - 2, look, Options()))
        titles = longest(room.width - CORNERS, *drawing.titles)
        text = "".join([titles, *(segment.text for line in drawing.lines for segment in line)])
        return Sheet(text, tuple(one for one in page.targets if not _is_marked(frame, one, regions, look)))

    def _arranged(self, frame: Frame, page: GuideView, room: Region, look: Look) -> Layout:
        lanes = len(frame.lanes)
        focused = next(pane for pane in pane_order(self._kinds, SHARED, lanes) if pane.lane in (None, self._front))
        asked = box(page, look, frame.lane.lane.id)
        return arrange(room, self._kinds, SHARED, lanes, self._front, self._to_enter or focused, asked, False)

    @property
    def _to_enter(self) -> PaneId | None:
        """The pane in which the open stage wants something selected."""
        until = None if self.guide.done else self.guide.stage.until
        if not isinstance(until, LookedAt):
            return None
        kind = pane_of(until.target)
        return PaneId(kind, None if kind in SHARED else self._front)

    def _frame(self) -> Frame:
        lesson = LessonView(hidden=self.guide.open_questions, guide=page_of(self.guide))
        return self._builder.frame(Player(), self._front, lesson=lesson)

    def _looked(self) -> None:
        """Let the guide look, and measure whatever its page needs."""
        self.guide.looks(self._front)
        while due := self.guide.due():
            finished(self.truths.telling(*due[0]))
            self.guide.looks(self._front)

    def _opened(self) -> None:
        """Go where the stage that has opened wants the cursor, and choose its panes."""
        place, panes = self.guide.place, self.guide.stage.panes
        if place is not None and place != self.session.cursor:
            self.session.bound(Bounds())
            self.session.go_to(place.step)
            self.session.stand_at(place)
        if panes:
            self._kinds = (*panes, "lesson")
        self.guide.opened()

    def _obey(self) -> None:
        """Do what the open page asks for."""
        guide = self.guide
        if guide.reply is not None or guide.done:
            if guide.forward():
                self._opened()
        elif guide.asking:
            question = guide.stage.question
            assert question is not None
            guide.answer(**({"choice": 0} if question.choices else {"number": 1.0}))
        elif guide.stage.at is not None and self.session.cursor.step < guide.stage.at:
            self.session.go_to(guide.stage.at)
        else:
            assert guide.stage.until is not None
            for lane in re.findall(r"[Pp]ress ([1-4]) for ", page_of(guide).say):
                self._front = int(lane) - 1
            self._do(guide.stage.until)
            self._looked()
            assert guide.done, f"{guide.stage.until} was done, and is still waited for"

    def _do(self, until: Until) -> None:
        """What a stage waits for."""
        session, guide = self.session, self.guide
        match until:
            case StepReached(step):
                session.go_to(step)
            case CheckHolds():
                finished(session.run(session.scenario.steps, session.stop_search()))
            case OperationReached():
                for _ in range(2 * len(session.lockstep)):
                    if not guide.done:
                        session.into()
            case Did("branch"):
                do(session, Branch(self._front, set=RATE))
            case Did("edit"):
                do(session, EditSettings((self._front,), RATE, "another rate"))
            case LookedAt(how, target):
                self._bring_to_front(target.lane)
                guide.sees(how, target)
            case PaneOpened(pane):
                guide.sees("pane", Target(pane))
            case Filled(operation):
                self._bring_to_front(operation.lane)
                do(session, Fill(self._front, str(type(operation)(operation.kind, operation.layer)), 1, 0, 0))
            case Ran("seeds"):
                guide.sees("seeds", Target("seeds"))
            case Ran(_, count):
                for _ in range(count):
                    do(session, NewSeed())
                    do(session, CountStart(session.seed, (None,) * len(session.scenario.lanes)))
            case _:
                raise AssertionError(f"nobody here does {until}")

    def _bring_to_front(self, lane: str | None) -> None:
        ids = [lane_run.lane.id for lane_run in self.session.lane_runs]
        self._front = ids.index(lane) if lane in ids else self._front


def _is_marked(frame: Frame, target: Target, regions: Mapping[PaneId, Region], look: Look) -> bool:
    """Whether a line, or a pane in view that shows a target, is to carry the mark."""
    if target.name in LINES:
        return line_mark(frame, target.name, look) != " "
    kind = pane_of(target)
    in_view = [frame.lane if pane.lane is None else frame.lanes[pane.lane] for pane in regions if pane.kind == kind]
    return any(pointed(frame, kind, lane) for lane in in_view)
