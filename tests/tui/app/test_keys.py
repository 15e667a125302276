"""Every key of the simulator does what its help says."""

import pytest

from scenarios.file.loader import load
from tests.pilot import drive, keys_of, scenario
from tests.tui.conftest import LANES
from tui.dialogs.help import help_text
from tui.keymap.own_keys import label
from tui.keymap.table import SIMULATOR
from tui.panes.registry import PANES
from tui.session.cursor import Lockstep
from tui.session.player import SPEEDS
from tui.session.session import Session
from tui.simulator.playback import MOST_PAINT_SECONDS

LESSONS = ["by-hand", "disc-depth", "gd-vs-sgd", "saddle-noise"]


def same(driver, session):
    """Whether the app stands where another session stands, with the same θ in every lane."""
    assert driver.session.cursor == session.cursor
    step = session.cursor.step
    for one, other in zip(driver.session.lane_runs, session.lane_runs, strict=True):
        assert one.timeline.state_at(step).theta.tobytes() == other.timeline.state_at(step).theta.tobytes()
    return True


@pytest.mark.parametrize("name", LESSONS)
def test_keys_that_step_do_what_the_session_does(name):
    moves = {
        "n": Session.next_step,
        "right": Session.next_step,
        "p": Session.previous_step,
        "left": Session.previous_step,
        "s": Session.into,
        "d": lambda session: session.move(Lockstep.end_of_phase),
        "down": Session.into,
        "a": Session.out,
        "up": Session.out,
    }

    async def walk(driver):
        alone = Session.begin(load(name))
        for key in ("a", *"pssans", "down", "right", *"np", "left", *"pns", "up", "up", *"ssspaandddad"):
            await driver.press(key)
            moves[key](alone)
            assert same(driver, alone), key

    drive(name, walk)


@pytest.mark.parametrize("name", LESSONS)
def test_s_walks_through_every_operation_and_a_back(name):
    async def walk(driver):
        positions, seen = len(driver.session.lockstep), []
        for position in range(positions - 1):
            await driver.press("s")
            assert driver.cursor == (0, position)
            seen.append(driver.text.splitlines()[-4:-2])
        await driver.press("s")
        assert driver.cursor == (1, None)
        for position in reversed(range(positions - 1)):
            await driver.press("a")
            assert driver.cursor == (0, position)
            assert driver.text.splitlines()[-4:-2] == seen[position]
        await driver.press("a")
        assert driver.cursor == (0, None)

    drive(name, walk)


@pytest.mark.parametrize("name", LESSONS)
def test_keys_that_go_far(name):
    async def walk(driver):
        last = driver.session.scenario.steps
        stride = max(1, last // 50)
        place = 0
        for key, step in {
            "N": lambda at: at + 10,
            "P": lambda at: max(at - 10, 0),
            "full_stop": lambda at: at + stride,
            "comma": lambda at: max(at - stride, 0),
        }.items():
            for _ in range(2):
                await driver.press(key)
                await driver.settled()
                place = step(place)
                assert driver.cursor == (place, None), key
        await driver.press("N", "s")
        await driver.settled()
        reached = driver.session.reached
        await driver.press("home")
        await driver.settled()
        assert driver.cursor == (0, None)
        await driver.press("end")
        await driver.settled()
        assert driver.cursor == (reached, None)
        await driver.press("r")
        await driver.settled()
        assert (driver.cursor, driver.session.reached) == ((0, None), reached)

    drive(name, walk)


@pytest.mark.parametrize(("typed", "place"), [("7", 7), ("+3", 23), ("-5", 15), ("", 10), ("step == 4", 4), ("0", 0)])
def test_g_goes_to_a_step_and_to_where_a_condition_becomes_true(typed, place):
    async def walk(driver):
        if typed[:1] in "+-":
            await driver.press("N", "N")
            await driver.settled()
        await driver.press("g")
        await driver.until(lambda: driver.dialog == "Form")
        await driver.type(typed)
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog)
        await driver.settled()
        assert driver.cursor == (place, None)

    drive("by-hand", walk)


def test_space_plays_to_the_last_step_and_pauses():
    async def walk(driver):
        await driver.press("space")
        await driver.until(lambda: not driver.simulator.playback.player.playing)
        assert driver.cursor == (driver.session.scenario.steps, None)
        await driver.press(*["plus"] * 9, "space")
        await driver.until(lambda: driver.session.cursor.step > driver.session.scenario.steps)
        await driver.press("space")
        assert not driver.simulator.playback.player.playing
        await driver.press("less_than_sign")
        assert driver.simulator.playback.player.direction == -1
        await driver.until(lambda: driver.session.cursor.step <= driver.session.scenario.steps)
        await driver.press("less_than_sign")
        assert not driver.simulator.playback.player.playing

    drive("by-hand", walk)


def test_plus_and_minus_change_the_speed_between_its_ends():
    async def walk(driver):
        start = driver.simulator.playback.player.level
        await driver.press("plus", "equals_sign")
        assert driver.simulator.playback.player.level == start + 2
        await driver.press("minus")
        assert driver.simulator.playback.player.level == start + 1
        await driver.press(*["minus"] * 12)
        assert driver.simulator.playback.player.speed == SPEEDS[0]
        await driver.press(*["plus"] * 12)
        assert driver.simulator.playback.player.flat_out
        assert "flat out" in driver.text

    drive("by-hand", walk)


def test_any_step_pauses():
    async def walk(driver):
        for key in ("n", "s", "p", "a", "N", "home"):
            await driver.press("space")
            assert driver.simulator.playback.player.playing
            await driver.press(key)
            assert not driver.simulator.playback.player.playing, key

    drive("gd-vs-sgd", walk)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_tab_visits_every_pane_and_comes_round(size):
    async def walk(driver):
        await driver.press("tab")
        first, seen = driver.simulator.panes.focused_pane, []
        while driver.simulator.panes.focused_pane != first or not seen:
            seen.append(driver.simulator.panes.focused_pane)
            assert driver.simulator.panes.widgets[seen[-1]].display
            await driver.press("tab")
        assert {pane.kind for pane in seen} == set(driver.simulator.panes.kinds)
        back = []
        for _ in seen:
            await driver.press("shift+tab")
            back.append(driver.simulator.panes.focused_pane)
        assert back == seen[::-1]

    drive("disc-depth", walk, size)


def test_z_zooms_and_esc_leaves_one_thing_at_a_time():
    async def walk(driver):
        before = dict(driver.simulator.panes.regions)
        while driver.simulator.panes.focused_pane.kind != "weights":
            await driver.press("tab")
        await driver.press("z")
        assert list(driver.simulator.panes.regions) == [driver.simulator.panes.focused_pane]
        await driver.press("enter")
        assert driver.simulator.panes.inside
        await driver.press("escape")
        assert (driver.simulator.panes.inside, driver.simulator.panes.zoomed) == (False, True)
        await driver.press("escape")
        assert driver.simulator.panes.regions == before
        await driver.press("z", "z")
        assert driver.simulator.panes.regions == before

    drive("disc-depth", walk)


def test_enter_gives_the_arrows_to_the_pane():
    async def walk(driver):
        while driver.simulator.panes.focused_pane.kind != "weights":
            await driver.press("tab")
        await driver.press("enter")
        assert " W₁[0,0] = 0.5000   at step 0" in driver.text
        await driver.press("right")
        assert " W₁[0,1] = 0.2500" in driver.text
        await driver.press("down")
        assert " W₁[1,1] = 0.2500" in driver.text
        await driver.press("left")
        assert " W₁[1,0] = -1.000" in driver.text
        await driver.press("up")
        assert " W₁[0,0] = 0.5000" in driver.text
        assert driver.cursor == (0, None)
        await driver.press("s")
        assert driver.cursor == (0, 0)
        await driver.press("escape", "right")
        assert driver.cursor == (1, None)

    drive("by-hand", walk)


def test_digits_bring_lanes_to_the_front():
    async def walk(driver):
        for key, lane in {"2": 1, "3": 2, "4": 2, "1": 0}.items():
            await driver.press(key)
            assert driver.simulator.panes.front == lane
            shown = {pane.lane for pane in driver.simulator.panes.regions} - {None}
            assert shown == {0, 1, 2}

    drive("gd-vs-sgd", walk, (80, 24))


def test_l_c_and_t_change_how_things_look():
    async def walk(driver):
        await driver.until(lambda: "loss · log · over steps" in driver.text)
        await driver.press("l")
        await driver.until(lambda: "loss · linear · over steps" in driver.text)
        await driver.press("l", "c")
        await driver.until(lambda: "loss · log · over samples" in driver.text)
        await driver.press("c")
        await driver.until(lambda: "loss · log · over multiply-adds" in driver.text)
        themes = []
        for _ in range(3):
            await driver.press("t")
            themes.append(driver.app.theme)
        assert len(set(themes)) == 3

    drive("gd-vs-sgd", walk, (200, 60))


def test_pgdn_and_pgup_scroll_the_lesson():
    async def walk(driver):
        lesson = next(w for p, w in driver.simulator.panes.widgets.items() if p.kind == "lesson")
        await driver.press("pagedown")
        down = lesson.scroll_lines
        assert down > 0
        await driver.press(*["pagedown"] * 30)
        assert "more lines" not in str(lesson.border_subtitle)
        await driver.press(*["pageup"] * 40)
        assert lesson.scroll_lines == 0

    drive("disc-depth", walk)


def test_m_chooses_panes():
    async def walk(driver):
        await driver.press("m")
        assert driver.dialog == "ChoosePanes"
        await driver.press("space", "enter")
        await driver.until(lambda: not driver.dialog)
        kinds = set(driver.simulator.panes.kinds)
        assert "function" not in kinds
        await driver.press("m", "down", "space", "escape")
        assert set(driver.simulator.panes.kinds) == kinds

    drive("disc-depth", walk)


def test_o_opens_the_picker_and_another_scenario():
    async def walk(driver):
        await driver.press("n", "o")
        assert driver.dialog == "Picker"
        await driver.press("escape")
        assert (driver.dialog, driver.cursor) == ("", (1, None))
        await driver.press("o", *"by-hand")
        await driver.press("enter")
        await driver.until(lambda: not driver.dialog)
        assert driver.session.scenario.name == "by-hand"

    drive("gd-vs-sgd", walk)


def test_a_new_seed_is_undoable():
    async def walk(driver):
        await driver.press("n", "n")
        theta = driver.session.lane_runs[0].timeline.state_at(2).theta.copy()
        await driver.press("R")
        assert (driver.session.seed, driver.cursor) == (1, (0, None))
        await driver.press("u")
        assert (driver.session.seed, driver.cursor) == (0, (2, None))
        assert (driver.session.lane_runs[0].timeline.state_at(2).theta == theta).all()
        await driver.press("u")
        assert "nothing to undo" in driver.notes

    drive("gd-vs-sgd", walk)


def test_help_lists_every_key_and_every_pane():
    text = help_text().plain
    for command in SIMULATOR:
        assert f"  {label(command)} " in text
        assert command.help in text
    for kind, pane in PANES.items():
        assert kind in text
        assert pane.purpose in text


def test_no_key_is_bound_twice():
    keys = [key for command in SIMULATOR for key in keys_of(command)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_q_quits(key):
    async def walk(driver):
        await driver.press("n", key)
        await driver.until(lambda: not driver.app._running or driver.app._exit)

    drive("by-hand", walk)


def test_a_pause_is_not_taken_for_a_frame_that_took_long():
    async def walk(driver):
        for _ in range(3):
            await driver.press(*["plus"] * 9, "space")
            step = driver.cursor[0]
            await driver.until(lambda step=step: driver.cursor[0] > step)
            await driver.press("space")
            await driver.settled()
            await driver.until(lambda: driver.simulator.playback._showing is None)
        assert driver.simulator.playback._cost <= MOST_PAINT_SECONDS

    drive(scenario(LANES.replace("steps = 100", "steps = 100000000")), walk)


@pytest.mark.parametrize("dialog", ["panes", "go_to", "help", "breakpoints", "edit", "seeds", "open"])
def test_a_dialog_that_opens_while_the_program_ends_is_no_mistake(dialog):
    async def walk(driver):
        opener = driver.app if dialog == "open" else driver.simulator
        getattr(opener, f"action_{dialog}")()
        driver.app.exit()

    drive(scenario(LANES), walk)


@pytest.mark.parametrize(
    "kind", ["function", "network", "weights", "gradients", "loss", "features", "batch", "curvature"]
)
def test_help_begins_with_the_marks_of_the_pane_in_focus(kind):
    first, *rest = help_text(PANES[kind]).plain.split("\n")
    assert first.startswith(f"The pane in focus: {kind}")
    assert rest[: len(PANES[kind].legend)] != []
    for line, (mark, meaning) in zip(rest, PANES[kind].legend, strict=False):
        assert line.split() == [*mark.split(), *meaning.split()]
