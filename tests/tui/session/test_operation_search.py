"""Breakpoints inside steps against a walk through every operation, judged by what the screen shows there."""

from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest

from nncore.operations import OperationKind, Phase
from nncore.slices import finished
from scenarios.expressions.expression import ExpressionError
from scenarios.file.loader import load, parse
from scenarios.quantities.definitions import numbered
from scenarios.quantities.lookup import evaluate_check, is_comparison
from tui.render.numbers import num
from tui.session.breakpoints import Breakpoint, validated
from tui.session.cursor import Cursor
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.seen import order
from tui.session.session import Session

SCENARIO = """
format = 1
name = "two"
steps = 60
[data]
kind = "disc"
samples = 13
test_samples = 5
[defaults]
batch_size = 5
optimizer = { name = "sgd", learning_rate = 0.6, momentum = 0.8 }
[[lanes]]
id = "one"
hidden = [3]
[[lanes]]
id = "two"
hidden = [3, 2]
l2 = 0.01
[[lanes.edits]]
at = 7
set = { "W1[1,1]" = 0.5 }
"""
LAST = 24
CONDITIONS = [
    "two.delta_norm[1] == 0",
    "two.delta_norm[2] < 0.05",
    "one.W2[0,1] > 0.3",
    "two.W1[1,1]",
    "one.a1[3,1] < 0",
    "two.z1[4,1] > 0 and two.delta3[4,0] > 0",
    "one.output[2,0]",
    "two.dW3[0,1] < one.dW2[0,1]",
    "two.dead1[0] + two.dead1[1] + two.dead1[2] + two.dead2[0] + two.dead2[1] >= 1",
    "any.dead_units > 0",
    "two.batch_loss > 0.3",
    "one.grad_norm > 0.3",
    "two.update_ratio[2] > 0.1",
    "two.train_loss < 0.25",
    "step >= 4 and two.db3[0] < 0",
    "two.b3[0]",
]


RANDOM = """
format = 1
name = "random"
steps = 60
[data]
kind = "moons"
samples = 11
test_samples = 4
[defaults]
batch_size = {batch}
activation = "{activation}"
optimizer = {{ name = "{optimizer}", learning_rate = 0.05 }}
[[lanes]]
id = "one"
hidden = {one}
[[lanes]]
id = "two"
hidden = {two}
"""
QUANTITIES = ["one.W1[0,1]", "two.b1[0]", "one.dW1[0,0]", "two.delta_norm[1]", "one.z1[3,0]", "two.output[5,0]"]


@cache
def scenario(number):
    if number is None:
        return parse(SCENARIO.encode(), "two.toml", Path("."))
    draw = Random(number)
    one, two = ([draw.randint(1, 4) for _ in range(draw.randint(1, 3))] for _ in range(2))
    text = RANDOM.format(
        batch=draw.choice([0, 1, 4, 11]),
        activation=draw.choice(["relu", "tanh", "leaky_relu", "softplus"]),
        optimizer=draw.choice(["sgd", "adam", "rmsprop", "adagrad"]),
        one=one,
        two=two,
    )
    return parse(text.encode(), "random.toml", Path("."))


def begun(*points, number=None):
    session = Session.begin(scenario(number))
    session.set_breakpoints(points)
    return session


KINDS = {
    "a": {OperationKind.PRE_ACTIVATION},
    "z": {OperationKind.ACTIVATION},
    "output": {OperationKind.ACTIVATION},
    "delta": {OperationKind.DELTA, OperationKind.OUTPUT_DELTA},
    "dW": {OperationKind.WEIGHT_GRADIENT},
    "db": {OperationKind.BIAS_GRADIENT},
}


def shown(lane, name, indices):
    """What a lane of a frame shows of a quantity, None where it is not computed yet."""
    network, trace, theta, depth = lane.network.network, lane.trace, lane.theta, lane.network.network.depth
    done = [] if lane.step == 0 and lane.index < 0 else list(lane.operations[: lane.index + 1])

    def computed(kinds, layer):
        return any(one.kind in kinds and one.layer == layer for one in done)

    def block(layer, values):
        part = network.layers[layer - 1]
        return values[part.weights].reshape(part.fan_out, part.fan_in), values[part.biases]

    dead = [~z.any(axis=0) for z in network.forward(theta, lane.network.data.x)[1][1:-1]]
    kind, layer = numbered(name) or (name, indices[0] if indices else 0)
    layer = layer or depth
    match kind:
        case "W":
            return block(layer, theta)[0][indices]
        case "b":
            return block(layer, theta)[1][indices]
        case "dead":
            return float(dead[layer - 1][indices])
        case "dead_units":
            return float(sum(one.sum() for one in dead))
        case "train_loss":
            x, y = lane.network.data.x, lane.network.data.y
            left = ((network.forward(theta, x)[0][-1] - y) ** 2).sum(axis=-1).mean() / 2
            weights = sum((block(d, theta)[0] ** 2).sum() for d in range(1, depth + 1))
            return left + lane.lane.settings.l2 / 2 * weights
        case "batch_loss":
            return trace.loss if any(one.phase is Phase.LOSS for one in done) else None
        case "grad_norm":
            return np.linalg.norm(trace.gradient) if computed(KINDS["db"], 1) else None
        case "delta_norm":
            return np.linalg.norm(trace.delta[layer - 1]) if computed(KINDS["delta"], layer) else None
        case "update_ratio":
            if not any(one.phase is Phase.UPDATE and one.layer == layer for one in done):
                return None
            return np.linalg.norm(block(layer, trace.change)[0]) / np.linalg.norm(block(layer, trace.theta)[0])
    if not computed(KINDS[kind], layer):
        return None
    if kind in ("dW", "db"):
        return block(layer, trace.gradient)[kind == "db"][indices]
    rows = {"a": trace.a[layer - 1], "z": trace.z[layer], "output": trace.z[layer], "delta": trace.delta[layer - 1]}
    at = np.flatnonzero(trace.indices == indices[0])
    return rows[kind][at[0], indices[1]] if len(at) else np.nan


@cache
def walked(number=None):
    """The frames of every place of the run, by operations."""
    session = begun(number=number)
    builder, frames = FrameBuilder(session), []
    while session.cursor.step < LAST:
        frames.append((session.cursor, builder.frame(Player())))
        session.into()
    frames.append((session.cursor, builder.frame(Player())))
    return frames


def expected(text, number=None):
    """The places where a condition becomes true, or a number changes, in a walk through all of them."""
    condition, found, before = validated(text, begun(number=number).lane_runs, inside=True), [], None
    for cursor, frame in walked(number):
        lanes = {lane.lane.id: lane for lane in frame.lanes}
        values = {
            asked: float(cursor.step) if asked.lane is None else shown(lanes[asked.lane], asked.name, asked.indices)
            for asked in condition.quantities
        }
        if cursor == Cursor():
            values = {asked: np.nan if value is None else value for asked, value in values.items()}
        if None in values.values():
            continue
        now = evaluate_check(condition, values.__getitem__, lambda _: np.nan)
        if before is not None:
            changed = now and not before if is_comparison(condition) else np.isfinite(now) and now != before
            found += [cursor] if changed else []
        before = now
    return found


def forwards(session, last=LAST):
    found = []
    while session.cursor.step < last:
        finished(session.run(last, session.stop_search()))
        if session.hit is None:
            return found
        assert session.cursor == session.hit.place
        found.append(session.cursor)
    return found


def backwards(session):
    found = []
    while True:
        finished(session.run_back(session.stop_search()))
        if session.hit is None:
            return found[::-1]
        found.append(session.cursor)


def played_back(session, stride):
    found = []
    while session.cursor != Cursor():
        finished(session.back(max(0, session.cursor.step - stride), session.stop_search()))
        found += [session.cursor] if session.hit else []
    return found[::-1]


def stepped(session):
    """Where `n` stops besides the rests."""
    found = []
    while session.cursor.step < LAST:
        session.hit = None
        session.next_step()
        found += [session.cursor] if session.hit else []
    return found


@pytest.mark.parametrize("text", CONDITIONS)
def test_it_stops_at_the_same_places_from_both_sides(text):
    places, point = expected(text), Breakpoint(text, inside=True)
    assert places, "the test says nothing"
    assert forwards(begun(point)) == places
    for ways in (backwards, lambda session: played_back(session, 1), lambda session: played_back(session, 5)):
        session = begun(point)
        session.go_to(LAST)
        rest = [place for place in places if place != Cursor(LAST)]
        assert ways(session) == rest
    assert stepped(begun(point)) == places


@pytest.mark.parametrize("number", range(6))
def test_from_any_place_of_any_run_the_next_and_the_one_before_are_found(number):
    draw = Random(number)
    for quantity in draw.sample(QUANTITIES, 2):
        lane, name = quantity.partition("[")[0].split(".")
        indices = tuple(map(int, quantity.partition("[")[2][:-1].split(",")))
        lanes = (next(one for one in frame.lanes if one.lane.id == lane) for _, frame in walked(number))
        values = [value for one in lanes if (value := shown(one, name, indices)) is not None and np.isfinite(value)]
        point = Breakpoint(f"{quantity} > {float(np.median(values))!r}", inside=True)
        places = expected(point.text, number)
        for _ in range(5):
            here, _ = draw.choice(walked(number))
            after = [place for place in places if order(place) > order(here)]
            before = [place for place in places if order(place) < order(here)]
            session = begun(point, number=number)
            session.go_to(LAST)
            finished(session.go_to_place(here))
            finished(session.run(LAST, session.stop_search()))
            assert session.cursor == (after[0] if after else Cursor(LAST))
            finished(session.go_to_place(here))
            finished(session.run_back(session.stop_search()))
            assert session.cursor == (before[-1] if before else here)


def test_it_says_what_changed():
    session = begun(Breakpoint("two.W1[1,1]", inside=True))
    finished(session.run(LAST, session.stop_search()))
    before, after = (session.lane_runs[1].timeline.state_at(step).theta[3] for step in (0, 1))
    assert session.hit.why == f"two.W1[1,1] {num(before)} → {num(after)}"
    frame = FrameBuilder(session).frame(Player())
    assert frame.hit.startswith("stopped, as two.W1[1,1] changed: ")
    assert str(frame.lanes[1].operation.kind) == "update"


def test_both_kinds_stop_where_they_are_the_first():
    places = forwards(begun(Breakpoint("two.batch_loss", inside=True), Breakpoint("step == 2")), 4)
    both = sorted({*expected("two.batch_loss"), Cursor(2)}, key=order)
    assert places == [place for place in both if order(place) < order(Cursor(4))]
    assert len(places) == 5


def test_what_never_changes_stops_nowhere():
    session = begun(Breakpoint("1 < 2", inside=True))
    assert not session.stop_search()
    finished(session.run(3, session.stop_search()))
    assert (session.hit, session.cursor) == (None, Cursor(3))


def test_which_update_killed_a_unit():
    session = Session.begin(load("dead-relus"))
    session.set_breakpoints(
        (Breakpoint("rough.dead1[0] + rough.dead1[3] + rough.dead1[5] + rough.dead1[7] > 0", inside=True),)
    )
    finished(session.run(60, session.stop_search()))
    lane = FrameBuilder(session).frame(Player()).lanes[1]
    assert (lane.operation.phase, lane.operation.layer) == (Phase.UPDATE, 1)

    def dead(theta):
        return ~lane.network.network.forward(theta, lane.network.data.x)[1][1].any(axis=0)[[0, 3, 5, 7]]

    assert not dead(lane.trace.theta).any()
    assert dead(lane.theta).any()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("two.hessian_max > 1", "two.hessian_max has no value inside a step; those that have: step, train_loss, "),
        ("two.deltanorm[1] == 0", 'did you mean "delta_norm"'),
        ("two.dead3[0] == 1", 'lane "two" has hidden layers 1 to 2, not "two.dead3[0]"'),
        ("two.dead1[7] == 1", "a unit of layer 1 is one of 0 to 2, not 7"),
        ("first_step(step == 1) > 2", "first_step looks at a whole run"),
    ],
)
def test_other_conditions_are_refused_in_words(text, said):
    with pytest.raises(ExpressionError) as refused:
        validated(text, begun().lane_runs, inside=True)
    assert said in str(refused.value)
