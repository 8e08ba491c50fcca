"""ukey export --all: every certificate once, with safe names and a list."""

import csv
import subprocess


def test_every_certificate_once_with_a_list(ukey, tmp_path):
    folder = tmp_path / "out"
    done = ukey("export", "--demo", "--all", "--json", str(folder))
    assert done.code == 0, done
    files = done.json["files"]
    listed = ukey("cert", "list", "--demo", "--json").json["certificates"]
    assert len(files) == len(listed) == 5
    rows = list(csv.reader((folder / "certificates.csv").read_text().splitlines()))
    assert len(rows) == 6 and [row[0] for row in rows[1:]] == [file["file"] for file in files]
    for file in files:
        text = subprocess.run(
            ["openssl", "x509", "-in", str(folder / file["file"]), "-noout", "-serial"], check=True, capture_output=True, text=True
        ).stdout
        serial = file["certificate"]["serial"].replace(":", "").upper()
        assert text.strip().removeprefix("serial=").lstrip("0") == serial.lstrip("0"), (text, serial)
        assert "/" not in file["file"] and (folder / file["file"]).stat().st_mode & 0o111 == 0
    again = ukey("export", "--demo", "--all", "--json", str(folder))
    assert again.code == 1 and again.json["error"]["code"] == "UK-610", again
    assert ukey("export", "--demo", "--all", "--force", "--format", "der", str(folder)).code == 0
    assert len(list(folder.glob("*.cer"))) == 5


def test_all_must_be_said_and_a_folder_must_be_one(ukey, tmp_path):
    assert ukey("export", "--demo", str(tmp_path / "x")).code == 2
    (tmp_path / "file").write_text("")
    done = ukey("export", "--demo", "--all", "--json", str(tmp_path / "file"))
    assert done.code == 1 and done.json["error"]["code"] == "UK-611", done
    assert not (tmp_path / "x").exists()
