"""Cells to values: figures, dates, codes, texts, states."""
