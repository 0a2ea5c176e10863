"""The array loops that bear the load."""
