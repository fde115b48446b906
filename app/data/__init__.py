"""Data sets that do not ship with the program: listed, and downloaded."""
