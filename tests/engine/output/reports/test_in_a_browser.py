"""A report in a real browser, without a window."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from experiments_for_tests import events_of, record_of
from PIL import Image

from engine.experiments.files import load_experiment, override
from engine.output.reports.writing import write_report

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="opening a report takes a browser: apt install chromium"
)


def browse(page: Path, *options: str) -> str:
    """Open a page, and give what the browser prints."""
    assert BROWSER is not None
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    command += ["--log-level=0", f"--user-data-dir={page.parent / 'profile'}", *options]
    done = subprocess.run(
        [*command, page.as_uri()], capture_output=True, text=True, timeout=60, check=True
    )
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not said
    return done.stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = {"meta.iterations": "2", "training.iterations": "10", "title": 'A < B & "C"'}
    experiment = override(load_experiment("learned-data", stand_in=True), changes)
    path = tmp_path_factory.mktemp("browser") / "a report.html"
    return write_report(record_of(events_of(experiment)), path)


def test_a_browser_reads_all_of_it_without_a_complaint(page: Path) -> None:
    read = browse(page, "--dump-dom")
    assert read.count("<figure") == read.count("</svg>") > 5
    assert 'A &lt; B &amp; "C"' in read
    assert "How to reproduce it" in read


def test_a_browser_asks_nobody_for_anything(page: Path) -> None:
    log = page.parent / "net.json"
    browse(page, "--dump-dom", f"--log-net-log={log}", "--net-log-capture-mode=IncludeSensitive")
    urls = set(re.findall(r'"url":"([a-z]+:[^"]+)"', log.read_text(errors="replace")))
    own = json.dumps(page.as_uri())[1:-1]
    outside = {url for url in urls if url.startswith("http") and "report" in url} - {own}
    assert not outside


def test_a_browser_draws_it_in_the_colours_that_are_preferred(page: Path) -> None:
    seen = {}
    for scheme, code in (("light", "1"), ("dark", "0")):
        picture = page.parent / f"{scheme}.png"
        options = f"--blink-settings=preferredColorScheme={code}"
        browse(page, options, f"--screenshot={picture}", "--window-size=900,1800")
        with Image.open(picture) as image:
            pixels = image.convert("L")
            seen[scheme] = pixels.getpixel((5, 5)), pixels.histogram()
    assert seen["light"][0] == 255
    assert seen["dark"][0] < 40
    for _, histogram in seen.values():
        assert sum(count > 50 for count in histogram) > 20  # lines, letters and pictures are drawn
