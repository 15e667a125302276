"""A number and what made it as lines of text: the trail, the sum in numbers, and its terms in columns."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from rich.cells import cell_len

from nncore.training import Model
from tui.explain.notation import the_others
from tui.explain.why import trail
from tui.explain.why_value import Term, Value, Why
from tui.render.cells import fit
from tui.render.numbers import WIDTH, num, number

FOLLOWED = "←"
"""The mark of a term that has a way of its own."""
MADE_OF = "made of"
"""What stands over the terms."""


def trail_line(model: Model, way: Sequence[Value], room: int) -> str:
    """The way so far; where there is no room for all of it, its end."""
    words = trail(model, way)
    left = 0
    while left < len(words) - 1 and cell_len(_joined(words, left)) > room:
        left += 1
    return _joined(words, left)


def _joined(words: Sequence[str], left: int) -> str:
    return f" {FOLLOWED} ".join((["…"] if left else []) + list(words[left:]))


def heading(why: Why, model: Model) -> str:
    """What the number is, in four digits and in all of them."""
    short, exact = num(why.number), repr(float(why.number))
    more = f"   in all digits {exact}" if isfinite(why.number) and float(short) != why.number else ""
    return f"{why.value.named(model)} = {short}{more}"


def made_of(why: Why) -> list[str]:
    """The formula, the same in numbers, and what else is to be known."""
    numbers = why.numbers if "→" in why.numbers else f"= {why.numbers} ="
    sums = [why.formula, f"    {numbers} {num(why.number)}"] if why.numbers else []
    return [*sums, *([why.remark] if why.remark else [])]


def head_line(why: Why) -> str:
    """What stands in the columns."""
    adds = f" {'adds':>{WIDTH}}" if _is_sum(why) else ""
    return f"  {fit(MADE_OF, _width(why))} {'is':>{WIDTH}}{adds}" if why.terms else ""


def row_lines(why: Why) -> list[str]:
    """A line for each term, and one for those left out."""
    width, sums = _width(why), _is_sum(why)
    lines = [_row(term, width, sums) for term in why.terms]
    if why.others:
        words = the_others(why.others.count, why.others.things)
        lines.append(f"  {fit(words, width)} {'':{WIDTH}}{_adds(why.others.adds, sums)}  enter tells more")
    return lines


def _row(term: Term, width: int, sums: bool) -> str:
    mark = FOLLOWED if term.made_by else " "
    return f"{mark} {fit(term.name, width)} {number(term.number)}{_adds(term.adds, sums)}  {term.note}"


def _adds(adds: float | None, sums: bool) -> str:
    """The column of what terms add, where there is one."""
    return f" {'' if adds is None else number(adds):{WIDTH}}" if sums else ""


def _is_sum(why: Why) -> bool:
    """Whether its terms add up to it, so that what each adds is told."""
    return any(term.adds is not None for term in why.terms)


def _width(why: Why) -> int:
    names = [MADE_OF, *(term.name for term in why.terms)]
    names += [the_others(why.others.count, why.others.things)] if why.others else []
    return max(map(cell_len, names))
