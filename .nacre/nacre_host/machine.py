# SPDX-License-Identifier: MIT
"""The machine that Nacre runs on: from options to a QEMU command line.

Owns the choice of devices: as few as possible, the same for everyone, no network. Starts nothing
(guest.py does).
"""

import dataclasses
import pathlib
import re

from nacre_host.project import STATUS_MISSING, NacreError

QEMU = "qemu-system-x86_64"

# Code and variable store of the UEFI firmware, where distributions put them.
FIRMWARE = (
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
    ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
)


def firmware():
    """Returns the UEFI firmware's two files."""
    for code, variables in FIRMWARE:
        if pathlib.Path(code).exists() and pathlib.Path(variables).exists():
            return code, variables
    raise NacreError(
        "no UEFI firmware found: run 'apt-get install ovmf', or boot without --uefi",
        STATUS_MISSING,
    )


def in_option(path):
    """Returns @path as it stands in a list of QEMU options: there a comma is doubled."""
    return str(path).replace(",", ",,")


MEMORY_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def memory_bytes(text):
    """Returns how many bytes @text ("256M", "2G") is."""
    match = re.fullmatch(r"(\d+)([KMG])", text.upper())
    if not match or int(match[1]) == 0:
        raise ValueError(f"'{text}' is not an amount of memory: write it like 256M or 2G")
    return int(match[1]) * MEMORY_UNITS[match[2]]


@dataclasses.dataclass(frozen=True)
class Boot:
    """What is started: an image on BIOS or UEFI, or the kernel directly."""

    BIOS = "bios"
    UEFI = "uefi"
    DIRECT = "direct"

    way: str
    image: pathlib.Path
    kernel: pathlib.Path


@dataclasses.dataclass(frozen=True)
class Machine:
    """One machine, fully described."""

    boot: Boot
    memory: str = "256M"
    processors: int = 1
    is_counting: bool = False
    uses_kvm: bool = False
    link: pathlib.Path = None
    debugger: pathlib.Path = None
    console: pathlib.Path = None
    console_log: pathlib.Path = None
    arguments: tuple = ()

    def command(self):
        """Returns the QEMU command line, as a list."""
        return [
            QEMU,
            *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
            *("-machine", "q35", "-cpu", "max", "-accel", "kvm" if self.uses_kvm else "tcg"),
            *("-m", self.memory, "-smp", str(self.processors)),
            *(("-icount", "shift=0,align=off,sleep=off") if self.is_counting else ()),
            *("-device", "isa-debug-exit,iobase=0xf4,iosize=4"),
            *self._console(),
            *self._link(),
            *self._debugger(),
            *self._boot(),
            *self.arguments,
        ]

    def _console(self):
        """The first serial port: a socket, a log alone (standard output), or the terminal."""
        if self.console:
            device = f"socket,id=console,path={in_option(self.console)},server=on,wait=off"
            if self.console_log:
                device += f",logfile={in_option(self.console_log)}"
            return ["-chardev", device, "-serial", "chardev:console"]
        if self.link:
            return ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
        return [
            *("-chardev", "stdio,id=console,mux=on,signal=off"),
            *("-serial", "chardev:console", "-mon", "chardev=console"),
        ]

    def _link(self):
        """The second serial port exists when the host wants to talk: see docs/host-link.md."""
        if not self.link:
            return []
        device = f"socket,id=link,path={in_option(self.link)},server=on,wait=on"
        return ["-chardev", device, "-serial", "chardev:link"]

    def _debugger(self):
        if not self.debugger:
            return []
        device = f"socket,id=debugger,path={in_option(self.debugger)},server=on,wait=off"
        return ["-chardev", device, "-gdb", "chardev:debugger", "-S"]

    def _boot(self):
        if self.boot.way == Boot.DIRECT:
            return ["-kernel", str(self.boot.kernel), "-initrd", str(self.boot.image)]
        flash = []
        if self.boot.way == Boot.UEFI:
            code, variables = firmware()
            flash = [
                *("-drive", f"if=pflash,format=raw,readonly=on,file={code}"),
                *("-drive", f"if=pflash,format=raw,snapshot=on,file={variables}"),
            ]
        return [
            *flash,
            "-drive",
            f"if=none,id=image,format=raw,readonly=on,file={in_option(self.boot.image)}",
            *("-device", "ide-cd,drive=image,bootindex=0"),
        ]
