"""Foreign headers to columns of ours, and the rows under them to a table."""
