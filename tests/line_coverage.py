"""Merges the cobertura files below a folder into one figure for the code below src/ and prints "line coverage: NN.N %".

usage: line_coverage.py <folder with coverage files> <root of the repository>
A line counts once, and as covered when any run covered it. Generated files (obj/) do not count.
The parts of src/ are listed with their own figures, the least covered first.
"""

import collections
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def covered_lines(folder: pathlib.Path, source: pathlib.Path) -> dict[pathlib.Path, dict[int, bool]]:
    """File below src/ -> line number -> whether any run reached it."""
    files: dict[pathlib.Path, dict[int, bool]] = collections.defaultdict(dict)
    for report in folder.rglob("coverage.cobertura.xml"):
        root = ElementTree.parse(report).getroot()
        roots = [pathlib.Path(element.text or "") for element in root.iterfind("sources/source")]
        for unit in root.iter("class"):
            for path in (candidate / unit.get("filename", "") for candidate in roots):
                if not path.is_relative_to(source) or "obj" in path.relative_to(source).parts or not path.exists():
                    continue
                lines = files[path.relative_to(source)]
                for line in unit.iterfind("lines/line"):
                    number = int(line.get("number", "0"))
                    lines[number] = lines.get(number, False) or line.get("hits", "0") != "0"
                break
    return files


def percent(lines: list[bool]) -> float:
    return 100.0 * sum(lines) / len(lines) if lines else 0.0


def main() -> None:
    parts: dict[str, list[bool]] = collections.defaultdict(list)
    for path, lines in covered_lines(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve() / "src").items():
        parts[path.parts[0]].extend(lines.values())
    for name in sorted(parts, key=lambda part: percent(parts[part])):
        print(f"  {percent(parts[name]):5.1f} % of {len(parts[name]):5} lines  {name}")
    print(f"line coverage: {percent([line for lines in parts.values() for line in lines]):.1f} %")


if __name__ == "__main__":
    main()
