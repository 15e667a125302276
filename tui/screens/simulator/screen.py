"""The simulator: lanes side by side, moved by keys, played by a tick with a time budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import Resize
from textual.timer import Timer
from textual.widgets import Static

from tui.bars import equation_lines, header
from tui.breakpoints import validated
from tui.equation import num
from tui.frame import Frame
from tui.frame_builder import FrameBuilder
from tui.keymap import SIMULATOR, bindings
from tui.layout import MINIMUM, Layout, PaneId, Region, arrange, headed, pane_order
from tui.panes.pane import Options
from tui.panes.registry import PANES, SHARED, chosen
from tui.player import Player
from tui.render.palette import Look
from tui.screens.key_bar import KeyBar
from tui.screens.pane_widget import PaneWidget
from tui.screens.picture import PictureWidget
from tui.screens.simulator.material import Material
from tui.screens.strip_bar import StripBar
from tui.session import Session
from tui.verdicts import Verdicts

if TYPE_CHECKING:
    from textual.command import Provider

    from scenarios.scenario import Scenario
    from tui.sharing.exports import Export

WORK_SECONDS = 0.03
"""How long a tick may train before keys are looked at again."""
SAVE_SECONDS = 1.0
"""How often the run is kept on disk while it goes on; a change is kept at once."""
STUDY_PERIOD, STUDY_SECONDS = 0.05, 0.012
"""How often, and for how long at a time, costly panes are worked on."""
PAINT_SECONDS = 0.1
"""How far apart frames are painted while training flat out."""
CHART_SECONDS = 0.25
"""How far apart charts are drawn anew while playing."""
SLOW_PANE_SECONDS = 0.04
"""How long after a key the panes are drawn that take long to draw."""


def _key_commands() -> type[Provider]:
    from tui.screens.palette import KeyCommands

    return KeyCommands


class Simulator(Material):
    """A session on the screen. It owns the session; panes see frames only."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SIMULATOR)]
    TITLE = "gradstep"
    COMMANDS: ClassVar[set[Callable[[], type[Provider]]]] = {_key_commands}  # type: ignore[assignment]

    def __init__(self, session: Session, overrides: Sequence[str] = ()) -> None:
        super().__init__()
        self.overrides = list(overrides)
        self._begin(session)
        self.player = Player()
        self.options = Options()
        self.kinds = chosen(session.scenario.panes)
        self.front, self.zoomed, self.inside = 0, False, False
        self.focused_pane: PaneId | None = None
        self.widgets: dict[PaneId, PaneWidget] = {}
        self._errand: Iterator[int] | None = None
        self._ticking = False
        self._painted = self._charted = 0.0
        self._slow_panes = Timer(self, 0)
        self._layout: Layout = {}

    def _begin(self, session: Session) -> None:
        self.session = session
        self.verdicts = Verdicts(session)
        self.builder = FrameBuilder(session, self.verdicts)
        self._saved: tuple[object, ...] = ()

    def reopen(self, scenario: Scenario, overrides: list[str], keep_view: bool) -> None:
        """Start a changed scenario; with `keep_view` go to the step where the one before was left."""
        self.pause()
        step, points = self.session.cursor.step, self.session.breakpoints
        self.overrides = overrides
        self._begin(Session(scenario))
        if keep_view:
            self.session.breakpoints = points
            self.run_errand(self.session.walk(min(step, scenario.steps)))
        self.front = min(self.front, len(self.session.tracks) - 1)
        self.place_panes()

    def compose(self) -> ComposeResult:
        yield PictureWidget(id="header")
        yield Container(id="body")
        yield PictureWidget(id="equation")
        yield StripBar(id="strip")
        yield KeyBar(SIMULATOR, id="keys")
        yield Static(id="too-small")

    def on_mount(self) -> None:
        self.set_interval(STUDY_PERIOD, self._study)
        self.set_interval(SAVE_SECONDS, self._save)
        self.set_interval(SAVE_SECONDS, self.watch_file)
        self.place_panes()

    def _save(self) -> None:
        """Keep the run, if anything happened since it was kept last."""
        session = self.session
        kept = (len(session.journal), session.cursor, session.reached, session.breakpoints)
        if kept != self._saved and (session.reached or session.journal):
            self._saved = kept
            self.app.save_on_the_way(session.saved())  # type: ignore[attr-defined]

    def _study(self) -> None:
        """A little work on what costly panes show, beside the stepping."""
        costly = [self.widgets[pane] for pane in self._layout if self.widgets[pane].pane.studies]
        for widget in costly:
            widget.work(STUDY_SECONDS / len(costly))

    # frames

    @property
    def look(self) -> Look:
        return self.app.look  # type: ignore[attr-defined]

    def show(self) -> None:
        """Build a frame and give it to every pane in view."""
        if self not in self.app.screen_stack:  # it was left in the meantime
            return
        now = monotonic()
        busy = self.player.playing or self._errand is not None
        fresh = not busy or now - self._charted >= CHART_SECONDS
        if fresh:
            self._charted = now
        self._painted = now
        frame = self.frame(fresh)
        self._show_bars(frame)
        self._show_panes(frame, slow=busy)
        self._slow_panes.stop()
        if not busy:
            self._slow_panes = self.set_timer(SLOW_PANE_SECONDS, lambda: self._show_panes(frame, slow=True))
        if not busy and self.verdicts.due():
            self.call_later(self._tell)

    def _show_panes(self, frame: Frame, slow: bool) -> None:
        """Give a frame to the panes in view; the slow ones follow a key when no other comes right after it."""
        for pane in self._layout:
            if slow or not self.widgets[pane].pane.slow:
                self.widgets[pane].show(frame, self.options, self.look)

    def _tell(self) -> None:
        """Work out one claim or prediction that the run has come to, and show it."""
        due = self.verdicts.due()
        if due and not self.player.playing and self._errand is None:
            kind, number = due[0]
            self.verdicts.tell(kind, number)
            if kind == "prediction" and self.verdicts.right(number) is not None:
                right, asked = self.verdicts.score
                self.notify(f"{self.verdicts.lines()[number]}  Score {right} of {asked}.", timeout=8)
            self.show()

    def frame(self, fresh: bool = True) -> Frame:
        """The session as it stands."""
        return self.builder.frame(self.player, self.front, self._busy_text(), fresh)

    def _show_bars(self, frame: Frame) -> None:
        width = self.size.width
        self.query_one("#header", PictureWidget).show_lines([header(frame, width, self.look)])
        focused = self.widgets.get(self.focused_pane) if self.focused_pane else None
        explanation = focused.explanation(frame) if focused else ""
        lines = equation_lines(frame, explanation, width, self.look)
        self.query_one("#equation", PictureWidget).show_lines(lines)
        self.query_one(StripBar).show(frame, self.look)

    def _busy_text(self) -> str:
        return f"going… {self.session.cursor.step} (esc stops)" if self._errand else ""

    # panes

    def place_panes(self) -> None:
        """Put the panes where the size, the lanes and the choice want them."""
        width, height = self.size
        small = width < MINIMUM[0] or height < MINIMUM[1]
        self.set_class(small, "small")
        if small:
            text = f"gradstep needs {MINIMUM[0]}×{MINIMUM[1]} cells, here are {width}×{height}"
            self.query_one("#too-small", Static).update(text)
            self._layout = {}
            return
        order = pane_order(self.kinds, SHARED, len(self.session.tracks))
        if self.focused_pane not in order:
            self.focused_pane = next((p for p in order if p.lane == self.front), order[0] if order else None)
        room = Region(0, 0, width, height - 5)
        if self.zoomed and self.focused_pane:
            self._layout = {self.focused_pane: room}
        else:
            lanes = len(self.session.tracks)
            self._layout = arrange(room, self.kinds, SHARED, lanes, self.front, self.focused_pane)
        self._place_widgets()
        self.call_after_refresh(self.show)

    def _place_widgets(self) -> None:
        body = self.query_one("#body", Container)
        for pane, region in self._layout.items():
            if pane not in self.widgets:
                self.widgets[pane] = PaneWidget(PANES[pane.kind], pane)
                body.mount(self.widgets[pane])
            self.widgets[pane].headed = pane in headed(self._layout)
            styles = self.widgets[pane].styles
            styles.offset = (region.x, region.y)
            styles.width, styles.height = region.width, region.height
        for pane, widget in self.widgets.items():
            widget.display = pane in self._layout
            widget.set_class(pane == self.focused_pane, "focused")
            widget.set_class(pane == self.focused_pane and self.inside, "inside")
            widget.set_class(pane.lane is not None and pane.lane == self.front, "front")

    def on_resize(self, event: Resize) -> None:
        self.place_panes()

    @on(PaneWidget.Clicked)
    def _clicked(self, event: PaneWidget.Clicked) -> None:
        self._focus(event.widget.pane_id)
        if event.selection is not None:
            event.widget.selection, self.inside = event.selection, True
            self.place_panes()

    @on(PaneWidget.Scrolled)
    def _scrolled(self, event: PaneWidget.Scrolled) -> None:
        self._scroll(event.widget, event.lines)

    def _focus(self, pane: PaneId) -> None:
        self.focused_pane, self.inside = pane, False
        if pane.lane is not None:
            self.front = pane.lane
        self.place_panes()

    def _scroll(self, widget: PaneWidget, lines: int) -> None:
        widget.scroll_by(lines)
        self.show()

    # moving the cursor

    def pause(self) -> None:
        """Stop playing, and whatever is under way."""
        self._stop_errand()
        self.player = self.player.pause()

    def _moved(self) -> None:
        self.player = self.player.pause()
        self.show()

    def _arrow(self, across: int, down: int) -> bool:
        """Whether an arrow key belongs to the pane that was entered."""
        widget = self.widgets.get(self.focused_pane) if self.focused_pane else None
        if not self.inside or widget is None:
            return False
        widget.select(across, down)
        self.show()
        return True

    def action_next(self) -> None:
        self._stop_errand()
        self.session.next_step()
        self._moved()

    def action_previous(self) -> None:
        self._stop_errand()
        self.session.previous_step()
        self._moved()

    def action_into(self) -> None:
        self._stop_errand()
        self.session.into()
        self._moved()

    def action_out(self) -> None:
        self._stop_errand()
        self.session.out()
        self._moved()

    def action_arrow(self, across: int, down: int) -> None:
        """An arrow moves the selection of the pane that was entered, else the cursor."""
        if self._arrow(across, down):
            return
        moves = {(1, 0): self.action_next, (-1, 0): self.action_previous, (0, 1): self.action_into}
        moves.get((across, down), self.action_out)()

    def action_ten_on(self) -> None:
        self.run_errand(self.session.walk(self.session.cursor.step + 10))

    def action_ten_back(self) -> None:
        self.run_errand(self.session.walk(self.session.cursor.step - 10))

    def action_scrub(self, direction: int) -> None:
        """Along the timeline by a fiftieth of it."""
        session = self.session
        stride = max(1, max(session.reached, session.scenario.steps) // 50)
        self.run_errand(session.walk(session.cursor.step + direction * stride))

    @on(StripBar.Picked)
    def _picked(self, event: StripBar.Picked) -> None:
        self.run_errand(self.session.walk(event.step))

    def action_home(self) -> None:
        self.run_errand(self.session.walk(0))

    action_restart = action_home

    def action_end(self) -> None:
        self.run_errand(self.session.walk(self.session.reached))

    def action_go_to(self) -> None:
        from tui.screens.go_to import go_to_form

        self.pause()
        session = self.session

        def go(answer: int | str | None) -> None:
            if answer == "phase":
                session.end_of_phase()
                self._moved()
            elif answer == "epoch":
                self.run_until(f"epoch > {session.epoch}")
            elif isinstance(answer, str):
                self.run_until(answer)
            elif answer is not None:
                self.run_errand(session.walk(answer))

        check = partial(validated, tracks=session.tracks)
        self.app.push_screen(go_to_form(session.cursor.step, session.scenario.steps, check), go)

    # playing

    def action_play(self) -> None:
        self._toggle_play(1)

    def action_play_back(self) -> None:
        self._toggle_play(-1)

    def _toggle_play(self, direction: int) -> None:
        self._stop_errand()
        if self.player.playing and self.player.direction == direction:
            self.player = self.player.pause()
        else:
            self.player = self.player.start(monotonic(), direction)
            self._tick_soon()
        self.show()

    def action_faster(self) -> None:
        self.player = self.player.faster(1)
        self.show()

    def action_slower(self) -> None:
        self.player = self.player.faster(-1)
        self.show()

    def run_errand(self, errand: Iterator[int]) -> None:
        """Walk to a step in slices between which keys are answered."""
        self.player = self.player.pause()
        self._errand = errand
        self._work()
        if self._errand:
            self._tick_soon()
        self.show()

    def _stop_errand(self) -> None:
        self._errand = None

    def _tick_soon(self, delay: float = 0.001) -> None:
        if not self._ticking:
            self._ticking = True
            self.set_timer(delay, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        if self._errand is None and not self.player.playing:
            return
        flat = self._errand is not None or self.player.flat_out
        moved = self._work()
        going = self._errand is not None or self.player.playing
        if moved and (not flat or not going or monotonic() - self._painted >= PAINT_SECONDS):
            self.show()
        if going:
            self._tick_soon(0.001 if flat else 1 / 60)

    def _work(self) -> bool:
        """Train for at most WORK_SECONDS; whether the cursor moved."""
        until = monotonic() + WORK_SECONDS
        if self._errand is not None:
            while monotonic() < until:
                if next(self._errand, None) is None:
                    self._errand = None
                    break
            return True
        before = self.session.cursor
        while self.player.playing and monotonic() < until:
            due, self.player = self.player.due(monotonic())
            if not due:
                break
            self._play(due)
        return self.session.cursor != before

    def _play(self, due: int) -> None:
        """Make the steps that are due; pause at the scenario's last one, at step 0, and at a dead end."""
        session, direction = self.session, self.player.direction
        step, last = session.cursor.step, session.scenario.steps
        if self.player.flat_out and direction > 0:
            due = session.slice_length
        target = max(0, step + direction * due)
        if step < last:
            target = min(target, last)
        watch = session.watch()
        if watch and direction > 0:
            for _ in session.run(target, watch):
                pass
        else:
            session.go_to(target)
        hit = watch and direction > 0 and session.hit is not None
        if hit or session.cursor.step in (0, last) or session.cursor.step == step:
            self.player = self.player.pause()
        if hit:
            self.tell_hit()

    # looking

    def action_next_pane(self) -> None:
        self._cycle(1)

    def action_previous_pane(self) -> None:
        self._cycle(-1)

    def _cycle(self, by: int) -> None:
        order = pane_order(self.kinds, SHARED, len(self.session.tracks))
        if len(self._layout) < len(order):
            order = [pane for pane in order if pane.lane in (None, self.front)]
        if order:
            at = order.index(self.focused_pane) if self.focused_pane in order else -1
            self._focus(order[(at + by) % len(order)])

    def action_zoom(self) -> None:
        self.zoomed = not self.zoomed
        self.place_panes()

    def action_enter(self) -> None:
        widget = self.widgets.get(self.focused_pane) if self.focused_pane else None
        if widget is not None:
            widget.select(0, 0)
            self.inside = widget.selection is not None
            self.place_panes()

    def action_leave(self) -> None:
        """Out of one thing at a time: what is under way, the pane, the zoom."""
        if self._errand is not None:
            self._stop_errand()
        elif self.inside and self.focused_pane:
            self.inside, self.widgets[self.focused_pane].selection = False, None
        elif self.zoomed:
            self.zoomed = False
        self.place_panes()

    def action_front(self, lane: int) -> None:
        if lane >= len(self.session.tracks):
            return
        kind = self.focused_pane.kind if self.focused_pane and self.focused_pane.lane is not None else None
        self.front = lane
        if kind:
            self.focused_pane = PaneId(kind, lane)
        self.place_panes()

    def action_log(self) -> None:
        self.options = self.options.toggled_log()
        self.show()

    def action_axis(self) -> None:
        self.options = self.options.next_axis()
        self.show()

    def action_scroll(self, pages: int) -> None:
        lesson = self.widgets.get(PaneId("lesson", None))
        if lesson is not None and lesson.display:
            self._scroll(lesson, pages * max(1, lesson.size.height - 2))

    def action_panes(self) -> None:
        from tui.screens.choose_panes import ChoosePanes

        def choose(kinds: tuple[str, ...] | None) -> None:
            if kinds:
                self.kinds = kinds
                self.place_panes()

        self.app.push_screen(ChoosePanes(self.kinds), choose)

    def action_theme(self) -> None:
        self.app.action_next_theme()  # type: ignore[attr-defined]
        self.place_panes()

    # the run

    def action_open(self) -> None:
        self.app.action_open()  # type: ignore[attr-defined]

    def action_new_seed(self) -> None:
        self._stop_errand()
        self.session.new_seed()
        self.notify(f"seed {self.session.seed}; u brings the other run back", timeout=3)
        self._moved()

    def action_undo(self) -> None:
        self._stop_errand()
        note = self.session.undo()
        self.notify(f"undone: {note}" if note else "nothing to undo", timeout=3)
        self.place_panes()
        self._moved()

    def action_export(self) -> None:
        """Save the run, or write something of it into the folder that gradstep was started in."""
        from tui.screens.ask import Ask
        from tui.sharing.exports import EXPORTS

        self.pause()
        answers = {export.key: export.what for export in EXPORTS}
        answers |= {"v": "this screen as a picture (.svg)", "t": "this screen as text (.txt)"}

        def write(answer: str | None) -> None:
            if answer in ("v", "t"):
                self.call_after_refresh(self._export_screen, answer)
            elif answer is not None:
                self._export(next(export for export in EXPORTS if export.key == answer))

        self.app.push_screen(Ask(f"Save or export, into {Path.cwd()}", answers), write)

    def _export(self, export: Export) -> None:
        from tui.sharing.errors import SharingError

        try:
            paths = export.make(self.session, self.frame(), Path.cwd())
        except (SharingError, ValueError) as error:
            self.notify(str(error), severity="error", timeout=8)
            return
        self.notify("\n".join(path.name for path in paths), title="written", timeout=6)

    def _export_screen(self, kind: str) -> None:
        from tui.sharing.errors import SharingError
        from tui.sharing.files import file_stem, new_files, write

        stem = file_stem(self.session.scenario.name, self.session.cursor.step)
        (path,) = new_files(Path.cwd(), stem, ".svg" if kind == "v" else ".txt")
        strips = self._compositor.render_strips()
        text = "\n".join(strip.text.rstrip() for strip in strips) + "\n"
        try:
            write(path, self.app.export_screenshot() if kind == "v" else text)
        except SharingError as error:
            self.notify(str(error), severity="error", timeout=8)
            return
        self.notify(path.name, title="written", timeout=6)

    def action_seeds(self) -> None:
        from tui.screens.seeds import Seeds

        self.pause()
        self.app.push_screen(Seeds(self.session.scenario, self.options, self.look))

    def action_help(self) -> None:
        from tui.screens.help import Help

        self.app.push_screen(Help())

    async def action_quit(self) -> None:
        await self.app.action_quit()

    def on_unmount(self) -> None:
        """Remember how far the lesson got, for the picker."""
        session = self.session
        if session.reached:
            losses = ", ".join(
                f"{lane.lane.label} {num(float(lane.evaluation.train_loss))}" for lane in self.frame().lanes
            )
            result = f"step {session.cursor.step:,}: train loss {losses}"
            self.app.memory.left(session.scenario.name, result, self.verdicts.score)  # type: ignore[attr-defined]
