# SPDX-License-Identifier: MIT
"""A guest that runs a script: starts QEMU, speaks the host link, says how it ended.

Owns the QEMU process and the one loop that moves bytes between it, the link and an observer. What
the bytes of the link mean is link/session.py's; what the command line is, machine.py's.
"""

import dataclasses
import os
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from nacre_host.link.messages import Done, Hello, LogRecord, PowerOff, Status
from nacre_host.link.session import LinkFailure, Output, Ready, Session
from nacre_host.project import (
    STATUS_MACHINE,
    STATUS_MISSING,
    STATUS_PANIC,
    STATUS_TIMEOUT,
    NacreError,
)

PANIC_MARK = b"NACRE PANIC:"
WAITING_MARK = b": info: QEMU waiting for connection on: "
# How long the guest may take from the last result to the end of QEMU.
POWER_OFF_SECONDS = 20
CONNECT_SECONDS = 10
CHUNK = 65536


class Observer:
    """Hears what happens while a script runs. This one hears nothing."""

    def console(self, data):
        """Bytes of the first serial port, or of QEMU's own messages."""

    def output(self, data, is_error):
        """Bytes that the script's commands wrote."""

    def status(self, status):
        """One command ended (messages.Status)."""

    def log(self, record):
        """The guest logged a line (messages.LogRecord)."""


@dataclasses.dataclass(frozen=True)
class Ending:
    """How a run ended: its exit status, and a line that says why unless it is the commands' own."""

    status: int
    reason: str = ""


def exit_status_of_guest(code):
    """Returns the status that the guest wrote to isa-debug-exit, or None if it wrote none."""
    return code >> 1 if code > 0 and code & 1 else None


class ConsoleWatch:
    """Finds a panic line in the console's bytes, wherever they are cut."""

    def __init__(self):
        self._line = b""
        self.panic = None

    def feed(self, data):
        lines = (self._line + data).split(b"\n")
        self._line = lines.pop()
        for line in lines:
            if self.panic is None and line.strip().startswith(PANIC_MARK):
                self.panic = line.strip().decode("utf-8", "replace")


class Guest:
    """One QEMU with a link, from start to end. Use as a context manager: QEMU never outlives it."""

    def __init__(self, machine, observer):
        self._machine = machine
        self._observer = observer
        self._session = Session()
        self._watch = ConsoleWatch()
        self._selector = selectors.DefaultSelector()
        self._process = None
        self._socket = None
        self._directory = None
        self._results = None
        self._announced = None
        self._failure = None
        self._pending = bytearray()
        self._open_pipes = set()

    def __enter__(self):
        self._directory = tempfile.mkdtemp(prefix="nacre-")
        path = Path(self._directory) / "link"
        command = dataclasses.replace(self._machine, link=path).command()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            self.__exit__()
            raise NacreError(
                f"{command[0]} is missing: run './nacre doctor'", STATUS_MISSING
            ) from error
        for pipe, reader in (
            (self._process.stdout, self._read_console),
            (self._process.stderr, self._read_messages),
        ):
            self._register(pipe, reader)
            self._open_pipes.add(pipe)
        self._connect(path)
        return self

    def __exit__(self, *_):
        if self._process:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            self._process.stderr.close()
        if self._socket:
            self._socket.close()
        self._selector.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def run_script(self, script, deadline):
        """Boots, runs @script, shuts down, returns the Ending. @deadline: of time.monotonic()."""
        power_off_deadline = None
        while self._open_pipes or self._socket:
            limit = min(filter(None, (deadline, power_off_deadline)), default=None)
            if limit is not None and time.monotonic() >= limit:
                return self._ending_on_time_out(limit == deadline)
            if self._failure:
                return self._ending_without_results(self._failure)
            self._turn(script, limit)
            is_over = self._results is not None or self._watch.panic is not None
            if is_over and power_off_deadline is None:
                power_off_deadline = time.monotonic() + POWER_OFF_SECONDS
        return self._ending_of_process(self._process.wait())

    def _turn(self, script, limit):
        """Waits for bytes and deals with them."""
        wait = None if limit is None else max(0.0, limit - time.monotonic())
        for key, _ in self._selector.select(wait):
            for event in key.data():
                self._handle(event, script)
        self._send()

    def _register(self, file, reader):
        os.set_blocking(file.fileno(), False)
        self._selector.register(file, selectors.EVENT_READ, reader)

    def _connect(self, path):
        """Connects to QEMU, which does not start the machine before."""
        limit = time.monotonic() + CONNECT_SECONDS
        while self._process.poll() is None and time.monotonic() < limit:
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                link.connect(str(path))
            except OSError:
                link.close()
                time.sleep(0.01)
                continue
            self._socket = link
            self._register(link, self._read_link)
            return
        if self._process.poll() is None:
            self._failure = f"QEMU did not open {path} within {CONNECT_SECONDS} seconds"

    def _read_pipe(self, pipe):
        """Returns what @pipe holds; forgets it at its end."""
        data = pipe.read(CHUNK)
        if data == b"":
            self._selector.unregister(pipe)
            self._open_pipes.remove(pipe)
        return data or b""

    def _read_console(self):
        data = self._read_pipe(self._process.stdout)
        if data:
            self._watch.feed(data)
            self._observer.console(data)
        return []

    def _read_messages(self):
        """QEMU's own messages, but for the one that it waits for us."""
        data = self._read_pipe(self._process.stderr)
        lines = [line for line in data.splitlines(True) if WAITING_MARK not in line]
        if lines:
            self._observer.console(b"".join(lines))
        return []

    def _read_link(self):
        try:
            data = self._socket.recv(CHUNK)
        except BlockingIOError:
            return []
        except ConnectionResetError:
            data = b""
        if not data:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None
            return []
        try:
            return self._session.receive(data)
        except LinkFailure as failure:
            self._failure = f"the host link broke: {failure}"
            return []

    def _handle(self, event, script):
        if isinstance(event, Hello):
            if self._results is not None:
                self._failure = "the guest began the host link anew"
        elif isinstance(event, Ready):
            self._session.run_script(script)
        elif isinstance(event, Output):
            self._observer.output(event.data, event.is_error)
        elif isinstance(event, Status):
            self._observer.status(event)
        elif isinstance(event, LogRecord):
            self._observer.log(event)
        elif isinstance(event, Done):
            self._results = event
            self._session.power_off(event.status)
        elif isinstance(event, PowerOff):
            self._announced = event.status

    def _send(self):
        """Sends what there is, as far as QEMU takes it."""
        self._pending += self._session.take_output()
        if not self._socket:
            return
        try:
            while self._pending:
                del self._pending[: self._socket.send(self._pending)]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._pending else 0)
        self._selector.modify(self._socket, wanted, self._read_link)

    def _ending_on_time_out(self, is_overall):
        if self._watch.panic:
            return Ending(STATUS_PANIC, self._watch.panic)
        if is_overall and self._results is None:
            return Ending(STATUS_TIMEOUT, "time-out")
        if is_overall:
            return Ending(STATUS_TIMEOUT, "time-out while the guest powered off")
        return Ending(
            STATUS_MACHINE, f"the guest did not power off within {POWER_OFF_SECONDS} seconds"
        )

    def _ending_without_results(self, reason):
        if self._watch.panic:
            return Ending(STATUS_PANIC, self._watch.panic)
        return Ending(STATUS_MACHINE, reason)

    def _ending_of_process(self, code):
        """What the end of QEMU means, once it has told all."""
        written = exit_status_of_guest(code)
        if self._watch.panic or (written == STATUS_PANIC and self._announced is None):
            return Ending(STATUS_PANIC, self._watch.panic or "the kernel panicked")
        if self._results:
            return Ending(self._results.status & 0xFF)
        if self._announced is not None:
            return Ending(self._announced & 0xFF)
        if self._session.guest is None:
            return Ending(STATUS_MACHINE, f"QEMU ended with status {code} before Nacre came up")
        return Ending(STATUS_MACHINE, "the machine stopped before its results were complete")
