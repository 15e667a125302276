"""What costly panes work out beside the stepping: it can be left after each bounded piece of work."""

import pytest

from nncore import arrays
from nncore.backpropagation import Workspace
from nncore.network import Network
from tui.panes.registry import PANES


@pytest.mark.parametrize("dense", [200, 3])
@pytest.mark.parametrize("kind", [kind for kind, pane in PANES.items() if pane.studies])
def test_a_study_can_be_left_after_bounded_work(bench, monkeypatch, kind, dense):
    one = bench()
    one.session.go_to(5)
    view = one.view()
    bound = 6 * view.lane.lane.model.network.work
    monkeypatch.setattr(arrays, "SLICE_WORK", bound)
    monkeypatch.setattr("nncore.curvature.DENSE_SIZE", dense)
    done = [0]
    forward, run = Network.forward, Workspace.run

    def counted_forward(self, theta, x):
        done[0] += self.work * max(1, theta.size // theta.shape[-1]) * x.shape[-2]
        return forward(self, theta, x)

    def counted_run(self, x, targets):
        done[0] += self.network.work * (self.gradient.size // self.gradient.shape[-1]) * x.shape[-2]
        return run(self, x, targets)

    monkeypatch.setattr(Network, "forward", counted_forward)
    monkeypatch.setattr(Workspace, "run", counted_run)
    found = None
    for result in PANES[kind].study(view.lane, None):
        assert done[0] <= bound
        done[0], found = 0, result or found
    assert found is not None
    assert not isinstance(found, str)


def test_the_batch_pane_tells_no_angle_before_the_pass_got_there(bench):
    one = bench()
    pane, session = PANES["batch"], one.session
    session.next_step()
    assert "from the full gradient" in pane.draw(one.studied("batch")).titles[0]
    session.into()
    while session.cursor.step == 1:
        view = one.studied("batch")
        reached = bool(view.lane.gradient_reached.all())
        assert ("from" in pane.draw(view).titles[0]) == reached
        assert (pane.scene(view) is not None) == reached
        session.into()


def test_both_eigenvalues_at_the_cursor_are_marked_on_its_line(bench):
    one = bench()
    one.session.go_to(30)
    view = one.studied("curvature", lane=1, width=60)
    lines = ["".join(segment.text for segment in line) for line in PANES["curvature"].draw(view).lines]
    at_cursor = [line[-1] for line in lines[1:-1]]
    assert at_cursor.count(view.look.glyphs.lines[1]) == 1
    assert at_cursor.count(view.look.glyphs.points[1]) == 1
    assert set(at_cursor) == {"|", view.look.glyphs.lines[1], view.look.glyphs.points[1]}


def test_help_on_the_batch_pane_says_what_is_expected():
    assert "expected" in dict(PANES["batch"].legend)
