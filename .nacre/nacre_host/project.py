# SPDX-License-Identifier: MIT
"""Where things are, and how the host command speaks to people.

Owns the paths of the checkout, the exit statuses, and the form of messages.
"""

import os
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
DIRECTORY = TOP / ".nacre"

# Exit statuses beyond those of the guest's commands (docs/host-link.md, section 4).
STATUS_FAILED = 1
STATUS_USAGE = 2
STATUS_MISSING = 3
STATUS_MACHINE = 69
STATUS_PANIC = 70
STATUS_TIMEOUT = 124
STATUS_INTERRUPTED = 130


class NacreError(Exception):
    """Ends the command with one line that says what to do, and with exit status @status."""

    def __init__(self, text, status=STATUS_FAILED):
        super().__init__(text)
        self.status = status


def say(text):
    """Tells the person something; standard output stays free for results."""
    print(f"nacre: {text}", file=sys.stderr, flush=True)


def processor_count():
    """Returns how many processors this process may use."""
    return len(os.sched_getaffinity(0))
