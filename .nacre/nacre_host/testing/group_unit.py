# SPDX-License-Identifier: MIT
"""Unit tests: programs written with Check, run on the host by ctest, sanitizers on.

Owns how their results are found: each program leaves a TAP file (nacre_unit_test.cmake), and ctest
a JUnit file with their output, which says more when one dies.
"""

import shutil
import subprocess
import xml.etree.ElementTree as xml

from nacre_host import build
from nacre_host.project import TOP, processor_count
from nacre_host.testing import tap
from nacre_host.testing.report_tap import report, tail
from nacre_host.testing.results import Outcome

NEEDS = ("build",)
SUMMARY = "kernel core, library and servers on the host, with sanitizers"


def sentence_of(name):
    """Returns the sentence in Check's "file:case:the_test_name: message"."""
    parts = name.split(":")
    message = ":".join(parts[3:]).strip()
    sentence = parts[2] if len(parts) > 3 else name
    suffix = f": {message}" if message and message != "Passed" else ""
    return sentence.replace("_", " ") + suffix


def run_ctest(path):
    """Runs all test programs in build directory @path; returns {name: (has passed, output)}."""
    shutil.rmtree(path / "unit", ignore_errors=True)
    (path / "unit").mkdir()
    report_file = path / "unit.xml"
    report_file.unlink(missing_ok=True)
    subprocess.run(
        [
            *("ctest", "--test-dir", str(path), "-j", str(processor_count())),
            *("--output-junit", str(report_file), "--quiet"),
        ],
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if not report_file.exists():
        return {}
    return {
        case.get("name"): (case.get("status") == "run", case.findtext("system-out") or "")
        for case in xml.parse(report_file).iter("testcase")
    }


def run(context):
    path = build.make(context.preset, ["unit-tests"])
    programs = run_ctest(path)
    if not programs:
        context.results.add("unit: there are test programs", Outcome.FAILED, "ctest ran none")
    for name, (has_passed, output) in sorted(programs.items()):
        file = path / "unit" / f"{name}.tap"
        stream = tap.parse(file.read_text(encoding="utf-8") if file.exists() else "")
        report(context.results, f"unit: {name}", stream, output, sentence_of)
        if not has_passed and not stream.problems and all(test.is_ok for test in stream.tests):
            title = f"unit: {name}: the program ends well"
            context.results.add(title, Outcome.FAILED, tail(output))
