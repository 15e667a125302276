"""Keys that come faster than they are answered, as pasted text and quick fingers make them."""

import os

import pytest

from tests.terminal import KEYS, Terminal, gradstep

READY = r" \? help"


def burst(terminal, *keys):
    """Send keys all at once."""
    os.write(terminal.file, "".join(KEYS.get(key, key) for key in keys).encode())


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (["n", "n", "s", "s"], r"step 3 FORWARD"),
        (["g", *"55", "enter", "n", "n"], r"step 57 UPDATE"),
        (["f", *"0.01", "enter", "n"], r"(?s)step 1 UPDATE.* 4: "),
        (["e", *["backspace"] * 9, *"0.02", "enter"], r"learning_rate 0.1 → 0.02 after step 0"),
        (["b", *"full.train_loss < 0.5", "enter", "esc", "n"], r"step 1 UPDATE"),
        (["w", "r", *["backspace"] * 20, *"nnn", "enter", "n"], r"(?s)step 1 UPDATE.* 1: nnn"),
        (["?", "esc", "n", "n"], r"step 2 UPDATE"),
        (["o", *"disc-depth", "enter", "n"], r"disc-depth  step 1 UPDATE"),
    ],
    ids=lambda value: "".join(value) if isinstance(value, list) else "",
)
def test_a_burst_does_what_the_same_keys_do_one_by_one(keys, shown):
    with Terminal(gradstep("gd-vs-sgd")) as terminal:
        terminal.wait_for(READY)
        burst(terminal, "G", *keys)
        terminal.wait_for(shown)


def test_keys_typed_before_the_first_screen_are_not_lost():
    with Terminal(gradstep("gd-vs-sgd")) as terminal:
        burst(terminal, "n", "n", "s")
        terminal.wait_for(r"step 3 BATCH")


def test_ctrl_c_overtakes_what_was_typed_ahead():
    with Terminal(gradstep("gd-vs-sgd")) as terminal:
        terminal.wait_for(READY)
        burst(terminal, *["N"] * 300, "ctrl+c")
        assert terminal.wait() == 130


CLICK = "\x1b[<0;{0};{1}M\x1b[<0;{0};{1}m"


@pytest.mark.parametrize(
    ("arguments", "keys", "place"),
    [
        (["learning-rate"], "]e", (60, 20)),
        (["by-hand"], "\x10", (5, 15)),
        ([], "xor", (10, 12)),
        (["gd-vs-sgd"], "?", (2, 2)),
    ],
)
def test_clicks_in_a_burst_do_no_harm(arguments, keys, place):
    with Terminal(gradstep(*arguments), 80, 24) as terminal:
        terminal.wait_for(READY if arguments else "type to filter")
        for _ in range(3):
            burst(terminal, *keys, *[CLICK.format(*place)] * 4, *[CLICK.format(70, 3)] * 4)
            burst(terminal, "esc")
        burst(terminal, "ctrl+q")
        assert terminal.wait(20) == 0
