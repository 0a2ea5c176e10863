"""What a run leaves: folder, database, ledger; whole or not at all."""
