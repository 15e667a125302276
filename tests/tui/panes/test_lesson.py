from dataclasses import replace

from tui.panes.lesson import LessonPane, headings, in_words, lesson_lines, paragraphs
from tui.render.palette import look

LOOK = look("dark", ascii=False, color=False)

LESSON = '''
format = 1
name = "lesson"
question = "A question that is longer than the pane is wide?"
text = """
{text}
"""
[data]
kind = "line"
samples = 4
[[lanes]]
id = "one"
[[claims]]
text = "The loss goes down and stays there for the whole of the run."
at = 2
check = "one.train_loss < 1e9"
'''


def lesson(bench, text=""):
    return bench(LESSON.replace("{text}", text))


def test_what_a_variation_changes_stands_over_the_text_in_words(bench):
    changes = ("data.samples=256", "lanes.one.optimizer.learning_rate=0.5", 'defaults.activation="relu"', "steps=9")
    words = 'data samples = 256; one\'s optimizer learning rate = 0.5; activation = "relu"; steps = 9'
    assert in_words(changes) == f"Changed: {words}. The text below speaks of the lesson without that."
    frame = lesson(bench, "Four samples.").frame()
    varied = replace(frame, scenario=replace(frame.scenario, overrides=changes[:1]))
    first, *_ = lesson_lines(varied, 80, LOOK)
    assert "".join(part.text for part in first).startswith("Changed: data samples = 256. ")
    first, *_ = lesson_lines(frame, 80, LOOK)
    assert "".join(part.text for part in first).startswith("A question")


def test_lines_are_joined_until_an_empty_one():
    assert paragraphs("one\ntwo\n\nthree") == ["one two", "", "three"]


def test_items_and_formulas_stand_alone_and_an_items_lines_are_joined():
    text = "What to do\n- first\n  goes on\n- second\nas well\n\nA formula:\n    W ← W − α\n    b ← b − α\nand so on"
    assert paragraphs(text) == [
        "What to do",
        "- first goes on",
        "- second as well",
        "",
        "A formula:",
        "    W ← W − α",
        "    b ← b − α",
        "and so on",
    ]


def test_nothing_is_cut_off_however_narrow_the_pane(bench):
    words = "some words\n\n    a = 0.5·1 + 0.25·2 = 1\n\n- an item of several words"
    for width in (12, 20, 60):
        one = lesson(bench, words)
        _, lines = one.draw("lesson", width=width, height=60)
        text = " ".join(" ".join(lines).split())
        assert "some words a = 0.5·1 + 0.25·2 = 1 - an item of several words" in text
        assert "~" not in text


def test_items_hang_and_formulas_keep_their_indent_where_they_fit(bench):
    _, lines = lesson(bench, "- an item of several words\n    a = b").draw("lesson", width=16, height=30)
    shown = [line.rstrip() for line in lines]
    at = shown.index("- an item of")
    assert shown[at : at + 3] == ["- an item of", "  several words", "    a = b"]


def test_the_text_scrolls_to_its_end_and_no_farther(bench):
    one = lesson(bench, "\n\n".join(f"paragraph {number}" for number in range(20)))
    pane, view = LessonPane(), one.view(width=24, height=10)
    _, top = one.draw("lesson", width=24, height=10)
    assert top[0].startswith("A question")
    drawing, _ = one.draw("lesson", width=24, height=10)
    assert drawing.subtitles[0] == f"{pane.farthest(view)} more lines · pgdn"
    drawing, end = one.draw("lesson", width=24, height=10, scroll=10_000)
    assert drawing.subtitles[0] == ""
    assert "whole of the run." in "".join(end)
    assert end == one.draw("lesson", width=24, height=10, scroll=pane.farthest(view))[1]


def test_a_short_text_cannot_be_scrolled(bench):
    assert LessonPane().farthest(lesson(bench, "short").view(height=50)) == 0


def test_a_claims_mark_is_open_until_its_step(bench):
    one = lesson(bench)
    _, lines = one.draw("lesson", height=30)
    assert any(line.startswith("? The loss goes down") for line in lines)


def test_a_heading_stands_right_above_its_items():
    parts = paragraphs("A text.\n\nWhat to do\n- one\n- two\n\nThey differ:\n- here\n\nno heading\n\n- item")
    assert [part for part, heads in zip(parts, headings(parts), strict=True) if heads] == ["What to do"]


def test_headings_are_bold(bench):
    view = lesson(bench, "What to do\n- first").view(height=30)
    bold = [line[0].text.strip() for line in LessonPane().draw(view).lines if line[0].style.bold]
    assert bold == ["A question that is longer than the pane is wide?", "What to do", "Claims, in this run"]
