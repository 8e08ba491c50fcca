#!/usr/bin/python3
"""ukey's speed and size, beside its peers, in the same pcscd and on the same cards: `make bench`.

Every figure is a median. Programs to be compared run in turn (A B C A B C …), so that what the machine does besides hits
all of them alike. APDUs are counted by the card. Run inside Tests/run-end-to-end --exec.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "EndToEnd"))

import report  # noqa: E402
from core import Bench  # noqa: E402
from inventory import InventorySection  # noqa: E402
from key_service import ServiceSection  # noqa: E402
from platform_section import PlatformSection  # noqa: E402
from reading import ReadingSections  # noqa: E402
from tasks import TasksSection  # noqa: E402
from unlocking import UnlockSection  # noqa: E402
from window import WindowSections  # noqa: E402


def main():
    sections = {
        "start": lambda bench: ReadingSections(bench).start(), "card": lambda bench: ReadingSections(bench).card(),
        "apdus": lambda bench: ReadingSections(bench).apdus(),
        "instructions": lambda bench: ReadingSections(bench).instructions(),
        "screen": lambda bench: WindowSections(bench).screen(), "idle": lambda bench: WindowSections(bench).idle(),
        "sixteen": lambda bench: WindowSections(bench).sixteen(), "unlock": lambda bench: UnlockSection(bench).run(),
        "library": lambda bench: ReadingSections(bench).library(), "service": lambda bench: ServiceSection(bench).run(),
        "inventory": lambda bench: InventorySection(bench).run(), "platform": lambda bench: PlatformSection(bench).run(),
        "tasks": lambda bench: TasksSection(bench).run()}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"some of: {' '.join(sections)} (default: all)")
    parser.add_argument("--ukey", default=".build/release/ukey")
    parser.add_argument("--runs", type=int, default=21, help="runs of each program (default 21)")
    parser.add_argument("--idle", type=int, default=60, help="seconds of the idle section (default 60)")
    parser.add_argument("--settings", type=json.loads, default={},
        help="further settings of the PIV card, as JSON")
    parser.add_argument("--title", default="Key Manager", help="words of the first frame")
    parser.add_argument("--shown", default="Credit code", help="what the screen shows when the key has been read (regex)")
    parser.add_argument("--json", help="write the figures to this file, too")
    parser.add_argument("--publish", action="store_true", help="write them into README.md and Docs/pictures/bench.svg")
    options = parser.parse_args()
    unknown = set(options.sections) - sections.keys()
    if unknown:
        parser.error(f"no such section: {' '.join(sorted(unknown))}")

    crashed = []
    with tempfile.TemporaryDirectory(prefix="ukey-bench-") as work:
        bench = Bench(options, work)
        load = os.getloadavg()[0]
        print(f"{os.cpu_count()} processors, load {load:.1f}; {options.runs} runs; medians")
        for name in options.sections or sections:
            try:
                sections[name](bench)
            except Exception as error:  # one section's failure must not hide the other figures
                crashed.append(name)
                print(f"  section {name} FAILED: {type(error).__name__}: {error}")
        if options.json:
            Path(options.json).write_text(json.dumps(bench.results, indent=1, ensure_ascii=False))
        if options.publish and not crashed:
            report.publish(HERE.parent.parent, bench, load)
    print(f"\n{bench.missed} targets missed" + (f"; sections that failed: {' '.join(crashed)}" if crashed else ""))
    return 1 if crashed else 0


sys.exit(main())
