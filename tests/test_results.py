"""Adds up the .trx files below a folder: names every failed test, then prints "N passed, N failed, N skipped".

usage: test_results.py <folder> [runs that ended without a result]
Ends with 1 when a test failed, when a run left no result, or when there was no test at all.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree

NAMESPACE = {"trx": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    broken_runs = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    passed, failed, skipped = 0, broken_runs, 0
    for path in sorted(folder.rglob("*.trx")):
        for result in ElementTree.parse(path).getroot().iterfind("trx:Results/trx:UnitTestResult", NAMESPACE):
            outcome = result.get("outcome", "NotExecuted")
            if outcome == "Passed":
                passed += 1
            elif outcome == "NotExecuted":
                skipped += 1
            else:
                failed += 1
                print(f"failed: {result.get('testName')}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
