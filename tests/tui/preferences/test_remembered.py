"""What was chosen in the app, from one start to the next."""

import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from platformdirs import user_state_path

from tui.preferences.config import Config
from tui.preferences.preferences import Preferences
from tui.preferences.remembered import MOST_LESSONS, Remembered, recall, remember

ROOT = Path(__file__).parents[3]
ONE_OF_TWO = """
import sys
from tui.preferences.remembered import remember
for number in range(20):
    problem = remember(lambda choices: choices.with_panes(f"{sys.argv[1]}-{number}", ("loss",)))
    assert not problem, problem
"""


def file():
    return user_state_path("gradstep") / "preferences.json"


def test_choices_come_back():
    assert recall() == (Remembered(), "")
    assert remember(lambda choices: replace(choices, theme="light", glyphs="ascii")) == ""
    assert remember(lambda choices: choices.with_guide("by-hand", False)) == ""
    assert remember(lambda choices: choices.with_panes("by-hand", ("loss", "norms"))) == ""
    assert recall() == (Remembered("light", "ascii", True, {"by-hand": False}, {"by-hand": ("loss", "norms")}), "")


def test_a_choice_for_all_lessons_takes_the_place_of_those_for_one():
    choices = Remembered().with_guide("a", False).with_guide(None, True)
    assert choices == Remembered()
    assert Remembered().with_guide("a", True).with_guide(None, False) == Remembered(guide=False)


def test_panes_that_are_the_scenario_s_own_are_forgotten_and_old_choices_go():
    assert Remembered().with_panes("a", ("loss",)).with_panes("a", ()) == Remembered()
    choices = Remembered()
    for number in range(MOST_LESSONS + 5):
        choices = choices.with_panes(str(number), ("loss",))
    choices = choices.with_panes("7", ("norms",))
    assert len(choices.panes) == MOST_LESSONS
    assert list(choices.panes)[-1] == "7"
    assert "5" in choices.panes
    assert "4" not in choices.panes


def test_programs_side_by_side_keep_each_other_s_choices():
    programs = [subprocess.Popen([sys.executable, "-c", ONE_OF_TWO, name], cwd=ROOT) for name in "ab"]
    assert [program.wait() for program in programs] == [0, 0]
    assert set(recall()[0].panes) == {f"{name}-{number}" for name in "ab" for number in range(20)}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b'{"guides": {"by-hand": "no"}}', b'{"panes": 3}', b"[" * 100_000]
)
def test_a_damaged_file_is_told_once_and_put_aside(content):
    file().parent.mkdir(parents=True)
    file().write_bytes(content)
    choices, problem = recall()
    assert choices == Remembered()
    assert problem == "what you chose before (theme, panes, guide) was damaged, and is not followed"
    assert recall() == (Remembered(), "")
    assert file().with_suffix(".damaged").read_bytes() == content


def test_names_of_a_later_version_are_kept_and_not_followed():
    file().parent.mkdir(parents=True)
    file().write_bytes(msgspec.json.encode({"theme": "sepia", "glyphs": "sixel", "sound": True}))
    preferences = Preferences(Config())
    assert (preferences.theme, preferences.ascii, preferences.problem) == ("dark", False, "")
    assert preferences.choose_guide("by-hand", False) == ""
    assert recall()[0].theme == "sepia"


def test_where_nothing_can_be_written_a_choice_counts_all_the_same():
    file().parent.parent.mkdir(parents=True, exist_ok=True)
    file().parent.write_text("no folder")
    preferences = Preferences(Config())
    assert preferences.problem
    assert preferences.choose_theme("light").startswith("what you chose cannot be remembered: ")
    assert preferences.theme == "light"


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of files cannot be set here")
def test_a_full_disk_leaves_what_was_remembered():
    remember(lambda choices: replace(choices, theme="light"))
    program = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
        "from tui.preferences.remembered import remember;"
        "print(remember(lambda choices: choices.with_guide('by-hand', False)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "what you chose cannot be remembered: File too large\n"
    assert recall()[0] == Remembered(theme="light")


def test_the_configuration_counts_before_what_was_remembered_and_a_choice_before_both():
    remember(lambda choices: replace(choices, theme="light", glyphs="ascii").with_guide("by-hand", True))
    preferences = Preferences(Config("contrast", "unicode", False))
    assert (preferences.theme, preferences.ascii, preferences.guide("by-hand")) == ("contrast", False, False)
    preferences.choose_theme("dark")
    preferences.choose_glyphs("ascii")
    preferences.choose_guide("by-hand", True)
    preferences.choose_panes("by-hand", ("loss",))
    assert (preferences.theme, preferences.ascii, preferences.guide("by-hand")) == ("dark", True, True)
    assert recall()[0] == Remembered("light", "ascii", True, {"by-hand": True}, {"by-hand": ("loss",)})


def test_where_the_configuration_is_silent_a_choice_is_remembered():
    first = Preferences(Config(guide=True))
    first.choose_theme("contrast")
    first.choose_guide("by-hand", False)
    second = Preferences(Config())
    assert (second.theme, second.guide("by-hand"), second.guide("other")) == ("contrast", True, True)
