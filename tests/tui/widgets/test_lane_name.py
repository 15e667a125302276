from tui.render.cells import longest
from tui.widgets.pane_widget import lane_name, lane_sizes


def test_the_first_wording_that_fits_is_taken_whole():
    ways = ("test 0.01271 97.9%", "test 0.01271", "0.01271")
    assert [longest(width, *ways) for width in (18, 17, 12, 11)] == [*ways[:2], ways[1], ways[2]]
    assert longest(3, *ways) == "0.01271"
    assert longest(3, "θ½✓", "θ") == "θ½✓"


def test_a_lane_is_called_by_number_and_label_and_its_size_can_be_left_out(bench):
    lane = bench().frame().lanes[1]
    assert lane_name(lane) == f"2: {lane.lane.label}"
    full, sizes, nothing = lane_sizes(lane)
    network = lane.lane.model.network
    assert sizes == f" {'-'.join(map(str, network.sizes))}"
    assert full == f"{sizes}, {network.parameter_count:,} parameters"
    assert nothing == ""
