"""The plan file: its keys, checked."""
