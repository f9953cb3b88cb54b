#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns the marks in compiled offsets.c into a header that assembler sources include.

Owns the format of the marks: a line "->NAME VALUE", which offsets.c leaves in the compiler's
assembly output with asm volatile("\\n->NAME %0" :: "i"(value)). Knows nothing of what is measured.

    make_offsets.py ASSEMBLY HEADER
"""

import re
import sys

MARK = re.compile(r"->(?P<name>[A-Za-z_]\w*)\s+[$#]?(?P<value>-?\d+)")


def offsets_from_assembly(text):
    """Returns the marks in @text as a list of (name, value), in order."""
    offsets = []
    for line in text.splitlines():
        line = line.strip()
        if not line.startswith("->"):
            continue
        mark = MARK.match(line)
        if not mark:
            raise ValueError(f"not a mark of the form '->NAME VALUE': {line}")
        offsets.append((mark["name"], int(mark["value"])))
    names = [name for name, _ in offsets]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"defined twice: {', '.join(sorted(twice))}")
    if not offsets:
        raise ValueError("no '->NAME VALUE' mark found")
    return offsets


def header_from_offsets(offsets):
    """Returns the text of the header."""
    lines = [
        "/* SPDX-License-Identifier: MIT */",
        "/* Generated from ukernel/arch/x86_64/offsets.c. */",
        "#pragma once",
        "",
    ]
    lines += [f"#define {name} {value}" for name, value in offsets]
    return "\n".join(lines) + "\n"


def main(arguments):
    if len(arguments) != 2:
        print("usage: make_offsets.py ASSEMBLY HEADER", file=sys.stderr)
        return 2
    with open(arguments[0], encoding="ascii") as assembly:
        text = assembly.read()
    try:
        header = header_from_offsets(offsets_from_assembly(text))
    except ValueError as error:
        print(f"make_offsets.py: {arguments[0]}: {error}", file=sys.stderr)
        return 1
    with open(arguments[1], "w", encoding="ascii") as output:
        output.write(header)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
