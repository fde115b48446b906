"""Problems of one's own: asking whether a Python file may run, and opening what it proposes."""
