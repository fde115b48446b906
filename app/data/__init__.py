"""Data sets that do not come with the program: listed, and fetched."""
