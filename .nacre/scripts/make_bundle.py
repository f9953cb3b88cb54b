#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the one module of a direct boot: the root program, then the root file system archive.

QEMU's -kernel passes a single initrd. The kernel starts the ELF file at its beginning, as with
GRUB; root finds the archive at the next page boundary after its own file's end, which is where its
section header table ends. So that table must be the last thing in the file: checked here.

    make_bundle.py OUTPUT ROOT_ELF ARCHIVE
"""

import pathlib
import struct
import sys

PAGE = 4096
# ELF64 header: e_shoff at 40, e_shentsize at 58, e_shnum at 60. (System V gABI, ELF header)
SECTION_TABLE = struct.Struct("<Q10xHH")
SECTION_TABLE_OFFSET = 40
ELF_HEADER_SIZE = 64


class BundleError(Exception):
    """The root program cannot be bundled."""


def elf_file_size(elf):
    """Returns where the section header table of @elf ends, which is where the file must end."""
    if len(elf) < ELF_HEADER_SIZE or elf[:4] != b"\x7fELF" or elf[4] != 2:
        raise BundleError("not an ELF64 file")
    offset, entry_size, count = SECTION_TABLE.unpack_from(elf, SECTION_TABLE_OFFSET)
    if offset == 0 or count == 0:
        raise BundleError("the ELF file has no section header table: its size cannot be told")
    return offset + entry_size * count


def bundle_from_parts(root, archive):
    """Returns the bundle of the two files' bytes."""
    size = elf_file_size(root)
    if size != len(root):
        raise BundleError(
            f"the section header table ends at {size}, but the file has {len(root)} bytes;"
            " link root with GNU ld, which puts that table last"
        )
    return root + bytes(-len(root) % PAGE) + archive


def main(arguments):
    if len(arguments) != 3:
        print("usage: make_bundle.py OUTPUT ROOT_ELF ARCHIVE", file=sys.stderr)
        return 2
    output, root, archive = map(pathlib.Path, arguments)
    try:
        output.write_bytes(bundle_from_parts(root.read_bytes(), archive.read_bytes()))
    except (BundleError, OSError) as error:
        print(f"make_bundle.py: {root}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
