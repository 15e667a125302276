"""The pane lesson: the question, the text, the claims."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from textwrap import wrap

from rich.segment import Segment

from tui.explain.claim_words import claim_question
from tui.keymap.own_keys import keyed
from tui.panes.guide import draw_guide
from tui.panes.pane import Drawing, Pane, View
from tui.render.cells import Line, fit, ink
from tui.render.palette import Look
from tui.render.plain import spelled
from tui.session.frame import Frame

ITEM, FORMULA = "- ", "    "
VERDICTS = {None: "○?", True: "✓v", False: "✗x"}  # whether a claim holds, the second in ASCII

ONE_OF_MANY = "A claim in plain colour is about many seeds, of which this run is one: {seeds} runs them."


class LessonPane(Pane):
    kind = "lesson"
    title = "lesson"
    purpose = "the question, the text, the claims; it scrolls"
    shared = True

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.frame.scenario, view.frame.lesson)

    def draw(self, view: View) -> Drawing:
        guide = view.frame.lesson.guide
        if guide is not None:
            return draw_guide(guide, view)
        lines, most = lesson_lines(view.frame, view.width, view.look), self.farthest(view)
        top = min(view.scroll, most)
        shown = lines[top : top + view.height]
        blank: Line = [Segment(" " * view.width, ink())]
        shown += [blank] * (view.height - len(shown))
        below = most - top
        key = keyed("{next_stage}")
        more = (f"{below} more lines · {key}", f"{below} more · {key}", key) if below else ("",)
        return Drawing(shown, (self.title,), more)

    def farthest(self, view: View) -> int:
        lines = [] if view.frame.lesson.guide else lesson_lines(view.frame, view.width, view.look)
        return max(0, len(lines) - view.height)


def lesson_lines(frame: Frame, width: int, look: Look) -> list[Line]:
    """The whole lesson, wrapped to a width; a claim that the guide still asks about is a question."""
    told = zip(frame.scenario.claims, frame.lesson.claims, strict=False)
    labels = {lane.id: lane.label for lane in frame.scenario.lanes}
    claims = tuple(
        (claim_question(claim.check, claim.at, labels), None, False)
        if frame.lesson.hidden and holds is None
        else (f"{claim.text} ({claim.share:.0%} of seeds or more)", holds, True)
        if claim.seeds > 1
        else (claim.text, holds, False)
        for claim, holds in told
    )
    text = (frame.scenario.question, frame.scenario.text)
    return list(_lines(in_words(frame.scenario.overrides), *text, claims, frame.lesson.predictions, width, look))


def in_words(overrides: Sequence[str]) -> str:
    """What is other than the text of a scenario says, which was written for its file; "" where nothing is."""
    changes = "; ".join(map(_change, overrides))
    return f"Changed: {changes}. The text below speaks of the lesson without that." if changes else ""


def _change(override: str) -> str:
    """One change, KEY=VALUE, in words: lanes.a.batch_size=4 is a's batch size = 4."""
    path, _, value = override.partition("=")
    place, *keys = path.split(".")
    match place, keys:
        case "lanes", [lane, *of_lane] if of_lane:
            words = [f"{lane}'s", *of_lane]
        case "defaults", [_, *_]:
            words = keys
        case _:
            words = [place, *keys]
    return f"{' '.join(words).replace('_', ' ')} = {value.strip()}"


@lru_cache(maxsize=32)
def _lines(
    changed: str,
    question: str,
    text: str,
    claims: tuple[tuple[str, bool | None, bool], ...],
    predictions: tuple[str, ...],
    width: int,
    look: Look,
) -> tuple[Line, ...]:
    palette = look.palette
    spoken = paragraphs(text.strip("\n"))
    parts = [(changed, palette.muted, False), ("", palette.text, False)] if changed else []
    parts += [(question, palette.accent, True), ("", palette.text, False)]
    parts += [(part, palette.text, heads) for part, heads in zip(spoken, headings(spoken), strict=True)]
    if predictions:
        parts += [("", palette.text, False), ("Predict", palette.text, True)]
        parts += [(ITEM + line, palette.text, False) for line in predictions]
    if claims:
        parts += [("", palette.text, False), ("Claims, in this run", palette.text, True)]
    for claim, holds, of_many in claims:
        color = palette.text if of_many or holds is None else palette.good if holds else palette.bad
        parts.append((f"{VERDICTS[holds][look.ascii]} {claim}", color, False))
    if any(of_many for _, _, of_many in claims):
        parts.append((keyed(ONE_OF_MANY), palette.muted, False))
    return tuple(
        [Segment(fit(row, width, look.glyphs.ellipsis), ink(color, bold=bold))]
        for part, color, bold in parts
        for row in _wrapped(spelled(part) if look.ascii else part, max(width, 8))
    )


def headings(parts: list[str]) -> list[bool]:
    """Which paragraphs are headings: a few words without a full stop or colon right above the first of some items."""
    return [
        below.startswith(ITEM) and part[:1].isupper() and part[-1].isalnum()
        for part, below in zip(parts, [*parts[1:], ""], strict=True)
    ]


def paragraphs(text: str) -> list[str]:
    """Text as in a README: lines joined until an empty one, items after "- ", formulas indented by four spaces."""
    joined: list[str] = []
    running = False
    for line in text.split("\n"):
        words, formula = line.strip(), line.startswith(FORMULA)
        if running and words and not formula and not words.startswith(ITEM):
            joined[-1] += f" {words}"
        else:
            joined.append(line.rstrip() if formula else words)
        running = bool(words) and not formula
    return joined


def _wrapped(paragraph: str, width: int) -> list[str]:
    """Rows of a paragraph; an item hangs, and a formula moves to the left before it is broken."""
    if not paragraph.startswith(FORMULA):
        hang = "  " if paragraph[1:2] == " " and not paragraph[0].isalnum() else ""
        return wrap(paragraph, width, subsequent_indent=hang) or [""]
    if len(paragraph) <= width:
        return [paragraph]
    return wrap(paragraph.strip(), width, initial_indent=" ", subsequent_indent=FORMULA)
