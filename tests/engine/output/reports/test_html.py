"""Reports as HTML: whole in themselves, and whatever people write, letter by letter."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from experiments_for_tests import events_of, record_of, tiny
from hypothesis import given
from hypothesis import strategies as st

from engine.output.reports.content import Code, Report, Section, Table, Text
from engine.output.reports.html import to_html
from engine.output.reports.of_runs import run_report
from engine.output.reports.reproducing import Origin
from engine.plots import plots

USUAL = [
    "html",
    "head",
    "meta",
    "meta",
    "meta",
    "meta",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "h1",
    "p",
    "main",
    "section",
    "h2",
    "p",
    "div",
    "table",
    "caption",
    "thead",
    "tr",
    "th",
    "th",
    "tbody",
    "tr",
    "th",
    "td",
    "p",
    "pre",
    "code",
    "footer",
]
"""The tags of a page with a paragraph, a table of one row, and code."""


class Page(HTMLParser):
    """What a page has: ids, links, tags and texts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.labels: list[str] = []
        self._is_style = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._is_style = tag == "style"
        for name, value in attributes:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "xlink:href", "src") and value is not None:
                self.links.append(value)
            if name == "aria-label" and value is not None:
                self.labels.append(value)
            assert not name.startswith("on"), "nothing runs"

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self.texts.append(data)


@pytest.fixture(scope="module")
def page() -> str:
    record = record_of(events_of(tiny()))
    return to_html(run_report(record, plots(record)))


def test_a_report_needs_nothing_else(page: str) -> None:
    read = Page(page)
    assert not {"script", "link", "iframe", "object", "embed", "base"} & {*read.tags}
    for link in read.links:
        assert link.startswith(("#", "data:image/png;base64,"))
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert not re.search(r"url\((?!#|\"?data:)", page)


def test_no_two_things_have_the_same_id_and_every_link_leads_somewhere(page: str) -> None:
    read = Page(page)
    assert len({*read.ids}) == len(read.ids)
    inside = [link[1:] for link in read.links if link.startswith("#")]
    assert {*inside} <= {*read.ids}
    assert {*re.findall(r"url\(#([^)]+)\)", page)} <= {*read.ids}


def test_every_figure_has_a_text_for_those_who_cannot_see_it(page: str) -> None:
    record = record_of(events_of(tiny()))
    read = Page(page)
    pictures = [label for label in read.labels if label != "Contents"]
    assert len(pictures) == page.count("<figure") == len(plots(record))
    assert all(len(label) > 20 for label in pictures)


def test_figures_have_the_colours_of_the_page(page: str) -> None:
    figures = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert "var(--line0)" in figures
    assert "var(--ink)" in figures
    assert not re.search("#(000000|222222|ffffff|00447b)", figures, re.IGNORECASE)


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_whatever_is_told_is_read_letter_by_letter(one: str, other: str) -> None:
    blocks = (Text(one), Table(("a", one), ((other, one),), other), Code(other, one))
    page = to_html(Report(one, other, (Section("key", one, blocks),)))
    written = "".join(Page(page).texts)
    for text in (one, other):
        same = text.replace("\r\n", "\n").replace("\r", "\n")  # as browsers read it
        assert same in written.replace("\r\n", "\n").replace("\r", "\n")
    assert Page(page).tags == USUAL


def test_names_and_notes_with_markup_are_only_text(tmp_path: Path) -> None:
    bad = "<script>alert('1')</script> & \"quoted\" --></style>"
    experiment = tiny({"title": bad, "description": bad})
    record = record_of(events_of(experiment))
    page = to_html(run_report(record, (), Origin(name=bad, note=bad, id=bad)))
    read = Page(page)
    assert "script" not in read.tags
    assert "".join(read.texts).count(bad) >= 5
