import itertools
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from data_server import DataServer, publish_on, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data import fetching
from engine.data import published as library
from engine.data.fetching import FetchError, FetchProgress, fetch
from engine.data.published import (
    LIBRARY,
    PublishedFile,
    PublishedSet,
    cache_folder,
    is_at_hand,
    locate,
    received,
)
from engine.errors import InputError

FIRST = bytes(range(256)) * 2000
SECOND = b"labels" * 100


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DataServer]:
    """A server of a set named "letters", of two files, that nobody has fetched yet."""
    with serving() as running:
        publish_on(running, monkeypatch, "letters", {"first.gz": FIRST, "second.gz": SECOND})
        yield running


def part() -> Path:
    return LIBRARY["letters"].files[0].part


def leave_part(content: bytes) -> None:
    part().parent.mkdir(parents=True, exist_ok=True)
    part().write_bytes(content)


def cached() -> dict[str, bytes]:
    """Every file below the cache's folder, with what it holds."""
    folder = cache_folder()
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


WHOLE = {"first.gz": FIRST, "second.gz": SECOND}


def test_a_set_is_fetched_whole_and_is_at_hand_from_then_on(server: DataServer) -> None:
    assert not is_at_hand("letters")
    steps = [*fetch("letters")]
    assert cached() == WHOLE
    assert locate("letters") == (cache_folder() / "first.gz", cache_folder() / "second.gz")
    assert steps[0] == FetchProgress("letters", "first.gz", 0, len(FIRST) + len(SECOND))
    assert steps[-1].received == steps[-1].size == received("letters")
    assert len(steps) > 5
    assert all(one.received <= next.received for one, next in itertools.pairwise(steps))


def test_what_is_at_hand_is_not_fetched_again(server: DataServer) -> None:
    list(fetch("letters"))
    list(fetch("letters"))
    assert server.asked == [None, None]


def test_a_file_in_another_place_is_left_there(
    server: DataServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "first.gz").write_bytes(FIRST)
    monkeypatch.setenv(library.FOLDERS, str(tmp_path / "mine"))
    assert next(iter(fetch("letters"))).received == len(FIRST)
    list(fetch("letters"))
    assert cached() == {"second.gz": SECOND}
    assert is_at_hand("letters")


# Cancelled, broken, and gone on with


@pytest.mark.parametrize("ranges", [True, False])
def test_a_cancelled_fetch_keeps_its_part_and_goes_on_from_there(
    server: DataServer, ranges: bool
) -> None:
    server.ranges = ranges
    steps = fetch("letters")
    came = next(step.received for step in steps if step.received > 100_000)
    steps.close()
    assert cached() == {"first.gz.part": FIRST[:came]}
    assert received("letters") == came
    assert not is_at_hand("letters")
    list(fetch("letters"))
    assert cached() == WHOLE
    assert server.asked == [None, f"bytes={came}-", None]


@pytest.mark.parametrize("lengths", [True, False])
def test_a_connection_that_breaks_is_one_sentence_and_keeps_what_came(
    server: DataServer, lengths: bool
) -> None:
    server.breaks_after, server.lengths = 200_000, lengths
    with pytest.raises(FetchError) as failure:
        list(fetch("letters"))
    host = server.url.removeprefix("http://")
    assert str(failure.value) == (
        f"first.gz: expected a download from {host}, but the connection failed; "
        "0.2 MB of 0.5 MB are kept; fetch again to resume."
    )
    assert cached() == {"first.gz.part": FIRST[:200_000]}
    list(fetch("letters"))
    assert cached() == WHOLE
    assert server.asked[1] == "bytes=200000-"


def test_a_connection_that_falls_silent_is_given_up(
    server: DataServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", 0.2)
    server.waits_after = 150_000
    with pytest.raises(
        FetchError, match=r"but no data arrived for 0 seconds; 0\.1 MB of 0\.5 MB are"
    ):
        list(fetch("letters"))
    assert cached() == {"first.gz.part": FIRST[:150_000]}


def test_a_server_that_is_not_there_is_one_sentence(
    server: DataServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = PublishedFile("a.gz", f"http://127.0.0.1:{port}/a.gz", 10, "0" * 64)
    monkeypatch.setitem(LIBRARY, "letters", PublishedSet("letters", "nobody", "MIT", (file,)))
    with pytest.raises(FetchError, match=rf"^a\.gz: expected .* from 127\.0\.0\.1:{port}, but "):
        list(fetch("letters"))
    assert cached() == {}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, len(FIRST) - 1), max_size=4))
def test_wherever_it_breaks_the_file_is_whole_in_the_end(
    server: DataServer, ends: list[int]
) -> None:
    for path in cached():
        (cache_folder() / path).unlink()
    for end in ends:
        server.breaks_after = end
        with pytest.raises(FetchError):
            list(fetch("letters"))
    list(fetch("letters"))
    assert cached() == WHOLE


# Content that is not the published one


@pytest.mark.parametrize(
    "size",
    [1000, len(FIRST), len(FIRST) + 1],
    ids=["in part", "whole", "too long"],
)
def test_a_damaged_part_is_thrown_away_and_the_file_fetched_anew(
    server: DataServer, size: int
) -> None:
    leave_part(b"x" * size)
    list(fetch("letters"))
    assert cached() == WHOLE
    assert server.asked[-2:] == [None, None]


def test_a_whole_part_needs_no_server(server: DataServer) -> None:
    leave_part(FIRST)
    list(fetch("letters"))
    assert cached() == WHOLE
    assert server.asked == [None]  # for the second file


def test_a_damaged_file_in_the_cache_is_replaced(server: DataServer) -> None:
    leave_part(b"")
    part().with_name("first.gz").write_bytes(b"x" * len(FIRST))
    list(fetch("letters"))
    assert cached() == WHOLE


@pytest.mark.parametrize(("before", "attempts"), [(b"", 1), (FIRST[:1000], 2)])
def test_content_with_another_hash_never_counts(
    server: DataServer, before: bytes, attempts: int
) -> None:
    if before:
        leave_part(before)
    server.files["/first.gz"] = b"y" * len(FIRST)
    with pytest.raises(FetchError, match=r"^first\.gz: expected the published file from .*\.$"):
        list(fetch("letters"))
    assert cached() == {}
    assert len(server.asked) == attempts


def test_content_of_another_length_is_refused_before_it_touches_the_part(
    server: DataServer,
) -> None:
    leave_part(FIRST[:1000])
    server.files["/first.gz"], server.ranges = b"<html>Please log in.</html>", False
    with pytest.raises(FetchError, match=r"^first\.gz: expected 512,000 bytes .*, found 27\.$"):
        list(fetch("letters"))
    assert cached() == {"first.gz.part": FIRST[:1000]}


def test_a_file_that_the_server_lacks_is_named_with_the_status(server: DataServer) -> None:
    del server.files["/first.gz"]
    with pytest.raises(FetchError, match=r"^first\.gz: .* found status 404 \(Not Found\)\.$"):
        list(fetch("letters"))
    assert cached() == {}


def test_two_that_fetch_at_once_do_not_mix_what_they_write(server: DataServer) -> None:
    one, other = fetch("letters"), fetch("letters")
    next(step for step in one if step.received > 100_000)
    with pytest.raises(FetchError, match="no other download"):
        list(itertools.chain.from_iterable(zip(one, other, strict=False)))
    one.close()
    other.close()
    list(fetch("letters"))
    assert cached() == WHOLE


def test_a_cache_that_cannot_be_written_to_is_named(server: DataServer) -> None:
    cache_folder().parent.mkdir(parents=True)
    cache_folder().write_text("in the way")
    with pytest.raises(FetchError, match=r"first\.gz\.part: expected a file to write to: "):
        list(fetch("letters"))


def test_an_unknown_set_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"^imagenet: expected one of mnist, mnist-test, .*\.$"):
        list(fetch("imagenet"))
