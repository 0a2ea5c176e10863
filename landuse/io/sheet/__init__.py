"""Sheets of workbooks, pages and texts as grids of records."""
