"""Fetching data sets into the user's cache: by hash, in view, and going on where it stopped.

Pooch keeps the register of files, checks a file's hash before it counts, and brings it into the
cache whole. What it lacks is here: progress, and a partial file that is kept when the connection
breaks or somebody cancels, to go on from there.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pooch
import requests
import urllib3

from engine.data.published import LIBRARY, PublishedFile, cache_folder, locate_file, megabytes
from engine.errors import InputError

TIMEOUT: Final = 15.0
"""Seconds without a byte after which a connection counts as broken."""

_CHUNK: Final = 2**16


class FetchError(InputError):
    """A file could not be fetched; the message is one sentence, and says what was kept."""


@dataclass(frozen=True)
class FetchProgress:
    """How far the fetching of a set has come.

    Attributes:
        name: of the set.
        file: that is being fetched.
        received: bytes of the set that are present, including those received earlier.
        size: bytes of the set.
    """

    name: str
    file: str
    received: int
    size: int


def fetch(name: str) -> Generator[FetchProgress]:
    """Fetch the missing files of a set; closing the generator cancels that.

    Args:
        name: a key of `LIBRARY`.

    Yields:
        Progress: once at the start of each file, and whenever something has come of it.

    Raises:
        InputError: there is no such set.
        FetchError: a file could not be fetched; what came of it is kept for the next time.
    """
    if name not in LIBRARY:
        raise InputError(name, f"expected one of {', '.join(LIBRARY)}.")
    entry = LIBRARY[name]
    before = 0
    for file in entry.files:
        if locate_file(file) is None:
            for received in _fetch_file(file):
                yield FetchProgress(name, file.name, before + received, entry.size)
        before += file.size
    yield FetchProgress(name, entry.files[-1].name, entry.size, entry.size)


def _fetch_file(file: PublishedFile) -> Iterator[int]:
    """Bring one file into the cache; yields how many bytes of it have come."""
    try:
        file.part.parent.mkdir(parents=True, exist_ok=True)
        goes_on = file.part.exists()
        yield from _receive(file)
        accepted = _accept(file)
        if not accepted and goes_on:  # what came earlier was damaged, and is gone now
            yield from _receive(file)
            accepted = _accept(file)
    except (requests.RequestException, urllib3.exceptions.HTTPError, TimeoutError) as error:
        raise _broken(file, error) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FetchError(str(file.part), f"expected a file to write to: {reason}.") from None
    if not accepted:
        raise FetchError(
            file.name,
            f"expected the published file from {_host(file)}, found a different one, "
            "which was discarded.",
        )


def _receive(file: PublishedFile) -> Iterator[int]:
    """Receive what is missing of a file's part, from its start if the server cannot go on."""
    start = _size_of(file.part)
    if start > file.size:
        file.part.unlink()
        start = 0
    yield start
    if start == file.size:
        return
    headers = {"Accept-Encoding": "identity"}  # the file as it was published, byte by byte
    if start:
        headers["Range"] = f"bytes={start}-"
    with requests.get(file.url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if response.status_code not in (requests.codes.ok, requests.codes.partial_content):
            raise FetchError(
                file.name,
                f"expected a file at {file.url}, found status "
                f"{response.status_code} ({response.reason}).",
            )
        if not _continues(response, start):
            start = 0
        length = response.headers.get("Content-Length")
        if length is not None and start + int(length) != file.size:
            raise FetchError(
                file.name,
                f"expected {file.size:,} bytes from {_host(file)}, found {start + int(length):,}.",
            )
        yield from _append(file, start, response.raw)


def _continues(response: requests.Response, start: int) -> bool:
    """Whether a response goes on from byte ``start``; if not, it gives the file from its start."""
    described = response.headers.get("Content-Range", "")
    return bool(
        response.status_code == requests.codes.partial_content
        and described.startswith(f"bytes {start}-")
    )


def _append(file: PublishedFile, start: int, stream: Any) -> Iterator[int]:
    """Write what a stream brings to the part of a file, after its first ``start`` bytes."""
    received = start
    with file.part.open("ab", buffering=0) as part:
        part.truncate(start)
        while received < file.size:
            chunk = stream.read1(min(_CHUNK, file.size - received), decode_content=False)
            if not chunk:
                raise urllib3.exceptions.ProtocolError("the connection was closed early")
            part.write(chunk)
            received += len(chunk)
            if _size_of(file.part) != received:
                raise FetchError(
                    file.name, "expected no other download of it at the same time; try again."
                )
            yield received


def _accept(file: PublishedFile) -> bool:
    """Move a whole part into the cache if its hash is the published one; else throw it away."""
    pooch.get_logger().setLevel("WARNING")
    key = file.path.as_posix()
    register = pooch.create(
        path=cache_folder(),
        base_url="",
        registry={key: f"sha256:{file.sha256}"},
        urls={key: file.url},
    )

    def hand_over(_: str, destination: str, __: pooch.Pooch) -> None:
        file.part.replace(destination)

    try:
        register.fetch(key, downloader=hand_over)
    except ValueError:  # another hash; pooch has thrown away what was handed over
        return False
    return True


def _broken(file: PublishedFile, error: Exception) -> FetchError:
    received = _size_of(file.part)
    slow = isinstance(error, TimeoutError | requests.Timeout | urllib3.exceptions.TimeoutError)
    reason = f"no data arrived for {TIMEOUT:.0f} seconds" if slow else "the connection failed"
    kept = (
        f"{megabytes(received)} of {megabytes(file.size)} are kept; fetch again to resume"
        if received
        else "nothing was received"
    )
    return FetchError(file.name, f"expected a download from {_host(file)}, but {reason}; {kept}.")


def _host(file: PublishedFile) -> str:
    return urlsplit(file.url).netloc


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
