"""Text for terminals without Unicode: spelled out where it may grow, character by character where it may not."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "δ": "delta",
    "Δ": "Delta",
    "ε": "epsilon",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "Σ": "sum",
    "φ": "phi",
}
_SIGNS = {"½": "1/2", "¼": "1/4", "ᵀ": "^T", "√": "sqrt ", "∇": "grad ", "…": "...", "‖": "||", "″": "''"}
_SIGNS |= {"←": "<-", "→": "->", "≤": "<=", "≥": ">=", "±": "+-"}
_POWERS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", (f"^{digit}" for digit in "0123456789-"), strict=True))
_SPELLED = str.maketrans(_GREEK | _SIGNS | _POWERS)

_ONE_CELL = dict(
    zip(
        "αβδΔεηθκλμπρσΣφ∂∇√−–—·•×÷⊙±≈≠≡≤≥←→↑↓ᵀ′″‖°…▶▸◀●○◉■▲◆◇△□✓✗∅",
        "abdDenoklmprsSfdVv---**x/o~~!=<><>^v''\"|o~>><Oo@#^+x:+vx0",
        strict=True,
    )
)
_ACROSS, _DOWN = "─━┄┅┈┉╌╍═▁▂▃▔▀▄", "│┃┆┇┊┋╎╏║▌▐▊▎▏▕▍▋▉"


def spelled(text: str) -> str:
    """Signs of mathematics in letters, for text that is laid out afterwards: 1/2, theta, ^2."""
    return text.translate(_SPELLED)


def plain(text: str) -> str:
    """ASCII in exactly the same cells, for text that is laid out already."""
    return text if text.isascii() else "".join(map(_in_its_cells, text))


@lru_cache(maxsize=4096)
def _in_its_cells(char: str) -> str:
    if char.isascii():
        return char
    if char in _ONE_CELL:
        return _ONE_CELL[char]
    if char in _ACROSS:
        return "-"
    if char in _DOWN:
        return "|"
    if "\u2500" <= char <= "\u257f":
        return "+"
    if "\u2580" <= char <= "\u259f":
        return "#"
    if "\u2800" <= char <= "\u28ff":
        return ":"
    letters = "".join(part for part in unicodedata.normalize("NFKD", char) if part.isascii())
    cells = cell_len(char)
    return letters if len(letters) == cells else "?" * cells
