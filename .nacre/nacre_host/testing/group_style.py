# SPDX-License-Identifier: MIT
"""Style: formatting, static analysis, every compiler, and rules that only we have.

Owns the list of checks. What the analyzers look at is static_analysis.py's.
"""

import filecmp
import subprocess
import sys
from functools import partial

from nacre_host import build
from nacre_host.project import TOP, NacreError, say
from nacre_host.testing import kernel_size, source_rules, static_analysis
from nacre_host.testing.results import Outcome
from nacre_host.testing.tools import problems_of

NEEDS = ("build", "iso", "style")
SUMMARY = "formatting, static analysis, every compiler, size of the kernel, reproducible image"


def format_problems():
    """Names each file once: where it differs is of no use to a person, clang-format mends it."""
    lines = problems_of(["clang-format", "--dry-run", "-Werror", *source_rules.c_files()])
    names = {line.partition(":")[0] for line in lines if "clang-format-violations" in line}
    return [f"run: clang-format -i {name}" for name in sorted(names)] or lines


def python_problems():
    """Every Python file compiles."""
    paths = [path for path in source_rules.code_files() if path.suffix == ".py"]
    code = "import sys\nfor path in sys.argv[1:]: compile(open(path).read(), path, 'exec')"
    return problems_of([sys.executable, "-c", code, *paths])


def shell_problems():
    """Every shell script parses."""
    paths = []
    for path in source_rules.code_files():
        text = source_rules.text_of(path)
        if text.startswith(("#!/bin/sh", "#!/usr/bin/env bash")):
            paths.append(path)
    return [line for path in paths for line in problems_of(["bash", "-n", path])]


def reproduction_problems():
    """The ISO made twice has the same bytes."""
    path = build.directory("gcc-release")
    build.make("gcc-release", ["nacre-iso"])
    again = path / "again.iso"
    parts = (build.kernel("gcc-release"), path / "nacre.root", path / "nacre.tar")
    found = problems_of([TOP / ".nacre" / "scripts" / "make-iso", again, *parts])
    if not found and not filecmp.cmp(path / "nacre.iso", again, shallow=False):
        found = ["two images of the same parts differ"]
    again.unlink(missing_ok=True)
    return found


def line_problems():
    """The kernel's source does not grow."""
    lines = kernel_size.kernel_lines()
    say(f"the kernel has {lines} lines of code; the goal is {kernel_size.GOAL_LINES}")
    return kernel_size.problems_of_lines(lines)


def text_problems(preset):
    """The kernel's code stays small with this compiler."""
    build.make(preset, ["nacre-kernel.elf"])
    size = kernel_size.text_bytes(build.kernel(preset))
    say(f"the kernel has {size} bytes of text by {preset}; the limit is {kernel_size.MOST_TEXT}")
    return kernel_size.problems_of_text(size)


def build_problems(preset):
    """A preset builds, without a warning since warnings are errors."""
    try:
        build.make(preset, [])
    except NacreError as error:
        return [str(error)]
    return []


def checks():
    """Returns [(title, function that returns problems)], in order: builds come first."""
    code = source_rules.code_files()
    builds = [
        (f"{preset} builds without a warning", partial(build_problems, preset))
        for preset in build.PRESETS
    ]
    return [
        ("every file has its license line", lambda: source_rules.license_problems(code)),
        ("no file and no line is too long", lambda: source_rules.length_problems(code)),
        ("nothing is marked as unfinished", lambda: source_rules.unfinished_problems(code)),
        ("clang-format agrees with every C file", format_problems),
        ("every Python file compiles", python_problems),
        ("every shell script parses", shell_problems),
        *builds,
        ("clang-tidy finds nothing", static_analysis.tidy_problems),
        ("cppcheck finds nothing", static_analysis.cppcheck_problems),
        ("gcc -fanalyzer finds nothing", static_analysis.analyzer_problems),
        ("the kernel has no more lines than its ceiling", line_problems),
        *(
            (f"the kernel's text is small enough by {preset}", partial(text_problems, preset))
            for preset in ("gcc-release", "clang-release")
        ),
        ("the ISO is the same bit by bit when it is made twice", reproduction_problems),
    ]


def run(context):
    for title, problems in checks():
        title = f"style: {title}"
        if not context.results.wants(title):
            continue
        try:
            context.results.check(title, problems())
        except (OSError, subprocess.SubprocessError, NacreError) as error:
            context.results.add(title, Outcome.FAILED, str(error))
