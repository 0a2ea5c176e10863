"""Synthetic cities, for users and for us."""
