"""Cell text to value, or why not: numbers, amounts, areas, dates, words, parcel codes."""
