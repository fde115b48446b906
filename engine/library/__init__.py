"""The run library: runs kept in one SQLite file; see docs/library.md."""
