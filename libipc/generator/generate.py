#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes C files from interface files.

Owns which file goes where. The format is in docs/interfaces.md.

    generate.py --errors ERROR.DEF --output DIRECTORY INTERFACE...     C files below DIRECTORY
    generate.py --errors ERROR.DEF --list DIRECTORY INTERFACE...       what --output would write
"""

import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from nacre_interface import c_client, c_identifiers, c_server  # noqa: E402
from nacre_interface.parser import InterfaceError, parse_error_names, parse_interface  # noqa: E402


def read_interfaces(paths, error_names):
    """Returns the interfaces in order of their numbers. Raises InterfaceError."""
    interfaces = []
    for path in paths:
        interface = parse_interface(path.name, path.read_text(encoding="utf-8"), error_names)
        if path.stem != interface.name:
            raise InterfaceError(f"{path.name}: call the file {interface.name}.interface")
        for other in interfaces:
            if other.number == interface.number:
                raise InterfaceError(
                    f"{path.name}: {other.name} has number {interface.number:#x} already"
                )
        interfaces.append(interface)
    return sorted(interfaces, key=lambda interface: interface.number)


def generated_files(interfaces):
    """Returns {path: lines} of all C files."""
    files = {
        "include/nacre/protocols.h": c_identifiers.protocols_header(interfaces),
        "protocol_names.c": c_identifiers.names_source(interfaces),
    }
    for interface in interfaces:
        name = interface.name
        identifiers = c_identifiers.interface_identifiers(interface)
        files[f"include/nacre/protocol/{name}.h"] = c_client.client_header(interface, identifiers)
        if c_client.has_client(interface):
            files[f"{name}_client.c"] = c_client.client_source(interface)
        if c_server.has_server(interface):
            files[f"include/nacre/protocol/{name}_server.h"] = c_server.server_header(interface)
            files[f"{name}_server.c"] = c_server.server_source(interface)
    return files


def write_if_changed(path, lines):
    """Keeps the time of a file that stays as it is, so that nothing is built again for it."""
    text = "\n".join(lines) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="Makes C files from interface files.")
    parser.add_argument("--errors", type=pathlib.Path, required=True, help="nacre/abi/error.def")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--output", type=pathlib.Path, help="directory for C files")
    what.add_argument("--list", type=pathlib.Path, help="name the C files below this directory")
    parser.add_argument("interfaces", type=pathlib.Path, nargs="+", help="interface files")
    arguments = parser.parse_args()
    try:
        error_names = parse_error_names(arguments.errors.read_text(encoding="utf-8"))
        interfaces = read_interfaces(arguments.interfaces, error_names)
    except (OSError, InterfaceError) as error:
        sys.exit(f"generate.py: {error}")
    for path, lines in generated_files(interfaces).items():
        if arguments.list:
            print(arguments.list / path)
        else:
            write_if_changed(arguments.output / path, lines)


if __name__ == "__main__":
    main()
