"""Damage to bytes: at random, and with what readers stumble over."""

from collections.abc import Callable, Sequence
from random import Random

NUMBERS = [
    b"0", b"-1", b"1e999", b"-0.0", b"nan", b"inf", b"1_000", b"0x" + b"f" * 5000, b"9" * 5000,
    b"4294967295", b"18446744073709551616", b"1e-320", b"\xd9\xa1", b"1,5",
]  # fmt: skip
SIGNS = [
    b"", b"\0", b"\n", b"\r", b"\r\n", b"\t", b"\x0b", b"\x1b[31m", b"\xff", b"\xef\xbb\xbf", b'"',
    b"'", b"[", b"]", b"{", b"}", b"=", b".", b",", b";", b"#", b"\\", b"\xe2\x80\xa8",
    b"\xe2\x80\xae", b"\xed\xb2\x80", b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b",
    b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0",
]  # fmt: skip
_LONGEST = 2_000_000


def mutated(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    """Damage a text or file in one to six places; once in a while in none.

    Args:
        random: decides.
        content: to damage.
        words: what to put in, beside numbers and signs.
    """
    for _ in range(random.choice([0, 1, 1, 1, 2, 3, 6])):
        content = random.choice(_WAYS)(random, content, words)[:_LONGEST]
    return content


def _place(random: Random, content: bytes) -> int:
    return random.randrange(len(content) + 1)


def _span(random: Random, content: bytes) -> slice:
    start = _place(random, content)
    return slice(start, min(len(content), start + random.choice([1, 1, 2, 4, 8, 30, 200])))


def _flip(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    if not content:
        return content
    place = random.randrange(len(content))
    return content[:place] + bytes([random.randrange(256)]) + content[place + 1 :]


def _replace(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    span = _span(random, content)
    return content[: span.start] + _token(random, words) + content[span.stop :]


def _insert(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    place = _place(random, content)
    return content[:place] + _token(random, words) + content[place:]


def _remove(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    span = _span(random, content)
    return content[: span.start] + content[span.stop :]


def _cut(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    return content[: _place(random, content)]


def _repeat(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    span = _span(random, content)
    piece = content[span] if random.random() < 0.5 else _token(random, words)
    times = random.choice([2, 2, 3, 30, 1000, 30_000])
    return content[: span.stop] + piece * times + content[span.stop :]


def _move(random: Random, content: bytes, words: Sequence[bytes]) -> bytes:
    span, place = _span(random, content), _place(random, content)
    return content[:place] + content[span] + content[place:]


def _token(random: Random, words: Sequence[bytes]) -> bytes:
    return random.choice(random.choice([NUMBERS, SIGNS, words or SIGNS]))


_Way = Callable[[Random, bytes, Sequence[bytes]], bytes]
_WAYS: list[_Way] = [_flip, _replace, _insert, _remove, _cut, _repeat, _move]
