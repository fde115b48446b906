"""Where kernels may be kept; nothing here needs the compiler."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_cache_path


def places(chosen: str) -> Iterator[Path]:
    """Folders to try: where somebody says, for this user, or until the next start.

    Args:
        chosen: where somebody says; or empty.
    """
    if chosen:
        yield Path(chosen).absolute()
    yield user_cache_path("retrograde")
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError:
        return
    user = os.getuid() if hasattr(os, "getuid") else ""
    yield temporary / f"retrograde-kernels-{user}"
