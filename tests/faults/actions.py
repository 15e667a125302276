"""Anything a session can be asked to do, at random, and three other ways to the same state: replay, undo, a file."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random

from scenarios.export.toml import toml_text
from scenarios.file.loader import load, parse
from scenarios.guide import NamedOperation
from tests.undo import undo
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.exports.scenario_file import scenario_table
from tui.lesson.fill_in import begin
from tui.lesson.quiz import answer, next_question
from tui.lesson.recording import read, recall, recorded, repeat
from tui.lesson.waiting import place_of
from tui.render.selection import Unit
from tui.session.actions import (
    Branch,
    Close,
    EditSettings,
    Fill,
    NewSeed,
    Predict,
    Rename,
    Reopen,
    SetParameter,
    do,
)
from tui.session.breakpoints import Breakpoint
from tui.session.frame_builder import FrameBuilder
from tui.session.session import Session
from tui.session.snapshot import Action

COMPARED = 12
"""How many actions are done between two comparisons."""
FARTHEST = 60
UNDOABLE = 32
"""How many changes can be undone."""
SMALL = {
    "by-hand": (),
    "disc-depth": ("data.samples=20", "data.test_samples=8", "lanes.wide.hidden=[5]", "lanes.deep.hidden=[3, 2]"),
    "gd-vs-sgd": ("data.samples=12", "data.test_samples=4", "lanes.full.hidden=[3]"),
    "saddle-noise": (),
    "valley-momentum": (),
    "xor-starts": (),
}
"""Lessons with what makes them small."""
EDITS: tuple[dict[str, object], ...] = (
    {"optimizer": {"name": "adam", "learning_rate": 0.01}},
    {"optimizer": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True}},
    {"optimizer": {"name": "rmsprop", "learning_rate": 0.003}},
    {"optimizer": {"name": "adagrad", "learning_rate": 0.1}},
    {"optimizer": {"name": "sgd", "learning_rate": 1e90}},
    {"optimizer": {"learning_rate": 0.02}},
    {"schedule": {"name": "cosine"}},
    {"batch_size": 3},
    {"batch_size": "full"},
    {"l2": 0.1, "freeze": [1]},
    {"l1": -1},
)
CONDITIONS = ("any.batch_loss < 0.3", "step == 7", "any.diverged_at > 0", "epoch >= 2")


def digest(session: Session) -> str:
    """A hash of all that the session's lanes are at the cursor, and of the cursor."""
    state = sha256(repr((session.seed, session.cursor, sorted(session.guesses.items()))).encode())
    for lane_run in session.lane_runs:
        now = lane_run.timeline.state_at(session.cursor.step)
        state.update(repr((lane_run.lane.id, lane_run.lane.label, lane_run.origin, now.step, now.place)).encode())
        state.update(now.theta.tobytes() + now.optimizer_state.tobytes() + now.diverged_at.tobytes())
    return state.hexdigest()


class Learner:
    """Somebody who does anything at all; `done` says what, for the message of a failure."""

    def __init__(self, seed: int, scenario: str) -> None:
        self.random = Random(seed)
        self.session = Session.begin(load(scenario, SMALL[scenario]), self.random.randrange(5))
        self.before: deque[str] = deque(maxlen=UNDOABLE)
        self.done: list[str] = []

    def acts(self) -> None:
        """Do one thing."""
        (doing,) = self.random.choices(*DOINGS)
        self.done.append(f"{doing.__name__.strip('_')} at {self.session.cursor}")
        doing(self)

    def changes(self, action: Action) -> None:
        """Make a change of the lanes, or be refused it, which changes nothing."""
        now, journal = digest(self.session), len(self.session.journal)
        try:
            do(self.session, action)
            self.before.append(now)
        except ValueError:
            assert digest(self.session) == now, "a refusal changed the state"
            assert len(self.session.journal) == journal, "a refusal was written into the journal"

    def recalls(self) -> Session:
        """The session, with what was done before it was opened from a file, as the app has it where that matters."""
        if not self.session.recalled:
            for _ in recall(self.session):
                pass
        return self.session

    @property
    def lane(self) -> int:
        return self.random.randrange(len(self.session.lane_runs))

    def agrees(self) -> None:
        """Replay, a saved file and an exported scenario come to the state that the session has."""
        now = digest(self.session)
        twin, _ = repeat(read(recorded(self.session).encode(), "run.json"), "run.json")
        assert digest(twin) == now, "the lesson run ends elsewhere"
        opened = decode_run(encode_run(self.session.saved()))
        assert opened.notes == (), opened.notes
        assert digest(Session(opened)) == now, "the saved run opens elsewhere"
        exported = Session.begin(parse(toml_text(scenario_table(self.session.saved())).encode(), "own.toml", Path()))
        exported.go_to(self.session.cursor.step)
        for own, other in zip(self.session.lane_runs, exported.lane_runs, strict=True):
            one, two = (lane_run.timeline.state_at(self.session.cursor.step) for lane_run in (own, other))
            assert one.theta.tobytes() == two.theta.tobytes(), f"the exported scenario ends elsewhere in {own.lane.id}"


def _move(learner: Learner) -> None:
    names = ("into", "out", "end_of_phase", "next_step", "previous_step")
    for _ in range(learner.random.randint(1, 9)):
        getattr(learner.session, learner.random.choice(names))()


def _go(learner: Learner) -> None:
    learner.session.go_to(learner.random.randrange(FARTHEST))


def _run(learner: Learner) -> None:
    session = learner.session
    session.set_breakpoints((Breakpoint(learner.random.choice(CONDITIONS), inside=learner.random.random() < 0.5),))
    to = learner.random.randrange(FARTHEST)
    search = session.stop_search()
    for _ in session.run(to, search) if learner.random.random() < 0.6 else session.run_back(search):
        pass


def _edit(learner: Learner) -> None:
    lanes = sorted({learner.lane, learner.lane})
    learner.changes(EditSettings(tuple(lanes), learner.random.choice(EDITS), "edit"))


def _assign(learner: Learner) -> None:
    number = learner.lane
    index = learner.random.randrange(learner.session.lane_runs[number].lane.model.parameter_count)
    learner.changes(SetParameter(number, index, learner.random.uniform(-2, 2), "set"))


def _branch(learner: Learner) -> None:
    learner.recalls()
    assign = (0, learner.random.uniform(-2, 2)) if learner.random.random() < 0.3 else None
    keys = learner.random.choice((None, *EDITS))
    learner.changes(Branch(learner.lane, learner.random.choice(("", "b", "λ [b]")), keys, assign))


def _close(learner: Learner) -> None:
    learner.recalls()
    learner.changes(Close(learner.lane))


def _reopen(learner: Learner) -> None:
    closed = learner.recalls().closed
    if closed:
        learner.changes(Reopen(learner.random.randrange(len(closed))))


def _rename(learner: Learner) -> None:
    learner.changes(Rename(learner.lane, learner.random.choice(("a", "", "x" * 61, "\x1b", "猫", '"\\'))))


def _seed(learner: Learner) -> None:
    learner.changes(NewSeed())


def _guess(learner: Learner) -> None:
    questions = len(learner.session.scenario.predictions)
    if questions:
        guess = learner.random.choice((True, False, 0.5))
        do(learner.session, Predict(learner.random.randrange(questions), guess))
        learner.before.clear()  # what is undone from here on keeps the guess


def _answer(learner: Learner) -> None:
    session, number = learner.session, learner.lane
    about = learner.random.choice((None, 0, Unit(1, 0)))
    question = next_question(session, FrameBuilder(session), number, about)
    if question is not None:
        answer(session, number, about, question, learner.random.uniform(-1, 1))
        session.reach(question.cursor)


def _fill(learner: Learner) -> None:
    """Fill in an operation of the step in progress, some of its numbers shown."""
    session, number, done = learner.session, learner.lane, learner.session.lockstep.operations_done
    lane = FrameBuilder(session).lane(number, session.cursor)
    started = None if lane.stopped or session.cursor.position is None else begin(lane, lane.index + 1)
    if started is not None:
        name, numbers = NamedOperation.of(lane.operations[started.index]), len(started.entries)
        place = place_of(name, session, number, session.cursor.step)
        if place is not None and done(place) > done(session.cursor):
            session.reach(place)
        shown = learner.random.randint(0, numbers)
        do(session, Fill(number, str(name), numbers - shown, 0, shown))


def _undo(learner: Learner) -> None:
    """Take changes back, to the state that was there before each."""
    for _ in range(learner.random.randint(1, 3)):
        if learner.before:
            session = learner.session if learner.session.undoable else learner.recalls()
            before = learner.before.pop()
            assert undo(session), "nothing to undo"
            assert digest(session) == before, "undo comes to another state"


def _save_and_open(learner: Learner) -> None:
    learner.session = Session(decode_run(encode_run(learner.session.saved())))


Doing = Callable[[Learner], None]
DOINGS: tuple[tuple[Doing, ...], tuple[float, ...]] = (
    (
        _move,
        _go,
        _run,
        _edit,
        _assign,
        _branch,
        _close,
        _reopen,
        _rename,
        _seed,
        _guess,
        _answer,
        _fill,
        _undo,
        _save_and_open,
    ),
    (6, 6, 3, 3, 3, 3, 2, 2, 2, 0.5, 0.5, 2, 2, 3, 0.7),
)


def lesson(seed: int, scenario: str, actions: int) -> None:
    """Do so many things and compare on the way; raises AssertionError with the seed and what was done."""
    learner = Learner(seed, scenario)
    try:
        for number in range(1, actions + 1):
            learner.acts()
            if number % COMPARED == 0 or number == actions:
                learner.agrees()
    except Exception as error:
        again = f"python -m tests.faults --actions {actions} --seed {seed} --scenario {scenario}"
        done = "\n".join(learner.done)
        raise AssertionError(f"{error!r}\nafter\n{done}\nto repeat it: {again}") from error
