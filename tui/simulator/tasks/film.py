"""Films a range of steps: the screen goes through them, and its pictures become one that moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nncore.slices import Slices
from tui.dialogs.field import Field
from tui.exports.cast import Film
from tui.session.cursor import Cursor
from tui.session.session import Session
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run

MOST_PICTURES = 1_000
MOST_RATE = 60
"""Pictures a second."""


@dataclass(frozen=True)
class Range:
    """Steps to film, from rest to rest. every: how many lie between two pictures, 0 where each operation is one.

    rate: pictures a second.
    """

    first: int
    last: int
    every: int
    rate: int

    def places(self, operations: int) -> list[Cursor]:
        """Where pictures are taken, where a step has as many operations."""
        if self.every:
            return [*map(Cursor, range(self.first, self.last, self.every)), Cursor(self.last)]
        within = [None, *range(operations - 1)]
        return [*(Cursor(step, place) for step in range(self.first, self.last) for place in within), Cursor(self.last)]

    def count(self, operations: int) -> int:
        """How many places that are."""
        steps = self.last - self.first
        return 1 + (-(-steps // self.every) if self.every else steps * operations)


async def film(screen: SimulatorScreen) -> Film | None:
    """Ask which steps, and film them; the cursor stands where it stood afterwards. None where esc left the form."""
    from tui.dialogs.form import Form

    session = screen.session
    fields = [
        Field("from step", "0", "where it begins"),
        Field("to step", str(max(session.reached, 1)), "where it ends"),
        Field("a picture every", "1", "so many steps, or: operation"),
        Field("pictures a second", "10", f"1 to {MOST_RATE}"),
    ]
    note = "The screen goes through these steps, then back to where it stands now. esc stops it."
    asked = await ask(Form("film a range of steps", fields, lambda values: read_range(values, screen), note))
    if asked is None:
        return None
    stood, pictures = session.cursor, list[list[str]]()
    places = asked.places(len(session.lockstep))
    await run(_filming(screen, places, pictures), lambda: f"filming, picture {len(pictures):,} of {len(places):,}")
    await run(_going(session, stood))
    screen.moved()
    title = f"gradstep {session.scenario.name}, steps {asked.first} to {asked.last}"
    return Film(screen.size.width, screen.size.height, title, tuple(pictures), asked.rate)


def read_range(values: dict[str, str], screen: SimulatorScreen) -> Range:
    """What was typed; raises ValueError with what is allowed."""
    first, last = (_whole(values, name) for name in ("from step", "to step"))
    if first >= last:
        raise ValueError(f"it ends at step {last:,}; allowed: a step after {first:,}, where it begins")
    if not screen.session.allows(Cursor(last)):
        raise ValueError(screen.guide.held_move)
    every = 0 if values["a picture every"] == "operation" else _whole(values, "a picture every", 1, ", or: operation")
    rate = _whole(values, "pictures a second", 1)
    if rate > MOST_RATE:
        raise ValueError(f"pictures a second: found {rate}; allowed: at most {MOST_RATE}")
    asked = Range(first, last, every, rate)
    if (count := asked.count(len(screen.session.lockstep))) > MOST_PICTURES:
        raise ValueError(f"these are {count:,} pictures; allowed: {MOST_PICTURES:,}, one every so many steps")
    return asked


def _whole(values: dict[str, str], name: str, least: int = 0, other: str = "") -> int:
    text = values[name].replace(",", "")
    if not text.isdecimal() or len(text) > 15 or int(text) < least:
        raise ValueError(f"{name}: found {values[name]!r}; allowed: a whole number from {least} on{other}")
    return int(text)


def _filming(screen: SimulatorScreen, places: Iterable[Cursor], pictures: list[list[str]]) -> Slices[None]:
    """Go from place to place, and keep what the screen shows there, until the run stops."""
    session = screen.session
    for place in places:
        yield from _going(session, place)
        screen.refresh_view()
        yield
        while not screen.panes.studied:
            yield
        pictures.append(_picture(screen))
        if session.cursor.step < place.step:
            return


def _picture(screen: SimulatorScreen) -> list[str]:
    """The screen's rows in terminal codes, as they stand where nothing is under way and nothing was said."""
    screen.said.no_more()
    screen.paint(replace(screen.frame(), busy=""))
    return [strip.render(screen.app.console) for strip in screen._compositor.render_strips()]


def _going(session: Session, place: Cursor) -> Slices[None]:
    yield from session.advance(place.step)
    if place.position is not None and session.cursor.step == place.step:
        session.stand_at(place)
