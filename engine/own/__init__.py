"""Problems of one's own: Python files with losses, of contents that somebody trusted."""
