# SPDX-License-Identifier: MIT
"""Style: formatting, static analysis, every compiler, and rules that only we have.

Owns which tools run on which files and with which flags.
"""

import concurrent.futures
import filecmp
import json
import shlex
import subprocess
import sys

from nacre_host import build
from nacre_host.project import TOP, NacreError, processor_count
from nacre_host.testing import kernel_size, source_rules
from nacre_host.testing.results import Outcome

NEEDS = ("build", "iso", "style")
SUMMARY = "formatting, static analysis, every compiler, size of the kernel, reproducible image"
MOST_PROBLEMS = 60


def output_of(command, directory=TOP):
    """Runs @command; returns (its exit status, its output)."""
    result = subprocess.run(
        [str(word) for word in command],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return result.returncode, result.stdout


def problems_of(command, directory=TOP):
    """Returns the output of @command as lines if it fails."""
    status, output = output_of(command, directory)
    return (output.splitlines() or [f"{command[0]} ends with {status}"]) if status else []


def problems_of_all(commands):
    """Runs (command, directory) pairs, several at a time; returns all their problems."""
    with concurrent.futures.ThreadPoolExecutor(processor_count()) as pool:
        found = pool.map(lambda pair: problems_of(*pair), commands)
        return [line for lines in found for line in lines][:MOST_PROBLEMS]


def compile_commands(preset):
    """Returns the compile commands of our C files in @preset: {source: (arguments, directory)}."""
    text = (build.directory(preset) / "compile_commands.json").read_text(encoding="utf-8")
    return {
        entry["file"]: (shlex.split(entry["command"]), entry["directory"])
        for entry in json.loads(text)
        if entry["file"].endswith(".c")
    }


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
    return problems_of_all([(["bash", "-n", path], TOP) for path in paths])


def tidy_problems():
    path = build.directory("clang-debug")
    return problems_of_all(
        [
            (["clang-tidy", "--quiet", "-p", path, source], TOP)
            for source in compile_commands("clang-debug")
        ]
    )


def cppcheck_problems():
    """cppcheck on what is compiled, without what depends on the paths that headers come by."""
    path = build.directory("gcc-release")
    return problems_of(
        [
            *("cppcheck", "--quiet", "--error-exitcode=1", "--inline-suppr", "--std=c11"),
            *("--enable=warning,performance,portability", "-j", processor_count()),
            *("--suppress=missingIncludeSystem", "--suppress=*:*/.cache/*"),
            f"--project={path / 'compile_commands.json'}",
        ]
    )[:MOST_PROBLEMS]


def analyzer_command(arguments, source):
    """Returns the compile command @arguments of @source, with the analyzer and without a result."""
    return [*arguments[: arguments.index("-o")], "-fanalyzer", "-o", "/dev/null", "-c", source]


def analyzer_problems():
    """gcc -fanalyzer on the kernel's core."""
    core = str(TOP / "ukernel" / "core")
    return problems_of_all(
        [
            (analyzer_command(arguments, source), where)
            for source, (arguments, where) in compile_commands("gcc-release").items()
            if source.startswith(core) and "nacre-kernel.elf.dir" in " ".join(arguments)
        ]
    )


def reproduction_problems():
    """The ISO made twice has the same bytes."""
    path = build.directory("gcc-release")
    build.make("gcc-release", ["nacre-iso"])
    again = path / "again.iso"
    parts = (build.kernel("gcc-release"), path / "stage" / "sbin" / "root", path / "nacre.tar")
    found = problems_of([TOP / ".nacre" / "scripts" / "make-iso", again, *parts])
    if not found and not filecmp.cmp(path / "nacre.iso", again, shallow=False):
        found = ["two images of the same parts differ"]
    again.unlink(missing_ok=True)
    return found


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
        (f"{preset} builds without a warning", lambda preset=preset: build_problems(preset))
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
        ("clang-tidy finds nothing", tidy_problems),
        ("cppcheck finds nothing", cppcheck_problems),
        ("gcc -fanalyzer finds nothing in the kernel's core", analyzer_problems),
        (
            "the kernel does not outgrow its ceiling",
            lambda: kernel_size.problems(build.kernel("gcc-release")),
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
