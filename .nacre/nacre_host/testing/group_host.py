# SPDX-License-Identifier: MIT
"""Tests of the host's own Python: tests/host, with unittest."""

import os
import subprocess
import sys
import tempfile

from nacre_host.project import DIRECTORY, TOP
from nacre_host.testing import tap
from nacre_host.testing.report_tap import report

NEEDS = ()
SUMMARY = "the host command's own Python"
TESTS = TOP / "tests" / "host"
TIME_LIMIT = 300


def run(context):
    paths = (DIRECTORY, DIRECTORY / "scripts", TESTS)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    with tempfile.NamedTemporaryFile("r", suffix=".tap") as output:
        command = [sys.executable, "-m", "nacre_host.testing.tap_unittest", str(TESTS), output.name]
        result = subprocess.run(
            command,
            cwd=TOP,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )
        report(context.results, "host", tap.parse(output.read()), result.stdout + result.stderr)
