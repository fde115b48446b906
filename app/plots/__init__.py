"""The plots of a run: shown, read, arranged."""
