"""What can be measured of a lane on the screen after some step."""

from __future__ import annotations

from scenarios.quantities.definitions import QUANTITIES, Number, number
from scenarios.quantities.measure import Measurement, measure
from tui.session.lane_run import LaneRun


def measured_at(lane_run: LaneRun, step: int) -> Measurement:
    """What can be measured of a lane after `step` updates."""
    return Measurement(lane_run.lane, lane_run.timeline.state_at(step), lane_run.timeline.steps(max(0, step - 1), step))


def quick_quantities(lane_run: LaneRun, step: int) -> dict[str, Number]:
    """Every quantity of a lane after `step` updates that is quickly measured; None where it has no meaning."""
    measurement = measured_at(lane_run, step)
    quick = [name for name, definition in QUANTITIES.items() if definition.of_lane and not definition.costly]
    return {name: number(name, float(measure(measurement, name))) for name in quick}
