"""ukey intake: key after key, each in a line that is on disk before it is said to be."""

import json
import signal
import subprocess

from rig import patience


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_keys_are_recorded_one_after_the_other(ukey, soft_token, environment, tmp_path):
    book = tmp_path / "keys.jsonl"
    # Cut off by a crash: it stays by itself.
    book.write_text('{"number":')
    card = soft_token(card="gm")
    running = subprocess.Popen(
        [ukey.path, "intake", "--out", str(book), "--lang", "zh"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment)
    try:
        for number in (1, 2, 3):
            patience.until(
                lambda: len(book.read_text().splitlines()) == number + 1, 20, lambda: f"{number}: {book.read_text()}")
            if number < 3:
                card.unplug()
                card = soft_token(card="gm")
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=patience.limit(10))
    finally:
        running.kill()
    assert running.returncode == 130 and "共记录 3 个" in err, (out, err)
    assert out.count("已记录") == 3 and "深圳市示例建设工程有限公司" in out
    rows = [json.loads(line) for line in book.read_text().splitlines()[1:]]
    assert [row["number"] for row in rows] == [1, 2, 3] and {row["key"]["serial"] for row in rows} == {"DEMO-GM-00412"}


def test_a_count_ends_it(ukey, tmp_path):
    book = tmp_path / "k.jsonl"
    done = ukey("intake", "--demo", "--json", "--count", "1", "--out", str(book))
    assert done.code == 0 and done.json["schema"] == "ukey.intake/1" and lines(book) == [done.json]
    assert book.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_told(ukey, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for path in (tmp_path / "link", tmp_path / "no" / "k.jsonl", tmp_path):
        done = ukey("intake", "--demo", "--json", "--count", "1", "--out", str(path))
        assert done.code == 1 and done.json["error"]["code"] == "UK-611", done
    assert not (tmp_path / "elsewhere").exists()
    # A full disk: nothing is said to be recorded.
    done = ukey("intake", "--demo", "--lang", "zh", "--count", "1", "--out", "/dev/full")
    assert done.code == 1 and "已记录" not in done.stdout
