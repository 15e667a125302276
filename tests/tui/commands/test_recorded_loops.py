"""The page about recorded loops shows what happens."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.tui.commands.recorded_page import ROUNDING, transcripts


@pytest.mark.parametrize(
    "with_torch", [False, pytest.param(True, marks=pytest.mark.skipif(not find_spec("torch"), reason="needs PyTorch"))]
)
def test_the_page_shows_what_is_printed(tmp_path: Path, with_torch: bool) -> None:
    made = list(transcripts(tmp_path, with_torch))
    assert len(made) == (5 if with_torch else 3)
    for shown, printed in made:
        assert ROUNDING.sub("…", shown) == ROUNDING.sub("…", printed)
