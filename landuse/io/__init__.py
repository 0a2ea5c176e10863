"""Door: the only room that knows files and foreign headers."""
