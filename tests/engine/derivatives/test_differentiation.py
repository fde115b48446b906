import subprocess
import sys

_DISTURBED = """
import importlib

usual, left = importlib.import_module, [2]

def disturbed(name, *more):
    if name == "autograd.numpy" and left[0]:
        left[0] -= 1
        raise RuntimeError(MESSAGE)
    return usual(name, *more)

importlib.import_module = disturbed
from engine.derivatives.differentiation import anp
print(anp.__name__, left[0])
"""


def _said(message: str) -> str:
    """What a process prints in which importing autograd is broken off twice like this."""
    program = _DISTURBED.replace("MESSAGE", repr(message))
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def test_autograd_is_loaded_again_if_another_thread_gave_numpy_more_names_meanwhile() -> None:
    assert _said("dictionary changed size during iteration") == "autograd.numpy 0"


def test_what_else_goes_wrong_is_not_hidden() -> None:
    assert _said("no such thing") == ""
