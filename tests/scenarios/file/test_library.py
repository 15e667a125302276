import numpy as np
import pytest

from nncore.metrics import evaluate_train
from nncore.trace import trace
from nncore.training import Trainer
from scenarios.file.course_file import LIBRARY, read_course_file
from scenarios.file.loader import library, library_files, load
from scenarios.guide import Did
from scenarios.runs.build import build

LESSONS = [
    "0 One step by hand",
    "1 Representation",
    "2 Universal approximation",
    "3 Depth",
    "4 Convexity",
    "5 Gradient descent",
    "6 Stochastic gradient descent",
    "7 Forward and backward propagation",
    "8 Fitting and generalizing",
]

NAMES = [file.stem for file in library_files()]


@pytest.mark.parametrize("name", NAMES)
def test_a_library_file_has_what_a_lesson_needs(name):
    scenario = load(name)
    assert scenario.name == name
    assert scenario.lesson in LESSONS
    assert scenario.question.endswith("?")
    assert len(scenario.text.splitlines()) >= 5
    assert scenario.claims
    assert scenario.predictions or 5 <= len(scenario.guide) <= 10
    assert len(scenario.quiz) >= 2 or not scenario.guide
    assert "lesson" in scenario.panes
    assert all(claim.at <= scenario.steps for claim in scenario.claims)
    assert all(question.at <= scenario.steps for question in scenario.predictions)


@pytest.mark.parametrize("name", NAMES)
def test_a_library_file_builds_and_trains(name):
    for lane in build(load(name)):
        trainer = Trainer(lane)
        steps = trainer.run(5)
        assert trainer.step == 5
        assert np.isfinite(steps.batch_loss).all()


def test_every_scenario_stands_once_in_the_course_in_the_chapter_that_it_names():
    course = read_course_file(LIBRARY)
    assert sorted(course.files) == library_files()
    assert [chapter.title for chapter in course.chapters] == LESSONS
    for chapter in course.chapters:
        assert {load(file.stem).lesson for file in chapter.files} == {chapter.title}


def test_the_library_is_in_the_order_of_its_course():
    assert [scenario.name for scenario in library()] == [file.stem for file in read_course_file(LIBRARY).files]
    assert library()[0].name == "by-hand"
    assert {"disc-depth", "by-hand", "gd-vs-sgd", "convex-vs-nonconvex"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_option_of_a_question_stands_out_by_its_form(name):
    scenario = load(name)
    asked = [stage.question for stage in scenario.guide if stage.question]
    for question in [*asked, *(one.question for one in scenario.quiz)]:
        options = [choice.say for choice in question.choices]
        assert len({": " in option for option in options}) <= 1, f"a reason after a colon in some: {options}"
        assert not any(word in option for option in options for word in ("still", "as before")), options


@pytest.mark.parametrize("name", NAMES)
def test_a_number_that_is_computed_asks_for_no_reason(name):
    asked = (stage for stage in load(name).guide if stage.question and stage.question.answer)
    assert not any(stage.why for stage in asked if stage.question.factor == 1)


def end(lane, steps):
    trainer = Trainer(lane)
    run = trainer.run(steps)
    return trainer.state().theta, run


def test_one_sample_at_a_time_passes_a_batch_loss_of_1_after_step_10():
    lanes = {lane.id: lane for lane in build(load("gd-vs-sgd"), 0)}
    assert list(lanes) == ["full", "sgd8", "sgd1"]
    assert all(np.array_equal(lane.start, lanes["full"].start) for lane in lanes.values())
    runs = {name: end(lane, 1000)[1] for name, lane in lanes.items()}
    assert all(len(run.batch_loss) == 1000 for run in runs.values()), "a lane diverged"
    assert (runs["sgd1"].batch_loss[10:] > 1).any()


def test_linear_lanes_meet_and_mlp_lanes_do_not():
    lanes = {lane.id: lane for lane in build(load("convex-vs-nonconvex"), 0)}
    ends = {name: end(lane, 2000)[0] for name, lane in lanes.items()}
    losses = {name: float(lanes[name].model.train_loss(theta)) for name, theta in ends.items()}
    data = lanes["linear_a"].model.data
    x = np.hstack([data.x, np.ones((len(data.x), 1))])
    minimum = np.linalg.solve(x.T @ x, x.T @ data.y)[:, 0]
    np.testing.assert_allclose(ends["linear_a"], minimum, atol=1e-9)
    np.testing.assert_allclose(ends["linear_b"], minimum, atol=1e-9)
    assert losses["mlp_a"] < losses["mlp_b"] / 2


def test_what_the_lesson_says_of_the_units_that_bend_nothing():
    lane = {lane.id: lane for lane in build(load("convex-vs-nonconvex"), 0)}["mlp_b"]
    theta, _ = end(lane, 2000)
    on = (lane.model.network.forward(theta, lane.model.data.x)[1][1] > 0).sum(axis=0)
    samples = lane.model.samples
    assert sorted(count >= samples - 1 for count in on) == [False, True, True]


def test_the_lesson_by_hand_prints_nothing_of_the_first_step_in_advance():
    scenario = load("by-hand")
    (lane,) = build(scenario)
    first = trace(lane, lane.first_state())
    said = scenario.text + "".join(str(part) for stage in scenario.guide[:7] for part in stage.say.parts)
    for number in (first.a[0][0, 1], first.z[2][0, 0], first.loss, first.delta[0][0, 0]):
        assert f"= {number:g}".replace("-", "−") not in said


def test_xor_starts_asks_before_a_map_tells_who_will_get_there():
    scenario = load("xor-starts")
    asked = next(number for number, stage in enumerate(scenario.guide) if stage.question)
    for lane in build(scenario):
        trainer = Trainer(lane)
        trainer.run(scenario.guide[asked - 1].until.step)
        assert evaluate_train(lane, trainer.state())[1] == 0.5


@pytest.mark.parametrize("name", NAMES)
def test_no_lane_is_called_after_a_learning_rate_that_a_page_changes(name):
    scenario = load(name)
    if any(isinstance(stage.until, Did) and stage.until.key == "optimizer.learning_rate" for stage in scenario.guide):
        assert not any("α" in lane.label for lane in scenario.lanes)
