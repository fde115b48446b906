import signal
from collections.abc import Iterator

import pytest
from data_server import DataServer, publish_on, serving
from library_for_tests import put_at_hand
from stopping_for_tests import Ended, ending_by_exception

from app.command_line import main
from engine.data import fetching
from engine.data.published import LIBRARY, cache_folder, is_at_hand, received
from engine.experiments.files import list_experiments
from engine.runs.events import MetaIterationDone

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DataServer]:
    """A server of the set "mnist-test", of one file, that nobody has fetched yet."""
    with serving() as running:
        publish_on(running, monkeypatch, "mnist-test", {"digits.gz": bytes(range(256)) * 2000})
        yield running


def test_data_lists_every_set_with_size_licence_and_where_it_is(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_at_hand(monkeypatch, "omniglot-small-1")
    part = LIBRARY["fashion-mnist"].files[0].part
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 3_200_000)
    assert main(["data"]) == 0
    told = capsys.readouterr()
    lines = dict(line.split(maxsplit=1) for line in told.out.splitlines())
    assert list(lines) == list(LIBRARY)
    assert lines["mnist"].split("  ")[0] == "11.6 MB"
    assert lines["mnist"].endswith("CC BY-SA 3.0  not downloaded")
    assert lines["fashion-mnist"].startswith("30.9 MB  MIT ")
    assert lines["fashion-mnist"].endswith("  3.2 of 30.9 MB")
    assert lines["omniglot-small-1"].endswith(f"MIT           available in {cache_folder()}")
    assert told.err == ""


def test_fetch_brings_a_set_under_a_progress_bar_and_says_where_it_is(
    server: DataServer, capsys: Captured
) -> None:
    assert main(["fetch", "mnist-test", "mnist-test"]) == 0
    told = capsys.readouterr()
    assert told.out == f"mnist-test: available in {cache_folder()}\n"
    assert "512.0/512.0 kB" in told.err
    assert is_at_hand("mnist-test")
    assert len(server.asked) == 1


def test_an_unknown_set_is_one_line_before_anything_is_fetched(
    server: DataServer, capsys: Captured
) -> None:
    assert main(["fetch", "mnist-test", "imagenet"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("retrograde: imagenet: expected one of mnist, mnist-test, ")
    assert server.asked == []


def test_a_broken_connection_is_one_line_and_fetching_again_goes_on(
    server: DataServer, capsys: Captured
) -> None:
    server.breaks_after = 200_000
    assert main(["fetch", "mnist-test"]) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("retrograde: digits.gz: expected a download from 127.0.0.1")
    assert main(["fetch", "mnist-test"]) == 0
    assert server.asked == [None, "bytes=200000-"]


def test_ctrl_c_keeps_the_part(
    server: DataServer, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = fetching.fetch

    def interrupted(name: str) -> Iterator[fetching.FetchProgress]:
        for step in original(name):
            yield step
            if step.received > 100_000:
                signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(fetching, "fetch", interrupted)
        with ending_by_exception(), pytest.raises(Ended) as ended:
            main(["fetch", "mnist-test"])
    assert ended.value.sentence == "Interrupted; run the command again to resume the download."
    assert ended.value.status == 130
    came = received("mnist-test")
    assert came > 100_000
    assert main(["fetch", "mnist-test"]) == 0
    assert server.asked == [None, f"bytes={came}-"]


# What is run


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The data sets of the experiments that the command would have run."""
    sources: list[str] = []

    def note(experiment: object, *_: object, **__: object) -> Iterator[MetaIterationDone]:
        sources.append(experiment.data.source)  # type: ignore[attr-defined]
        return iter(())

    monkeypatch.setattr("engine.runs.run.optimize", note)
    return sources


def test_run_takes_the_data_of_full_size_unless_the_stand_in_is_asked_for(
    ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["run", "chaos"])
    put_at_hand(monkeypatch, "mnist-test")
    main(["run", "chaos"])
    main(["run", "chaos-edge"])
    main(["run", "chaos", "--stand-in"])
    assert ran == ["digits", "mnist-test", "mnist-test", "digits"]


def test_list_is_the_same_whatever_is_at_hand(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["list"])
    before = capsys.readouterr().out
    put_at_hand(monkeypatch, *LIBRARY)
    main(["list"])
    assert capsys.readouterr().out == before
    assert len(before.splitlines()) == len(list_experiments())
