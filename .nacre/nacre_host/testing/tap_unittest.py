# SPDX-License-Identifier: MIT
"""Runs Python's unittest tests and writes their results as TAP to a file.

Owns the translation, so that all groups have one format. Started by group_host.py in a process of
its own, because tests redirect streams.

    python3 -m nacre_host.testing.tap_unittest DIRECTORY OUTPUT
"""

import sys
import unittest


class TapResult(unittest.TestResult):
    """Collects TAP lines."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def _add(self, test, is_ok, text=""):
        sentence = sentence_of(test)
        self.lines.append(f"{'ok' if is_ok else 'not ok'} {self.count() + 1} - {sentence}")
        self.lines += [f"# {line}" for line in text.splitlines()]

    def count(self):
        """Returns how many results there are."""
        return sum(not line.startswith("#") for line in self.lines)

    def addSuccess(self, test):
        self._add(test, True)

    def addFailure(self, test, err):
        self._add(test, False, self._exc_info_to_string(err, test))

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._add(subtest, False, self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        self.lines.append(f"ok {self.count() + 1} - {sentence_of(test)} # SKIP {reason}")


def sentence_of(test):
    """Returns the name of @test as a sentence: its module's subject, then what it says."""
    module, _, method = test.id().rpartition(".")
    subject = module.split(".")[0].removeprefix("test_").replace("_", " ")
    return f"{subject}: {method.removeprefix('test_').replace('_', ' ')}"


def main(arguments):
    directory, output = arguments
    suite = unittest.defaultTestLoader.discover(directory)
    result = TapResult()
    suite.run(result)
    with open(output, "w", encoding="utf-8") as file:
        print(*result.lines, f"1..{result.count()}", sep="\n", file=file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
