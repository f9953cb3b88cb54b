# SPDX-License-Identifier: MIT
"""A person at the serial console: waits for prompts and types.

Owns the pace: a line is typed when a prompt stands at the end of what the console shows. The
machine has no host link then; it ends when a typed command switches it off.
"""

import os
import selectors
import subprocess
import time

from nacre_host.guest import PANIC_MARK, Ending, exit_status_of_guest
from nacre_host.project import STATUS_PANIC, STATUS_TIMEOUT

# At the start of a line: while a line is edited the prompt is drawn again, too.
PROMPT = b"\nnacre> "


def run(machine, lines, seconds):
    """Types @lines at @machine's console; returns the Ending and what the console showed."""
    with subprocess.Popen(
        machine.command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        console, is_over = _type(process, lines, time.monotonic() + seconds)
        if not is_over:
            process.kill()
    if PANIC_MARK in console:
        return Ending(STATUS_PANIC, "the kernel panicked"), console
    if not is_over:
        return Ending(STATUS_TIMEOUT, "time-out"), console
    status = exit_status_of_guest(process.returncode)
    return Ending(process.returncode if status is None else status), console


def _type(process, lines, deadline):
    """Returns what the console showed, and whether the machine came to its end in time."""
    console, waiting, seen = b"", list(lines), 0
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                return console, True
            console += data
            if waiting and console.endswith(PROMPT, seen):
                seen = len(console)
                process.stdin.write(waiting.pop(0).encode() + b"\r")
                process.stdin.flush()
    return console, False
