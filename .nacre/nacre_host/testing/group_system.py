# SPDX-License-Identifier: MIT
"""System tests: scenarios in QEMU, on several kinds of machine.

Owns how they are run, several at a time, and what is kept of each: build/PRESET/system/*.log. What
is tried and expected is in tests/system (scenario.py).
"""

import concurrent.futures
import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nacre_host import build
from nacre_host.guest import Guest, Observer
from nacre_host.machine import Boot, Machine
from nacre_host.project import TOP, processor_count
from nacre_host.testing import first_program, scenario, tap, typist
from nacre_host.testing.report_tap import report, tail
from nacre_host.testing.results import Outcome

NEEDS = ("build", "iso", "run", "uefi")
SUMMARY = "the whole system in QEMU: BIOS, UEFI and direct boot, small and large memory"
DIRECTORY = TOP / "tests" / "system"
IMAGE = "nacre-test"
MOST_AT_ONCE = 4
SCRIPTS = TOP / ".nacre" / "scripts"
EMPTY_ARCHIVE = 1024  # bytes: an archive's end is two blocks of zeros


class Recorder(Observer):
    """Keeps what a run says."""

    def __init__(self):
        self.console_text = b""
        self.output_text = b""
        self.error_text = b""

    def console(self, data):
        self.console_text += data

    def output(self, data, is_error):
        if is_error:
            self.error_text += data
        else:
            self.output_text += data

    def log(self, record):
        self.console_text += record.describe().encode() + b"\n"

    def transcript(self):
        """Returns all of it, for people."""
        return "\n".join(
            f"--- {name}\n{text.decode('utf-8', 'replace')}"
            for name, text in (
                ("console", self.console_text),
                ("standard error", self.error_text),
                ("standard output", self.output_text),
            )
        )


def title_of(case, kind):
    """Returns the start of the titles of @case's results on @kind of machine."""
    return f"system: {case.directory} [{kind.name}]"


def make_first_image(preset, case, kind, directory):
    """Makes what boots the program that is started instead of root: the module, or an ISO of it."""
    program = build.directory(preset) / "stage" / "test" / case.directory
    module, archive, iso = (directory / name for name in ("root", "archive", "iso"))
    subprocess.run([sys.executable, SCRIPTS / "make_root.py", module, program], check=True)
    if kind.way == Boot.DIRECT:
        return module
    archive.write_bytes(bytes(EMPTY_ARCHIVE))
    subprocess.run([SCRIPTS / "make-iso", iso, build.kernel(preset), module, archive], check=True)
    return iso


def make_cut_image(preset, case, kind, directory):
    """Makes a copy of the image whose end is missing."""
    whole, cut = build.image(preset, IMAGE, kind.way), directory / "cut"
    cut.write_bytes(whole.read_bytes()[: -case.cut])
    return cut


@contextlib.contextmanager
def image_of(preset, case, kind):
    """The image that @case starts: as built, a test program's, or a copy whose end is missing."""
    if not case.is_first and not case.cut:
        yield build.image(preset, IMAGE, kind.way)
        return
    make = make_first_image if case.is_first else make_cut_image
    with tempfile.TemporaryDirectory(prefix="nacre-") as directory:
        yield make(preset, case, kind, Path(directory))


def machine_of(preset, case, kind, image):
    """Returns the Machine on which @case runs."""
    return Machine(
        boot=Boot(kind.way, image, build.kernel(preset)),
        memory=kind.memory,
        processors=kind.processors,
        is_counting=kind.is_counting,
        arguments=("-append", case.command_line) if case.command_line else (),
    )


def run_machine(machine, case, recorder):
    """Runs @case; returns its Ending."""
    if case.is_first:
        ending, console = first_program.run(machine, case.timeout)
        recorder.console(console)
        return ending
    if case.typed:
        ending, console = typist.run(machine, case.typed, case.timeout)
        recorder.output(console, is_error=False)
        return ending
    with Guest(machine, recorder) as guest:
        return guest.run_script(case.script, time.monotonic() + case.timeout)


def run_case(context, case, kind):
    """Runs @case on one kind of machine and adds its results."""
    recorder = Recorder()
    with image_of(context.preset, case, kind) as image:
        ending = run_machine(machine_of(context.preset, case, kind, image), case, recorder)
    output = recorder.output_text.decode("utf-8", "replace")
    errors = recorder.error_text.decode("utf-8", "replace")
    console = recorder.console_text.decode("utf-8", "replace")
    title = title_of(case, kind)
    save(context.preset, f"{title}: {case.sentence}", recorder.transcript())
    problems = scenario.problems_of_run(
        case, ending.status, ending.reason, output, console, errors
    )
    if case.is_tap:
        stream = tap.parse(console if case.is_first else output)
        problems += tap.compare(stream, case.expected)
        report(context.results, title, stream, recorder.transcript())
    if problems:
        problems += tail(recorder.transcript()).splitlines()
    context.results.check(f"{title}: {case.sentence}", problems)


def save(preset, title, text):
    """Keeps the transcript of a run where a person finds it."""
    name = "".join(letter if letter.isalnum() else "-" for letter in title)
    directory = build.directory(preset) / "system"
    directory.mkdir(exist_ok=True)
    (directory / f"{name}.log").write_text(text, encoding="utf-8")


def is_wanted(results, case, kind):
    """Whether any title of @case may match the pattern. A machine's name alone selects, too."""
    title = title_of(case, kind)
    return any(results.wants(f"{title}: {name}") for name in (case.sentence, *case.expected))


def targets_of(wanted):
    """Returns the ninja targets that pairs of case and kind of machine need."""
    targets = set()
    for case, kind in wanted:
        if case.is_first:
            targets |= {"nacre-kernel.elf", f"stage-{case.directory}"}
        else:
            targets.update(build.image_targets(IMAGE, kind.way))
    return sorted(targets)


def run(context):
    cases = scenario.cases_from_directory(DIRECTORY)
    wanted = [
        (case, kind)
        for case in cases
        for kind in case.machines
        if is_wanted(context.results, case, kind)
    ]
    if not cases:
        context.results.add("system: there are scenarios", Outcome.FAILED, f"none in {DIRECTORY}")
    targets = targets_of(wanted)
    if targets:
        build.make(context.preset, targets)
    count = min(processor_count(), MOST_AT_ONCE)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        for future in [pool.submit(run_case, context, *pair) for pair in wanted]:
            future.result()
