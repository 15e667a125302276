"""Lanes with their edits and branches, written as a scenario that repeats them bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.optimizers import Sgd
from nncore.parameters import parameter_name
from nncore.schedules import Cosine
from nncore.training import Edit, Settings, Trainer
from scenarios.export.continuation import continued
from scenarios.export.toml import toml_text
from scenarios.file.loader import library_files, load, parse
from scenarios.file.settings import changed
from scenarios.runs.build import build


def again(tmp_path, scenario, seed, lanes, steps=200):
    """The lanes after writing them, and the scenario that was written."""
    text = toml_text(continued(scenario, seed, lanes, steps))
    read = parse(text.encode(), "again.toml", tmp_path)
    return build(read), read


def losses(lane, steps=200):
    return Trainer(lane).run(steps).batch_loss.tobytes()


def slower(lane, at, rate, steps=1000):
    """The lane with another learning rate from a step on."""
    table = {"optimizer": {"learning_rate": rate}}
    new = changed(lane.settings_at(at), table, len(lane.model.blocks), steps)
    return lane.with_edits((*lane.edits, Edit(at, new)))


@pytest.mark.parametrize("name", [file.stem for file in library_files()])
@pytest.mark.parametrize("shift", [0, 5])
def test_lanes_of_the_library_go_on_with_the_same_losses(name, shift, tmp_path):
    scenario = load(name)
    lanes = [slower(lane, 7, 0.01) for lane in build(scenario, scenario.seed + shift)]
    read, _ = again(tmp_path, scenario, scenario.seed + shift, lanes, 40)
    for lane, other in zip(lanes, read, strict=True):
        assert losses(lane, 40) == losses(other, 40)


def test_edits_of_every_kind_are_repeated(tmp_path):
    scenario = load("disc-depth")
    wide, deep = build(scenario)
    other = Settings(Sgd(0.05, momentum=0.9), Cosine(150), batch_size=0, l1=1e-4, l2=1e-3, frozen=frozenset({1}))
    edits = (
        Edit(0, None, ((3, -0.0), (700 % wide.model.parameter_count, 0.1 + 0.2))),
        Edit(10, other),
        Edit(10, replace(other, batch_size=33)),
        Edit(20, wide.settings, ((512, 1e-300),)),
    )
    deep = slower(slower(deep, 50, 0.03), 60, 0.003)
    lanes = [wide.with_edits(edits), deep]
    read, written = again(tmp_path, scenario, scenario.seed, lanes)
    assert [losses(lane) for lane in read] == [losses(lane) for lane in lanes]
    assert written.table["lanes"][1]["edits"][0] == {"at": 50, "set": {"optimizer": {"learning_rate": 0.03}}}


def test_branches_become_lanes_and_closed_lanes_are_gone(tmp_path):
    scenario = load("disc-depth")
    _, deep = build(scenario, 4)
    branch = slower(replace(deep, id="deep_2", label='with "quotes" from 30'), 30, 1e-3)
    read, written = again(tmp_path, scenario, 4, [branch, deep])
    assert [lane.label for lane in read] == ['with "quotes" from 30', deep.label]
    assert [losses(lane) for lane in read] == [losses(branch), losses(deep)]
    assert written.claims == ()  # they compare with the lane that was closed


def test_claims_of_lanes_that_changed_are_left_out_and_others_stay(tmp_path):
    scenario = load("disc-depth")
    wide, deep = build(scenario)
    _, same = again(tmp_path, scenario, scenario.seed, [wide, deep], 1000)
    assert (same.claims, same.predictions) == (scenario.claims, scenario.predictions)
    _, more = again(tmp_path, scenario, scenario.seed, [wide, deep, slower(replace(deep, id="deep_2"), 5, 0.1)], 4000)
    assert (more.claims, more.predictions) == (scenario.claims, scenario.predictions)
    _, edited = again(tmp_path, scenario, scenario.seed, [wide, slower(deep, 5, 0.1)])
    assert (edited.claims, edited.predictions) == ((), ())


GUIDED = """
format = 1
name = "guided"
steps = 50
[data]
kind = "xor"
samples = 12
[[lanes]]
id = "one"
hidden = [3]
[[lanes]]
id = "two"
hidden = [2, 2]
[[guide]]
title = "Words"
say = "Press n."
point = ["function"]
[[guide]]
title = "A thing of one"
say = "Look."
point = ["W2[0,1]"]
until = { inspected = "one.W2[0,1]" }
[[guide]]
title = "A number of two"
say = "It is {two.train_loss}."
at = 3
until = { operation = "delta 1" }
[[guide]]
title = "Both"
ask = "Which?"
at = 5
choices = [{ say = "small", when = "all.train_loss < 1" }, { say = "large", when = "any.train_loss >= 1" }]
[[quiz]]
ask = "How much?"
at = 5
set = { lanes.two.hidden = [4] }
answer = "two.train_loss"
"""


def test_of_a_guide_stays_what_still_fits(tmp_path):
    scenario = parse(GUIDED.encode(), "guided", tmp_path)
    one, two = build(scenario)

    def kept(*lanes):
        _, written = again(tmp_path, scenario, 0, lanes)
        return [stage.title for stage in written.guide], len(written.quiz)

    assert kept(one, two) == (["Words", "A thing of one", "A number of two", "Both"], 1)
    assert kept(one, slower(two, 2, 0.5)) == (["Words", "A thing of one"], 0)
    assert kept(one, two, replace(two, id="three")) == (["Words", "A thing of one", "A number of two"], 0)
    assert kept(slower(one, 2, 0.5), two) == (["Words", "A thing of one", "A number of two"], 0)
    assert kept(two) == (["Words"], 0)
    assert kept(two, one) == (["Words", "Both"], 1)


def test_a_claim_about_all_lanes_goes_when_one_is_added(tmp_path):
    text = b"""
format = 1
name = "f"
[[lanes]]
id = "a"
function = { expression = "x**2", start = { x = 1 } }
[[claims]]
text = "All"
check = "all.train_loss < 2"
[[claims]]
text = "First"
check = "first_step(a.train_loss < 0.5) > 3"
"""
    scenario = parse(text, "f", tmp_path)
    lanes = build(scenario)
    _, same = again(tmp_path, scenario, 0, lanes)
    assert [claim.text for claim in same.claims] == ["All", "First"]
    assert same.claims[0].at == 1000
    _, more = again(tmp_path, scenario, 0, [*lanes, replace(lanes[0], id="b")])
    assert [claim.text for claim in more.claims] == ["First"]


def test_a_lane_whose_start_is_not_that_of_its_seed_is_written_with_its_numbers(tmp_path):
    scenario = load("disc-depth")
    _, deep = build(scenario)
    foreign = replace(deep, start=np.nextafter(deep.start, 9.0))
    read, _ = again(tmp_path, scenario, 0, [foreign])
    assert read[0].start.tobytes() == foreign.start.tobytes()


def test_entries_have_the_names_that_files_use():
    _, deep = build(load("disc-depth"))
    assert parameter_name(deep.model, 0) == "W1[0,0]"
    assert parameter_name(deep.model, 5) == "W1[2,1]"
    assert parameter_name(deep.model, 24) == "b1[0]"
    assert parameter_name(deep.model, 36 + 13) == "W2[1,1]"
    assert parameter_name(deep.model, deep.model.parameter_count - 1) == "b4[0]"
