"""The encoding of a table: which one it is, and its text as UTF-8."""

import codecs
import io
from typing import BinaryIO, Final, cast

from engine.data.readers.reading import Encoding
from engine.data.readers.refusals import wrong

NAMES: Final[dict[Encoding, str]] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1252": "Windows-1252",
    "latin-1": "Latin-1",
}
"""What people call them."""

_MARKS_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(head: bytes, *, is_whole: bool) -> Encoding:
    """What the beginning of a file is most likely written in.

    Args:
        head: some bytes of it.
        is_whole: whether there are no more; else its last character may be cut.
    """
    if head.startswith(_MARKS_16) or _codec_16(head) != "utf-16":
        return "utf-16"
    likely: tuple[Encoding, ...] = ("utf-8", "windows-1252")
    for encoding in likely:
        try:
            codecs.getincrementaldecoder(encoding)().decode(head, final=is_whole)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def decoded(head: bytes, encoding: Encoding) -> str:
    """The text of the beginning of a file, with a sign where it is none."""
    codec = _codec_16(head) if encoding == "utf-16" else encoding
    return head.decode(codec, "replace").removeprefix("\ufeff")


def as_utf8(origin: str, stream: BinaryIO, encoding: Encoding) -> BinaryIO:
    """The same text in UTF-8, as it is read.

    Args:
        origin: how a message calls the file.
        stream: at its beginning, where it can go back to.
        encoding: what it is written in.
    """
    if encoding == "utf-8":
        return stream
    codec: str = encoding
    if encoding == "utf-16":
        codec = _codec_16(stream.read(_LOOKED_AT))
        stream.seek(0)
    return cast(BinaryIO, _Recoded(origin, stream, codec, NAMES[encoding]))


_LOOKED_AT: Final = 1000


def _codec_16(head: bytes) -> str:
    """The codec of UTF-16, by which half of most characters is empty if nothing marks it."""
    if head.startswith(_MARKS_16):
        return "utf-16"
    beginning = head[:_LOOKED_AT]
    pairs = max(1, len(beginning) // 2)
    if 2 * beginning[1::2].count(0) > pairs:
        return "utf-16-le"
    return "utf-16-be" if 2 * beginning[::2].count(0) > pairs else "utf-16"


class _Recoded(io.BufferedIOBase):
    """Text of one encoding, read as UTF-8."""

    def __init__(self, origin: str, stream: BinaryIO, codec: str, name: str) -> None:
        self._origin, self._stream, self._name = origin, stream, name
        self._decoder = codecs.getincrementaldecoder(codec)()

    def read(self, size: int | None = -1, /) -> bytes:
        """Some bytes, about as many as asked for; none at the end."""
        while True:
            content = self._stream.read(-1 if size is None else size)
            try:
                text = self._decoder.decode(content, final=not content).encode()
            except UnicodeError:
                wanted = f"{self._name} text (choose another encoding, or save it as UTF-8)"
                raise wrong(self._origin, wanted, "something else") from None
            if text or not content:
                return text
