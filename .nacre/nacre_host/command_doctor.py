# SPDX-License-Identifier: MIT
"""./nacre doctor: says what is missing or odd on this machine, and what mends it.

Owns the list of what is looked at. Changes nothing; packages.py knows what is needed.
"""

import dataclasses
import os
import pathlib
import platform
import shutil
import sys
import tempfile

from nacre_host import packages
from nacre_host.project import STATUS_FAILED, TOP

SUMMARY = "say what is missing or odd on this machine, and what mends it"

LEAST_BUILD_BYTES = 1 << 30
LEAST_TEMPORARY_BYTES = 256 << 20
LEAST_MEMORY_BYTES = 1 << 30

PURPOSES = {
    "build": "everything",
    "iso": "./nacre image, run, test",
    "run": "./nacre run, test, debug, bench",
    "uefi": "./nacre run --uefi, test",
    "debug": "./nacre debug",
    "style": "./nacre test",
}


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing looked at. @mend is None if it is well; @is_fatal: commands fail because of it."""

    what: str
    mend: str = None
    is_fatal: bool = False

    def line(self):
        mark = "ok     " if self.mend is None else "MISSING" if self.is_fatal else "odd    "
        return f"{mark} {self.what}" + (f": {self.mend}" if self.mend else "")


def package_finding(package, purpose):
    """Looks at one package."""
    if not package.is_present():
        mend = f"needed by {purpose}; as root: {packages.install_command([package])}"
        return Finding(f"{package.name} is not there", mend, True)
    version = package.version()
    if package.is_too_old():
        mend = f"at least {package.lowest} is needed: {packages.newer(package)}"
        return Finding(f"{package.probe} is version {version}", mend, True)
    return Finding(package.name + (f" {version}" if version else ""))


def package_findings():
    return [
        package_finding(package, PURPOSES[group])
        for group, members in packages.groups().items()
        for package in members
    ]


def space_finding(path, least):
    """Looks at how much room there is at @path."""
    free = shutil.disk_usage(path).free
    what = f"{free >> 20} MiB free in {path}"
    mend = None if free >= least else f"free some: {least >> 20} MiB are needed"
    return Finding(what, mend, True)


def memory_finding(text):
    """Looks at the text of /proc/meminfo."""
    fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    free = int(fields["MemAvailable"].split()[0]) << 10
    least = LEAST_MEMORY_BYTES >> 20
    mend = None if free >= LEAST_MEMORY_BYTES else f"end some programs: tests want {least} MiB"
    return Finding(f"{free >> 20} MiB of memory available", mend)


def cache_finding():
    """Looks at where the C library is kept."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    existing = next(path for path in (cache, *cache.parents) if path.exists())
    mend = None if os.access(existing, os.W_OK) else "make it writable, or set XDG_CACHE_HOME"
    return Finding(f"the C library is cached in {cache / 'nacre'}", mend, True)


def path_finding(path):
    """Looks at the checkout's own path: CMake lists are separated by semicolons."""
    mend = "move the checkout: CMake cannot build there" if set(str(path)) & set(';"') else None
    return Finding(f"the checkout is in {path}", mend, True)


def system_finding(text):
    """Looks at the text of /etc/os-release."""
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    name = fields.get("PRETTY_NAME", "an unknown system").strip('"')
    is_tested = fields.get("ID") == "debian" and fields.get("VERSION_ID", "").strip('"') == "12"
    mend = None if is_tested else "Nacre is tested on Debian 12; elsewhere packages differ"
    return Finding(name, mend)


def processor_finding(machine):
    mend = None if machine == "x86_64" else "Nacre builds on x86-64 only: the host's gcc makes it"
    return Finding(f"the processor is {machine}", mend, True)


def kvm_finding():
    """Looks for KVM, which only --kvm needs."""
    path = pathlib.Path("/dev/kvm")
    if not path.exists():
        return Finding("no KVM (only --kvm needs it)")
    mend = None if os.access(path, os.R_OK | os.W_OK) else "only for --kvm: join the group kvm"
    return Finding("KVM is there", mend)


def findings():
    """Looks at everything."""
    return [
        system_finding(platform_text()),
        processor_finding(platform.machine()),
        Finding(f"Python {sys.version.split()[0]}"),
        *package_findings(),
        path_finding(TOP),
        cache_finding(),
        space_finding(TOP, LEAST_BUILD_BYTES),
        space_finding(tempfile.gettempdir(), LEAST_TEMPORARY_BYTES),
        memory_finding(pathlib.Path("/proc/meminfo").read_text(encoding="ascii")),
        kvm_finding(),
    ]


def platform_text():
    path = pathlib.Path("/etc/os-release")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def add_arguments(_parser):
    """It has no options of its own."""


def run(_options):
    found = findings()
    for finding in found:
        print(finding.line())
    needed = packages.needed(packages.groups())
    missing = [package for package in needed if not package.is_present()]
    if missing:
        print(f"\nall that is missing, as root: {packages.install_command(missing)}")
    return STATUS_FAILED if any(f.mend and f.is_fatal for f in found) else 0
