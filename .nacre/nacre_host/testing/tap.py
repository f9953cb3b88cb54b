# SPDX-License-Identifier: MIT
"""The Test Anything Protocol: from text to results, with everything that can be wrong with it.

Owns the reading of TAP, as Check writes it and as the guest's test programs print it. A stream
without a plan, or whose plan is not met, counts as failed: a test that died early must not look
well.
"""

import dataclasses
import re

_LINE = re.compile(r"(?P<not>not )?ok\b\s*(?P<number>\d+)?\s*(?:- )?(?P<rest>.*)$")
_PLAN = re.compile(r"1\.\.(?P<count>\d+)\s*(?:#\s*SKIP\b\s*(?P<reason>.*))?$", re.IGNORECASE)
_SKIP = re.compile(r"\s*#\s*SKIP\b:?\s*(?P<reason>.*)$", re.IGNORECASE)


@dataclasses.dataclass
class TapTest:
    """One line of results, with the diagnostics (# ...) that follow it."""

    sentence: str
    is_ok: bool
    skip_reason: str = None
    diagnostics: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class TapStream:
    """All results of one program, and what is wrong with the stream itself."""

    tests: list
    problems: list


def _test_from_match(match):
    sentence, reason = match["rest"].strip(), None
    skip = _SKIP.search(sentence)
    if skip:
        sentence, reason = sentence[: skip.start()].strip(), skip["reason"].strip()
    return TapTest(sentence, not match["not"], reason)


def parse(text):
    """Returns the TapStream in @text; lines that are not TAP are ignored."""
    tests, problems = [], []
    planned = None
    for line in text.splitlines():
        line = line.strip()
        plan, match = _PLAN.match(line), _LINE.match(line)
        if plan:
            if planned is not None:
                problems.append("two plans (1..N)")
            planned = int(plan["count"])
        elif match:
            tests.append(_test_from_match(match))
            number = match["number"]
            if number and int(number) != len(tests):
                problems.append(f"test {number} where {len(tests)} was due")
        elif line.startswith("Bail out!"):
            problems.append(line)
        elif line.startswith("#") and tests:
            tests[-1].diagnostics.append(line[1:].strip())
    problems += [f"skipped without a reason: {t.sentence}" for t in tests if t.skip_reason == ""]
    if planned is None:
        problems.append("no plan (1..N): the program did not reach its end")
    elif planned != len(tests):
        problems.append(f"{planned} results planned, {len(tests)} came")
    return TapStream(tests, problems)


def compare(stream, expected):
    """Returns what is missing or not expected in @stream, given the list of @expected sentences."""
    found = [test.sentence for test in stream.tests]
    problems = [f"missing: {sentence}" for sentence in expected if sentence not in found]
    problems += [f"not expected: {sentence}" for sentence in found if sentence not in expected]
    problems += [f"twice: {name}" for name in sorted(set(found)) if found.count(name) > 1]
    return problems
