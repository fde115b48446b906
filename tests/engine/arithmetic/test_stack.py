import errno
import tempfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arithmetic.stack import Stack
from engine.errors import InputError

WORDS = 25
KILOBYTE = 1000


def words_of(fill: int, words: int = WORDS) -> np.ndarray[Any, np.dtype[np.uint16]]:
    return np.full(words, fill, np.uint16)


@given(
    memory=st.none() | st.integers(0, KILOBYTE),
    sizes=st.lists(st.integers(1, 60) | st.none(), max_size=60),
)
def test_what_went_in_last_comes_out_first_wherever_it_was_kept(
    memory: int | None, sizes: list[int | None]
) -> None:
    stack, expected = Stack(memory), []
    for number, size in enumerate(sizes):
        if size is not None:
            array = np.arange(number, number + size, dtype=np.uint16)
            stack.push(array)
            expected.append(array.copy())
        elif expected:
            np.testing.assert_array_equal(stack.pop(), expected.pop())
        assert len(stack) == len(expected)
        assert stack.nbytes == sum(array.nbytes for array in expected)
        assert memory is None or stack.nbytes - stack.file_bytes <= memory
    while expected:
        np.testing.assert_array_equal(stack.pop(), expected.pop())
    assert stack.nbytes == stack.file_bytes == 0


def test_only_what_does_not_fit_goes_to_the_file() -> None:
    stack = Stack(3 * words_of(0).nbytes)
    told = []
    for number in range(5):
        stack.push(words_of(number))
        told.append(stack.file_bytes)
    assert told == [0, 0, 0, 2 * WORDS, 4 * WORDS]


def test_without_a_limit_there_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: pytest.fail("a file was opened"))
    stack = Stack()
    for number in range(100):
        stack.push(words_of(number))
    assert stack.file_bytes == 0


def test_what_comes_from_the_file_is_mapped_and_not_read_into_memory() -> None:
    stack = Stack(0)
    stack.push(words_of(7))
    assert isinstance(stack.pop(), np.memmap)


def test_a_full_disk_is_one_sentence_that_names_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def seek(self, place: int) -> None: ...

        def close(self) -> None: ...

        def write(self, content: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: FullDisk())
    with pytest.raises(InputError, match=r"^training\.buffer_megabytes: .* No space left on dev"):
        Stack(0).push(words_of(1))


def test_a_file_that_takes_little_at_a_time_gets_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = tempfile.TemporaryFile

    def slow(**options: Any) -> Any:
        file = opened(**options)
        write = file.write

        class Slow:
            def __getattr__(self, name: str) -> Any:
                return getattr(file, name)

            def write(self, content: memoryview) -> int:
                return int(write(content[:7]))

        return Slow()

    monkeypatch.setattr(tempfile, "TemporaryFile", slow)
    stack = Stack(0)
    stack.push(np.arange(WORDS, dtype=np.uint16))
    np.testing.assert_array_equal(stack.pop(), np.arange(WORDS))
