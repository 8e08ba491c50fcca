"""Runs the whole fault matrix and writes its table. Start it by `make fault-matrix`."""

import argparse
import faulthandler
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pin_faults import matrix, table  # noqa: E402
from pin_faults.cells import Bench  # noqa: E402
from rig.program import ukey_path  # noqa: E402
from rig.service import Service  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", type=Path, help="file for the table")
    options.add_argument("--readers", type=int, default=12)
    options.add_argument("--only", help="only faults whose name contains this")
    options.add_argument("--sample", type=int, help="only so many cells")
    given = options.parse_args()
    faulthandler.dump_traceback_later(1500, exit=True)
    with tempfile.TemporaryDirectory(prefix="ukey-matrix-") as folder:
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
        service = Service(Path(folder) / "pcscd", given.readers, debug=False)
        service.start()
        try:
            bench = Bench(ukey_path(), environment, Path(folder), service.readers)
            cells = matrix.every_cell(bench)
            if given.sample:
                cells = matrix.sample(bench, cells, given.sample)
            if given.only:
                cells = [cell for cell in cells if given.only in cell.fault]
            print(f"{len(cells)} cells on {given.readers} readers", flush=True)
            begun, done = time.monotonic(), []

            def report(result):
                done.append(result)
                if result.wrongs:
                    cell = result.cell
                    print(f"{cell.card} {cell.operation.name} {cell.number} {cell.fault}: {result.stated}: "
                          f"{'; '.join(result.wrongs)}", flush=True)
                if len(done) % 100 == 0:
                    print(f"{len(done)} of {len(cells)}, {time.monotonic() - begun:.0f} s", flush=True)

            results = matrix.run_all(bench, service, cells, report)
        finally:
            service.stop()
    bad = [result for result in results if result.wrongs]
    print(f"{len(results)} cells, {len(bad)} wrong, {time.monotonic() - begun:.0f} s")
    if given.write:
        given.write.write_text(table.markdown(bench, results))
    return 1 if bad else 0


sys.exit(main())
