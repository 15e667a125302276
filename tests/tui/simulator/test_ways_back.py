"""What the keys of causes ask for and open, without an app."""

import pytest

from nncore.parameters import parameter_symbol
from scenarios.file.loader import load
from tests.tui.simulator.fakes import FakeScreen, carry_out
from tui.session.session import Session
from tui.simulator.tasks.blame import blame
from tui.simulator.tasks.why import why


@pytest.fixture
def screen():
    screen = FakeScreen(Session.begin(load("gd-vs-sgd")))
    screen.session.go_to(150)
    return screen


def test_why_asks_for_a_name_and_begins_with_what_the_equation_tells(screen):
    form, dialog = carry_out(why(screen), {"of": ""}, None)
    assert type(dialog).__name__ == "WhyDialog"
    assert form.fields[0].hint.startswith(("W2[", "b2["))
    carry_out(why(screen), None)


def test_why_takes_what_is_selected_without_asking(screen):
    screen.panes.selected_subject = 3
    screen.panes.focused_widget = type("Widget", (), {"selection": None, "pane": type("Pane", (), {"kind": "weights"})})
    (dialog,) = carry_out(why(screen), None)
    assert dialog._start.entry == 3
    assert dialog._start.step == 150


def test_blame_looks_at_the_last_hundred_steps_unless_others_are_asked_for(screen):
    _, table = carry_out(blame(screen), {"of": "W1[7,0]"}, None)
    assert " after step 50, " in table.above[0]
    assert " after step 150, " in table.above[0]
    _, table = carry_out(blame(screen), {"of": "sgd1.b2[0]", "from step": "10", "to step": "20"}, None)
    assert table.above[0].startswith("b₂[0]: ")
    assert " after step 10, " in table.above[0]


def test_blame_of_a_samples_answer(screen):
    for name in ("sample 5", "output[5,0]"):
        _, table = carry_out(blame(screen), {"of": name}, None)
        assert table.above[0].startswith("z₂[0] of sample 5: ")


def test_the_way_goes_on_from_the_table(screen):
    *_, dialog = carry_out(blame(screen), {"of": "W1[7,0]"}, ("I", 0), None)
    assert (dialog._start.step, dialog._start.entry) == (150, 7)
    _, table, dialog = carry_out(blame(screen), {"of": "sample 5"}, ("enter", 1), None)
    assert parameter_symbol(screen.session.lane_runs[0].lane.model, dialog._start.entry) == table.rows[2][0]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"of": "nobody.W1[0,0]"}, "no lane nobody; allowed: "),
        ({"of": "z1[3]"}, 'found "z1\\[3\\]"; allowed: a weight, a bias, or a sample'),
        ({"of": "W1[99,0]"}, r"allowed: W1\[0,0\] to \[15,0\]"),
        ({"of": "sample 9999"}, "found sample 9999; allowed: 0 to "),
        ({"of": "output[0,4]"}, "found output 4; allowed: 0 to 0"),
        ({"of": "W1[7,0]", "to step": "151"}, 'found "151"; allowed: a step that was made, 0 to 150'),
        ({"of": "W1[7,0]", "from step": "-1"}, "allowed: a step that was made"),
        ({"of": "W1[7,0]", "from step": "150"}, "allowed: a first step before the last one, which is 150"),
    ],
)
def test_what_cannot_be_asked_about_is_refused_with_what_can(screen, answers, says):
    with pytest.raises(ValueError, match=says):
        carry_out(blame(screen), answers)
