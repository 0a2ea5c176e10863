"""Boxes that overlap, found through a grid; the compiled loops of it. Loaded when first needed (numba)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landuse.kernels.compiled import compiled

__all__ = ["box_pairs"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SPREAD, _CROWD = 8, 64
"""At most so many cells under a box and comparisons for it, on average; beyond, a tree is better."""


@compiled
def _cell(value: float, least: float, step: float, cells: int) -> int:
    """Return the row or column of the grid that a coordinate lies in; outside, the nearest."""
    at = (value - least) / step
    if at >= cells:
        return cells - 1
    return int(at) if at > 0.0 else 0


@compiled
def _grid(boxes: Floats, cells: int) -> tuple[float, float, float, int, int]:
    """Return corner, step, columns and rows of a grid over boxes, of about so many cells at most.

    A cell is as wide as a box is on average, or wider. No column: there is no box.
    """
    x0 = y0 = np.inf
    x1 = y1 = -np.inf
    side, count = 0.0, 0
    for k in range(len(boxes)):
        if boxes[k, 0] <= boxes[k, 2]:
            x0, y0 = min(x0, boxes[k, 0]), min(y0, boxes[k, 1])
            x1, y1 = max(x1, boxes[k, 2]), max(y1, boxes[k, 3])
            side += max(boxes[k, 2] - boxes[k, 0], boxes[k, 3] - boxes[k, 1])
            count += 1
    if count == 0 or not side > 0.0:
        return x0, y0, 1.0, 0, 0
    wide, high = x1 - x0, y1 - y0
    step = max(side / count, np.sqrt(wide / cells) * np.sqrt(high), max(wide, high) / cells)
    return x0, y0, step, int(wide / step) + 1, int(high / step) + 1


@compiled
def _filled(
    boxes: Floats, x0: float, y0: float, step: float, wide: int, high: int
) -> tuple[Ints, Ints, bool]:
    """Return where the boxes of each cell begin, the boxes cell by cell, and whether they are few enough."""
    begin = np.zeros(wide * high + 1, dtype=np.int64)
    for fill in range(2):
        if fill == 1:
            for cell in range(wide * high):
                begin[cell + 1] += begin[cell]
            if begin[-1] > _SPREAD * len(boxes) + 1000:
                return begin, np.empty(0, dtype=np.int64), False
            members, at = np.empty(begin[-1], dtype=np.int64), begin.copy()
        for k in range(len(boxes)):
            if boxes[k, 0] <= boxes[k, 2]:
                left, right = _cell(boxes[k, 0], x0, step, wide), _cell(boxes[k, 2], x0, step, wide)
                low, top = _cell(boxes[k, 1], y0, step, high), _cell(boxes[k, 3], y0, step, high)
                for row in range(low, top + 1):
                    for cell in range(row * wide + left, row * wide + right + 1):
                        if fill == 0:
                            begin[cell + 1] += 1
                        else:
                            members[at[cell]] = k
                            at[cell] += 1
    return begin, members, True


@compiled
def box_pairs(few: Floats, many: Floats) -> tuple[Ints, Ints, bool]:
    """Return pairs of boxes that have an area in common.

    Parameters
    ----------
    few, many : ndarray of float64, shapes (n, 4) and (m, 4)
        Least x, least y, greatest x, greatest y; nan for no box. ``few`` is put into the grid.

    Returns
    -------
    one, other : ndarray of int64, shape (p,)
        Positions, in the order of ``many``.
    done : bool
        False: boxes of such sizes and places want a tree; the pairs are not complete.
    """
    x0, y0, step, wide, high = _grid(few, len(few) + len(many) + 1000)
    one, other, found = np.empty(len(many) + 16, dtype=np.int64), np.empty(len(many) + 16, dtype=np.int64), 0
    if wide == 0:
        return one[:0], other[:0], False
    begin, members, good = _filled(few, x0, y0, step, wide, high)
    work, most = 0, _CROWD * (len(few) + len(many)) + 1000
    for k in range(len(many)):
        if not (good and work <= most):
            return one[:0], other[:0], False
        ax, ay, bx, by = many[k, 0], many[k, 1], many[k, 2], many[k, 3]
        if not ax <= bx:
            continue
        left, right = _cell(ax, x0, step, wide), _cell(bx, x0, step, wide)
        low, top = _cell(ay, y0, step, high), _cell(by, y0, step, high)
        for row in range(low, top + 1):
            work += right - left + 1
            for column in range(left, right + 1):
                cell = row * wide + column
                work += begin[cell + 1] - begin[cell]
                for at in range(begin[cell], begin[cell + 1]):
                    j = members[at]
                    if max(ax, few[j, 0]) < min(bx, few[j, 2]) and max(ay, few[j, 1]) < min(by, few[j, 3]):
                        first = max(left, _cell(few[j, 0], x0, step, wide))
                        if column == first and row == max(low, _cell(few[j, 1], y0, step, high)):
                            if found == len(one):
                                one = np.concatenate((one, np.empty_like(one)))
                                other = np.concatenate((other, np.empty_like(other)))
                            one[found], other[found] = j, k
                            found += 1
    return one[:found], other[:found], good
