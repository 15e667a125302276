"""What a key does, without an app: a screen that remembers what it was told, and dialogs answered at once."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace

from tui.dialogs.form import Form
from tui.lesson.guide import Guide
from tui.lesson.truths import Truths
from tui.lesson.variation_quiz import Quiz
from tui.lesson.verdicts import Verdicts
from tui.render.palette import look
from tui.session.actions import do
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.simulator.task import Errand, run


class FakeScreen:
    """The parts of a screen that coroutines use."""

    def __init__(self, session):
        self.former = []
        self.said = []
        self.panes = SimpleNamespace(
            box=None,
            front=0,
            kinds=("loss",),
            focused_widget=None,
            selected_parameter=None,
            selected_subject=None,
            lesson=None,
        )
        self.look, self.size = look(), SimpleNamespace(width=80)
        self.playback = SimpleNamespace(pause=lambda: None, under_way=False)
        self.show_session(session)

    def show_session(self, session, quiz=None):
        self.session, self.verdicts, self.builder = session, Verdicts(session), FrameBuilder(session)
        self.guide, self.quiz = Guide(session, Truths(session)), quiz or Quiz(session)

    @property
    def label(self):
        return self.session.lane_runs[self.panes.front].lane.label

    def say(self, message, **_):
        self.said.append(message)

    async def do(self, action, note):
        await self.finish(do.slices(self.session, action), note)
        self.changed(f"{note}   (u undoes it)")

    async def finish(self, slices, words):
        await run(slices, words)

    def changed(self, note):
        self.say(note)
        self.bring_to_front(self.panes.front)

    def bring_to_front(self, lane):
        self.panes.front = min(lane, len(self.session.lane_runs) - 1)

    def advance_to(self, step):
        self.session.go_to(step)

    def move(self, way):
        self.session.move(way)

    def moved(self):
        pass

    def remember(self):
        pass

    def place_panes(self):
        pass

    def tell_hit(self, otherwise="", title=""):
        hit = self.session.hit
        self.say(hit.text if hit else otherwise)

    def frame(self):
        return self.builder.frame(Player(), self.panes.front)


def carry_out(task, *answers):
    """Carry out what a key does, its dialogs answered in turn; the dialogs that it opened.

    A form is answered by a mapping, by what its fields are to say; None leaves a dialog.
    """
    waiting, opened, answer = list(answers), [], None
    while True:
        try:
            wanted = task.send(answer)
        except StopIteration:
            assert waiting == [], "a dialog was expected"
            return opened
        if isinstance(wanted, Errand):
            deque(wanted.slices, maxlen=0)
            answer = None
            continue
        opened.append(wanted)
        answer = waiting.pop(0)
        if isinstance(wanted, Form) and answer is not None:
            answer = wanted.accept({field.name: field.value for field in wanted.fields} | answer)
