# SPDX-License-Identifier: MIT
"""From a TAP stream to results."""

from nacre_host.testing.results import Outcome

OUTPUT_LINES = 40


def tail(text):
    """Returns the last lines of @text."""
    return "\n".join(text.splitlines()[-OUTPUT_LINES:])


def report(results, group, stream, output, sentence=lambda text: text):
    """Adds the tests of @stream to @results, titled by @group; a defect of the stream is a failure.

    @output: what the program printed, shown with such a defect. @sentence: makes titles of names.
    """
    for test in stream.tests:
        title = f"{group}: {sentence(test.sentence)}"
        if not test.is_ok:
            results.add(title, Outcome.FAILED, "\n".join(test.diagnostics))
        elif test.skip_reason is not None:
            results.add(title, Outcome.SKIPPED, test.skip_reason)
        else:
            results.add(title, Outcome.PASSED)
    if stream.problems:
        lines = stream.problems + tail(output).splitlines()
        results.check(f"{group}: every test gives its result", lines)
