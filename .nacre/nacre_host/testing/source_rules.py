# SPDX-License-Identifier: MIT
"""Rules for sources that no tool checks: license line, head, length, words.

Owns the rules and which files they are for. Each rule gives problems as lines; group_style.py
reports them.
"""

import pathlib
import re

from nacre_host.project import TOP

SKIPPED_DIRECTORIES = {".git", "build", "__pycache__"}
CODE_SUFFIXES = {".c", ".h", ".S", ".def", ".ld", ".py", ".sh", ".cmake", ".nif"}
CODE_NAMES = {"CMakeLists.txt", "nacre"}
LICENSE_MARK = "SPDX-License-Identifier: MIT"
LONGEST_LINE = 120
LONGEST_FILE = 400
LONGEST_TEST = 750
UNFINISHED = re.compile(
    r"\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented|\bfor now\b|placeholder", re.IGNORECASE
)


def files():
    """Returns the paths of all files of the project, relative to its top."""
    found = []
    for path in sorted(TOP.rglob("*")):
        relative = path.relative_to(TOP)
        if not SKIPPED_DIRECTORIES & set(relative.parts) and path.is_file():
            found.append(relative)
    return found


def is_script(path):
    """Whether @path starts with #!."""
    with open(TOP / path, "rb") as file:
        return file.read(2) == b"#!"


def code_files():
    """Returns the files that are code: by suffix, by name, or because they start with #!."""
    return [
        path
        for path in files()
        if path.suffix in CODE_SUFFIXES or path.name in CODE_NAMES or is_script(path)
    ]


def c_files():
    """Returns the C sources and headers."""
    return [path for path in files() if path.suffix in (".c", ".h")]


def text_of(path):
    return (TOP / path).read_text(encoding="utf-8")


def license_problems(paths, read=text_of):
    """A license line is among the first three."""
    return [
        f"{path}: no '{LICENSE_MARK}' in its first lines"
        for path in paths
        if LICENSE_MARK not in "\n".join(read(path).splitlines()[:3])
    ]


def columns(line):
    """Returns how wide @line is with tabs of 8."""
    return len(line.expandtabs(8))


def length_problems(paths, read=text_of):
    """Short enough lines (tables in .def files keep their rows) and files, no white space at the end."""
    problems = []
    for path in paths:
        lines = read(path).splitlines()
        most = LONGEST_TEST if path.parts[0] == "tests" else LONGEST_FILE
        if len(lines) > most:
            problems.append(f"{path}: {len(lines)} lines, more than {most}")
        for number, line in enumerate(lines, 1):
            if columns(line) > LONGEST_LINE and path.suffix != ".def":
                problems.append(f"{path}:{number}: {columns(line)} columns")
            if line != line.rstrip():
                problems.append(f"{path}:{number}: white space at the end")
    return problems


def unfinished_problems(paths, read=text_of):
    """No words that mark unfinished work."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path in paths
        if path != pathlib.Path(".nacre/nacre_host/testing/source_rules.py")
        for number, line in enumerate(read(path).splitlines(), 1)
        if UNFINISHED.search(line)
    ]
