"""Door: the workbooks of a run, of its links for review, of an intake, and the bulletin of two runs."""

from __future__ import annotations

from landuse.reports.bulletin import write_bulletin
from landuse.reports.check import write_check_workbook
from landuse.reports.review import write_review
from landuse.reports.workbook import write_workbook

__all__ = ["write_bulletin", "write_check_workbook", "write_review", "write_workbook"]
