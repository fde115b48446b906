"""What is wrong with a person's file is one sentence with the line of it."""

import pytest

from engine.errors import InputError
from engine.own.contents import content_of, read_content
from engine.own.examining import examine
from engine.own.loading import load

GOOD = """import autograd.numpy as np
import numpy
start = numpy.zeros(4)
theta = {"penalty": {"start": 0.1, "low": 0.0, "high": 10.0, "domain": "log"}}
groups = {"a": slice(0, 2), "b": slice(2, 4)}

def training_loss(w, theta, t):
    return np.sum((w - 1.0) ** 2) + theta["penalty"] * np.sum(w ** 2)

def validation_loss(w, theta):
    return np.sum((w - 0.5) ** 2)
"""


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        examine(load(content_of(text, "/somewhere/ridge.py")))
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


def test_a_good_file_is_taken() -> None:
    loaded = load(content_of(GOOD, "/somewhere/ridge.py"))
    examine(loaded)
    assert [group.name for group in loaded.groups] == ["a", "b"]
    assert [one.name for one in loaded.theta] == ["penalty"]
    assert loaded.declared.theta[0].words == "1 value, from 0.1; 0 to 10"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("(w - 1.0) ** 2) +", "(w - 1.0) ** 2 +", "line 8 of ridge.py: expected Python: "),
        ("def training_loss", "def other_loss", "ridge.py: expected a function training_loss(w, "),
        ("loss(w, theta, t)", "loss(w, theta)", "line 7 of ridge.py: expected a function training"),
        ("start = numpy", "begin = numpy", "ridge.py: expected start, the values of w"),
        ("zeros(4)", "zeros(4, int)", "line 3 of ridge.py: start: expected numbers in double "),
        ("zeros(4)", "zeros(4, 'f')", "line 3 of ridge.py: start: expected numbers in double "),
        ("zeros(4)", "zeros((2, 2))", "line 3 of ridge.py: start: expected a vector of numbers, "),
        ("zeros(4)", "full(4, numpy.nan)", "line 3 of ridge.py: start: expected finite numbers, "),
        ("zeros(4)", "zeros(5)", "line 5 of ridge.py: groups: expected slices that partition "),
        ("slice(2, 4)", "slice(1, 4)", "line 5 of ridge.py: groups: expected slices that "),
        ("slice(2, 4)", "4", "line 5 of ridge.py: groups[1]: expected a slice, found 4."),
        ('"start": 0.1', '"start": -0.1', "line 4 of ridge.py: theta, penalty: expected starting"),
        ('"start": 0.1', '"start": 0.0', "line 4 of ridge.py: theta, penalty: expected starting "),
        ('"start": 0.1', '"begin": 0.1', "line 4 of ridge.py: theta, penalty: expected start, "),
        ('"log"', '"square"', "line 4 of ridge.py: theta, penalty: expected the domain log, "),
        ('"high": 10.0', '"high": "ten"', "line 4 of ridge.py: theta, penalty: expected high to "),
        ("np.sum((w - 1.0) ** 2)", "(w - 1.0) ** 2", "line 8 of ridge.py: training_loss: "
         "expected a single number, found shape (4,)"),
        ("return np.sum((w - 0.5) ** 2)", "np.sum(w)", "line 10 of ridge.py: validation_loss: "
         "expected a number in double precision, found NoneType: is return missing?"),
        ("np.sum((w - 0.5) ** 2)", "numpy.float32(1)", "line 11 of ridge.py: validation_loss: "
         "expected a number in double precision, found float32, single precision."),
        ("np.sum((w - 0.5) ** 2)", "3", "line 11 of ridge.py: validation_loss: expected a number "
         "in double precision, found int."),
        ("np.sum((w - 0.5) ** 2)", "np.sum(np.log(w - 1.0))", "line 11 of ridge.py: "
         "validation_loss: expected a finite number where training starts, found NaN."),
        ("np.sum((w - 0.5) ** 2)", "np.sum(w) + numpy.random.random()", "line 11 of ridge.py: "
         "validation_loss: expected the same value when it is evaluated again"),
        ("    return np.sum((w - 1.0)", "    w += 1.0\n    return np.sum((w - 1.0)",
         "line 8 of ridge.py: training_loss: expected w and theta to be left as they are"),
        ("np.sum((w - 1.0) ** 2)", "float(numpy.sum(w.astype(float)))", "line 8 of ridge.py: "
         "expected a loss that autograd can differentiate"),
        ('theta["penalty"]', 'theta["penalties"]', "line 8 of ridge.py: found KeyError: "
         "'penalties'"),
        ("import numpy\n", "import nonpy\n", "line 2 of ridge.py: found ModuleNotFoundError"),
        ("import numpy\n", "import numpy, sys; sys.exit(3)\n", "line 2 of ridge.py: expected the "
         "file to go on, found that it ends the program with sys.exit."),
        ("import numpy\n", "import numpy; raise KeyboardInterrupt\n", "line 2 of ridge.py: "),
        ("import numpy\n", "import numpy; numpy.ones(10**15)\n", "line 2 of ridge.py: expected "
         "arrays that fit into memory"),
        ("np.sum((w - 0.5) ** 2)", "validation_loss(w, theta)", "line 11 of ridge.py: expected "
         "functions that end"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert refusal(GOOD.replace(old, new, 1)).startswith(told)


def test_a_start_that_is_drawn_is_drawn_from_the_generator_alone() -> None:
    drawn = GOOD.replace("start = numpy.zeros(4)", "def start(rng): return rng.normal(size=4)")
    examine(load(content_of(drawn, "/somewhere/ridge.py")))
    other = drawn.replace("rng.normal", "numpy.random.normal")
    assert refusal(other).startswith("line 3 of ridge.py: start: expected the same numbers")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"# caf\xe9\n", 'line 1 of it\'s "mine".py: expected UTF-8 text, found the byte 0xe9.'),
        (b"x = 1\ny = '\0'\n", 'line 2 of it\'s "mine".py: expected text, found a null'),
    ],
)
def test_a_file_that_is_no_text_is_refused_by_its_line(tmp_path, content, told) -> None:
    path = tmp_path / 'it\'s "mine".py'
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_content(path)
    assert str(caught.value).startswith(told)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="expected a readable Python file: No such file"):
        read_content(tmp_path / "none.py")
    with pytest.raises(InputError, match="expected a Python file, found a folder"):
        read_content(tmp_path)


def test_what_editors_leave_in_a_file_does_no_harm(tmp_path) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    loaded = load(read_content(path))
    assert loaded.lines.of("theta") == 4
    assert content_of(loaded.content.text, str(path)).sha256 == loaded.content.sha256
