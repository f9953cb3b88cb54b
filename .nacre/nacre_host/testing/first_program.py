# SPDX-License-Identifier: MIT
"""A machine whose first program is a test: nothing else runs, so its console is all there is.

Owns how it is started and how its end is read. Scripts and the host link are guest.py's.
"""

import subprocess

from nacre_host.guest import PANIC_MARK, Ending, exit_status_of_guest
from nacre_host.project import STATUS_MACHINE, STATUS_PANIC, STATUS_TIMEOUT


def run(machine, seconds):
    """Runs @machine until it stops, or for @seconds; returns the Ending and the console's bytes."""
    with subprocess.Popen(
        machine.command(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            console, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            console, _ = process.communicate()
            return Ending(STATUS_TIMEOUT, "time-out"), console
    if PANIC_MARK in console:
        return Ending(STATUS_PANIC, "the kernel panicked"), console
    status = exit_status_of_guest(process.returncode)
    if status is None:
        return Ending(STATUS_MACHINE, f"QEMU ended with status {process.returncode}"), console
    return Ending(status), console
