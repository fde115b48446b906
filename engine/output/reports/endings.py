"""Which files reports are written to: light to load, so that a wrong name is refused at once."""

from typing import Final

ENDINGS: Final = (".html", ".pdf")
