"""Sessions of small scenarios, and panes drawn from them without Textual."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scenarios.file.loader import parse
from tui.keymap.own_keys import use
from tui.lesson.verdicts import Verdicts
from tui.panes.pane import Base, Options, Study, View
from tui.panes.registry import PANES
from tui.render.palette import look
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Session

LANES = """
format = 1
name = "two-lanes"
question = "Which one?"
text = "Look."
steps = 100
[data]
kind = "disc"
samples = 20
test_samples = 10
[defaults]
batch_size = 8
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "wide"
hidden = [5]
[[lanes]]
id = "deep"
hidden = [3, 2, 3]
"""


def studied(pane, view):
    """The view with what a costly pane works out for it; other panes need nothing."""
    with np.errstate(all="ignore"):
        results = [result for result in pane.study(view.lane, None) if result is not None]
    study = Study(results[-1], view.lane.lane, view.lane.step, complete=True) if results else None
    return replace(view, study=study)


class Bench:
    """A session and what its panes make of it."""

    def __init__(self, text: str = LANES) -> None:
        self.session = Session.begin(parse(text.encode(), "test.toml", Path(".")))
        self.builder = FrameBuilder(self.session)
        self.verdicts = Verdicts(self.session)
        self.bases: dict[str, Base] = {}

    def frame(self, front: int = 0):
        return self.builder.frame(Player(), front, lesson=self.verdicts.view)

    def view(self, lane=0, width=60, height=14, options=None, selection=None, ascii=True, color=False, scroll=0):
        frame = self.frame(lane)
        one = look("dark", ascii, color)
        return View(frame, frame.lanes[lane], width, height, one, options or Options(), selection, scroll)

    def studied(self, kind: str, **view):
        """A view with what a costly pane needs worked out."""
        return studied(PANES[kind], self.view(**view))

    def draw(self, kind: str, **view):
        """A pane's drawing, its lines as text."""
        base = self.bases.setdefault(kind, Base())
        drawing = PANES[kind].draw(replace(self.view(**view), base=base))
        return drawing, ["".join(segment.text for segment in line) for line in drawing.lines]

    def into(self, operations: int) -> None:
        """Rest at step 0, then go that many operations into the first step."""
        self.session.go_to(0)
        for _ in range(operations):
            self.session.into()


@pytest.fixture(scope="session")
def bench():
    """Makes a bench of a scenario's text, by default of two small networks."""
    return Bench


@pytest.fixture(scope="session")
def worked_out():
    """Works out arithmetic as it stands on the screen."""

    def value(text):
        assert re.fullmatch(r"(?:[-+·/().,0-9e ]|max|min|sign)+", text), text
        return eval(text.replace("·", "*"), {"__builtins__": {}, "max": max, "min": min, "sign": np.sign})

    return value


@pytest.fixture(autouse=True)
def own_state(monkeypatch, tmp_path_factory):
    """What a test leaves behind for the next start is not found by another test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(autouse=True)
def default_keys():
    """Keys that a test sets are not those of another."""
    yield
    use({})
