"""How the classes of a map look: colour, hatching and outline.

Colours are told apart by people with colour-vision deficiency, on a projector and on paper; where two classes
would look alike in black and white, their hatching differs (tests/unit/test_maps_style.py holds that).
"""

from __future__ import annotations

from dataclasses import dataclass

from landuse.labels import label, section

HATCHES = ("rise", "fall", "cross", "level", "upright", "grid", "dots")
"""Hatchings by name; the page and the figure each know how to draw them."""

INTENSITY_BREAKS = (100.0, 150.0, 200.0, 300.0)
"""Limits between the classes of investment intensity [wan/mu]; a class holds its lower limit, not its upper.

150 and 200 are the least intensities of new projects in county and urban zones (Luoyang 2011, part 5, item
2).
"""

INTENSITY_FILLS = ("#f8e394", "#f3c15f", "#6fb58f", "#2c8ca5", "#23508c")


@dataclass(frozen=True)
class ClassStyle:
    """The look and the name of one class.

    Parameters
    ----------
    key, label : str
        Its name in tables and the name people read.
    fill : str or None
        Colour of the area as #rrggbb; None: not filled.
    hatch : str or None
        One of ``HATCHES``.
    ink : str
        Colour of hatching and outline.
    width : float
        Outline [px on the screen, 1/96 inch on paper].
    dash : bool
        Whether the outline is dashed.
    bold : bool
        Whether the outline has a white rim and is drawn at every scale.
    optional : bool
        Whether the legend leaves the class out where nothing is in it.
    """

    key: str
    label: str
    fill: str | None = None
    hatch: str | None = None
    ink: str = "#3c3c3c"
    width: float = 0.8
    dash: bool = False
    bold: bool = False
    optional: bool = False


_PROJECT = {
    "separate_land": ("#7cc4ea", None),
    "no_separate_land": ("#d55e00", "cross"),
    "undecided": ("#f4e36b", "dots"),
    "out_of_scope": ("#9a9a9a", None),
}
_PARCEL = {
    "in_use": ("#d9ead0", None),
    "not_due": ("#8cc3e6", None),
    "overdue": ("#f4e36b", "level"),
    "idle_1y": ("#f0a030", "rise"),
    "idle_2y": ("#c8320a", "cross"),
    "idle_suspended": ("#b07cc0", "fall"),
    "underused": ("#b98d5e", "upright"),
    "undecided": ("#ffffff", "dots"),
    "out_of_scope": ("#9a9a9a", None),
}
_NOTHING = "#fafafa"


def _class_label(key: str, **words: float) -> str:
    return label("map_classes", key).format(**words)


def intensity_styles() -> tuple[ClassStyle, ...]:
    """Return the classes of investment intensity, lowest first, then what cannot be classed.

    Examples
    --------
    >>> [s.key for s in intensity_styles()]
    ['0', '1', '2', '3', '4', 'straddle', 'unknown', 'unlinked']
    """
    ends = (None, *INTENSITY_BREAKS, None)
    steps = []
    for place, fill in enumerate(INTENSITY_FILLS):
        lower, upper = ends[place], ends[place + 1]
        words = {k: v for k, v in (("lower", lower), ("upper", upper)) if v is not None}
        kind = "below" if lower is None else "above" if upper is None else "between"
        steps.append(ClassStyle(str(place), _class_label(f"intensity.{kind}", **words), fill))
    return (
        *steps,
        ClassStyle("straddle", _class_label("intensity.straddle"), "#d9c7e6", "rise", optional=True),
        ClassStyle("unknown", _class_label("intensity.unknown"), "#e2e2e2", "dots", optional=True),
        ClassStyle("unlinked", _class_label("intensity.unlinked"), _NOTHING, optional=True),
    )


def project_styles() -> tuple[ClassStyle, ...]:
    """Return the classes of project verdicts, and those of parcels that bear no single one."""
    names = section("project_verdicts")
    return (
        *(ClassStyle(key, names[key], fill, hatch) for key, (fill, hatch) in _PROJECT.items()),
        ClassStyle("mixed", _class_label("project.mixed"), "#cc8fbb", "rise", optional=True),
        ClassStyle("unrated", _class_label("project.unrated"), "#e9e9e9", "level", optional=True),
        ClassStyle("unlinked", _class_label("project.unlinked"), _NOTHING, optional=True),
    )


def parcel_styles() -> tuple[ClassStyle, ...]:
    """Return the classes of parcel verdicts; idleness is suspected only, and its labels say so."""
    names = section("parcel_verdicts")
    return (
        *(ClassStyle(key, names[key], fill, hatch) for key, (fill, hatch) in _PARCEL.items()),
        ClassStyle("unrated", _class_label("parcel.unrated"), _NOTHING, optional=True),
    )


def block_styles() -> tuple[ClassStyle, ...]:
    """Return the look of blocks of recoverable land: an outline; the parcels under it stay readable."""
    return (ClassStyle("block", _class_label("blocks.block"), ink="#7a0177", width=2.6, bold=True),)


def reserve_styles() -> tuple[ClassStyle, ...]:
    """Return the classes of reserve land: granted from this year, or not."""
    return (
        ClassStyle(
            "granted", _class_label("reserve.granted"), "#a8dba0", "grid", ink="#00592f", width=2.2, bold=True
        ),
        ClassStyle(
            "free", _class_label("reserve.free"), "#eef7ec", ink="#00592f", width=2.2, dash=True, bold=True
        ),
    )


def zone_styles() -> tuple[ClassStyle, ...]:
    """Return the look of zone boundaries."""
    return (ClassStyle("zone", _class_label("zones.zone"), ink="#1f3a6e", width=2.2, dash=True, bold=True),)
