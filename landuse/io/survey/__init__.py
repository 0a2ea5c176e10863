"""Survey coordinate TXT to parcels."""
