"""What of a saved run is no array: the header of the file."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from scenarios.file.schema import MAX_LANES, MAX_STOPS, MAX_WATCHED
from scenarios.scenario import NamedPlace
from tui.archive.snapshot_arrays import MAX_REACHED, Kept
from tui.session.actions import Change, Unknown
from tui.session.breakpoints import Breakpoint
from tui.session.cursor import Cursor
from tui.session.guesses import Answered, Guess
from tui.session.lane_run import Origin
from tui.session.snapshot import SavedView

PARTS = ("x", "y", "x_test", "y_test")
SCALING = ("mean", "deviation", "y_mean", "y_deviation")
"""The arrays of the data; the second ones where inputs, and outputs, are standardized."""

MOST = 1_000
"""How many breakpoints and changes of the scenario a run may have."""

Integer = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Step = Annotated[int, Meta(ge=0, le=MAX_REACHED)]

UNKNOWN = Unknown(at=(0, None))


class LaneHeader(msgspec.Struct, frozen=True):
    """A lane: its table with the changes made on the way, what of its timeline are numbers, where it parted."""

    table: dict[str, Any]
    kept: Kept
    origin: Origin | None


class Header(msgspec.Struct, frozen=True):
    """scenario: its tables, the lanes in them as they were at first. file: what the scenario was read from.

    Files of earlier versions lack what has a default; what was done before them is not known.
    """

    versions: dict[str, str]
    file: str
    scenario: msgspec.Raw
    seed: Integer
    lanes: Annotated[list[LaneHeader], Meta(min_length=1, max_length=MAX_LANES)]
    cursor: Cursor
    breakpoints: Annotated[list[Breakpoint], Meta(max_length=MOST)]
    hits: Annotated[list[Step], Meta(max_length=MOST)]
    overrides: Annotated[list[str], Meta(max_length=MOST)] = []
    first_seed: Integer | None = None
    journal: list[Change] = msgspec.field(default_factory=lambda: [UNKNOWN])
    guesses: dict[int, Guess] = {}
    answered: list[Answered] = []
    view: SavedView = SavedView()
    scenario_hash: str = ""
    places: Annotated[list[NamedPlace], Meta(max_length=MAX_STOPS)] = []
    learner: str = ""
    name: str = ""
    furthest: Cursor = Cursor()
    watched: Annotated[list[str], Meta(max_length=MAX_WATCHED)] = []
