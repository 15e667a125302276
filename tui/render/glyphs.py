"""The characters that pictures are made of, in Unicode and in plain ASCII."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Glyphs:
    """The characters pictures are made of, each one cell wide."""

    positive: str  # by rising magnitude
    negative: str
    zero: str
    missing: str
    times: str
    ellipsis: str
    continues: str
    unit: str
    dead: str
    saturated: str
    forward: str
    backward: str
    upper_half: str
    quadrants: str  # filled in the quarters of a cell that are 1 in its number: 8 and 4 above, 2 and 1 below
    vertical: str
    horizontal: str
    corner: str
    tick: str
    high_class: str
    low_class: str
    high_wrong: str  # of the high class, and answered wrongly
    low_wrong: str
    selected: str
    selected_line: str
    switch: str  # where a unit switches
    step: str  # where a run has been
    pointing: str  # at what the guide speaks of
    lines: str  # marks along the lines of four lanes
    bar: str  # of a count
    levels: str  # of bars, by rising height
    points: str  # the points of four lanes, or of four kinds
    hollow: str  # what four lanes answer on other samples
    haze: str  # a noisy series in dots
    stroke: str  # a line in dots
    digits: str  # as subscripts
    exponents: str  # as superscripts, the last one a minus


UNICODE = Glyphs(
    positive="+*#",
    negative="−=≡",
    zero="·",
    missing="—",
    times="×",
    ellipsis="…",
    continues="┆",
    unit="●",
    dead="∅",
    saturated="■",
    forward="→",
    backward="←",
    upper_half="▀",
    quadrants="▀▗▖▄▝▐▞▟▘▚▌▙▀▜▛█",
    vertical="│",
    horizontal="─",
    corner="└",
    tick="┤",
    high_class="●",
    low_class="○",
    high_wrong="◆",
    low_wrong="◇",
    selected="◉",
    selected_line="┃",
    switch="╱",
    step="•",
    pointing="▸",
    lines="●▲■◆",
    bar="█",
    levels="▁▂▃▄▅▆▇█",
    points="•×+°",
    hollow="○△□◇",
    haze="⠢",
    stroke="⠒",
    digits="₀₁₂₃₄₅₆₇₈₉",
    exponents="⁰¹²³⁴⁵⁶⁷⁸⁹⁻",
)

ASCII = Glyphs(
    positive="+*#",
    negative="-~=",
    zero=".",
    missing="--",
    times="x",
    ellipsis="~",
    continues=":",
    unit="o",
    dead="0",
    saturated="#",
    forward=">",
    backward="<",
    upper_half="^",
    quadrants="^" * 16,
    vertical="|",
    horizontal="-",
    corner="+",
    tick="+",
    high_class="o",
    low_class="x",
    high_wrong="O",
    low_wrong="X",
    selected="@",
    selected_line="!",
    switch="/",
    step=".",
    pointing=">",
    lines="oxs^",
    bar="#",
    levels="_.-~=+*#",
    points=".:+'",
    hollow=".:+'",
    haze=":",
    stroke="-",
    digits="0123456789",
    exponents="0123456789-",
)

_SETS = ("lines", "points", "hollow", "positive", "negative")
_SINGLE = (
    *("step", "unit", "low_class", "high_wrong", "low_wrong", "dead", "saturated"),
    *("zero", "missing", "continues", "selected", "vertical", "forward"),
)


def in_ascii(mark: str) -> str:
    """A mark as it is drawn in plain ASCII: all marks of a set, or each sign on its own."""
    sets = {" ".join(getattr(UNICODE, name)): " ".join(getattr(ASCII, name)) for name in _SETS}
    signs = {getattr(UNICODE, name): getattr(ASCII, name) for name in _SINGLE}
    return sets.get(mark) or "".join(signs.get(sign, sign) for sign in mark)
