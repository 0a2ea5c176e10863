"""Files as they lie on the disk: archives, encodings, addresses; unchanged while they are read."""
