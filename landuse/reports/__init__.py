"""Door: the workbook."""

from __future__ import annotations

from landuse.reports.workbook import write_workbook

__all__ = ["write_workbook"]
