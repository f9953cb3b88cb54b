#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the damaged programs in tests/system/files/test/damaged.

Owns what is wrong with each; the words in which they are refused are in program.c. They are small
and kept in the tree, so the image needs no step to make them.

    make_damaged.py DIRECTORY
"""

import pathlib
import struct
import sys

PAGE = 4096
READ, WRITE, EXECUTE = 4, 2, 1


def header(kind=3, machine=62, entry=PAGE, count=3):
    """Returns an ELF header that says where the program headers are."""
    identification = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    return identification + struct.pack(
        "<HHIQQQIHHHHHH", kind, machine, 1, entry, 64, 0, 0, 64, 56, count, 0, 0, 0
    )


def segment(flags, offset, address, file_size, memory_size):
    """Returns a program header of something to load."""
    return struct.pack(
        "<IIQQQQQQ", 1, flags, offset, address, address, file_size, memory_size, PAGE
    )


TEXT = segment(READ, 0, 0, 0x200, 0x200)
CODE = segment(READ | EXECUTE, PAGE, PAGE, 0x10, 0x10)
DATA = segment(READ | WRITE, PAGE, 2 * PAGE, 0x10, 0x10)


def program(head=None, text=TEXT, code=CODE, data=DATA):
    """Returns a file that is sound but for what the arguments replace."""
    headers = (head or header()) + text + code + data
    return headers.ljust(PAGE, b"\0") + b"\x0f\x0b" * 8


DAMAGED = {
    "empty": b"",
    "header-cut": program()[:40],
    "program-headers-cut": program()[:100],
    "segment-cut": program()[: PAGE + 4],
    "overlap": program(data=segment(READ | WRITE, PAGE, PAGE, 0x10, 0x10)),
    "into-kernel": program(data=segment(READ | WRITE, PAGE, 0xFFFFFFFF80000000, 0x10, 0x10)),
    "beyond-window": program(data=segment(READ | WRITE, PAGE, 0x200000000, 0x10, 0x10)),
    "write-and-execute": program(data=segment(7, PAGE, 2 * PAGE, 0x10, 0x10)),
    "other-machine": program(header(machine=183)),
    "fixed-address": program(header(kind=2)),
    "entry-outside": program(header(entry=2 * PAGE)),
}


def main(arguments):
    if len(arguments) != 1:
        print("make_damaged.py: name the directory to write to", file=sys.stderr)
        return 2
    directory = pathlib.Path(arguments[0])
    directory.mkdir(parents=True, exist_ok=True)
    for name, data in DAMAGED.items():
        (directory / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
