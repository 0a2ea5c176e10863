"""Grids of foreign cells to tables of ours: translated, with ids, several files as one."""
