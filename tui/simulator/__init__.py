"""The simulator: a chain of classes, each one concept on top of those before it.

asking → stage → placing → playing → moving → seeking → looking → keeping → lanes → edits → inspecting → predicting
→ material → screen
"""

from tui.simulator.screen import Simulator

__all__ = ["Simulator"]
