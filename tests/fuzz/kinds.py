"""All kinds of input, by name."""

from fuzz.calls import CALLS
from fuzz.data_files import DATA_FILES
from fuzz.texts import TEXTS

KINDS = {**DATA_FILES, **TEXTS, **CALLS}
