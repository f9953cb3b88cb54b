# SPDX-License-Identifier: MIT
"""Static analysis: clang-tidy, cppcheck and gcc -fanalyzer, each on every C file that is compiled.

Owns which tool sees which files with which flags. A source that is built several times is looked at
once, as the system has it. How tools are run is tools.py's.
"""

import dataclasses
import json
import pathlib
import shlex

from nacre_host import build
from nacre_host.project import TOP, NacreError
from nacre_host.testing.tools import Job, output_of, problems_of_jobs

# What an analyzer needs of a compiler's arguments: where headers are, what is defined.
_PREPROCESSOR = ("-I", "-D", "-U")
LIST_MACROS = "/usr/include/x86_64-linux-gnu/sys/queue.h"


@dataclasses.dataclass(frozen=True)
class Compilation:
    """How one source is compiled: the options without compiler, output and source; the object."""

    source: str
    options: tuple
    object: str
    directory: pathlib.Path


def compilation_of(entry):
    """Returns the Compilation that an entry of compile_commands.json states."""
    words = shlex.split(entry["command"])
    options = words[next(at for at, word in enumerate(words) if word.startswith("-")) :]
    at = options.index("-o")
    name = options[at + 1]
    del options[at : at + 2]
    options = [word for word in options if word not in ("-c", entry["file"])]
    return Compilation(entry["file"], tuple(options), name, pathlib.Path(entry["directory"]))


def as_the_system_has_it(compilations):
    """Returns one Compilation for each source: not a test's, if there is another one."""
    chosen = {}
    for compilation in sorted(compilations, key=lambda item: item.object.startswith("tests/")):
        chosen.setdefault(compilation.source, compilation)
    return list(chosen.values())


def compilations(preset):
    """Returns how each C file is compiled in @preset, which is brought up to date."""
    path = build.make(preset, [])
    entries = json.loads((path / "compile_commands.json").read_text(encoding="utf-8"))
    return as_the_system_has_it(
        [compilation_of(entry) for entry in entries if entry["file"].endswith(".c")]
    )


def headers_from_text(text, directory):
    """Returns {object: paths of what it is made of} for the output of `ninja -t deps`."""
    headers = {}
    for line in text.splitlines():
        if line.startswith(" "):
            paths.append(str(directory / line.strip()))
        elif ": #deps " in line:
            paths = headers.setdefault(line.partition(": #deps ")[0], [])
    return headers


def jobs_for(preset, command_of, is_wanted=lambda item: True, configuration=()):
    """Returns a Job for each wanted C file of @preset, with the command that @command_of makes."""
    path = build.directory(preset)
    chosen = [item for item in compilations(preset) if is_wanted(item)]
    if not chosen:
        raise NacreError(f"{preset} has no file to look at: its compile_commands.json is odd")
    headers = headers_from_text(output_of(["ninja", "-C", path, "-t", "deps"])[1], path)
    return [
        Job(
            tuple(command_of(item)),
            item.directory,
            (item.source, *headers.get(item.object, ()), *map(str, configuration)),
        )
        for item in chosen
    ]


def tidy_command(item):
    return ["clang-tidy", "--quiet", item.source, "--", *item.options]


def tidy_problems():
    configuration = sorted(TOP.glob("**/.clang-tidy"))
    jobs = jobs_for("clang-debug", tidy_command, configuration=configuration)
    return problems_of_jobs(jobs, build.directory("clang-debug") / "tidy-clean")


def cppcheck_command(item):
    """cppcheck with our headers only: it knows the C library's functions by itself, not its lists.

    ctuuninitvar takes a struct whose members are set one by one for uninitialized.
    """
    options = [word for word in item.options if word.startswith(_PREPROCESSOR)]
    return [
        *("cppcheck", "--quiet", "--error-exitcode=1", "--inline-suppr", "--std=c11"),
        *("--enable=warning,performance,portability", "--suppress=missingIncludeSystem"),
        *("--suppress=ctuuninitvar", f"--include={LIST_MACROS}"),
        *options,
        item.source,
    ]


def cppcheck_problems():
    jobs = jobs_for("gcc-release", cppcheck_command)
    return problems_of_jobs(jobs, build.directory("gcc-release") / "cppcheck-clean")


def analyzer_command(item):
    """The compiler's command line, with the analyzer and without a result.

    What gcc 12 gets wrong is left to clang-tidy: it takes what a list or table keeps for lost, and
    members of a struct that a function returns for uninitialized.
    """
    without = ("malloc-leak", "file-leak", "use-of-uninitialized-value")
    return [
        *("gcc", *item.options, "-fanalyzer", *(f"-Wno-analyzer-{name}" for name in without)),
        *("-o", "/dev/null", "-c", item.source),
    ]


def analyzer_problems():
    """gcc -fanalyzer on what runs in the system, with its assertions; tests break rules on purpose."""
    tests = str(TOP / "tests")
    jobs = jobs_for("gcc-debug", analyzer_command, lambda item: not item.source.startswith(tests))
    return problems_of_jobs(jobs, build.directory("gcc-debug") / "analyzer-clean")
