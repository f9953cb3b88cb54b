#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the tables of docs/abi-reference.md and docs/protocols.md from what defines them.

Owns how the tables look and where they go: between the lines

    <!-- made by make_reference.py: NAME -->
    <!-- end of NAME -->

of a document; all else in it is written by hand. The tables are kept in the repository so that they
can be read where there is no build; tests/host/test_reference.py tells when they are out of date.

    make_reference.py              writes them
    make_reference.py --check      names those that are out of date
"""

import argparse
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "libipc" / "generator"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import abi_source  # noqa: E402
from nacre_interface import documentation  # noqa: E402
from nacre_interface.parser import parse_error_names, parse_interface  # noqa: E402

ABI = TOP / "ukernel" / "include" / "nacre" / "abi"
INTERFACES = TOP / "libipc" / "interfaces"
DOCUMENTS = ("docs/abi-reference.md", "docs/protocols.md")
MARKED = re.compile(
    r"(<!-- made by make_reference\.py: (?P<name>[\w-]+) -->\n).*?(<!-- end of (?P=name) -->)",
    re.DOTALL,
)
MARK = re.compile(r"<!-- (?:made by make_reference\.py:|end of) ")
# Constants of one header may be made of those of another, so the order counts.
HEADERS = ("ipc", "rights", "item", "label", "fault", "feature", "boot")
STRUCTURES = {
    "item": ("ipc_item",),
    "utcb": ("utcb",),
    "fault": ("abi_registers",),
    "boot": ("boot_range", "boot_module", "boot_info", "boot_program"),
}


class ReferenceError(ValueError):
    """A document whose marks do not fit."""


def cell(text):
    """Returns @text as a table cell shows it."""
    return text.replace("|", "\\|").replace("*", "\\*")


def table(heads, rows):
    """Returns the lines of a Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def header(name):
    return (ABI / name).read_text(encoding="utf-8")


def value_text(value):
    """Small numbers in decimal, masks and magic numbers in hexadecimal."""
    return str(value) if value < 1024 and value not in (128, 256, 512) else f"{value:#x}"


def errors_table():
    entries = abi_source.list_entries(header("error.def"), "ERROR")
    rows = [
        (number, f"`{name}`", f"`ERROR_{upper}`", cell(text))
        for upper, number, name, text in entries
    ]
    return table(("number", "name", "in C", "what happened"), rows)


def kernel_methods():
    """Returns, for each protocol of label.def, a heading and a table of its methods."""
    text = header("label.def")
    methods = abi_source.described_entries(text, "METHOD|MESSAGE")
    lines = []
    for (protocol, number), what in abi_source.described_entries(text, "PROTOCOL"):
        lines += [f"### {protocol.lower()}: {what['']} (protocol {number})", ""]
        rows = []
        for method, parts in methods:
            if method[0] != protocol:
                continue
            label = int(number) << 16 | int(method[2])
            rows.append(
                (
                    f"`{protocol}_{method[1]}`<br>`{label:#x}`",
                    message_cell(parts, "in"),
                    message_cell(parts, "out"),
                    cell(parts[""]),
                    cell(parts.get("errors", "")),
                )
            )
        lines += table(("method, label", "request", "answer", "what it does", "errors"), rows)
        lines.append("")
    return lines[:-1]


def message_cell(parts, way):
    """Returns the cell for a request (@way "in") or an answer ("out"): words, then items."""
    words = [parts[way]] if way in parts else []
    items = [f"items: {parts[f'{way} items']}"] if f"{way} items" in parts else []
    return "<br>".join(cell(part) for part in words + items)


def all_constants():
    """Returns {header: its Constants}."""
    known = {}
    return {name: abi_source.constants(header(f"{name}.h"), known) for name in HEADERS}


def constants_table(name):
    rows = [
        (f"`{constant.name}`", value_text(constant.value), cell(constant.text))
        for constant in all_constants()[name]
    ]
    return table(("constant", "value", ""), rows)


def structure_table(name):
    known = {c.name: c.value for found in all_constants().values() for c in found}
    sizes = abi_source.basic_sizes()
    for file, structures in STRUCTURES.items():
        for structure in structures:
            fields, size = abi_source.structure(header(f"{file}.h"), structure, known, sizes)
            if structure == name:
                rows = [
                    (f"{field.offset:#x}", f"`{field.name}`", f"`{field.type}`", cell(field.text))
                    for field in fields
                ]
                return [*table(("offset", "field", "type", ""), rows), "", f"{size} bytes in all."]
    raise ReferenceError(f"no structure {name}")


def interfaces():
    """Returns all Interfaces in order of their numbers."""
    names = parse_error_names(header("error.def"))
    found = [
        parse_interface(path.name, path.read_text(encoding="utf-8"), names)
        for path in INTERFACES.glob("*.interface")
    ]
    return sorted(found, key=lambda interface: interface.number)


def first_sentence(text):
    return re.split(r"(?<=[.:]) ", text, maxsplit=1)[0].rstrip(".:")


def protocol_index():
    rows = []
    for interface in interfaces():
        anchor = f"{interface.name}-{interface.number:#x}"
        methods = ", ".join(f"`{method.name}`" for method in interface.methods)
        rows.append(
            (
                f"[{interface.name}](#{anchor})",
                f"{interface.number:#x}",
                cell(first_sentence(interface.text)),
                methods,
            )
        )
    return table(("protocol", "number", "what it is", "methods"), rows)


def protocol_sections():
    lines = []
    for interface in interfaces():
        lines += documentation.interface_section(interface)
    return lines[:-1] if lines and not lines[-1] else lines


def tables():
    """Returns {name of a table: function that returns its lines}."""
    found = {
        "errors": errors_table,
        "kernel-methods": kernel_methods,
        "protocol-index": protocol_index,
        "protocols": protocol_sections,
    }
    for name in HEADERS:
        found[f"constants-{name}"] = lambda name=name: constants_table(name)
    for structures in STRUCTURES.values():
        for name in structures:
            found[f"struct-{name}"] = lambda name=name: structure_table(name)
    return found


def filled(text, makers):
    """Returns document @text with each marked part made anew."""
    if len(MARK.findall(text)) != 2 * len(MARKED.findall(text)):
        raise ReferenceError("a mark without its partner")

    def made(match):
        if match["name"] not in makers:
            raise ReferenceError(f"no table '{match['name']}' (known: {', '.join(makers)})")
        return f"{match[1]}\n" + "\n".join(makers[match["name"]]()) + f"\n\n{match[3]}"

    return MARKED.sub(made, text)


def outdated(write=None):
    """Returns the documents that are not as they should be; gives @write (path, text) of each."""
    found, makers = [], tables()
    for name in DOCUMENTS:
        path = TOP / name
        text = path.read_text(encoding="utf-8")
        try:
            new = filled(text, makers)
        except ValueError as error:
            raise ReferenceError(f"{name}: {error}") from error
        if new != text:
            found.append(name)
            if write:
                write(path, new)
    return found


def main():
    parser = argparse.ArgumentParser(description="Makes the reference tables in docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is outdated")
    check = parser.parse_args().check
    try:
        found = outdated(None if check else lambda path, text: path.write_text(text, "utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"make_reference.py: {error}")
    for name in found:
        print(f"{name}: {'out of date: run .nacre/scripts/make_reference.py' if check else 'made'}")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
