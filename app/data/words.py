"""Data sets in words: the state of one that can be downloaded, what is in one."""

from engine.data.dataset import Dataset
from engine.data.published import LIBRARY, locate, megabytes, received
from engine.plots.dates import date_in_words


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


def about_dataset(dataset: Dataset) -> str:
    """How much is in a data set, and what had to be decided about its file, a line each."""
    predicted = "numeric targets"
    if dataset.kind == "classification":
        predicted = _counted(dataset.classes, "class", "classes")
    if dataset.kind == "series":
        counted = _counted(dataset.size, "value", "values")
        what = f"A series of {counted}, in the order of {dataset.order_name}{_ends_of(dataset)}."
        return "\n".join([what, *dataset.notes])
    examples = _counted(dataset.size, "example", "examples")
    features = _counted(dataset.features, "feature", "features")
    return "\n".join([f"{examples}, {features}, {predicted}.", *dataset.notes])


def _ends_of(dataset: Dataset) -> str:
    """From which date to which one it goes, if its order are dates."""
    if not dataset.has_dates or dataset.order is None:
        return ""
    first, last = (date_in_words(float(place)) for place in dataset.order[[0, -1]])
    return f", {first} to {last}"


def without_file(lines: str, name: str) -> str:
    """Lines about a file below its name: they need not begin with it."""
    return "\n".join(_shortened(line, name) for line in lines.split("\n"))


def _shortened(line: str, name: str) -> str:
    """A line without the name and the comma or colon behind it, if it begins with them."""
    if line.startswith((f"{name}, ", f"{name}: ")):
        line = line[len(name) + 2 :]
    return line[:1].upper() + line[1:]


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
