"""The pane lesson: the question, the text, the claims."""

from __future__ import annotations

from functools import lru_cache
from textwrap import wrap

from rich.segment import Segment

from tui.panes.pane import Drawing, Pane, View
from tui.render.cells import Line, fit, ink
from tui.render.palette import Look


class LessonPane(Pane):
    kind = "lesson"
    title = "lesson"
    purpose = "the question, what to look at, and what is claimed; pgup and pgdn scroll"
    shared = True

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.frame.scenario,)

    def draw(self, view: View) -> Drawing:
        lines = lesson_lines(view)
        top = max(0, min(view.scroll, len(lines) - view.height))
        shown = lines[top : top + view.height]
        blank: Line = [Segment(" " * view.width, ink())]
        shown += [blank] * (view.height - len(shown))
        below = len(lines) - top - view.height
        return Drawing(shown, self.title, f"{below} more lines · pgdn" if below > 0 else "")


def lesson_lines(view: View) -> list[Line]:
    """The whole lesson, wrapped to the pane's width."""
    scenario = view.frame.scenario
    claims = tuple(claim.text for claim in scenario.claims)
    return list(_lines(scenario.question, scenario.text, claims, view.width, view.look))


@lru_cache(maxsize=32)
def _lines(question: str, text: str, claims: tuple[str, ...], width: int, look: Look) -> tuple[Line, ...]:
    palette = look.palette
    lines = _wrapped(question, width, look, palette.accent, bold=True)
    lines += _wrapped("\n" + text.strip(), width, look, palette.text)
    if claims:
        lines += _wrapped("\nClaims", width, look, palette.muted, bold=True)
        for claim in claims:
            lines += _wrapped(f"- {claim}", width, look, palette.text)
    return tuple(lines)


def _wrapped(text: str, width: int, look: Look, color: str | None, bold: bool = False) -> list[Line]:
    """Paragraphs wrapped, lists with a hanging indent, indented formulas kept as they are."""
    style, lines = ink(color, bold=bold), []
    for paragraph in _paragraphs(text):
        if paragraph.startswith("  "):
            rows = [paragraph]
        else:
            hang = "  " if paragraph.startswith("- ") else ""
            rows = wrap(paragraph, max(width, 8), subsequent_indent=hang) or [""]
        lines += [[Segment(fit(row, width, look.glyphs.ellipsis), style)] for row in rows]
    return lines


def _paragraphs(text: str) -> list[str]:
    """Lines of running text joined; list items and indented lines each on their own."""
    paragraphs: list[str] = []
    joined = False
    for line in text.split("\n"):
        running = bool(line.strip()) and not line.startswith(("  ", "- "))
        if running and joined:
            paragraphs[-1] += " " + line.strip()
        else:
            paragraphs.append(line.rstrip())
        joined = bool(line.strip()) and not line.startswith("    ")
        if line.startswith("  ") and not line.startswith("    ") and len(paragraphs) > 1:
            joined = False
    return paragraphs
