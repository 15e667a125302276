"""Where the mistakes made on purpose are kept, by their ID."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nncore.arrays import Array
from nncore.operations import OperationKind as Kind

Planted = Iterator[Array]
Plant = Callable[[Any, int], Planted]
"""The wrong results of one draw for an operation of layer d, none where the mistake cannot be made there."""

PLANTED: dict[str, list[tuple[tuple[Kind, ...], Plant]]] = {}

A, Z, LOSS_KIND, DELTA, DW, DB, UPDATE = (
    (Kind.PRE_ACTIVATION,),
    (Kind.ACTIVATION,),
    (Kind.LOSS,),
    (Kind.OUTPUT_DELTA, Kind.DELTA),
    (Kind.WEIGHT_GRADIENT,),
    (Kind.BIAS_GRADIENT,),
    (Kind.UPDATE,),
)


def plants(name: str, kinds: tuple[Kind, ...]) -> Callable[[Plant], Plant]:
    def keep(plant: Plant) -> Plant:
        PLANTED.setdefault(name, []).append((kinds, plant))
        return plant

    return keep
