"""Pages show what is there, and a clone brings no more than they show."""

import re
from pathlib import Path

from PIL import Image

from docs.take_pictures import LINKED

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "resources" / "guide.md"]
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())


def shown() -> set[Path]:
    """The pictures that pages show."""
    return {
        (page.parent / target).resolve()
        for page in PAGES
        for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }


def test_every_picture_that_a_page_shows_is_there() -> None:
    assert [path for path in shown() if not path.is_file()] == []


def test_every_picture_there_is_is_shown() -> None:
    assert {*(ROOT / "docs").rglob("*.png")} == shown()


def test_pictures_of_the_window_are_those_that_are_taken_for_pages_at_its_usual_size() -> None:
    assert {path.stem for path in PICTURES} == set(LINKED)
    for path in PICTURES:
        with Image.open(path) as picture:
            assert picture.size == (1280, 800)


def test_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES) < 1_000_000
    for path in shown():
        with Image.open(path) as picture:
            assert picture.mode == "P", f"{path.name} has more than 256 colours"
