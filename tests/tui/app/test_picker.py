"""The picker as a course: what its keys do, what it shows at any size, and courses in folders."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Input, OptionList, Static

from scenarios.file.catalog import read_course
from scenarios.file.loader import load
from tests.pilot import drive
from tests.terminal import Terminal, gradstep
from tui.app.progress import Progress
from tui.archive import interrupted
from tui.archive.saved_run_file import save_run
from tui.lesson.lesson_progress import LessonProgress
from tui.session.session import Session

STAGES = len(load("by-hand").guide)
BEGUN = {"by-hand": LessonProgress(2, STAGES, {1: True, 4: False}, {}, 300.0)}


def choice(driver):
    """The name of the choice under the cursor."""
    options = driver.app.screen.query_one(OptionList)
    return options.get_option_at_index(options.highlighted).id


def said(driver):
    return str(driver.app.screen.query_one("#about", Static).content)


def own_course(tmp_path, names=("rings", "widths")):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in names:
        text = Path("scenarios/library", f"{name}.toml").read_text(encoding="utf-8")
        (folder / f"{name}.toml").write_text(text.partition("[[guide]]")[0], encoding="utf-8")
    files = ", ".join(f'"{name}.toml"' for name in names)
    text = f'format = 1\ntitle = "My course"\n[[chapters]]\ntitle = "A beginning"\nscenarios = [{files}]\n'
    (folder / "course.toml").write_text(text)
    return folder


@pytest.mark.parametrize("size", [(60, 9), (80, 9), (80, 24), (100, 30), (120, 40), (200, 60)])
def test_at_any_size_the_first_line_is_what_to_do_next_and_names_are_whole(size):
    Progress(lessons=dict(BEGUN)).save()

    async def walk(driver):
        await driver.until(lambda: f"go on: by-hand · stage 3 of {STAGES}" in driver.text)
        lines = driver.text.splitlines()
        first = next(number for number, line in enumerate(lines) if "go on:" in line)
        assert lines[first - 1].split()[0] == "lesson"
        assert "  by-hand  " in lines[first + 2]
        assert f" ●●{'○' * (STAGES - 2)} " in lines[first + 2]
        assert max(map(len, lines)) <= size[0]
        assert ("pgdn pgup preview" in lines[-1]) == (size[1] >= 24)

    drive(None, walk, size)


def test_enter_on_the_first_line_opens_what_is_next():
    async def walk(driver):
        await driver.until(lambda: "start here: by-hand" in driver.text)
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog)
        assert driver.session.scenario.name == "by-hand"

    drive(None, walk)


def test_a_run_that_was_interrupted_is_a_line_below_with_its_age():
    path = interrupted.folder() / "1-1.gradstep"
    path.parent.mkdir(parents=True)
    session = Session.begin(load("rings"))
    session.go_to(3)
    save_run(path, session.saved())
    then = time.time() - 31 * 60
    os.utime(path, (then, then))

    async def walk(driver):
        await driver.until(lambda: "interrupted 31 minutes ago: rings, step 3" in driver.text)
        lines = driver.text.splitlines()
        first = next(number for number, line in enumerate(lines) if "start here: by-hand" in line)
        assert "interrupted 31 minutes ago: " in lines[first + 1]
        await driver.press("down", "enter")
        await driver.until(lambda: not driver.dialog)
        assert driver.cursor == (3, None)

    drive(None, walk, (120, 40))


def test_keys_move_the_list_and_scroll_the_preview(tmp_path):
    course = read_course(own_course(tmp_path))
    first, last = (lesson.file for lesson in course.lessons)
    Progress(results={first: "step 3"}).save()

    async def walk(driver):
        preview = driver.app.screen.query_one("#preview", VerticalScroll)
        await driver.until(lambda: choice(driver) == "what to do next")
        await driver.press("down")
        assert choice(driver) == first
        await driver.until(lambda: "parameters" in said(driver))
        await driver.press("pagedown")
        await driver.until(lambda: preview.scroll_y > 0)
        assert choice(driver) == first
        await driver.press("pageup")
        await driver.until(lambda: preview.scroll_y == 0)
        await driver.press("end", "up")
        assert choice(driver) == last
        await driver.press("home")
        assert choice(driver) == "what to do next"

    drive(course, walk, (80, 24))


def test_typing_ranks_and_enter_opens_the_best():
    async def walk(driver):
        await driver.press(*"vanish")
        assert choice(driver) == "vanishing-gradients"
        assert "start here" not in driver.text
        await driver.press("escape")
        await driver.until(lambda: "start here" in driver.text)
        await driver.press(*"backprop", "enter")
        await driver.until(lambda: not driver.dialog)
        assert driver.session.scenario.name == "vanishing-gradients"

    drive(None, walk)


def test_the_choice_stays_when_the_size_changes():
    async def walk(driver):
        await driver.press("down", "down", "down")
        before = choice(driver)
        await driver.resize(80, 24)
        await driver.resize(200, 60)
        assert choice(driver) == before

    drive(None, walk)


def test_the_preview_tells_lanes_and_no_outcome():
    async def walk(driver):
        await driver.press(*"noise-holds")
        await driver.until(lambda: "parameters" in said(driver))
        assert "steps" in said(driver)
        assert "What to do" not in said(driver)

    drive(None, walk)


def test_a_course_in_a_folder_is_opened_by_its_path_and_left_again(tmp_path):
    folder = own_course(tmp_path)

    async def walk(driver):
        await driver.type(f"{folder}/")
        assert "the course in this folder" in driver.text
        assert "course.toml" not in driver.text
        await driver.press("enter")
        await driver.until(lambda: "My course" in driver.text)
        assert "start here: rings" in driver.text
        await driver.press("end", "enter")
        await driver.until(lambda: "How networks learn" in driver.text)

    drive(None, walk)


def test_a_lesson_of_a_course_that_is_broken_is_listed_and_refused_in_words(tmp_path):
    folder = own_course(tmp_path)
    (folder / "rings.toml").write_text('format = 1\nname = "rings"\nsteps = 0\n')

    async def walk(driver):
        await driver.type(f"{folder}/")
        await driver.press("enter")
        await driver.until(lambda: "start here: rings" in driver.text)
        await driver.press("enter")
        await driver.until(lambda: "rings.toml: " in said(driver))
        assert driver.dialog == "Picker"
        assert driver.app.screen.query_one(Input).value == ""

    drive(None, walk)


def test_the_command_opens_a_course_and_remembers_its_lessons_by_their_paths(tmp_path):
    own_course(tmp_path)
    state = {"XDG_STATE_HOME": str(tmp_path / "state"), "PYTHONPATH": str(Path.cwd())}
    with Terminal(gradstep("mine"), folder=tmp_path, env=state) as terminal:
        terminal.wait_for("My course")
        terminal.press("enter")
        terminal.wait_for(r" \? help")
        terminal.press("n")
        terminal.wait_for("step 1 UPDATE")
        terminal.press("o")
        terminal.wait_for("next: widths")
        assert "Recent files" not in terminal.text
        terminal.press("end", "up", "up")
        terminal.wait_for(re.escape(load("rings").question[:30]))
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    with Terminal(gradstep(), env=state) as terminal:
        terminal.wait_for("start here: by-hand")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_the_picker_needs_no_numpy_for_its_first_frame():
    code = "import sys, tui.cli, tui.app.app, tui.app.picker; print(sorted({'numpy', 'plotext'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
