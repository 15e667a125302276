"""The tree of lanes: a line for each, branches below the lane that they left, changes, the cursor, closed ones."""

from scenarios.file.loader import load
from tui.panes.tree import LABEL, TOLD, draw_tree, twigs
from tui.render.palette import look
from tui.render.plain import plain
from tui.session.actions import Branch, Close, EditSettings, Rename, do
from tui.session.session import Session

RATE = {"optimizer": {"name": "sgd", "learning_rate": 0.01}}


def lines(session, columns=21, last=20, ascii=False):
    width = LABEL + columns + TOLD
    drawn = draw_tree(session.lane_runs, session.closed, session.cursor.step, last, width, look(ascii=ascii))
    texts = ["".join(segment.text for segment in line) for line in drawn]
    assert {len(text) for text in texts} == {width}
    return [text.rstrip() for text in texts]


def lines_of(lane_runs):
    drawn = draw_tree(lane_runs, (), 0, 20, LABEL + 21 + TOLD, look())
    return ["".join(segment.text for segment in line).rstrip() for line in drawn]


def grown():
    """by hand at 20, a branch of it at 10 with another rate, a branch of that at 15, one of by hand at 5, closed."""
    session = Session.begin(load("by-hand"))
    session.go_to(20)
    for lane, step, change in ((0, 5, None), (0, 10, RATE), (2, 15, None)):
        session.go_to(step)
        do(session, Branch(lane, set=change))
        session.go_to(20)
    do(session, Close(1))
    return session


def test_branches_hang_below_the_lane_that_they_left():
    assert lines(grown()) == [
        "                0                  20",
        "1 by hand       ━━━━━┬━━━━┬━━━━━━━━━●",
        "2 hand_3             │    └e━━━┬━━━━●  hand from 10",
        "3 hand_4             │         └━━━━●  hand_3 from 15",
        "· hand_2             └┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄  hand from 5",
        "┬ branch · e change · ● here · ┄ closed",
    ]


def test_the_cursor_stands_where_it_is_and_only_on_lanes_that_have_its_step():
    session = grown()
    session.go_to(12)
    _, first, second, third, *_ = lines(session)
    assert first[LABEL + 12] == second[LABEL + 12] == "●"
    assert "●" not in third


def test_two_branches_at_one_step_hang_on_one_line():
    session = Session.begin(load("by-hand"))
    session.go_to(10)
    do(session, Branch(0))
    do(session, Branch(0))
    do(session, Rename(2, "mine"))
    session.go_to(5)
    _, first, second, third, _ = lines(session, last=10, columns=11)
    assert (first[LABEL + 10], second[LABEL + 10], third[LABEL + 10]) == ("┬", "├", "└")
    assert third.startswith("3 mine ")


def test_a_lane_that_diverged_and_one_whose_parent_is_gone_are_drawn():
    session = Session.begin(load("learning-rate"))
    session.go_to(10)
    do(session, EditSettings((0,), {"optimizer": {"name": "sgd", "learning_rate": 1e200}}, "far too large"))
    session.go_to(40)
    drawn = lines(session, last=40)
    assert drawn[1][LABEL:].startswith("━━━━━ex")
    assert "e change · x divergence" in drawn[-1]
    child = lines_of([twig.lane_run for twig in twigs(grown().lane_runs, ())][1:])
    assert [line[:8] for line in child[1:-1]] == ["1 hand_3", "2 hand_4"]


def test_in_ascii_open_lanes_and_closed_ones_stay_apart():
    drawn = [plain(line) for line in lines(grown(), ascii=True)]
    assert drawn[1] == "1 by hand       =====+====+=========O"
    assert drawn[4] == "* hand_2             +---------------  hand from 5"
