"""The one array type of the mathematics: float64, with replica axes in front."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
