"""The bench's figures in the README: its plot is a picture, the table is whole, and nothing else of the page is touched."""

import shutil
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Bench"))

import report  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = SimpleNamespace(
    compared=[
        ("A card, 0 ms", {"read1 (C)": (2.0, 7), "ukey status --json": (3.1, 7), "peer <x> & y": (310.4, 80)}),
        ("A card, 10 ms", {"read1 (C)": (80.0, 7), "ukey status --json": (82.0, 7)})],
    sections=[
        ("Start", [("binary", "14.2", "MiB", None, None), ("a | b", "3", "ms", "≤ 2", False)]),
        ("Nothing measured", [])])


@pytest.fixture
def root(tmp_path):
    (tmp_path / "Docs").mkdir()
    shutil.copy(ROOT / "README.md", tmp_path)
    return tmp_path


def test_figures_stand_between_the_marks(root):
    report.publish(root, FIGURES, 0.3)
    old, new = (ROOT / "README.md").read_text("utf-8"), (root / "README.md").read_text("utf-8")
    assert new.split(report.BEGIN)[0] == old.split(report.BEGIN)[0]
    assert new.split(report.END)[1] == old.split(report.END)[1]
    figures = new.split(report.BEGIN)[1].split(report.END)[0]
    assert "| ukey status --json | 3.1 | 7 |" in figures
    assert "| a \\| b | 3 | ms | ≤ 2 | **✕** |" in figures
    assert "Nothing measured" not in figures
    assert "load 0.3" in figures
    # A second run takes the place of the first.
    report.publish(root, FIGURES, 0.3)
    assert (root / "README.md").read_text("utf-8").count("ukey status --json | 3.1") == 1


def test_bars_are_as_long_as_their_figures(root):
    report.publish(root, FIGURES, 0.3)
    picture = ElementTree.parse(root / "Docs" / "pictures" / "bench.svg").getroot()
    widths = {kind: [float(bar.get("width")) for bar in picture.iter(SVG + "rect") if bar.get("class") == kind]
              for kind in ("own", "least", "peer")}
    assert widths["own"][0] / widths["peer"][0] == pytest.approx(3.1 / 310.4, abs=0.002)
    assert widths["own"][1] / widths["least"][1] == pytest.approx(82 / 80, abs=0.002)
    # Within the picture, whatever the figures are.
    assert max(widths["peer"] + widths["own"]) <= report.BARS
    assert any("peer <x> & y" == text.text for text in picture.iter(SVG + "text"))


def test_a_page_without_a_place_is_left_alone(root):
    (root / "README.md").write_text("# no place\n")
    with pytest.raises(ValueError):
        report.publish(root, FIGURES, 0.3)
    assert (root / "README.md").read_text() == "# no place\n"


@pytest.mark.parametrize("longest", [0.04, 1, 3.3, 9.99, 52, 480.5, 12_000])
def test_the_axis_reaches_over_the_longest_bar(longest):
    top, step = report.scale(longest)
    assert top >= longest and 2 <= round(top / step) <= 6
