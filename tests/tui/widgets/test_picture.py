"""The widget that shows pictures, in an app without a terminal."""

import asyncio

from rich.segment import Segment
from textual.app import App

from tui.render.cells import ink
from tui.widgets.picture import PictureWidget


class Show(App):
    CSS = "PictureWidget { background: #102030; color: #aabbcc; }"

    def compose(self):
        yield PictureWidget()


def in_app(check):
    async def run():
        app = Show()
        async with app.run_test(size=(20, 5)):
            check(app.query_one(PictureWidget))

    asyncio.run(run())


def test_what_has_no_background_stands_on_that_of_the_theme():
    """Else a light theme would be unreadable in a dark terminal, and a filter for NO_COLOR finds no style."""

    def check(widget):
        widget.show_lines(
            [[Segment("plain"), Segment("ink", ink("#ff0000")), Segment("map", ink("#ffffff", "#0000ff"))]]
        )
        segments = [segment for y in range(5) for segment in widget.render_line(y)]
        assert sum(segment.cell_length for segment in segments) == 5 * 20
        assert all(segment.style is not None for segment in segments)
        assert [segment.style.bgcolor.name for segment in segments[:3]] == ["#102030", "#102030", "#0000ff"]
        assert [segment.style.color.name for segment in segments[:3]] == ["#aabbcc", "#ff0000", "#ffffff"]
        assert segments[-1].style.bgcolor.name == "#102030"

    in_app(check)


def test_lines_are_cut_and_padded_to_the_width():
    def check(widget):
        widget.show_lines([[Segment("x" * 50)], [Segment("y")]])
        assert widget.render_line(0).text == "x" * 20
        assert widget.render_line(1).text == "y" + " " * 19
        assert widget.render_line(4).text == " " * 20

    in_app(check)
