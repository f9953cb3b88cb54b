# SPDX-License-Identifier: MIT
"""Builds: configures a preset when needed and has ninja make targets.

Owns the build directories and the lock that keeps two host commands from building in one at a time.
What the targets are is in CMakeLists.txt.
"""

import contextlib
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from nacre_host.machine import Boot
from nacre_host.project import TOP, NacreError, processor_count, say

PRESETS = ("gcc-debug", "gcc-release", "clang-debug", "clang-release")
DEFAULT_PRESET = "gcc-release"
LEAST_ROOM = 4 << 20


def directory(preset):
    """Returns the build directory of @preset."""
    return TOP / "build" / preset


def kernel(preset):
    """Returns where @preset's kernel is."""
    return directory(preset) / "ukernel" / "nacre-kernel.elf"


def image(preset, name, way):
    """Returns what a way of booting (machine.Boot) starts: the ISO, or the kernel's bundle."""
    suffix = "bundle" if way == Boot.DIRECT else "iso"
    return directory(preset) / f"{name}.{suffix}"


def image_targets(name, way):
    """Returns the ninja targets that image() needs."""
    if way == Boot.DIRECT:
        return ("nacre-kernel.elf", f"{name}-bundle")
    return (f"{name}-iso",)


@contextlib.contextmanager
def _locked(path):
    path.mkdir(parents=True, exist_ok=True)
    with open(path / ".nacre-lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another build in {path}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_news(line):
    """Whether a line of ninja's output is worth showing: not that nothing is to do, nor cmake's."""
    return not line.startswith((b"ninja: no work to do", b"-- "))


def _call(command, what):
    """Runs @command with its output on standard error."""
    with subprocess.Popen(
        command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        for line in process.stdout:
            if _is_news(line):
                sys.stderr.buffer.write(line)
                sys.stderr.buffer.flush()
    if process.returncode != 0:
        raise NacreError(f"{what} failed: {reason_of_failure()}")


def reason_of_failure():
    """Returns where to look: compilers and CMake do not always notice that the disk is full."""
    for place in (TOP / "build", tempfile.gettempdir(), pathlib.Path.home()):
        if os.path.exists(place) and shutil.disk_usage(place).free < LEAST_ROOM:
            return f"the disk that has {place} is full: free some room and repeat"
    return "see the lines above"


def _is_configured(path):
    ninja = path / "build.ninja"
    presets = TOP / "CMakePresets.json"
    return ninja.exists() and ninja.stat().st_mtime >= presets.stat().st_mtime


def _configure(preset, path):
    say(f"configuring {path.relative_to(TOP)}")
    result = subprocess.run(
        ["cmake", "--preset", preset, "--log-level=WARNING"],
        cwd=TOP,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if result.returncode != 0:
        raise NacreError(f"cmake could not configure {preset}: {reason_of_failure()}")


def make(preset, targets):
    """Brings @targets of @preset up to date. With no targets: everything."""
    path = directory(preset)
    with _locked(path):
        if not _is_configured(path):
            _configure(preset, path)
        command = ["ninja", "-C", str(path), "-j", str(processor_count()), "--quiet"]
        _call([*command, *targets], f"the build of {', '.join(targets) or 'everything'}")
    return path
