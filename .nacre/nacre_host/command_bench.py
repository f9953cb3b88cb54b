# SPDX-License-Identifier: MIT
"""./nacre bench: runs the guest's benchmarks with instructions counted, and prints a table.

Owns the form of result lines, of the table and of the JSON file. What is measured, and how, is the
guest program's (/bin/bench).
"""

import dataclasses
import json
import sys
import time

from nacre_host.command_run import (
    StreamObserver,
    add_machine_arguments,
    machine_from_options,
    prepare,
    seconds,
)
from nacre_host.guest import Guest
from nacre_host.project import STATUS_MACHINE, STATUS_USAGE, NacreError, say

SUMMARY = "run the benchmarks in the guest and print a table"
EPILOG = """\
One guest instruction is one nanosecond of virtual time: the figures are instructions, the same on
every machine. With --kvm they are what the hardware's clock says. The JSON file has this form:
  {"schema": "nacre-bench-1", "mode": "icount" or "kvm", "results":
   [{"name": ..., "unit": ..., "min": ..., "median": ..., "max": ..., "runs": ...}, ...]}"""

SCHEMA = "nacre-bench-1"
SCRIPT = "bench"
LINE_START = "bench "


@dataclasses.dataclass(frozen=True)
class Result:
    """One figure: "bench NAME UNIT MIN MEDIAN MAX RUNS"."""

    name: str
    unit: str
    min: int
    median: int
    max: int
    runs: int


def result_from_line(line):
    """Returns the Result in @line, which starts with "bench "."""
    fields = line.split()
    try:
        _, name, unit, *numbers = fields
        result = Result(name, unit, *map(int, numbers))
    except (TypeError, ValueError) as error:
        raise NacreError(f"not a result line: {line}", STATUS_MACHINE) from error
    if not result.min <= result.median <= result.max or result.runs < 1:
        raise NacreError(f"a result that cannot be: {line}", STATUS_MACHINE)
    return result


def results_from_text(text):
    """Returns all Results in @text; other lines are comments."""
    return [result_from_line(line) for line in text.splitlines() if line.startswith(LINE_START)]


def table(results):
    """Returns @results as lines in columns."""
    head = ("benchmark", "min", "median", "max", "runs", "unit")
    rows = [head] + [
        (r.name, f"{r.min:,}", f"{r.median:,}", f"{r.max:,}", f"{r.runs:,}", r.unit)
        for r in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for name, *numbers, unit in rows:
        cells = [name.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(numbers, widths[1:])]
        lines.append("  ".join([*cells, unit]))
    return lines


def json_text(mode, results):
    """Returns the JSON file's text."""
    document = {
        "schema": SCHEMA,
        "mode": mode,
        "results": [dataclasses.asdict(result) for result in results],
    }
    return json.dumps(document, indent=2) + "\n"


class Collector(StreamObserver):
    """Keeps standard output; all else goes to standard error."""

    def __init__(self):
        self.text = b""

    def output(self, data, is_error):
        if is_error:
            super().output(data, is_error)
        else:
            self.text += data


def add_arguments(parser):
    parser.add_argument("--json", metavar="FILE", help="write the results to FILE, too")
    parser.add_argument("--timeout", type=seconds, default=600, metavar="S", help="default 600")
    add_machine_arguments(parser)


def open_file(name, mode):
    """Opens the file that --json names."""
    try:
        return open(name, mode, encoding="utf-8")
    except OSError as error:
        raise NacreError(f"--json {name}: {error.strerror}", STATUS_USAGE) from error


def run(options):
    if options.json:
        open_file(options.json, "a").close()  # rather now than after all the measuring
    options.direct = not options.uefi
    options.icount = not options.kvm
    machine = machine_from_options(options)
    prepare(options, machine)
    collector = Collector()
    with Guest(machine, collector) as guest:
        ending = guest.run_script(SCRIPT, time.monotonic() + options.timeout)
    text = collector.text.decode("utf-8", "replace")
    if ending.status != 0:
        sys.stderr.write(text)
        say(f"the benchmarks failed: {ending.reason or f'exit status {ending.status}'}")
        return ending.status
    results = results_from_text(text)
    if not results:
        raise NacreError("the guest's bench program printed no result", STATUS_MACHINE)
    print(*table(results), sep="\n")
    if options.json:
        mode = "kvm" if options.kvm else "icount"
        with open_file(options.json, "w") as file:
            file.write(json_text(mode, results))
    return 0
