"""Text for terminals without Unicode, and that nothing on the screens needs a rare character."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import scenarios
import tui
from tui.render.plain import plain, spelled

COMMON = set(
    "▸╱°±²³·¹¼½×÷ΔΣαβδεηθκλμπρσφᵀᵃᵢᶻ–—‖•…′″⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉←↑→↓∂∇√−≈≠≡≤≥⊙─━│┃┆└├┤┬┄▀▁▂▃▄▅▆▇█▌▐▖▗▘▙▚▛▜▝▞▟■▲▶◀◆◇○◉●△□∅✓✗⠒⠢"
)
"""What DejaVu Sans Mono has, the commonest font of Linux terminals, and Braille, which terminals draw themselves."""

DOCSTRING = re.compile(r'^\s*r?""".*?"""$', re.DOTALL | re.MULTILINE)


def sources():
    """Every file whose text a screen may show; the one that spells characters out is none."""
    library = Path(scenarios.__file__).parent
    yield from sorted(path for path in Path(tui.__file__).parent.rglob("*.py") if path.name != "plain.py")
    yield from sorted(library.glob("*.py"))
    yield from sorted(library.rglob("*.toml"))


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: path.name)
def test_nothing_on_the_screens_needs_a_character_that_common_fonts_lack(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        text = DOCSTRING.sub("", text)
    assert {char for char in text if not char.isascii()} <= COMMON


def test_text_that_may_grow_is_spelled_out():
    assert spelled("θ ← θ − α ∂L/∂θ") == "theta <- theta − alpha ∂L/∂theta"
    assert plain(spelled("L = ½·(1.5 − 2)² = 0.125")) == "L = 1/2*(1.5 - 2)^2 = 0.125"
    assert plain(spelled("Δ₁ = (Δ₂ W₂) ⊙ σ′(A₁)")) == "Delta1 = (Delta2 W2) o sigma'(A1)"


def test_text_that_may_not_grow_keeps_its_place():
    assert plain("│ 2×3 · ∂W₁₂ᵀ … │") == "| 2x3 * dW12' ~ |"
    assert plain("╭─ á ─╮") == "+- a -+"
    assert plain("猫🔎!") == "????!"


@given(st.text(max_size=20))
def test_any_text_becomes_ascii_in_as_many_cells(text):
    drawn = plain(text)
    assert drawn.isascii()
    if text.isprintable():
        assert len(drawn) == cell_len(text)


@pytest.mark.parametrize("char", sorted(COMMON))
def test_every_character_of_the_screens_has_a_stand_in(char):
    assert plain(spelled(char)).isascii()
    assert "?" not in plain(spelled(char))
