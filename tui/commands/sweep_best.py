"""The best setting of a sweep for a lane in words: how sure it is over the seeds, whether at an edge."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, inf

from scenarios.runs.sweep_values import Varied
from tui.commands.output import shown, spread
from tui.commands.sweep_table import LOSSES, Cell, Results, short_keys, short_texts

CLEAR = 0.05
"""How likely chance alone may do as much for what is called clear."""
FEWEST = 5
"""Fewer seeds are never clear: chance gives them all to one setting more often."""


def best_lines(results: Results, ascii: bool) -> list[str]:
    """What is said of the best setting of each lane; the last lines say which these are."""
    told = [(lane, place) for lane in results.lanes if (place := results.best(lane)) is not None]
    doubts = [line for lane, place in told for line in _doubts(results, lane, place, ascii)]
    count = f"{len(results.sweep.settings):,} settings"
    what = f"{'median ' if results.sweep.seeds > 1 else ''}{LOSSES[results.judged]}"
    best = [
        f"best of {count} for {lane}: {_said(results, place, ascii)}: {what} {spread(results.cell(place, lane).values)}"
        for lane, place in told
    ]
    return doubts + best


def chance(wins: int, losses: int) -> float:
    """How likely a fair coin comes down on one side so often or more, of so many throws."""
    throws = wins + losses
    return sum(comb(throws, heads) for heads in range(wins, throws + 1)) / 2**throws


def _doubts(results: Results, lane: str, place: int, ascii: bool) -> list[str]:
    return [f"{lane}: {text}" for text in (*_compared(results, lane, place, ascii), *_at_edges(results, place, ascii))]


def _compared(results: Results, lane: str, place: int, ascii: bool) -> list[str]:
    """How the best compares with the next one, seed by seed, and which others are as near."""
    best, seeds = results.cell(place, lane), results.sweep.seeds
    others = [
        other for other in range(len(results.sweep.settings)) if other != place and results.cell(other, lane).values
    ]
    if not others:
        return []
    if seeds == 1:
        return ["one seed does not tell whether another would have another best: --seeds 8 asks eight"]
    following = min(others, key=lambda other: results.cell(other, lane).rank)
    wins, losses = _won(best, results.cell(following, lane))
    named = f"the next best ({_said(results, following, ascii)}: {shown(results.cell(following, lane).middle)})"
    if not wins + losses:
        return [f"{named} is as good for each of {seeds} seeds"]
    likely = chance(wins, losses)
    says = f"lower than {named} for {wins} of {seeds} seeds, as a coin falls {_percent(likely)} of the time: "
    says += "clear" if likely <= CLEAR else "not clear"
    near = [other for other in others if chance(*_won(best, results.cell(other, lane))) > CLEAR]
    more = sorted((other for other in near if other != following), key=lambda other: results.cell(other, lane).rank)
    if more:
        also = f" and {len(more) - 1:,} more" if len(more) > 1 else ""
        says += (
            f"; {'also' if following in near else 'but'} not clearly worse: ({_said(results, more[0], ascii)}){also}"
        )
    if near:
        says += f"; it takes {FEWEST} seeds at least" if seeds < FEWEST else "; more seeds tell more"
    return [says]


def _won(best: Cell, other: Cell) -> tuple[int, int]:
    """For how many seeds the first loss is lower, and for how many the second; one that is missing is the highest."""
    pairs = [
        tuple(inf if value is None else value for value in pair) for pair in zip(best.values, other.values, strict=True)
    ]
    return sum(mine < theirs for mine, theirs in pairs), sum(theirs < mine for mine, theirs in pairs)


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "less than 1%"


def _at_edges(results: Results, place: int, ascii: bool) -> list[str]:
    """The varied numbers of which the best has the largest or smallest that was tried."""
    varied = results.sweep.varied
    names = short_keys([one.key for one in varied])
    lines = []
    for one, name, text in zip(varied, names, results.sweep.settings[place].texts, strict=True):
        way = _beyond(one, text)
        if way:
            said = short_texts(one.texts, ascii)[one.texts.index(text)]
            lines.append(f"the best {name}, {said}, is at the edge of what was tried: try {way} ones")
    return lines


def _beyond(varied: Varied, text: str) -> str:
    """Whether larger or smaller numbers than those tried lie beyond one of them, "" if neither or nothing is below."""
    values = varied.values
    if len(values) < 2 or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return ""
    value = values[varied.texts.index(text)]
    return "larger" if value == max(values) else "smaller" if value == min(values) and value > 0 else ""


def _said(results: Results, place: int, ascii: bool) -> str:
    """A setting in words."""
    varied = results.sweep.varied
    names: Sequence[str] = short_keys([one.key for one in varied])
    texts = [
        short_texts(one.texts, ascii)[one.texts.index(text)]
        for one, text in zip(varied, results.sweep.settings[place].texts, strict=True)
    ]
    return ", ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
