"""What a user sets or chooses counts at the next start: theme, characters, panes, guide, and keys."""

import asyncio
from dataclasses import replace

import pytest

from scenarios.file.loader import load
from tests.pilot import Driver
from tests.terminal import Terminal, gradstep
from tui.app.app import GradstepApp
from tui.keymap.table import SIMULATOR
from tui.panes.guide import GO_ON
from tui.preferences.config import Config
from tui.preferences.remembered import Remembered, recall, remember

KEYS = {"next": ("j",), "previous": ("k",), "play": ("J", "f6"), "help": ("f1",), "breakpoints": ("n",)}


def start(walk, name="disc-depth", config=None, guide=False):
    """Start the app once, on a scenario of the library."""
    opened = load(name) if guide else replace(load(name), guide=(), quiz=())

    async def run():
        app = GradstepApp(opened, config=config)
        async with app.run_test(size=(120, 40)) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: " quit" in driver.text)
            await walk(driver)

    asyncio.run(run())


def test_theme_and_characters_are_those_of_the_last_start():
    async def choose(driver):
        await driver.press("t", "A")
        await driver.until(lambda: driver.text.isascii())

    async def find(driver):
        assert driver.app.theme == "gradstep-light"
        assert driver.text.isascii()
        await driver.press("A")
        await driver.until(lambda: not driver.text.isascii())

    start(choose)
    start(find)
    assert recall()[0] == Remembered(theme="light", glyphs="unicode")


def test_panes_are_those_of_the_last_start_in_this_scenario_and_no_other():
    async def choose(driver):
        await driver.press("m")
        await driver.until(lambda: driver.dialog == "ChoosePanes")
        await driver.press("space", "enter")
        await driver.until(lambda: not driver.dialog)

    async def find(driver):
        assert "function" not in driver.simulator.panes.kinds

    async def find_none(driver):
        assert "function" in driver.simulator.panes.kinds

    start(find_none)
    start(choose)
    start(find)
    start(find_none, "gd-vs-sgd")
    start(choose)  # it is ticked again
    start(find_none)
    assert recall()[0] == Remembered()


def test_panes_that_are_opened_while_a_guide_speaks_are_not_remembered():
    async def choose(driver):
        await driver.press("m")
        await driver.until(lambda: driver.dialog == "ChoosePanes")
        await driver.press("space", "enter")
        await driver.until(lambda: not driver.dialog)

    start(choose, guide=True)
    assert recall()[0] == Remembered()


def test_a_guide_s_panes_count_before_those_that_were_chosen():
    remember(lambda choices: choices.with_panes("disc-depth", ("norms",)))

    async def find(driver):
        assert driver.simulator.panes.kinds == (*driver.simulator.guide.stage.panes, "lesson")
        await driver.press("G")

    async def find_chosen(driver):
        assert driver.simulator.panes.kinds == ("norms",)

    start(find, guide=True)
    start(find_chosen, guide=True)


def test_the_guide_is_off_in_one_lesson_or_in_all():
    async def leave(driver):
        assert driver.simulator.guide.on
        await driver.press("G")
        assert "off in this lesson: G brings it back, ctrl+g switches it off in all" in driver.notes

    async def leave_all(driver):
        assert driver.simulator.guide.on
        await driver.press("ctrl+g")
        assert "the guide is off in all lessons" in driver.notes

    async def find_off(driver):
        assert not driver.simulator.guide.on

    async def bring_back(driver):
        await driver.press("ctrl+g")
        await driver.until(lambda: driver.simulator.guide.on)

    start(leave, guide=True)
    start(find_off, guide=True)
    start(leave_all, "by-hand", guide=True)
    start(find_off, "gd-vs-sgd", guide=True)
    start(bring_back, guide=True)
    assert recall()[0] == Remembered()


def test_what_the_configuration_sets_is_not_remembered_and_counts_at_each_start():
    config = Config(theme="contrast", guide=False)

    async def find_and_choose(driver):
        assert driver.app.theme == "gradstep-contrast"
        assert not driver.simulator.guide.on
        await driver.press("t", "G")
        await driver.until(lambda: driver.simulator.guide.on)
        assert driver.app.theme == "gradstep-contrast-light"

    for _ in range(2):
        start(find_and_choose, config=config, guide=True)
    assert recall()[0] == Remembered()


def test_keys_that_were_set_do_it_and_the_line_of_keys_says_so():
    async def walk(driver):
        assert "j next  k back" in driver.text
        assert "f1 help" in driver.text
        await driver.press("j", "j", "k")
        assert driver.cursor == (1, None)
        await driver.press("right")  # the arrow stays
        assert driver.cursor == (2, None)
        await driver.press("p")
        assert driver.cursor == (2, None)
        assert "set in config.toml: k is the key for: step back" in driver.notes
        await driver.press("n")
        await driver.until(lambda: driver.dialog == "BreakpointList")
        await driver.press("escape")
        await driver.press("J")
        await driver.until(lambda: driver.session.cursor.step > 4)
        await driver.press("f6")
        await driver.settled()

    start(walk, config=Config(keys=KEYS))


def test_a_bracket_is_a_key_as_any_other():
    async def walk(driver):
        assert r"[ next  ] back  \ in" in driver.text
        await driver.press("left_square_bracket", "left_square_bracket")
        assert driver.cursor == (2, None)
        await driver.pilot.click("#keys", offset=(3, 0))
        await driver.until(lambda: driver.cursor == (3, None))

    keys = {"next": ("[",), "previous": ("]",), "into": ("\\",), "run_back": ("{",), "run_on": ("}",)}
    start(walk, config=Config(keys=keys))


def test_help_and_palette_have_the_keys_as_they_are_set():
    async def walk(driver):
        await driver.press("f1")
        await driver.until(lambda: driver.dialog == "Help")
        text = str(driver.app.screen.query("Static").last().render())
        for line in ("  n      is j: next step", "  space  is J f6: play, pause", "  j →  ", "  n    ", "  J f6 "):
            assert line in text, line
        await driver.press("f1")
        await driver.until(lambda: not driver.dialog)
        await driver.press("ctrl+p")
        await driver.until(lambda: "key j →" in driver.text)

    start(walk, config=Config(keys=KEYS))


def test_the_guide_names_the_keys_as_they_are_set():
    async def walk(driver):
        assert "waiting: step 3 · j goes on" in " ".join(driver.text.replace("│", " ").split())
        await driver.press("j", "j", "j")
        await driver.until(lambda: "✓ done · f2 goes on" in driver.text)
        await driver.press("f2")
        await driver.until(lambda: driver.simulator.guide.number == 1)

    assert "{next_stage}" in GO_ON
    start(walk, config=Config(keys={**KEYS, "next_stage": ("f2",)}), guide=True)


def test_every_command_can_have_another_key():
    """As many keys as there are commands, none of which any of them had."""
    letters = map(chr, range(ord("а"), ord("а") + len(SIMULATOR)))
    keys = {command.id: (next(letters),) for command in SIMULATOR if not command.fixed}

    async def walk(driver):
        bound = driver.app.screen.active_bindings
        for command in SIMULATOR:
            key = keys.get(command.id, ("escape" if command.keys == "esc" else command.keys,))[0]
            assert bound[key].binding.action == command.action
        await driver.press(keys["next"][0])
        assert driver.cursor == (1, None)

    start(walk, config=Config(keys=keys))


CONFIG = """
theme = "light"
glyphs = "ascii"
[keys]
next = "ctrl+k"
play = "f6"
quit = "X"
"""


@pytest.fixture
def environment(tmp_path):
    folder = tmp_path / "config" / "gradstep"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    return {"XDG_CONFIG_HOME": str(folder.parent), "XDG_STATE_HOME": str(tmp_path / "state")}


def test_a_terminal_s_keys_are_those_of_the_file(environment):
    with Terminal(gradstep("by-hand"), env=environment) as terminal:
        terminal.wait_for("ctrl.k next  f6 play")
        assert terminal.text.isascii()
        terminal.press("\x0b", "\x0b", "n")
        terminal.wait_for("step 2 UPDATE")
        terminal.wait_for("set in config.toml: ctrl.k is the key for: next step")
        terminal.press("f6")
        terminal.wait_for("step 10 UPDATE")
        terminal.press("X")
        assert terminal.wait() == 0


def test_a_configuration_that_cannot_be_is_refused_before_the_screen_opens(environment, tmp_path):
    file = tmp_path / "config" / "gradstep" / "config.toml"
    file.write_text('[keys]\nnext = "b"\n')
    with Terminal(gradstep("by-hand"), columns=200, env=environment) as terminal:
        assert terminal.wait() == 2
    assert b"\x1b[" not in terminal.raw
    wanted = f'gradstep: {file}: keys.next: "b" is the key of "breakpoints" too'
    assert wanted in terminal.raw.decode().replace("\r\n", "")


def test_damaged_choices_are_told_once_and_are_not_in_the_way(environment, tmp_path):
    file = tmp_path / "state" / "gradstep" / "preferences.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"{damaged")
    for told in (True, False):
        with Terminal(gradstep("by-hand"), env=environment) as terminal:
            terminal.wait_for("X quit|what you chose")
            terminal.press("\x0b")
            terminal.wait_for("step 1 UPDATE")
            assert ("what you chose before" in terminal.text) == told
            terminal.press("X")
            assert terminal.wait() == 0
