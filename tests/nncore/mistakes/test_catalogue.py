"""Every mistake has its words, its planted test and its line in docs/mistakes.md."""

import re
from pathlib import Path

from nncore.mistakes.catalogue import MISTAKES
from nncore.mistakes.readings import WAYS
from tests.nncore.mistakes.planted import PLANTED

DOCS = Path(__file__).parents[3] / "docs" / "mistakes.md"
EVERYWHERE = {"factor", "sign", "shape", "not-finite"}
"""Tested in test_judgement.py."""
OF_CODE = {"in-place", "raises", "too-slow", "unfinished"}
"""What no number shows: they are words only."""


def test_each_has_a_wrong_way_and_is_planted():
    ways = {name for _, wrong in WAYS.values() for name in wrong}
    assert ways == set(PLANTED) == set(MISTAKES) - EVERYWHERE - OF_CODE
    for kind, (_, wrong) in WAYS.items():
        planted = {name for name, plants in PLANTED.items() if any(kind in kinds for kinds, _ in plants)}
        assert set(wrong) == planted, kind


def test_each_has_a_line_in_the_documentation():
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \| (.+) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    names = [name for name, _, _ in rows]
    assert list(dict.fromkeys(names)) == list(MISTAKES)
    twice = [name for name in names if names.count(name) > 1]
    assert twice == ["weights-transposed"] * 2  # on both ways


def test_each_has_words_in_one_plain_sentence():
    for name, mistake in MISTAKES.items():
        assert mistake.id == name
        assert 20 < len(mistake.words) < 110, name
        assert not mistake.words.endswith("."), name
