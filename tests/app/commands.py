"""What commands are tested with."""

import pytest

Captured = pytest.CaptureFixture[str]
