import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.mailbox import Mailbox


@contextmanager
def reader(mailbox: Mailbox[str], read: list[str | None]) -> Iterator[threading.Event]:
    """A thread that takes out one request; the event tells that it has done so."""
    done = threading.Event()

    def take() -> None:
        read.append(mailbox.take())
        done.set()

    thread = threading.Thread(target=take)
    thread.start()
    yield done
    thread.join(5)
    assert not thread.is_alive()


def test_of_several_requests_the_latest_is_taken_out() -> None:
    mailbox = Mailbox[str]()
    mailbox.put("first")
    mailbox.put("second")
    assert mailbox.take() == "second"
    assert not mailbox.has_news


def test_a_thread_waits_for_a_request() -> None:
    mailbox, read = Mailbox[str](), []
    with reader(mailbox, read) as done:
        assert not done.wait(0.05)
        mailbox.put("later")
    assert read == ["later"]


def test_closing_ends_the_wait() -> None:
    mailbox, read = Mailbox[str](), []
    with reader(mailbox, read) as done:
        assert not done.wait(0.05)
        mailbox.close()
    assert read == [None]


def test_nothing_is_begun_once_it_is_closed() -> None:
    mailbox = Mailbox[str]()
    mailbox.put("never begun")
    mailbox.close()
    assert mailbox.take() is None


def test_whoever_works_on_a_request_learns_that_it_is_not_wanted_any_more() -> None:
    mailbox = Mailbox[str]()
    mailbox.put("first")
    mailbox.take()
    assert not mailbox.has_news
    mailbox.put("second")
    assert mailbox.has_news
    mailbox.take()
    mailbox.close()
    assert mailbox.has_news
