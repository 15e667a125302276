"""Every mistake made on purpose."""

from tests.nncore.mistakes import planted_passes, planted_updates
from tests.nncore.mistakes.registry import PLANTED

__all__ = ["PLANTED", "planted_passes", "planted_updates"]
