"""`course.toml`: what is read, and that each refusal names file, key, what was found and what is allowed."""

import re
from pathlib import Path

import pytest
from msgspec.structs import fields

from scenarios.errors import ScenarioError
from scenarios.file.catalog import library_course, read_course, told_by_guide
from scenarios.file.course_file import LIBRARY, ChapterTable, CourseTable, read_course_file

SCENARIO = """
format = 1
name = "small"
title = "A small network"
question = "How small?"
text = '''
Look.
[ 1  2 ]
'''
[data]
kind = "xor"
[[lanes]]
id = "one"
hidden = [2]
[[guide]]
title = "Begin"
say = "Press n."
until = { step = 1 }
[[guide]]
title = "Commit"
ask = "What then?"
at = 3
choices = [
    { say = "up", when = "one.train_loss > 1", reply = "no" },
    { say = "down", when = "one.train_loss <= 1", reply = "a secret" },
]
"""
CHAPTER = '[[chapters]]\ntitle = "One"\nscenarios = ["a.toml", "more/b.toml"]\n'
COURSE = f'format = 1\ntitle = "Mine"\n{CHAPTER}'


@pytest.fixture
def folder(tmp_path):
    course = tmp_path / "course"
    (course / "more").mkdir(parents=True)
    (tmp_path / "outside.toml").write_text(SCENARIO)
    for name in ("a.toml", "more/b.toml"):
        (course / name).write_text(SCENARIO)
    return course


def write(folder, text):
    (folder / "course.toml").write_text(text)


def refusal(folder, text):
    write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        read_course_file(folder)
    prefix = f"{folder / 'course.toml'}: "
    assert str(caught.value).startswith(prefix)
    return str(caught.value).removeprefix(prefix)


def test_a_course_has_its_chapters_and_their_lessons_in_order(folder):
    write(folder, f'{COURSE}text = "First this."\n[[chapters]]\ntitle = "Two"\nscenarios = ["c.toml"]\n')
    (folder / "c.toml").write_text('question = "not whole"\n[')
    course = read_course(folder)
    assert (course.title, course.folder) == ("Mine", folder)
    assert course.chapters == (("One", "First this."), ("Two", ""))
    assert [lesson.name for lesson in course.lessons] == ["a", "more/b", "c"]
    first, last = course.lessons[0], course.lessons[2]
    assert (first.title, first.question, first.chapter) == ("A small network", "How small?", "One")
    assert (first.file, first.stages, first.quiz) == (str(folder / "a.toml"), 2, 0)
    assert first.text == "Look.\n[ 1  2 ]"
    assert last.title == "c"


def test_what_a_guide_says_can_be_searched_but_not_its_replies(folder):
    write(folder, COURSE)
    said = told_by_guide(read_course(folder).lessons[0])
    assert said.splitlines() == ["Begin", "Press n.", "Commit", "What then?", "up", "down"]


def test_library_lessons_go_by_the_names_that_the_command_takes():
    course = library_course()
    assert course.folder is None
    assert (course.lessons[0].name, course.lessons[0].file) == ("by-hand", "by-hand")
    assert (
        len({lesson.name for lesson in course.lessons}) == len(course.lessons) == len(list(LIBRARY.glob("*.toml"))) - 1
    )


RELATIVE = 'allowed: a path relative to this file, without ".."'
TEXTS = {
    "format: found 2; allowed: 1": COURSE.replace("format = 1", "format = 2"),
    "chapters: missing; allowed: an array of 1 to 100, each a table": COURSE.replace(CHAPTER, ""),
    "colour: unknown key; allowed: format, title, chapters": f"colour = 1\n{COURSE}",
    "title: found the control character '\\x07'; allowed: text": COURSE.replace("Mine", "\\u0007"),
    "not TOML: Invalid value (at end of document)": "title = [",
}
FILES = {
    "[0]: found 3; allowed: text": "[3]",
    ": found an array of 0; allowed: an array of 1 to 200, each text": "[]",
    '[0]: cannot read "z.toml": No such file or directory': '["z.toml"]',
    '[1]: found "run.gradstep"; allowed: a scenario file (.toml)': '["a.toml", "run.gradstep"]',
    '[0]: found "course.toml"; allowed: a scenario file (.toml)': '["course.toml"]',
    f'[0]: found "../outside.toml"; {RELATIVE}': '["../outside.toml"]',
    f'[0]: found "/etc/x.toml"; {RELATIVE}': '["/etc/x.toml"]',
    '[0]: "link.toml" is a link out of the folder': '["link.toml"]',
    '[0]: "more.toml" is not a file': '["more.toml"]',
    '[1]: found "./a.toml" a second time; allowed: each scenario once': '["a.toml", "./a.toml"]',
}


@pytest.mark.parametrize("message", TEXTS)
def test_what_is_wrong_is_refused_in_one_line(folder, message):
    assert refusal(folder, TEXTS[message]) == message


def test_an_unknown_key_of_a_chapter_is_refused(folder):
    message = 'chapters[0].scenario: unknown key; allowed: title, scenarios, text; did you mean "scenarios"?'
    assert refusal(folder, f'{COURSE}scenario = "x"\n') == message


@pytest.mark.parametrize("message", FILES)
def test_a_file_that_is_none_of_the_folder_is_refused(folder, message):
    (folder / "link.toml").symlink_to(folder.parent / "outside.toml")
    (folder / "more.toml").mkdir()
    text = COURSE.replace('["a.toml", "more/b.toml"]', FILES[message])
    assert refusal(folder, text) == f"chapters[0].scenarios{message}"


def test_a_folder_that_is_no_course_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"found a folder without course\.toml; allowed: a file, or such a folder"):
        read_course_file(tmp_path)


def test_a_course_in_a_device_is_refused(folder):
    (folder / "course.toml").symlink_to("/dev/zero")
    with pytest.raises(ScenarioError, match=r"without course\.toml"):
        read_course_file(folder)


def test_the_document_names_every_key_and_its_example_is_read(tmp_path):
    text = Path("docs/course.md").read_text(encoding="utf-8")
    keys = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert keys == [field.encode_name for table in (CourseTable, ChapterTable) for field in fields(table)]
    for name in re.findall(r'"([\w/-]+\.toml)"', text):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SCENARIO)
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    write(tmp_path, example[1])
    assert [file.stem for file in read_course_file(tmp_path).files] == ["by-hand", "by-hand-again", "disc"]
