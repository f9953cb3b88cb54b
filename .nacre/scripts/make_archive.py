#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the root file system archive: a tar file that the guest reads in place.

Owns the archive's order, times and alignment. The format is POSIX ustar. The data of every file of
a page or more starts on a page boundary, so that the guest can map it; the gap before it is filled
with a pax extended header (type 'x') whose only record is a comment, which every reader must skip
and tar tools do not show. The same input always gives the same bytes.

    make_archive.py OUTPUT [--overlay DIRECTORY] [--file ARCHIVE_PATH=HOST_FILE]...
"""

import argparse
import io
import os
import pathlib
import stat
import sys
import tarfile

BLOCK = 512
PAGE = 4096
# 2025-01-01 00:00 UTC, unless SOURCE_DATE_EPOCH says otherwise.
DEFAULT_TIME = 1735689600


class ArchiveError(Exception):
    """Something that cannot be put into the archive."""


def members_from_overlay(directory):
    """Returns {archive path: host path} for all regular files below @directory."""
    members = {}
    for path in sorted(pathlib.Path(directory).rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            members[path.relative_to(directory).as_posix()] = path
        elif not stat.S_ISDIR(mode):
            raise ArchiveError(f"{path}: only files and directories can go into the archive")
    return members


def pax_comment(length):
    """Returns a pax record of exactly @length bytes that says nothing."""
    start = f"{length} comment=".encode()
    return start + b"." * (length - len(start) - 1) + b"\n"


class ArchiveWriter:
    """Writes ustar members to a byte stream."""

    def __init__(self, output, time):
        self._output = output
        self._time = time

    def add_directory(self, name):
        self._add_header(name + "/", tarfile.DIRTYPE, 0o755, 0)

    def add_file(self, name, data, mode):
        if len(data) >= PAGE:
            self._align_data()
        self._add_header(name, tarfile.REGTYPE, mode, len(data))
        self._add_data(data)

    def finish(self):
        """Ends the archive, which becomes whole pages long."""
        self._output.write(bytes(2 * BLOCK))
        self._output.write(bytes(-self._output.tell() % PAGE))

    def _align_data(self):
        """Fills up, so that the data of the next member starts a page.

        The filler is a header block and at least one block of records.
        """
        gap = -(self._output.tell() + BLOCK) % PAGE
        if gap == 0:
            return
        if gap == BLOCK:
            gap += PAGE
        comment = pax_comment(gap - BLOCK)
        self._add_header("./PaxHeaders/alignment", tarfile.XHDTYPE, 0o644, len(comment))
        self._add_data(comment)

    def _add_header(self, name, kind, mode, size):
        info = tarfile.TarInfo(name)
        info.type, info.mode, info.size, info.mtime = kind, mode, size, self._time
        try:
            self._output.write(info.tobuf(tarfile.USTAR_FORMAT))
        except ValueError as error:
            raise ArchiveError(f"{name}: {error}") from error

    def _add_data(self, data):
        self._output.write(data)
        self._output.write(bytes(-len(data) % BLOCK))


def archive_from_members(members, time):
    """Returns the archive that holds {archive path: host path} and all directories above."""
    directories = {
        parent.as_posix()
        for name in members
        for parent in pathlib.PurePosixPath(name).parents
        if parent.as_posix() != "."
    }
    both = directories & members.keys()
    if both:
        raise ArchiveError(f"{min(both)} is both a file and a directory")
    output = io.BytesIO()
    writer = ArchiveWriter(output, time)
    for name in sorted(directories | members.keys()):
        if name in directories:
            writer.add_directory(name)
        else:
            path = pathlib.Path(members[name])
            mode = 0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644
            writer.add_file(name, path.read_bytes(), mode)
    writer.finish()
    return output.getvalue()


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="make_archive.py")
    parser.add_argument("output")
    parser.add_argument("--overlay", action="append", default=[])
    parser.add_argument("--file", action="append", default=[], metavar="ARCHIVE_PATH=HOST_FILE")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_arguments(arguments)
    time = int(os.environ.get("SOURCE_DATE_EPOCH", DEFAULT_TIME))
    members = {}
    try:
        for directory in options.overlay:
            members |= members_from_overlay(directory)
        for pair in options.file:
            name, separator, path = pair.partition("=")
            if not separator:
                raise ArchiveError(f"--file {pair}: expected ARCHIVE_PATH=HOST_FILE")
            if name in members:
                raise ArchiveError(f"{name} comes from {members[name]} and from {path}")
            members[name] = path
        pathlib.Path(options.output).write_bytes(archive_from_members(members, time))
    except (ArchiveError, OSError) as error:
        print(f"make_archive.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
