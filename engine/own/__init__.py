"""Problems of one's own: Python files with losses, run only where somebody trusted their content."""
