"""Coordinate systems: which one, and the way from one to another."""
