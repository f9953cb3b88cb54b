# SPDX-License-Identifier: MIT
"""Packages: what is needed, whether it is there, and how it is installed.

Owns the reading of packages.txt and the one way to install: apt-get, without questions. A need that
cannot be met ends the command with the exact line that would meet it.
"""

import dataclasses
import functools
import glob
import os
import re
import shutil
import subprocess
import sys

from nacre_host.project import DIRECTORY, STATUS_MISSING, NacreError, say

LIST = DIRECTORY / "packages.txt"


@dataclasses.dataclass(frozen=True)
class Package:
    """One line of packages.txt."""

    name: str
    probe: str
    lowest: str

    def is_present(self):
        if self.probe.startswith("/"):
            return bool(glob.glob(self.probe))
        return shutil.which(self.probe) is not None

    def version(self):
        """Returns the version that the command states, or None."""
        return command_version(self.probe) if self.lowest != "-" else None

    def is_too_old(self):
        version = self.version()
        return version is not None and version_key(version) < version_key(self.lowest)


def version_key(version):
    """Returns what to compare @version ("7.2.22") by."""
    return [int(part) for part in version.split(".")]


@functools.lru_cache(maxsize=None)
def command_version(command):
    """Returns the first thing like a version that `@command --version` prints, or None."""
    try:
        result = subprocess.run(
            [command, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # What stands in parentheses is the packager's: "(GNU Binutils for Debian) 2.40".
    text = re.sub(r"\([^)]*\)", "", result.stdout + result.stderr)
    match = re.search(r"\d+\.\d+(\.\d+)*", text)
    return match[0] if match else None


def groups_from_text(text):
    """Returns {group: [Package]} for the text of a package list."""
    groups = {}
    group = None
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            group = groups.setdefault(line.strip("[]"), [])
        else:
            group.append(Package(*line.split()))
    return groups


@functools.lru_cache(maxsize=None)
def groups():
    """Returns {group: [Package]} of packages.txt."""
    return groups_from_text(LIST.read_text(encoding="utf-8"))


def needed(names):
    """Returns the packages of the groups @names, each once."""
    return list(dict.fromkeys(package for name in names for package in groups()[name]))


def install_command(packages):
    """Returns the exact line that installs @packages, for a person to type."""
    names = " ".join(package.name for package in packages)
    return f"apt-get update && apt-get install --no-install-recommends -y {names}"


def require(names, is_allowed):
    """Makes sure that all packages of the groups @names are there and new enough.

    @is_allowed: the person said --yes; root is allowed anyway. Ends the command if it cannot.
    """
    packages = needed(names)
    missing = [package for package in packages if not package.is_present()]
    if missing:
        install(missing, is_allowed)
    for package in packages:
        if package.is_too_old():
            raise NacreError(
                f"{shutil.which(package.probe)} is version {package.version()}, but at least"
                f" {package.lowest} is needed: {newer(package)}",
                STATUS_MISSING,
            )


def newer(package):
    """Returns how to get a version of @package that is new enough."""
    return (
        f"Debian 12's {package.name} is; as root: {install_command([package])}"
        " (if it is installed, an older one comes first in PATH: take that away)"
    )


def install(packages, is_allowed):
    """Installs @packages with apt-get, as root or through sudo."""
    names = ", ".join(package.name for package in packages)
    line = install_command(packages)
    is_root = os.geteuid() == 0
    if not shutil.which("apt-get"):
        raise NacreError(
            f"missing: {names}. This is not Debian: install what it calls them there"
            " (.nacre/packages.txt says how each is looked for)",
            STATUS_MISSING,
        )
    if not is_root and not (is_allowed and shutil.which("sudo")):
        raise NacreError(
            f"missing: {names}. Run as root: {line}\n"
            "nacre: or repeat with --yes to have it done with sudo",
            STATUS_MISSING,
        )
    say(f"installing {names}")
    for arguments in (
        ["update", "-q"],
        ["install", "-q", "-y", "--no-install-recommends", *(p.name for p in packages)],
    ):
        _apt_get(arguments, [] if is_root else ["sudo"], line)
    command_version.cache_clear()
    absent = [package.name for package in packages if not package.is_present()]
    if absent:
        raise NacreError(f"installed, but still not there: {', '.join(absent)}", STATUS_MISSING)


def _apt_get(arguments, prefix, line):
    """Runs apt-get quietly; its output is shown only if it fails."""
    command = [
        *prefix,
        *("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"),
        *arguments,
    ]
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode != 0:
        sys.stderr.buffer.write(result.stdout[-4000:])
        raise NacreError(f"apt-get failed: see the lines above; by hand: {line}", STATUS_MISSING)
