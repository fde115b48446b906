"""What one thread asks of another: only the latest request counts."""

import threading
from typing import Generic, TypeVar

Request = TypeVar("Request")


class Mailbox(Generic[Request]):
    """Holds at most one request: a new one replaces one that has not been started."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._request: Request | None = None
        self._closed = False

    def put(self, request: Request) -> None:
        """Ask."""
        with self._changed:
            self._request = request
            self._changed.notify_all()

    def close(self) -> None:
        """Withdraw the request, also one that has not been started."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self) -> Request | None:
        """Wait for a request; None once the mailbox is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self.has_news)
            request, self._request = self._request, None
            return None if self._closed else request

    @property
    def has_news(self) -> bool:
        """Whether what was taken out is not wanted any more."""
        return self._closed or self._request is not None
