"""Data sets that count as available without their data."""

import hashlib
from collections.abc import Mapping

import pytest

from engine.data.published import LIBRARY, PublishedFile, PublishedSet, cache_folder


def publish(monkeypatch: pytest.MonkeyPatch, name: str, contents: Mapping[str, bytes]) -> None:
    """Let a set consist of files with these contents, which have no publisher."""
    files = tuple(
        PublishedFile(file, "", len(content), hashlib.sha256(content).hexdigest())
        for file, content in contents.items()
    )
    monkeypatch.setitem(LIBRARY, name, PublishedSet(name, "nobody", "MIT", files))


def put_at_hand(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Make sets available, with a word in place of their data."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    for name in names:
        publish(monkeypatch, name, {name: name.encode()})
        (cache_folder() / name).write_bytes(name.encode())
