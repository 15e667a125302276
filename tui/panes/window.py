"""Which part of a chart's x axis is in view, closer or farther, and moved along it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from tui.panes.pane import Axis, Window

CLOSER = 2.0
"""How many times closer a key looks."""
ALONG = 0.5
"""How far a key moves along, as a share of what is in view."""


@dataclass(frozen=True)
class Extent:
    """How far an axis goes: to `end`, at first to `shown` of it, and no closer than `least` of it."""

    axis: Axis
    end: float
    shown: float
    least: float

    def seen(self, window: Window | None) -> tuple[float, float]:
        """What of the axis is in view; a window of another axis, or one beyond the end, says nothing."""
        if window is None or window.axis != self.axis or window.low >= self.end:
            return 0.0, self.shown
        return window.low, min(window.high, self.end)

    def zoomed(self, window: Window | None, closer: int, about: float) -> Window:
        """Some times closer, or farther if negative; `about`, or else the middle, stays in its place."""
        low, high = self.seen(window)
        if not low <= about <= high:
            about = (low + high) / 2
        width = max((high - low) / CLOSER**closer, min(self.least, self.end))
        start = about - (about - low) / (high - low) * width
        return self._kept(start, width)

    def moved(self, window: Window | None, along: int) -> Window:
        """Some times on, or back if negative."""
        low, high = self.seen(window)
        return self._kept(low + along * ALONG * (high - low), high - low)

    def following(self, window: Window | None, x: float) -> Window | None:
        """Moved no farther than needed for `x` to be in view."""
        low, high = self.seen(window)
        if low <= x <= high:
            return window
        return self._kept(x if x < low else x - (high - low), high - low)

    def _kept(self, low: float, width: float) -> Window:
        """The window that wide inside the axis; one that shows all of it goes on as it grows."""
        if width >= self.end:
            return Window(self.axis, 0.0, inf)
        low = min(max(low, 0.0), self.end - width)
        return Window(self.axis, low, low + width)
