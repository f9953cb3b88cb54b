# SPDX-License-Identifier: MIT
"""./nacre run: builds an image, starts it, and either is its console or runs commands in it.

Owns the command's options and what goes to which stream: the commands' output to standard output,
all else to standard error. The machine is machine.py's, a scripted run guest.py's.
"""

import argparse
import dataclasses
import pathlib
import shlex
import subprocess
import sys
import termios
import threading
import time

from nacre_host import build, packages
from nacre_host.guest import Guest, Observer, exit_status_of_guest
from nacre_host.machine import Boot, Machine, memory_bytes
from nacre_host.project import (
    STATUS_MACHINE,
    STATUS_MISSING,
    STATUS_TIMEOUT,
    STATUS_USAGE,
    NacreError,
    say,
)

SUMMARY = "build and start Nacre: an interactive console, or scripted with --exec or --script"
TAKES_QEMU_ARGUMENTS = True
EPILOG = """\
Without --exec and --script: a serial console; Ctrl-A X leaves it, Ctrl-A H shows more keys.
With them: the commands run in Nacre's shell, only their output goes to standard output, and the
exit status is that of the first command that failed; 124 on time-out, 70 on a kernel panic, 69 if
the machine failed. What stands after "--" is added to QEMU's command line.

  ./nacre run --exec 'ic run hello world; ls /svc'
  ./nacre run --uefi --mem 1G -- -d int"""


def seconds(text):
    """Returns how many seconds @text, the value of --timeout, is."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return value


def add_machine_arguments(parser):
    """Adds the options that describe the machine, which several commands share."""
    parser.add_argument("--uefi", action="store_true", help="boot the ISO on UEFI instead of BIOS")
    parser.add_argument("--direct", action="store_true", help="boot the kernel without firmware")
    parser.add_argument("--mem", default="256M", metavar="SIZE", help="memory (default 256M)")
    parser.add_argument("--smp", type=int, default=1, metavar="N", help="processors (default 1)")
    parser.add_argument("--kvm", action="store_true", help="use KVM instead of emulation")
    parser.add_argument(
        "--preset",
        choices=build.PRESETS,
        default=build.DEFAULT_PRESET,
        help=f"which build (default {build.DEFAULT_PRESET})",
    )


def add_arguments(parser):
    parser.add_argument("--exec", metavar="'CMD; CMD'", help="run these commands and power off")
    parser.add_argument("--script", metavar="FILE", help="run the commands in FILE and power off")
    parser.add_argument("--timeout", type=seconds, metavar="S", help="give up after S seconds")
    parser.add_argument(
        "--icount", action="store_true", help="count instructions: one is one nanosecond"
    )
    parser.add_argument(
        "--print-command", action="store_true", help="print QEMU's command line, start nothing"
    )
    add_machine_arguments(parser)


def boot_from_options(options, image="nacre"):
    """Returns the Boot that the options ask for."""
    if options.uefi and options.direct:
        raise NacreError("--uefi and --direct exclude each other", STATUS_USAGE)
    way = Boot.UEFI if options.uefi else Boot.DIRECT if options.direct else Boot.BIOS
    preset = options.preset
    return Boot(way, build.image(preset, image, way), build.kernel(preset))


def machine_from_options(options, image="nacre"):
    """Returns the Machine that the options describe, checked."""
    if options.smp < 1:
        raise NacreError(f"--smp {options.smp}: at least one processor is needed", STATUS_USAGE)
    try:
        memory_bytes(options.mem)
    except ValueError as error:
        raise NacreError(f"--mem: {error}", STATUS_USAGE) from error
    counts = getattr(options, "icount", False)
    if options.kvm and counts:
        raise NacreError("--kvm and --icount exclude each other", STATUS_USAGE)
    return Machine(
        boot=boot_from_options(options, image),
        memory=options.mem,
        processors=options.smp,
        is_counting=counts,
        uses_kvm=options.kvm,
        arguments=options.qemu_arguments,
    )


def prepare(options, machine, image="nacre"):
    """Installs what building and running @machine needs, and builds its image."""
    way = machine.boot.way
    needs = ["build", "run"]
    needs += ["iso"] if way != Boot.DIRECT else []
    needs += ["uefi"] if way == Boot.UEFI else []
    packages.require(needs, options.yes)
    if machine.uses_kvm and not pathlib.Path("/dev/kvm").exists():
        raise NacreError(
            "--kvm: this machine has no /dev/kvm: load the kvm module, or run without --kvm",
            STATUS_MISSING,
        )
    build.make(options.preset, build.image_targets(image, way))


def script_from_options(options):
    """Returns the text to run, or None for an interactive run."""
    if options.exec is not None and options.script is not None:
        raise NacreError("--exec and --script exclude each other", STATUS_USAGE)
    if options.script is None:
        return options.exec
    try:
        return pathlib.Path(options.script).read_text(encoding="utf-8")
    except OSError as error:
        raise NacreError(f"--script {options.script}: {error.strerror}", STATUS_USAGE) from error
    except UnicodeDecodeError as error:
        raise NacreError(f"--script {options.script}: it is not text in UTF-8", STATUS_USAGE) from error


class StreamObserver(Observer):
    """Passes everything on to this process's streams."""

    def console(self, data):
        sys.stderr.buffer.write(data)
        sys.stderr.buffer.flush()

    def output(self, data, is_error):
        stream = sys.stderr.buffer if is_error else sys.stdout.buffer
        stream.write(data)
        stream.flush()

    def log(self, record):
        print(record.describe(), file=sys.stderr, flush=True)


def run_scripted(machine, script, timeout):
    """Runs @script and returns the exit status."""
    deadline = None if timeout is None else time.monotonic() + timeout
    with Guest(machine, StreamObserver()) as guest:
        ending = guest.run_script(script, deadline)
    if ending.reason:
        limit = f" (--timeout {timeout:g})" if ending.status == STATUS_TIMEOUT else ""
        say(ending.reason + limit)
    return ending.status


class ErrorWatch(threading.Thread):
    """Passes QEMU's own messages on, and remembers whether one was more than a warning."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self._stream = stream
        self.has_error = False

    def run(self):
        for line in self._stream:
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()
            if line.startswith(b"qemu-system") and b": warning: " not in line:
                self.has_error = True


def run_interactive(machine, timeout):
    """Gives the terminal to the guest's console and returns the exit status."""
    terminal = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
    process = subprocess.Popen(machine.command(), stderr=subprocess.PIPE)
    watch = ErrorWatch(process.stderr)
    watch.start()
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        say(f"time-out after {timeout:g} seconds")
        return STATUS_TIMEOUT
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        watch.join(1)
        if terminal:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, terminal)
    status = exit_status_of_guest(code)
    # QEMU's own failures end with 1, too: only its messages tell them from a guest's status 0.
    if watch.has_error and status == 0:
        return STATUS_MACHINE
    return status if status is not None else STATUS_MACHINE if code else 0


def run(options):
    script = script_from_options(options)
    machine = machine_from_options(options)
    if options.print_command:
        if script is not None:
            link = build.directory(options.preset) / "link.sock"
            machine = dataclasses.replace(machine, link=link)
        print(shlex.join(machine.command()))
        return 0
    prepare(options, machine)
    if script is not None:
        return run_scripted(machine, script, options.timeout)
    return run_interactive(machine, options.timeout)
