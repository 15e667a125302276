"""Every field of a saved run is checked when it is read: whatever opens can be gone through, changed and saved."""

from functools import cache
from pathlib import Path
from random import Random

import msgspec
import pytest

from nncore.slices import finished
from scenarios.file.loader import load
from scenarios.scenario import NamedPlace
from tests.undo import undo
from tui.archive.container import unwrap, wrap
from tui.archive.decode import decode_run
from tui.archive.encode import encode_run
from tui.archive.errors import ArchiveError
from tui.lesson.recording import recall, recorded
from tui.lesson.verdicts import Verdicts
from tui.panes.loss import LossPane
from tui.panes.pane import Options, View
from tui.panes.timeline import draw_timeline
from tui.panes.watch import WatchPane
from tui.render.palette import look
from tui.session import watch_rows
from tui.session.actions import Branch, Close, NewSeed, Predict, Rename, SetParameter, do
from tui.session.breakpoints import Breakpoint
from tui.session.frame_builder import FrameBuilder
from tui.session.places import all_places, cursor_of, named_here
from tui.session.player import Player
from tui.session.session import Session
from tui.session.snapshot import SavedView
from tui.session.watch import Watch

# a scenario with a prediction, as lessons without a guide have it
PREDICTED = Path(__file__).parents[2] / "fixtures" / "lessons" / "disc-depth.toml"
PLAIN = look("dark", False, True)
SETTINGS = ["data.samples=8", "data.test_samples=2", "lanes.wide.hidden=[2]", "lanes.deep.hidden=[2,2]"]


@cache
def saved():
    """A run with everything in it that a run may have."""
    session = Session.begin(load(str(PREDICTED), SETTINGS))
    do(session, Predict(0, True))
    session.go_to(4)
    do(session, Branch(0, set={"optimizer": {"learning_rate": 0.3}}))
    do(session, SetParameter(1, 3, 0.25, "set"))
    do(session, Branch(1, assign=(1, 0.5)))
    do(session, Close(3))
    session.breakpoints = (Breakpoint("wide.train_loss < 1e-9"), Breakpoint("step == 7"))
    session.keep_watch(("deep.W2[1,0]", "wide.train_loss - deep.batch_loss", "gone.b1[0]"))
    list(session.run(9, session.stop_search()))
    list(session.run(9, session.stop_search()))
    session.into()
    session.name_places((named_here(session, 1, "here", "a note"), NamedPlace(3, "there")))
    session.view = SavedView(1, ("loss", "weights"))
    assert session.hits == (7,)
    return encode_run(session.saved())


def watched(session, builder):
    """Draw what is watched, once it is looked through."""
    watch = Watch()
    watch.keep(session.watched, session.lane_runs)
    finished(watch.at_hand(watch_rows.places(session.cursor)))
    finished(watch.beyond(watch_rows.places(session.cursor)))
    frame = builder.frame(Player(), session.view.front, watch=watch_rows.rows(session, watch))
    WatchPane().draw(View(frame, frame.lane, 60, 12, PLAIN, Options(), None, 0))


def gone_through(run):
    """Do with a run what keys do, without a screen."""
    session = Session(run)
    verdicts = Verdicts(session)
    builder, player = FrameBuilder(session), Player()

    def seen():
        frame = builder.frame(player, session.view.front)
        assert frame.lane.lane.label
        draw_timeline(frame, 80, PLAIN)
        for kind, number in verdicts.due():
            verdicts.tell(kind, number)
        assert verdicts.lines() is not None
        assert verdicts.score[0] >= 0
        return frame

    def charted(frame):
        LossPane().draw(View(frame, frame.lane, 40, 12, PLAIN, Options(), None, 0))

    charted(seen())
    watched(session, builder)
    for move in (session.next_step, session.previous_step, session.into, session.out, session.end_of_phase):
        move()
        seen()
    for place in all_places(session):
        list(session.go_to_place(cursor_of(place, session, 0)))
        seen()
    for step in (0, session.reached, session.reached // 2, session.reached + 3):
        session.go_to(step)
        seen()
    finished(session.back(0, session.stop_search()))
    list(session.run_back(session.stop_search()))
    seen()
    assert decode_run(encode_run(session.saved())).cursor == session.cursor
    do(session, Rename(0, "mine"))
    seen()
    for _ in recall(session):
        pass
    while undo(session):
        seen()
    do(session, NewSeed())
    charted(seen())
    recorded(session)
    decode_run(encode_run(session.saved()))


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def with_value(tree, path, value):
    if not path:
        return value
    copy = tree.copy()
    if len(path) == 1 and value is MISSING:
        del copy[path[0]]
    else:
        copy[path[0]] = with_value(tree[path[0]], path[1:], value)
    return copy


SAMPLES = 12
MISSING = object()
VALUES = [None, True, -1, 0, 1, 3, 5, 2**53, 2**62, 2**63, 10**30, -(10**30), 0.5, 1e308, "", "x", "\x1b[2J\n"]
VALUES += ["wide", "step < 1", [], {}, [0, None], [[]], MISSING]


def header():
    return msgspec.json.decode(unwrap(saved())[0])


def is_own(path):
    return path != () and path[0] != "scenario" and not (path[0] == "lanes" and path[2:3] == ("table",))


OWN = [path for path in places(header()) if is_own(path)]
OF_THE_TABLES = [path for path in places(header()) if not is_own(path)]


def try_out(path, value):
    """Whether a run with another value at a place of its header is refused in words, else it is gone through."""
    content, arrays = unwrap(saved())
    try:
        other = msgspec.json.encode(with_value(msgspec.json.decode(content), path, value))
    except (OverflowError, TypeError):
        return
    try:
        run = decode_run(wrap(other, arrays))
    except ArchiveError as error:
        message = str(error)
    else:
        gone_through(run)
        return
    assert len(message.splitlines()) == 1


def test_the_run_itself_can_be_gone_through():
    gone_through(decode_run(saved()))


def test_a_run_whose_replay_overflows_can_be_gone_through():
    try_out(("lanes", 0, "table", "optimizer", "learning_rate"), 1e308)


@pytest.mark.parametrize("number", range(len(OWN)), ids=lambda number: ".".join(map(str, OWN[number])))
def test_a_field_with_another_value_is_refused_or_can_be_gone_through(number):
    """Fields of a kind stand near each other: each takes every third value, and the next ones take the others."""
    for value in VALUES[number % 3 :: 3]:
        try_out(OWN[number], value)


@pytest.mark.parametrize("number", range(8))
def test_a_key_of_a_table_with_another_value_is_refused_or_can_be_gone_through(number):
    draw = Random(number)
    for _ in range(SAMPLES):
        try_out(draw.choice(OF_THE_TABLES), draw.choice(VALUES))
