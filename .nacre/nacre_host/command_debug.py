# SPDX-License-Identifier: MIT
"""./nacre debug: QEMU, stopped before the first instruction, with gdb attached.

Owns the sockets between QEMU, gdb and a second terminal. What gdb knows of Nacre is in .nacre/gdb.
"""

import dataclasses
import os
import pathlib
import selectors
import socket
import subprocess
import sys
import tempfile
import termios
import time
import tty

from nacre_host import build, packages
from nacre_host.command_run import add_machine_arguments, machine_from_options, prepare
from nacre_host.project import DIRECTORY, STATUS_MACHINE, NacreError, say

SUMMARY = "start Nacre under gdb, with the kernel's symbols"
TAKES_QEMU_ARGUMENTS = True
EPILOG = """\
The machine waits before its first instruction: set breakpoints (hbreak), then 'continue'. The
console is for a second terminal: ./nacre debug --console (Ctrl-] leaves it). In gdb, the command
'nacre-symbols PROGRAM ADDRESS' adds the symbols of a user program loaded at ADDRESS.

  ./nacre debug --direct --command 'hbreak kernel_main' --command continue"""

START_SECONDS = 10
LEAVE_KEY = b"\x1d"


def add_arguments(parser):
    parser.add_argument(
        "--command", action="append", default=[], metavar="CMD", help="a gdb command to start with"
    )
    parser.add_argument("--batch", action="store_true", help="leave gdb after the last --command")
    parser.add_argument(
        "--console", action="store_true", help="be the console of a debugged machine"
    )
    add_machine_arguments(parser)


def directory():
    """Returns where the sockets are: short, since socket names are, and the same for both ends."""
    return pathlib.Path(tempfile.gettempdir()) / f"nacre-debug-{os.getuid()}"


def gdb_command(options, path):
    """Returns gdb's command line."""
    command = ["gdb", "--quiet", "--command", str(DIRECTORY / "gdb" / "nacre.py")]
    command += ["--batch"] if options.batch else []
    for text in (f"target remote {path}", *options.command):
        command += ["-ex", text]
    return [*command, str(build.kernel(options.preset))]


def wait_for(path, process):
    """Waits until QEMU has opened @path."""
    limit = time.monotonic() + START_SECONDS
    while not path.exists():
        if process.poll() is not None or time.monotonic() > limit:
            raise NacreError("QEMU did not start: see the lines above", STATUS_MACHINE)
        time.sleep(0.02)


def connect(path):
    """Returns a connection to the socket @path."""
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        link.connect(str(path))
    except OSError as error:
        link.close()
        raise NacreError(
            "no machine is being debugged: start one with ./nacre debug in another terminal"
        ) from error
    return link


def be_console():
    """Connects this terminal to the machine's first serial port."""
    link = connect(directory() / "console")
    terminal = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
    if terminal:
        tty.setraw(sys.stdin)
    say("connected; Ctrl-] leaves\r")
    try:
        with link, selectors.DefaultSelector() as selector:
            selector.register(link, selectors.EVENT_READ)
            selector.register(sys.stdin, selectors.EVENT_READ)
            while exchange(link, selector):
                pass
    finally:
        if terminal:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, terminal)
    return 0


def exchange(link, selector):
    """Moves what is there in both directions; returns whether to go on."""
    for key, _ in selector.select():
        if key.fileobj is link:
            data = link.recv(4096)
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            data = os.read(sys.stdin.fileno(), 4096)
            if LEAVE_KEY in data:
                return False
            link.sendall(data)
        if not data:
            return False
    return True


def debug(options, machine):
    """Runs QEMU and gdb together; QEMU ends with gdb."""
    place = directory()
    place.mkdir(mode=0o700, exist_ok=True)
    if place.stat().st_uid != os.getuid():
        raise NacreError(f"{place} belongs to someone else: remove it, or set TMPDIR")
    for name in ("gdb", "console"):
        (place / name).unlink(missing_ok=True)
    machine = dataclasses.replace(
        machine,
        debugger=place / "gdb",
        console=place / "console",
        console_log=place / "console.log",
    )
    say(f"console: ./nacre debug --console in another terminal, or {place / 'console.log'}")
    # Its own session: Ctrl-C is for gdb, which passes it on as a stop.
    with subprocess.Popen(
        machine.command(), stdin=subprocess.DEVNULL, start_new_session=True
    ) as qemu:
        try:
            wait_for(place / "gdb", qemu)
            return subprocess.run(gdb_command(options, place / "gdb"), check=False).returncode
        finally:
            qemu.kill()


def run(options):
    if options.console:
        return be_console()
    machine = machine_from_options(options)
    packages.require(["debug"], options.yes)
    prepare(options, machine)
    return debug(options, machine)
