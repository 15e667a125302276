"""What stays of a run: the file that keeps it on the way, exports, and how far the lesson got."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tui.render.numbers import num
from tui.session.snapshot import SavedView
from tui.simulator.looking import Looking

SAVE_SECONDS = 1.0
"""How often the run is kept on disk while it goes on; a change is kept at once."""


class Keeping(Looking):
    """Writes the run and the screen to files."""

    _kept: tuple[object, ...] = ()
    _kept_changes: tuple[object, ...] = (0, ())

    def on_mount(self) -> None:
        self.set_interval(SAVE_SECONDS, self._keep_on)

    def show(self) -> None:
        super().show()
        self.session.view = SavedView(self.front, tuple(self.kinds))
        if (len(self.session.journal), self.session.breakpoints) != self._kept_changes:
            self._keep()

    def _keep_on(self) -> None:
        """Keep what has come since; after a failure try again, as the disk may have room by now."""
        if not self.app.tell_of_saving():
            self._kept = ()
        self._keep()

    def _keep(self) -> None:
        """Keep the run, if anything happened since it was kept last."""
        session = self.session
        changes = (len(session.journal), session.breakpoints)
        now = (session, session.cursor, session.reached, session.view, *changes)
        if now != self._kept and (session.reached or changes != (0, ())):
            self._kept, self._kept_changes = now, changes
            self.app.save_on_the_way(session.saved())

    def on_unmount(self) -> None:
        """Keep the run as it is left, and remember how far the lesson got, for the picker."""
        self._keep()
        session = self.session
        if session.reached:
            losses = ", ".join(
                f"{lane.lane.label} {num(float(lane.evaluation.train_loss))}" for lane in self.frame().lanes
            )
            result = f"step {session.cursor.step:,}: train loss {losses}"
            self.app.tell_of_memory(self.app.memory.left(session.scenario.name, result, self.verdicts.score))

    def action_export(self) -> None:
        """Save the run, or write something of it into the folder that gradstep was started in."""
        from tui.exports.exports import EXPORTS

        self.pause()
        try:
            folder = Path.cwd()
        except OSError as error:
            text = f"the folder that gradstep was started in cannot be written to: {error.strerror}"
            self.notify(text, severity="error", timeout=8)
            return
        answers = {export.key: export.what for export in EXPORTS}
        answers |= {"v": "this screen as a picture (.svg)", "t": "this screen as text (.txt)"}

        def write(answer: str) -> None:
            if answer in ("v", "t"):
                self.call_after_refresh(self._export, lambda: [self._screen_file(folder, answer)])
            else:
                export = next(export for export in EXPORTS if export.key == answer)
                self._export(lambda: export.make(self.session, self.frame(), folder))

        self.ask_key(f"Save or export, into {folder}", answers, write)

    def _export(self, make: Callable[[], Sequence[Path]]) -> None:
        """Make files and say their names, or why there are none."""
        from tui.files.errors import SharingError

        try:
            paths = make()
        except (SharingError, ValueError) as error:
            self.notify(str(error), severity="error", timeout=8)
            return
        self.notify("\n".join(path.name for path in paths), title="written", timeout=4)

    def _screen_file(self, folder: Path, kind: str) -> Path:
        """The screen written into a folder as it stands; `kind` is v for a picture, t for text."""
        from tui.files.files import file_stem, new_files, write

        stem = file_stem(self.session.scenario.name, self.session.cursor.step)
        (path,) = new_files(folder, stem, ".svg" if kind == "v" else ".txt")
        text = "\n".join(strip.text.rstrip() for strip in self._compositor.render_strips()) + "\n"
        write(path, self.app.export_screenshot() if kind == "v" else text)
        return path
