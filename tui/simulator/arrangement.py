"""How the screen is arranged: for one at a desk, or in front of a class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.panes.large import arrange_large
from tui.panes.layout import Layout, arrange
from tui.panes.registry import chosen
from tui.session.session import Session
from tui.simulator.host import Host


@dataclass(frozen=True)
class Arrangement:
    """What differs from one way to look at a lesson to another.

    arrange: where panes and the guide's box stand. large: whether the guide's words are. echoes: the last key stands
    in words in the place of the hints, and nothing is said of what came of it. by_hands: questions are answered by
    hands, so that one that was passed on is told when its step has come.
    """

    arrange: Callable[..., Layout] = arrange
    large: bool = False
    echoes: bool = False
    by_hands: bool = False


AT_A_DESK = Arrangement()
BEFORE_A_CLASS = Arrangement(arrange_large, large=True, echoes=True, by_hands=True)


def first_panes(session: Session, host: Host) -> tuple[str, ...]:
    """Those of the run as it was left; those that its user chose, unless a guide chooses; or the scenario's."""
    scenario = session.scenario
    guided = scenario.guide and host.follows_guide(scenario)
    own = None if guided else host.chosen_panes(scenario)
    left = (chosen(kinds) for kinds in (session.view.panes, own) if kinds)
    return next(filter(None, left), chosen(scenario.panes))
