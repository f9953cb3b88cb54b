# SPDX-License-Identifier: MIT
"""Test results: what each test came to, which are wanted, how they are told and counted.

Owns the output of ./nacre test. Knows no kind of test.
"""

import enum
import fnmatch
import threading


class Outcome(enum.Enum):
    """What a test came to."""

    PASSED = "ok"
    FAILED = "FAILED"
    SKIPPED = "skipped"


class Results:
    """Collects and prints results, from several threads."""

    def __init__(self, pattern=None):
        self._pattern = pattern
        self._lock = threading.Lock()
        self.counts = {outcome: 0 for outcome in Outcome}
        self.failures = []

    def wants(self, title):
        """Whether the person's pattern (a part of the title, or with * a whole title) admits it."""
        if self._pattern is None:
            return True
        pattern, title = self._pattern.lower(), title.lower()
        return fnmatch.fnmatchcase(title, pattern) if "*" in pattern else pattern in title

    def add(self, title, outcome, detail=""):
        """Notes one result, unless the pattern leaves it out. @detail: lines that say why."""
        if self.wants(title):
            self._note(title, outcome, detail)

    def fail(self, title, detail):
        """Notes a failure that the pattern cannot leave out: it kept wanted tests from running."""
        self._note(title, Outcome.FAILED, detail)

    def _note(self, title, outcome, detail):
        with self._lock:
            self.counts[outcome] += 1
            reason = f" ({detail})" if outcome == Outcome.SKIPPED else ""
            print(f"{outcome.value:7} {title}{reason}", flush=True)
            if outcome == Outcome.FAILED:
                self.failures.append(title)
                for line in detail.rstrip().splitlines():
                    print(f"        | {line}", flush=True)

    def check(self, title, problems):
        """Notes a test that passes if @problems, a list of lines, is empty."""
        outcome = Outcome.FAILED if problems else Outcome.PASSED
        self.add(title, outcome, "\n".join(problems))

    def finish(self):
        """Prints the totals; returns whether all is well."""
        passed, failed = self.counts[Outcome.PASSED], self.counts[Outcome.FAILED]
        print()
        if passed + failed == 0:
            print("no test ran" + (f": none matches '{self._pattern}'" if self._pattern else ""))
        for title in self.failures:
            print(f"failed: {title}")
        if self.counts[Outcome.SKIPPED]:
            print(f"{self.counts[Outcome.SKIPPED]} skipped, each with its reason above")
        print(f"{passed} passed, {failed} failed", flush=True)
        return failed == 0 and passed > 0
