"""A student's evening, typed into a real terminal: from a breakpoint to a worksheet, with a crash in between."""

import json
import re
import signal
import subprocess

import numpy as np
from safetensors.numpy import load_file

from nncore.training import Trainer
from scenarios.file.loader import load
from tests.terminal import Terminal, gradstep
from tui.archive.saved_run_file import open_run
from tui.session.breakpoints import Breakpoint
from tui.session.lane_run import quick_quantities

READY = r" \? help"
SIZE = (80, 24)
CONDITION = "sgd1.batch_loss > 1"


def at(terminal, step):
    return terminal.wait_for(rf"^ gd-vs-sgd +step {step}\b")


def export(terminal, folder, key, name):
    """Export by a key, and the file that it made."""
    before = set(folder.iterdir())
    terminal.press("x")
    terminal.wait_for("Save or export")
    terminal.press(key)
    terminal.wait_gone("Save or export")
    while not (made := [path for path in set(folder.iterdir()) - before if re.search(name, path.name)]):
        assert terminal.pump(0.1), terminal.text
    return made[0]


def debug(terminal):
    """Break where a batch goes wrong, see which sample it was, and branch off with a tenth of the rate."""
    terminal.press("b")
    terminal.wait_for("A condition stops playing")
    terminal.press(*CONDITION, "enter")
    terminal.wait_for(rf"on +{CONDITION}")
    terminal.press("esc")
    terminal.wait_gone("A condition stops playing")
    terminal.press(*"++++++", "space")
    terminal.wait_for(rf"stopped, as {CONDITION} became true: sgd1.batch_loss")
    step = int(terminal.wait_for(r"^ gd-vs-sgd +step (\d+)")[1])
    terminal.press("a", "a", "a")
    terminal.wait_for(rf"^ gd-vs-sgd +step {step} BACKWARD")
    terminal.press("enter")
    number = terminal.wait_for(r"sample (\d+): x = .* → z₂ = ")[1]
    terminal.press("i")
    terminal.wait_for(r"output z₂\[0\] = \S+ now")
    terminal.press(*"ssssssssss")
    terminal.wait_for(rf"In step {step} it is row 0 of the batch")
    terminal.press("esc")
    terminal.wait_gone("row 0 of the batch, at")
    terminal.press("esc")
    terminal.wait_gone("esc out")
    terminal.press("f")
    terminal.wait_for("branch of 1 sample")
    terminal.press(*"0.01", "enter")
    terminal.wait_for(" 4: ")
    return step, int(number)


def compare(terminal):
    """Run both to the end, and read what differs."""
    terminal.press("g")
    terminal.wait_for("go to")
    terminal.press(*"1000", "enter")
    at(terminal, 1000)
    terminal.press("w")
    terminal.wait_for("what differs between it and 1 sample")
    terminal.press("3")
    terminal.wait_for(r"optimizer learning_rate +0.01 +0.1")
    terminal.wait_for(r"distance of θ between them")
    terminal.press("esc")
    terminal.wait_gone("distance of θ between them")


def switch_off(terminal):
    """Switch the breakpoint off."""
    terminal.press("b")
    terminal.wait_for(rf"on +{CONDITION}")
    terminal.press("down", "enter")
    terminal.wait_for(rf"off +{CONDITION}")
    terminal.press("esc")
    terminal.wait_gone("A condition stops playing")


def test_break_inspect_branch_compare_save_crash_go_on_and_export(tmp_path):
    folder, state = tmp_path / "work", tmp_path / "state"
    folder.mkdir()
    places = {"env": {"XDG_STATE_HOME": str(state)}, "folder": folder}
    with Terminal(gradstep("gd-vs-sgd"), *SIZE, **places) as terminal:
        terminal.wait_for(READY)
        terminal.press("G")
        step, number = debug(terminal)
        compare(terminal)
        saved = open_run(export(terminal, folder, "s", r"\.gradstep$"))
        assert saved.lane_runs[2].timeline.trace(step - 1).indices.tolist() == [number]
        switch_off(terminal)
        terminal.press("space")
        terminal.wait_for(r"^ gd-vs-sgd +step (1[1-9]|[2-9]\d)\d\d")
        terminal.kill(signal.SIGKILL)
        assert terminal.wait() == -signal.SIGKILL

    with Terminal(gradstep(), *SIZE, **places) as terminal:
        terminal.wait_for("interrupted just now: gd-vs-sgd")
        terminal.press("down", "enter")
        terminal.wait_for(READY)
        again = open_run(export(terminal, folder, "s", r"\.gradstep$"))
        check_taken_up(saved, again, step)
        weights = export(terminal, folder, "p", r"\.safetensors$")
        sheet = export(terminal, folder, "w", r"worksheet-step\d+\.md$")
        scenario = export(terminal, folder, "l", r"\.toml$")
        terminal.press("u")
        terminal.wait_for("undone: ")

    assert re.search(r"_{3,}|\?", sheet.read_text(encoding="utf-8"))
    assert sheet.with_name(sheet.stem + "-answers.md").exists()
    check_network(again, weights)
    check_scenario(again, scenario)


def check_taken_up(saved, again, step):
    """It is where it was: lanes, edits, breakpoints, place, and every number as a run made afresh has it."""
    assert again.notes == ()
    assert saved.breakpoints == (Breakpoint(CONDITION),)
    assert again.breakpoints == (Breakpoint(CONDITION, on=False),)
    assert again.journal == saved.journal
    assert step in again.hits
    assert again.view.front == 3
    assert again.cursor.step >= 1000
    labels = [(lane_run.lane.id, lane_run.lane.label, lane_run.origin) for lane_run in saved.lane_runs]
    assert [(lane_run.lane.id, lane_run.lane.label, lane_run.origin) for lane_run in again.lane_runs] == labels
    for lane_run in again.lane_runs:
        fresh = Trainer(lane_run.lane)
        fresh.run(again.cursor.step)
        assert lane_run.timeline.state_at(again.cursor.step).theta.tobytes() == fresh.state().theta.tobytes()


def check_network(run, weights):
    """The exported state dict gives the outputs of the lane."""
    lane_run = run.lane_runs[run.view.front]
    lane, state, tensors = lane_run.lane, lane_run.timeline.state_at(run.cursor.step), load_file(weights)
    x = lane.model.data.x
    hidden = np.tanh(x @ tensors["0.weight"].T + tensors["0.bias"])
    outputs = hidden @ tensors["2.weight"].T + tensors["2.bias"]
    assert lane.model.network.activations[0] == "tanh"
    assert np.abs(outputs - lane.model.network.outputs(state.theta, x)).max() < 1e-12


def check_scenario(run, path):
    """The exported scenario ends with the same losses, to the last bit."""
    command = gradstep("run", str(path), "--steps", str(run.cursor.step), "--json")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lanes = json.loads(done.stdout)["lanes"]
    reached = [lane_run.timeline.reached for lane_run in run.lane_runs]
    assert load(str(path)).steps == max(run.scenario.steps, *reached)
    for lane_run in run.lane_runs:
        expected = quick_quantities(lane_run, run.cursor.step)
        assert {name: lanes[lane_run.lane.id][name] for name in expected} == expected
