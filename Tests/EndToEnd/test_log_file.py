"""`ukey --log-file FILE`: what the window saw, in a file of the user's alone, and never a PIN."""

import stat

import pytest

PIN = "918273"


def test_what_happens_is_in_the_file(screen, tmp_path):
    book = tmp_path / "ukey.log"
    book.write_text("of yesterday\n")
    window = screen(80, 24, "ukey", "--demo", "--lang", "zh", "--log-file", str(book))
    window.wait_read()
    window.keys("F2")
    window.wait_for("密码")
    window.keys("Enter")
    window.type(PIN)
    window.keys("Escape", "Escape", "Escape")
    window.wait_for("F3 办业务")
    window.keys("F10")
    assert window.exit_status() == 0
    first, *lines = book.read_text().splitlines()
    assert first == "of yesterday" and lines and any("DEMO" in line or "已" in line for line in lines), lines
    assert all(line[:2].isdigit() or line[:4].isdigit() for line in lines), lines
    assert PIN not in book.read_text()


def test_a_new_file_is_the_users_alone(screen, tmp_path):
    book = tmp_path / "ukey.log"
    window = screen(80, 24, "ukey", "--demo", "--lang", "zh", "--log-file", str(book))
    window.wait_for("信用代码")
    window.keys("q")
    assert window.exit_status() == 0
    assert stat.S_IMODE(book.stat().st_mode) == 0o600


@pytest.mark.parametrize("bad", ["link", "folder", "missing folder"])
def test_what_is_no_file_is_refused(ukey, tmp_path, bad):
    book = tmp_path / "ukey.log"
    if bad == "link":
        book.symlink_to(tmp_path / "elsewhere")
    elif bad == "folder":
        book.mkdir()
    else:
        book = tmp_path / "none" / "ukey.log"
    # Before anything is shown; lines and window are the same in this.
    done = ukey("--plain", "--demo", "--lang", "zh", "--log-file", str(book))
    assert done.code == 1 and "UK-611" in done.stderr and not (tmp_path / "elsewhere").exists(), done
