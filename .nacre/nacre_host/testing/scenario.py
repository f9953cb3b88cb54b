# SPDX-License-Identifier: MIT
"""Scenarios: what system tests do and expect, read from tests/system/NAME/scenario.toml.

Owns the format:

    [[case]]
    sentence = "hello prints its arguments"   # the title
    exec = "ic run hello world"               # or script = "lines"; a TAP case has a default
    machines = ["direct 256M", "uefi 2G smp2 icount"]   # default: ["direct 256M"]
    timeout = 60                              # seconds of wall time; default 60
    status = 0                                # of the run; default 0
    output = "exactly this"                   # standard output
    output_contains = ["this", "and this"]    # in this order
    output_lacks = ["not this"]
    error_contains = ["on standard error"]    # in this order
    console_contains = ["on the console"]     # in this order
    tap = true                                # standard output is TAP, by default of /test/NAME,
                                              # whose sentences are the lines of expected.txt
    first = true                              # /test/NAME is started instead of root, and prints
                                              # its TAP on the console
    command_line = "boot=/etc/other"          # for the kernel; direct machines only
    cut = 4096                                # bytes missing at the end of the image; the same
    steady = "mem"                            # a command that must print the same before and after
    times = 1000                              # so many rounds of exec; standard output is what
                                              # steady printed
    warm_up = 0                               # rounds of exec before the first steady; default 1
    type = ["hello", "power off"]             # instead of exec: lines typed at the console, each
                                              # at a prompt; standard output is the console

Runs nothing (group_system.py does).
"""

import dataclasses
import re
import tomllib

from nacre_host.machine import Boot
from nacre_host.project import NacreError

_MACHINE = re.compile(
    r"(?P<way>bios|uefi|direct) (?P<memory>\d+[MG])( smp(?P<processors>\d+))?(?P<icount> icount)?"
)


STEADY_MARK = "-- steady --"


@dataclasses.dataclass(frozen=True)
class MachineKind:
    """A machine as a scenario names it."""

    name: str
    way: str
    memory: str
    processors: int
    is_counting: bool


@dataclasses.dataclass(frozen=True)
class Case:
    """One thing to try, on one or more kinds of machine."""

    directory: str
    sentence: str
    script: str
    machines: tuple
    timeout: float
    status: int
    output: str
    output_contains: tuple
    output_lacks: tuple
    error_contains: tuple
    console_contains: tuple
    is_tap: bool
    is_first: bool
    expected: tuple
    command_line: str
    cut: int
    is_steady: bool
    typed: tuple


def machine_kind(text):
    """Returns the MachineKind that @text ("uefi 2G smp2") names."""
    match = _MACHINE.fullmatch(text)
    if not match:
        raise NacreError(f"'{text}' is not a machine: write it like 'uefi 2G smp2'")
    return MachineKind(
        text,
        {"bios": Boot.BIOS, "uefi": Boot.UEFI, "direct": Boot.DIRECT}[match["way"]],
        match["memory"],
        int(match["processors"] or 1),
        bool(match["icount"]),
    )


def steady_script(script, steady, times, warm_up=1):
    """Returns @script @warm_up times, then @steady before and after another @times of @script."""
    mark = f"echo '{STEADY_MARK}'"
    rounds = [script] * times
    return "\n".join([*[script] * warm_up, mark, steady, mark, *rounds, mark, steady])


def steady_problems(output):
    """Returns what is wrong with the output of a steady_script(), as lines."""
    parts = output.split(STEADY_MARK + "\n")
    if len(parts) != 4:
        return ["the rounds did not come to their end"]
    if parts[1] == parts[3]:
        return []
    return ["before:", *parts[1].splitlines(), "after:", *parts[3].splitlines()]


def case_from_table(directory, table):
    """Returns the Case that one [[case]] of @directory's file describes."""
    table = dict(table)
    is_first = table.pop("first", False)
    is_tap = table.pop("tap", is_first)
    script = table.pop("script", None)
    script = table.pop("exec", script)
    steady = table.pop("steady", None)
    if steady is not None:
        script = steady_script(script, steady, table.pop("times", 1), table.pop("warm_up", 1))
    typed = tuple(table.pop("type", ()))
    if script is None and typed:
        script = ""
    if script is None and is_tap:
        script = f"/test/{directory.name}"
    if script is None:
        raise NacreError(f"{directory.name}: a case without exec, script or tap")
    expected = ()
    if is_tap:
        lines = (directory / "expected.txt").read_text(encoding="utf-8").splitlines()
        expected = tuple(line for line in lines if line and not line.startswith("#"))
    case = Case(
        directory=directory.name,
        sentence=table.pop("sentence", directory.name),
        script=script,
        machines=tuple(map(machine_kind, table.pop("machines", ["direct 256M"]))),
        timeout=table.pop("timeout", 60),
        status=table.pop("status", 0),
        output=table.pop("output", None),
        output_contains=tuple(table.pop("output_contains", ())),
        output_lacks=tuple(table.pop("output_lacks", ())),
        error_contains=tuple(table.pop("error_contains", ())),
        console_contains=tuple(table.pop("console_contains", ())),
        is_tap=is_tap,
        is_first=is_first,
        expected=expected,
        command_line=table.pop("command_line", ""),
        cut=table.pop("cut", 0),
        is_steady=steady is not None,
        typed=typed,
    )
    if table:
        raise NacreError(f"{directory.name}: unknown key '{min(table)}' in a case")
    if case.command_line or case.cut:
        others = [kind.name for kind in case.machines if kind.way != Boot.DIRECT]
        if others:
            raise NacreError(f"{directory.name}: '{others[0]}' has to boot directly in this case")
    return case


def cases_from_directory(directory):
    """Returns the Cases of all scenario.toml files below @directory."""
    cases = []
    for path in sorted(directory.glob("*/scenario.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8")).get("case", [])
            cases += [case_from_table(path.parent, table) for table in tables]
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise NacreError(f"{path}: {error}") from error
    return cases


def missing_in_order(text, parts):
    """Returns which of @parts do not occur in @text one after the other, as lines."""
    problems, position = [], 0
    for part in parts:
        found = text.find(part, position)
        if found < 0:
            problems.append(f"not there (or not in this order): {part}")
        else:
            position = found + len(part)
    return problems


def problems_of_run(case, status, reason, output, console, errors=""):
    """Returns what is wrong with a run of @case, as lines: nothing if it went as expected."""
    problems = []
    if status != case.status:
        why = f" ({reason})" if reason else ""
        problems.append(f"exit status {status}{why}, expected {case.status}")
    if case.output is not None and output.strip("\n") != case.output.strip("\n"):
        problems += ["standard output differs; expected:", *case.output.strip("\n").splitlines()]
    problems += missing_in_order(output, case.output_contains)
    problems += [f"should not be there: {part}" for part in case.output_lacks if part in output]
    problems += missing_in_order(errors, case.error_contains)
    problems += missing_in_order(console, case.console_contains)
    if case.is_steady:
        problems += steady_problems(output)
    if "NACRE PANIC:" in console and case.status != 70:
        problems.append("the kernel panicked")
    return problems
