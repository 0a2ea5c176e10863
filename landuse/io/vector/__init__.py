"""Layers of vector files, one reader a format, and their shapes."""
