"""An experiment as validated data."""
