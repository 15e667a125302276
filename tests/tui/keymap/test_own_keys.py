"""Keys that a user has set: what does what, and in which words."""

from hypothesis import given
from hypothesis import strategies as st

from tui.keymap.own_keys import keyed, keys_of, label, moved, moved_from, textual_keymap, use
from tui.keymap.table import FOOTER, GUIDED, SIMULATOR

COMMANDS = {command.id: command for command in SIMULATOR}
FREE = [command for command in SIMULATOR if not command.fixed]


def test_without_keys_of_their_own_texts_have_those_of_the_table():
    assert keyed("{next} makes a step, {play} plays") == "n makes a step, space plays"
    assert label(COMMANDS["next"]) == "n →"
    assert label(COMMANDS["faster"]) == "+ ="
    assert moved() == {} == textual_keymap()


def test_keys_that_were_set_are_in_texts_and_labels():
    use({"next": ("j",), "play": ("J", "f5")})
    assert keyed("{next} makes a step, {play} plays, {previous} goes back") == "j makes a step, J plays, p goes back"
    assert label(COMMANDS["next"]) == "j →"
    assert keys_of(COMMANDS["play"]) == ("J", "f5")
    assert moved() == {COMMANDS["next"]: ("n",), COMMANDS["play"]: ("space",)}


def test_a_key_that_was_freed_names_its_command_and_one_that_was_taken_does_not():
    use({"next": ("p",), "previous": ("j",), "scrub_on": (">",), "scrub_back": (".",), "help": ("f1",)})
    assert moved_from({"n"}) is COMMANDS["next"]
    assert moved_from({"p"}) is moved_from({"full_stop", "."}) is None
    assert moved_from({"comma", ","}) is COMMANDS["scrub_back"]
    assert moved_from({"question_mark", "?"}) is COMMANDS["help"]
    assert moved_from({"escape", None}) is None


def test_the_keys_of_the_table_set_once_more_are_no_keys_of_their_own():
    use({"next": ("n",)})
    assert moved() == {}


@given(st.permutations([command.keys.split(" ")[0] for command in FREE]))
def test_any_exchange_of_keys_leaves_each_command_one(keys):
    use({command.id: (key,) for command, key in zip(FREE, keys, strict=True)})
    try:
        assert sorted(keyed(f"{{{command.id}}}") for command in FREE) == sorted(keys)
        freed = {key for command in FREE for key in command.keys.split(" ")} - set(keys)
        assert all(moved_from({key}) for key in freed)
        assert not any(moved_from({key}) for key in keys)
    finally:
        use({})


def test_names_are_identifiers_and_occur_once():
    assert len(COMMANDS) == len(SIMULATOR)
    assert all(name.isidentifier() for name in COMMANDS)
    assert {*FOOTER, *GUIDED} <= {command.action for command in SIMULATOR}
