"""Door: the workbooks of a run, of its links for review, and of an intake."""

from __future__ import annotations

from landuse.reports.check import write_check_workbook
from landuse.reports.review import write_review
from landuse.reports.workbook import write_workbook

__all__ = ["write_check_workbook", "write_review", "write_workbook"]
