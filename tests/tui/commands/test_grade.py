"""`gradstep grade`: what each lesson run of a folder came to, and what is odd about it."""

import csv
import json
from pathlib import Path

import pytest

from scenarios.file.loader import load
from scenarios.file.resolve import learner_seed
from tests.tui.lesson.classroom import LESSON, begun, changed_later, hand_in, late, worked
from tui.cli import main
from tui.commands.grade import COLUMNS
from tui.lesson import grading
from tui.session.actions import Answer, NewSeed, Predict, Undo, do
from tui.session.session import Session


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "hill.toml"
    path.write_text(LESSON)
    return path


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "runs"
    made.mkdir()
    return made


@pytest.fixture
def grade(lesson, folder, capsys):
    """Grades the folder by `scenario`, by default the lesson, and tells its runs by their files."""

    def graded(*options):
        status = main(["grade", str(folder), "--scenario", graded.scenario, "--jobs", "1", "--json", *options])
        told = capsys.readouterr()
        assert (status, told.err) == (0, "")
        return {run["file"].removesuffix(".json"): run for run in json.loads(told.out)["runs"]}

    graded.scenario = str(lesson)
    return graded


def odd(run):
    """What is odd about a run, by its kinds."""
    return [one["what"] for one in run["odd"]]


def test_an_honest_run_is_told_in_numbers_and_nothing_is_odd_about_it(lesson, folder, grade):
    hand_in(folder, "ana", worked(begun(lesson), first=1, reason="it is small"))
    run = grade()["ana"]
    numbers = {name: run[name] for name in ("learner", "scenario", "seed", "right", "asked", "late", "skipped")}
    assert numbers == {
        "learner": "ana",
        "scenario": "hill",
        "seed": 0,
        "right": 2,
        "asked": 3,
        "late": 0,
        "skipped": 0,
    }
    assert (run["stages"], run["stages_of"]) == (3, 3)
    assert (run["quiz_right"], run["quiz"]) == (1, 1)
    assert (run["odd"], run["error"]) == ([], None)
    told = {(one["kind"], one["number"]): (one["answer"], one["right"], one["reason"]) for one in run["answers"]}
    assert told == {
        ("prediction", 1): ("yes", True, ""),
        ("guide", 1): ("no", False, "it is small"),
        ("guide", 2): ("no", True, ""),
        ("quiz", 1): ("above 0", True, ""),
    }


def test_an_answer_after_its_step_was_seen_is_late_and_not_right(lesson, folder, grade):
    hand_in(folder, "ben", late(begun(lesson, "ben")))
    run = grade()["ben"]
    assert (run["late"], run["right"], odd(run)) == (1, 0, ["late"])
    assert "prediction 1" in run["odd"][0]["says"]
    assert "step 25" in run["odd"][0]["says"]


@pytest.mark.parametrize("way", ["cut", "undo", "seed and back", "branch"])
def test_what_was_seen_in_other_lanes_was_seen(lesson, folder, grade, way):
    from tui.session.actions import Branch, Close, EditSettings

    session = begun(lesson)
    if way == "cut":
        session.go_to(25)
        session.go_to(0)
        do(session, EditSettings((0, 1), {"l2": 1e-30}, "nothing"))
    elif way == "undo":
        do(session, EditSettings((0, 1), {"l2": 1e-30}, "nothing"))
        session.go_to(25)
        do(session, Undo())
    elif way == "seed and back":
        session.go_to(25)
        do(session, NewSeed())
        do(session, Undo())
    else:
        do(session, Branch(0))
        session.go_to(25)
        do(session, Close(2))
    session.go_to(0)
    do(session, Predict(0, True))
    hand_in(folder, "ana", session)
    run = grade()["ana"]
    assert run["late"] == 1
    assert "late" in odd(run)


def test_a_question_that_is_answered_many_times_counts_once_by_its_first_answer(lesson, folder, grade):
    session = begun(lesson)
    for guess in [False, *[True] * 49]:
        do(session, Predict(0, guess))
    session.go_to(45)
    hand_in(folder, "ana", session)
    run = grade()["ana"]
    assert (run["right"], run["asked"]) == (0, 3)
    (answer,) = run["answers"]
    assert (answer["times"], answer["answer"], answer["right"]) == (50, "no", False)
    assert odd(run) == ["again"]


def test_the_same_number_fifty_times_is_one_right_number(lesson, folder, grade):
    session = begun(lesson)
    session.into()
    from tui.lesson.quiz import answer, next_question
    from tui.session.frame_builder import FrameBuilder

    question = next_question(session, FrameBuilder(session), 0)
    for _ in range(50):
        answer(session, 0, None, question, question.truth)
    assert [one.late for one in session.answered] == [False, *[True] * 49]
    hand_in(folder, "ana", session)
    run = grade()["ana"]
    assert (run["right"], run["asked"]) == (1, 4)
    assert isinstance(session.journal[0], Answer)


def test_neither_a_change_nor_another_seed_makes_an_answer_right_afterwards(lesson, folder, grade):
    hand_in(folder, "ana", changed_later(begun(lesson)))
    session = begun(lesson, "ben")
    do(session, Predict(0, False))
    do(session, NewSeed())
    session.go_to(25)
    hand_in(folder, "ben", session)
    runs = grade()
    assert [answer["right"] for name in ("ana", "ben") for answer in runs[name]["answers"]] == [False, False]


def edited(actions):
    actions[1]["choice"] = 1 - actions[1]["choice"]


def removed(actions):
    del actions[1]


def reordered(actions):
    actions[0], actions[1] = actions[1], actions[0]


def added(actions):
    actions.insert(1, dict(actions[0]))


@pytest.mark.parametrize("change", [edited, removed, reordered, added])
def test_lines_that_were_changed_are_seen(lesson, folder, grade, change):
    path = hand_in(folder, "ana", worked(begun(lesson)))
    table = json.loads(path.read_text())
    change(table["actions"])
    path.write_text(json.dumps(table))
    assert {"chain", "seal"} <= set(odd(grade()["ana"]))


def test_the_end_of_a_run_that_was_cut_off_is_seen(lesson, folder, grade):
    path = hand_in(folder, "ana", worked(begun(lesson)))
    table = json.loads(path.read_text())
    del table["actions"][-1]
    path.write_text(json.dumps(table))
    assert odd(grade()["ana"]) == ["seal"]


def test_what_was_seen_cannot_be_less_than_entries_show(lesson, folder, grade):
    path = hand_in(folder, "ana", late(worked(begun(lesson))))
    table = json.loads(path.read_text())
    table["actions"][-1]["seen"] = [0, None]
    path.write_text(json.dumps(table))
    assert "seen" in odd(grade()["ana"])


def test_another_scenario_of_the_same_name_is_told(lesson, folder, grade, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "hill.toml").write_text(LESSON.replace("hidden = [5]", "hidden = [6]"))
    hand_in(folder, "ana", worked(begun(other / "hill.toml")))
    assert odd(grade()["ana"]) == ["scenario"]


def test_a_run_that_was_copied_is_told_of_both_also_with_another_name_on_it(lesson, folder, grade):
    session = worked(begun(lesson))
    hand_in(folder, "ana", session)
    hand_in(folder, "ben", session, learner="ben")
    session.learner = "cleo"
    hand_in(folder, "cleo", session)
    hand_in(folder, "dan", worked(begun(lesson, "dan")))
    runs = grade()
    says = {name: [one["says"] for one in run["odd"] if one["what"] == "copy"] for name, run in runs.items()}
    assert says["ana"] == ["the same run as ben.json", "the same run as cleo.json"]
    assert says["cleo"] == ["the same run as ana.json", "the same run as ben.json"]
    assert odd(runs["ben"]) == ["copy", "copy", "seal"]
    assert runs["dan"]["odd"] == []


def test_a_file_that_ends_elsewhere_than_it_says_is_told(lesson, folder, grade):
    hand_in(folder, "ana", worked(begun(lesson)), train_loss={"wide": 0.001, "deep": None})
    assert odd(grade()["ana"]) == ["seal", "replay", "replay"]


def test_damaged_files_are_one_line_each_and_stop_nothing(lesson, folder, grade):
    hand_in(folder, "ana", worked(begun(lesson)))
    (folder / "broken.json").write_text("{")
    (folder / "empty.json").write_bytes(b"")
    (folder / "folder.json").mkdir()
    (folder / "other.json").write_text('{"a": 1}')
    (folder / "bytes.json").write_bytes(bytes(range(256)))
    (folder / "curves.csv.meta.json").write_text("{}")
    hand_in(folder, "far", worked(begun(lesson)), end=[10**9, None])
    hand_in(folder, "gone", worked(begun(lesson)), title="nosuch")
    hand_in(folder, "set", worked(begun(lesson)), set=["lanes.wide.hidden=oops"])
    runs = grade()
    assert runs["ana"]["error"] is None
    wrong = {name for name, run in runs.items() if run["error"]}
    assert wrong == {"broken", "empty", "other", "bytes", "far", "gone", "set"}
    assert all("\n" not in runs[name]["error"] for name in wrong)


def test_old_lesson_runs_are_graded_by_what_they_hold(lesson, folder, grade):
    path = hand_in(folder, "old", late(begun(lesson)))
    table = json.loads(path.read_text())
    kept = {name: table[name] for name in ("scenario", "seed", "actions", "end", "set")}
    kept["actions"] = [{k: v for k, v in one.items() if k not in ("seen", "after")} for one in kept["actions"]]
    path.write_text(json.dumps({"gradstep_lesson_run": 1, **kept}))
    run = grade()["old"]
    assert (run["learner"], run["scenario"], run["error"], odd(run)) == ("", "hill", None, ["old"])


def test_a_learner_has_a_seed_of_their_own(lesson, folder, grade):
    lesson.write_text(LESSON.replace("steps = 60", "steps = 60\nlearner_seed = true\nseed = 7"))
    assert load(str(lesson)).seed == 7
    assert load(str(lesson), learner="ana").seed == learner_seed("ana") == 0x1E788AC
    hand_in(folder, "ana", worked(begun(lesson)))
    hand_in(folder, "ben", worked(begun(lesson, "ana")), learner="ben")
    nobody = Session.begin(load(str(lesson)))
    nobody.learner = "cleo"
    hand_in(folder, "cleo", worked(nobody))
    hand_in(folder, "dan", worked(begun(lesson, "dan")), seed=5)
    theirs = worked(begun(lesson, "eve"))
    theirs.learner = "finn"
    hand_in(folder, "finn", theirs)
    lesson.write_text(lesson.read_text().replace("1e6", "1e7"))
    other = worked(begun(lesson, "gil"))
    lesson.write_text(lesson.read_text().replace("1e7", "1e6"))
    hand_in(folder, "gil", other)
    runs = grade()
    assert runs["ana"]["odd"] == []
    assert runs["ana"]["seed"] == learner_seed("ana")
    assert odd(runs["ben"]) == ["seal", "seed"]
    assert odd(runs["cleo"]) == odd(runs["finn"]) == ["seed"]
    assert {"seal", "seed"} <= set(odd(runs["dan"])) <= {"seal", "seed", "replay"}
    assert odd(runs["gil"]) == ["scenario"]
    without = f"begun with the file's own seed 7, as without --as, not {learner_seed('cleo')}, that of cleo"
    assert runs["cleo"]["odd"][0]["says"] == without
    another = f"begun with seed {learner_seed('eve')}, not {learner_seed('finn')}, that of finn"
    assert runs["finn"]["odd"][0]["says"] == another


def test_the_rows_of_the_table_are_those_of_the_file(lesson, folder, grade, tmp_path, capsys):
    session = worked(begun(lesson, '=HYPERLINK("x")'))
    hand_in(folder, "ana", session)
    out = tmp_path / "class.csv"
    grade("--csv", str(out))
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["learner"] == '\'=HYPERLINK("x")'
    assert (rows[0]["right"], rows[0]["asked"]) == ("3", "3")
    before = out.read_bytes()
    assert main(["grade", str(folder), "--scenario", str(lesson), "--csv", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_a_line_for_each_run_and_what_is_odd_below(lesson, folder, capsys):
    hand_in(folder, "ana", worked(begun(lesson)))
    hand_in(folder, "ben", late(begun(lesson, "b\x1b[2Jen")))
    (folder / "zoe.json").write_text("{")
    assert main(["grade", str(folder), "--scenario", str(lesson), "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[1] == "ana hill 3 of 3 0 0 3 of 3 - 1 of 1"
    assert lines[3].startswith("zoe.json - ")
    assert any("the answer to prediction 1" in line for line in lines)


def test_two_processes_find_what_one_does(lesson, folder, grade):
    for name in ("ana", "ben", "cleo", "dan"):
        hand_in(folder, name, worked(begun(lesson, name)))
    assert grade() == grade("--jobs", "2")


def test_runs_of_one_scenario_and_seed_make_its_steps_once(lesson, folder, grade, monkeypatch):
    from nncore.training import Trainer

    made, run = [], Trainer.run_slices

    def counted(trainer, steps):
        made.append(steps)
        return run(trainer, steps)

    for number in range(10):
        hand_in(folder, f"l{number}", worked(begun(lesson, f"l{number}")))
    monkeypatch.setattr(Trainer, "run_slices", counted)
    grade()
    assert sum(made) < 3 * 2 * 45  # of two lanes, with those of the quiz; ten times one after the other


@pytest.mark.parametrize("what", ["nothing", "missing"])
def test_a_folder_without_lesson_runs_is_refused(tmp_path, capsys, what):
    folder = tmp_path / what
    if what == "nothing":
        folder.mkdir()
    assert main(["grade", str(folder)]) == 2
    assert str(folder) in capsys.readouterr().err


def test_grading_says_nothing_of_who_cheats():
    words = Path(grading.__file__).read_text("utf-8").lower()
    assert "cheat" not in words


COURSE = 'format = 1\ntitle = "Mine"\n[[chapters]]\ntitle = "One"\nscenarios = ["hill.toml", "more/dale.toml"]\n'


@pytest.mark.parametrize("course", [True, False])
def test_a_folder_stands_for_the_scenarios_in_it(lesson, folder, grade, course):
    dale = lesson.parent / "more" / "dale.toml" if course else lesson.parent / "dale.toml"
    dale.parent.mkdir(exist_ok=True)
    dale.write_text(LESSON.replace('"hill"', '"dale"'))
    if course:
        (lesson.parent / "course.toml").write_text(COURSE)
    hand_in(folder, "ana-hill", worked(begun(lesson)))
    hand_in(folder, "ana-dale", worked(begun(dale)))
    grade.scenario = str(lesson.parent)
    runs = grade()
    assert {name: (run["scenario"], run["right"], run["odd"]) for name, run in runs.items()} == {
        "ana-hill": ("hill", 3, []),
        "ana-dale": ("dale", 3, []),
    }


def test_a_folder_without_scenarios_is_refused(folder, capsys):
    (folder / "ana.json").write_text("{")
    assert main(["grade", str(folder), "--scenario", str(folder)]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"gradstep: there are no scenarios (*.toml) in {folder}\n")
