"""Reports as PDF: nothing is cut off, lost or on top of something else."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from experiments_for_tests import events_of, record_of, tiny
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from engine.figures.style import SIZES, Typesetter, drawing
from engine.output.reports.content import Block, Code, Report, Section, Table, Text
from engine.output.reports.of_runs import run_report
from engine.output.reports.pages import HEIGHT, INCH, MARGIN, WIDTH, Page, Pages
from engine.output.reports.pdf import to_pdf
from engine.plots import plots

WORDS = st.text(st.characters(codec="latin-1", categories=("L", "N", "P")), min_size=1, max_size=90)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


def pages_of(report: Report) -> list[Page]:
    with drawing(SIZES["page"]):
        return Pages(report, lambda done, total: None).pages


def check_places(pages: list[Page]) -> None:
    """Everything is within the margins, and no line of text runs into another."""
    type_ = Typesetter(Figure(figsize=(WIDTH / INCH, HEIGHT / INCH)))
    for page in pages:
        boxes = []
        for words in page.words:
            wide = INCH * type_.width(words.text, words.points, bold=words.bold) / 1.02
            if words.mono:
                wide = 0.602 * words.points * len(words.text)
            left = words.x - wide if words.right else words.x
            assert left >= MARGIN - 1
            assert left + wide <= WIDTH - MARGIN + 1
            assert 40 <= words.y <= HEIGHT - 30
            boxes.append((left, left + wide, words.y - 0.7 * words.points, words.y))
        for placed in page.figures:
            wide, high = (placed.scale * INCH * side for side in placed.figure.get_size_inches())
            assert placed.x + wide <= WIDTH - MARGIN + 1
            assert placed.y + high <= HEIGHT - 50
            boxes.append((placed.x, placed.x + wide, placed.y, placed.y + high))
        for place, (left, right, top, bottom) in enumerate(boxes):
            for other in boxes[place + 1 :]:
                beside = right <= other[0] + 0.5 or other[1] <= left + 0.5
                assert beside or bottom <= other[2] + 0.5 or other[3] <= top + 0.5


def test_a_run_fits_on_its_pages() -> None:
    record = record_of(events_of(tiny()))
    report = run_report(record, plots(record))
    pages = pages_of(report)
    check_places(pages)
    assert sum(len(page.figures) for page in pages) == report.figures
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in [words.text for words in page.words]


def test_headings_stand_above_what_they_are_of_and_the_contents_say_where() -> None:
    record = record_of(events_of(tiny()))
    report = run_report(record, plots(record))
    pages = pages_of(report)
    for section in report.sections:
        [at] = [
            (number, words.y)
            for number, page in enumerate(pages, 1)
            for words in page.words
            if words.text == section.title and words.points == 13.0
        ]
        number, y = at
        below = [words.y for words in pages[number - 1].words[:-2] if words.y > y]
        below += [placed.y for placed in pages[number - 1].figures if placed.y > y - 5]
        assert below
        named = [words for words in pages[0].words if words.text == section.title]
        [line] = [words.y for words in named if words.points != 13.0]
        same = [words.text for words in pages[0].words if words.y == line]
        assert str(number) in same


@settings(max_examples=20)
@given(TEXTS, st.lists(st.tuples(TEXTS, WORDS, WORDS), min_size=1, max_size=40))
def test_any_words_find_their_place_and_none_are_lost(
    text: str, rows: list[tuple[str, str, str]]
) -> None:
    blocks: tuple[Block, ...] = (
        Text(text, "note"),
        Table(("name", "number", "other"), tuple(rows), text, words=(0, 2)),
        Table((), tuple(row[:2] for row in rows), words=(0, 1)),
        Code(text, "code"),
    )
    pages = pages_of(Report("a title", text, (Section("key", "A section", blocks),)))
    check_places(pages)
    letters = sorted("".join(words.text for page in pages for words in page.words))
    wanted = "".join((text, *(cell for row in rows for cell in row)))
    for letter in {*wanted} - {" "}:
        assert letters.count(letter) >= wanted.count(letter)


def test_a_pdf_has_so_many_pages_and_its_text_can_be_read(tmp_path: Path) -> None:
    record = record_of(events_of(tiny({"title": "Über <alles> & nichts"})))
    report = run_report(record, [plot for plot in plots(record) if plot.key == "losses"])
    content = to_pdf(report)
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) == len(pages_of(report))
    assert b"/Subtype /Image" not in content  # all of it is drawn by lines and letters
    if not shutil.which("gs"):
        pytest.skip("reading a PDF takes Ghostscript: apt install ghostscript")
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=txtwrite", "-sOutputFile=-", str(path)]
    found = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    told = " ".join(found.split())
    for part in ("Über <alles> & nichts", "What came out", "validation loss", 'source = "iris"'):
        assert part in told
