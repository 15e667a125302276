import re

import pytest
from rich.cells import cell_len

from tui.keymap.table import FOOTER, SIMULATOR
from tui.panes.status_lines import equation_lines, header
from tui.render.palette import look
from tui.session.actions import EditSettings, do
from tui.widgets.key_bar import key_hints


def text(line):
    return "".join(segment.text for segment in line)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_hints_fit_and_help_and_quit_are_always_among_them(width):
    entries, gap = key_hints(SIMULATOR, width - 1)
    assert len(" " + (" " * gap).join(f"{key} {word}" for key, word, _ in entries)) <= width
    assert [key for key, _, _ in entries[-2:]] == ["?", "q"]


def test_80_columns_name_the_keys_that_a_beginner_needs():
    entries, _ = key_hints(SIMULATOR, 79)
    assert [action for _, _, action in entries] == [*FOOTER[:9], "help", "app.quit"]


def test_every_command_with_a_hint_has_its_place_in_the_footer():
    assert {command.action for command in SIMULATOR if command.hint} == set(FOOTER)


ADAM = """
format = 1
name = "adam"
[data]
kind = "xor"
samples = 8
[[lanes]]
id = "one"
hidden = [8]
optimizer = { name = "adam", learning_rate = 0.001 }
"""


def test_a_sum_too_long_for_the_line_has_fewer_terms_and_keeps_its_result(bench):
    one = bench(ADAM)
    one.into(4)
    frame = one.frame()
    whole, fewer, cut = (text(equation_lines(frame, "", width, look())[1]) for width in (200, 100, 45))
    result = re.search(r" = \S+$", whole.rstrip()).group()
    assert "(the other 5 terms)" in whole
    assert re.search(r"\(the other [67] terms\)", fewer)
    assert fewer.rstrip().endswith(result)
    assert cut.endswith(f"…{result}")
    assert (cell_len(fewer), cell_len(cut)) == (100, 45)


def test_a_formula_too_long_for_the_line_is_cut_between_its_parts(bench):
    one = bench(ADAM)
    one.session.go_to(1)
    first = text(equation_lines(one.frame(), "", 80, look())[0]).rstrip()
    assert first.startswith(" θ₂ ← θ₂ − α m′/(√v′ + 1e-08), α = 0.0010")
    assert first.endswith(", … (i: all)")


def test_named_values_are_cut_at_their_end(bench):
    _, cut = equation_lines(bench().frame(), "at a = 0.5000, b = 0.2500, c = 0.1250", 30, look())
    assert text(cut) == " at a = 0.5000, b = 0.2500, c…"


@pytest.mark.parametrize(
    ("width", "place"),
    [
        (100, "step 1 FORWARD · pre-activation a₁ · op 2/14"),
        (60, "step 1 FORWARD · op 2/14"),
        (42, "step 1 FORWARD"),
    ],
)
def test_the_header_leaves_out_whole_parts(bench, width, place):
    one = bench()
    one.session.into()
    one.session.into()
    line = header(one.frame(), width, look())
    assert cell_len(text(line)) == width
    assert re.search(r"two-lanes  (.*?)  ", text(line)).group(1) == place


@pytest.mark.parametrize(("width", "told"), [(50, 0), (130, 1)])
def test_marks_on_the_strip_are_explained_above_it_where_there_is_room(bench, width, told):
    one = bench(ADAM)
    one.session.go_to(4)
    assert "e = change" not in " ".join(text(line) for line in equation_lines(one.frame(), "", width, look()))
    do(one.session, EditSettings([0], {"l2": 0.1}, "l2"))
    one.session.go_to(5)
    lines = [text(line) for line in equation_lines(one.frame(), "", width, look())]
    assert [cell_len(line) for line in lines] == [width, width]
    assert sum(line.endswith(" e = change ") for line in lines) == told
