#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the kernel's first boot module: the first program as it lies in memory.

The kernel maps it where the loader has put it and reads one header, struct boot_program
(ukernel/include/nacre/abi/boot.h), whose page goes before the program's first one. For a direct
boot, where QEMU's -initrd passes a single module, the root file system's archive follows.

    make_root.py OUTPUT PROGRAM_ELF [ARCHIVE]
"""

import dataclasses
import pathlib
import struct
import sys

PAGE = 4096
MAGIC = 0x31746F6F7272634E
HEADER = struct.Struct("<QQQQQQ")  # magic; where code, constants, data start; end; entry

# ELF64 (System V gABI): header from e_type on, program header.
ELF_HEADER = struct.Struct("<16xHHIQQQIHHH6x")
ELF_SEGMENT = struct.Struct("<IIQQQQQQ")
TYPE_SHARED, MACHINE_X86_64, SEGMENT_LOAD = 3, 62, 1
EXECUTE, WRITE = 1, 2
# What the parts may be, in this order; the linker makes them so (nacre_program.cmake).
PARTS = (0, EXECUTE, 0, WRITE)


class RootError(Exception):
    """A program that cannot be the first one."""


@dataclasses.dataclass
class Segment:
    """One loaded segment, in whole pages."""

    rights: int
    start: int
    end: int


def page_up(size):
    """Returns @size rounded up to whole pages."""
    return (size + PAGE - 1) // PAGE * PAGE


def segments_of(elf, memory):
    """Returns the loaded segments of @elf, copied to where they belong in @memory."""
    *_, offset, _, _, _, size, count = ELF_HEADER.unpack_from(elf)
    segments = []
    for index in range(count):
        kind, flags, start, address, _, file_size, memory_size, _ = ELF_SEGMENT.unpack_from(
            elf, offset + index * size
        )
        if kind != SEGMENT_LOAD:
            continue
        end = page_up(address + memory_size)
        memory.extend(bytes(max(0, end - len(memory))))
        memory[address : address + file_size] = elf[start : start + file_size]
        segments.append(Segment(flags & (EXECUTE | WRITE), address // PAGE * PAGE, end))
    return segments


def image_from_elf(elf):
    """Returns the bytes of the boot module for the static-PIE program @elf."""
    if len(elf) < ELF_HEADER.size or elf[:5] != b"\x7fELF\x02":
        raise RootError("not an ELF64 file")
    kind, machine, _, entry, *_ = ELF_HEADER.unpack_from(elf)
    if kind != TYPE_SHARED or machine != MACHINE_X86_64:
        raise RootError("not a static-PIE program for x86-64")
    memory = bytearray()
    try:
        segments = segments_of(elf, memory)
    except struct.error as error:
        raise RootError(f"the program headers are damaged: {error}") from error
    if tuple(segment.rights for segment in segments) != PARTS or any(
        before.end > after.start for before, after in zip(segments, segments[1:])
    ):
        raise RootError(
            "not four segments of their own pages (readable, executable, readable, writable):"
            " link with '-z separate-code'"
        )
    starts = [segment.start for segment in segments[1:]]
    header = HEADER.pack(MAGIC, *starts, len(memory), entry)
    return header + bytes(PAGE - len(header)) + memory


def main(arguments):
    if len(arguments) not in (2, 3):
        print("usage: make_root.py OUTPUT PROGRAM_ELF [ARCHIVE]", file=sys.stderr)
        return 2
    output, program, *archives = map(pathlib.Path, arguments)
    try:
        parts = [image_from_elf(program.read_bytes()), *(path.read_bytes() for path in archives)]
        output.write_bytes(b"".join(parts))
    except (RootError, OSError) as error:
        print(f"make_root.py: {program}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
