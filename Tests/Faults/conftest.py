"""Fixtures of the fault catalogue: those of the end-to-end tests, and the table written at the end."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "EndToEnd"))

_specification = importlib.util.spec_from_file_location("rig_fixtures", HERE.parent / "EndToEnd" / "conftest.py")
_fixtures = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_fixtures)
for _name in ("driver_directory", "pcscd", "readers", "reader", "environment", "ukey", "peer", "soft_token", "script_card",
              "screen", "pytest_configure", "pytest_runtest_makereport"):
    globals()[_name] = getattr(_fixtures, _name)

from faults import catalogue  # noqa: E402

# What each fault gave. A test says it in its report, because the tests run in several processes.
rows = {}


def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed:
        rows.update(row for name, row in report.user_properties if name == "fault")


def pytest_sessionfinish(session):
    """Writes .build/fault-catalogue.md when the whole catalogue was run, and Docs' when UKEY_RECORD=1."""
    if hasattr(session.config, "workerinput") or len(rows) < len(catalogue()):
        return
    text = table(rows)
    root = HERE.parent.parent
    # Whoever runs the tests need not own the tree.
    if os.access(root / ".build", os.W_OK):
        (root / ".build/fault-catalogue.md").write_text(text)
    if os.environ.get("UKEY_RECORD") == "1":
        (root / "Docs/fault-catalogue.md").write_text(text)


def table(rows):
    lines = [
        "# Fault catalogue · 故障目录", "",
        "Each fault is made for real in a private world (its own `/run`, network and pcscd) by `Tests/Faults`, diagnosed by",
        "`ukey doctor --json`, and undone. The table is written by the run (`UKEY_RECORD=1 Tests/run-end-to-end Tests/Faults`).",
        "Verdict: fault = the first broken link; warning = nothing is broken, this is what is worth a look.", "",
        "每个故障都在独立环境中真实制造，由 `ukey doctor --json` 诊断，随后恢复。本表由测试运行生成。", "",
        f"{len(rows)} of {len(rows)} named rightly, each in Chinese and in English; by root, by an ordinary user, or by both, as",
        "the column says. The repair offered is run and the link looked at again, or the table says why not.", "",
        "| # | fault | first link named | verdict | cause | 处理 | asked by | repair | seconds |", "|---|---|---|---|---|---|---|---|---|"]
    for number, fault in enumerate(catalogue(), 1):
        row = rows[fault.name]
        lines.append(
            f"| {number} | {fault.title} | `{row['id']}` {row['title']} | {row['verdict']} | "
            f"[`{row['cause']}`](diagnosis.md#{row['cause']}) | {row.get('remedy', '')} | "
            f"{row['users']} | {row['repair']} | {row['seconds']:.2f} |")
    return "\n".join(lines) + "\n"
