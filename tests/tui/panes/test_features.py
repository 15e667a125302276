"""The features pane draws evenly many samples where all would take long."""

from nncore import arrays
from tui.panes.registry import PANES
from tui.render.selection import Sample

PANE = PANES["features"]


def test_of_many_samples_some_are_drawn_and_the_border_says_so(bench, monkeypatch):
    view = bench().view()
    model = view.lane.network
    whole = PANE.scene(view)
    assert len(whole.things) == model.samples
    assert not any("samples" in way for way in PANE.draw(view).subtitles)
    monkeypatch.setattr(arrays, "SLICE_WORK", 8 * 5 * model.network.work)
    some, apart = PANE.scene(view), -(-model.samples // 5)
    assert len(some.things) == len(some.points) == -(-model.samples // apart) <= 5
    assert all(f"1 of {apart} samples" in way for way in PANE.draw(view).subtitles)
    assert some.things.index(Sample(apart)) == 1
    assert 0 <= some.first < len(some.things)
