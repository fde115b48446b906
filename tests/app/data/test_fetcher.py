import pytest
from data_server import publish_on, serving
from pytestqt.qtbot import QtBot

from app.data.fetcher import Fetcher
from engine.data import fetching
from engine.data.published import LIBRARY, is_at_hand

CONTENT = bytes(range(256)) * 2000


def test_a_set_comes_with_every_byte_told_of(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        publish_on(server, monkeypatch, "mnist-test", {"digits.gz": CONTENT})
        fetcher = Fetcher("mnist-test")
        came: list[int] = []
        fetcher.moved.connect(came.append)
        with qtbot.waitSignal(fetcher.finished):
            fetcher.start()
        fetcher.wait()
    assert is_at_hand("mnist-test")
    assert fetcher.problem == ""
    assert came == sorted(came)
    assert came[-1] == len(CONTENT)


def test_the_end_of_the_program_waits_for_a_silent_server_no_longer_than_it_is_listened_to(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", 0.3)
    with serving() as server:
        publish_on(server, monkeypatch, "mnist-test", {"digits.gz": CONTENT})
        server.waits_after = 100_000
        fetcher = Fetcher("mnist-test")
        with qtbot.waitSignal(fetcher.moved, check_params_cb=lambda came: came == 100_000):
            fetcher.start()
        fetcher.end()
        assert fetcher.isFinished()
    assert LIBRARY["mnist-test"].files[0].part.read_bytes() == CONTENT[:100_000]


def test_what_nobody_foresaw_is_a_sentence_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as server:
        publish_on(server, monkeypatch, "mnist-test", {"digits.gz": CONTENT})

        def broken(*_: object) -> None:
            raise ZeroDivisionError("by hand")

        monkeypatch.setattr(fetching, "_accept", broken)
        fetcher = Fetcher("mnist-test")
        with qtbot.waitSignal(fetcher.finished):
            fetcher.start()
        fetcher.wait()
    assert fetcher.problem == "ZeroDivisionError: by hand"
