"""The state of a data set that can be downloaded, in words."""

from engine.data.published import LIBRARY, locate, megabytes, received


def state_of(name: str) -> str:
    """Whether a set is available, and where; or how much of it has been received."""
    if paths := locate(name):
        return f"available in {', '.join(dict.fromkeys(str(path.parent) for path in paths))}"
    came = received(name)
    return came_of(came, LIBRARY[name].size) if came else "not downloaded"


def came_of(received_bytes: int, size: int) -> str:
    """How much of a set has been received."""
    if received_bytes < 100_000:
        return f"{megabytes(received_bytes)} of {megabytes(size)}"
    return f"{received_bytes / 1e6:.1f} of {megabytes(size)}"
