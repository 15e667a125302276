"""The command on courses: folders with a course.toml, and the library."""

from pathlib import Path

import pytest

from tests.tui.commands.test_command import SMALL, gradstep, result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL)
    return tmp_path


def test_verify_takes_the_folder_of_a_course_and_checks_all_its_scenarios(folder: Path) -> None:
    (folder / "again.toml").write_text(SMALL.replace('name = "small"', 'name = "again"'))
    course = 'format = 1\ntitle = "Mine"\n[[chapters]]\ntitle = "One"\nscenarios = ["small.toml", "again.toml"]\n'
    (folder / "course.toml").write_text(course)
    assert [claim["scenario"] for claim in result(folder, "verify", ".")["claims"]] == ["small", "again"]
    (folder / "again.toml").write_text(SMALL.replace("> 0", "< 0"))
    assert gradstep(folder, "verify", ".")[0] == 1
    (folder / "again.toml").unlink()
    where = "gradstep: course.toml: chapters[0].scenarios[1]: "
    refused = f'{where}cannot read "again.toml": No such file or directory\n'
    assert gradstep(folder, "verify", ".") == (2, "", refused)


def test_a_folder_without_a_course_is_refused(folder: Path) -> None:
    message = "gradstep: .: found a folder without course.toml; allowed: a file, or such a folder\n"
    for words in (("verify", "."), (".",)):
        assert gradstep(folder, *words) == (2, "", message)


def test_of_a_scenario_that_claims_nothing_nothing_is_said_to_hold(folder: Path) -> None:
    (folder / "small.toml").write_text(SMALL.partition("[[claims]]")[0])
    assert gradstep(folder, "verify", "small.toml") == (0, "nothing is claimed\n", "")


def test_the_library_is_listed_in_the_order_of_its_course(tmp_path: Path) -> None:
    lines = gradstep(tmp_path, "list")[1].splitlines()
    assert lines[0] == "0 One step by hand"
    assert lines[1].split()[0] == "by-hand"
