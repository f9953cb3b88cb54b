# SPDX-License-Identifier: MIT
"""What gdb knows of Nacre: where the sources are, and how user programs are found.

Owns the gdb command nacre-symbols. Loaded by ./nacre debug, inside gdb.
"""

import pathlib

import gdb  # provided by gdb itself

TOP = pathlib.Path(__file__).resolve().parents[2]


class NacreSymbols(gdb.Command):
    """nacre-symbols PROGRAM ADDRESS: adds the symbols of a user program loaded at ADDRESS."""

    def __init__(self):
        super().__init__("nacre-symbols", gdb.COMMAND_FILES)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if len(words) != 2:
            raise gdb.GdbError("usage: nacre-symbols PROGRAM ADDRESS")
        name, address = words
        kernel = pathlib.Path(gdb.current_progspace().filename)
        directory = kernel.parents[1]
        places = ("servers", "icf", "rootfs/programs", "tests/system")
        found = [path for place in places for path in directory.glob(f"{place}/**/{name}/{name}")]
        if not found:
            raise gdb.GdbError(f"no program {name} below {directory}")
        gdb.execute(f"add-symbol-file {found[0]} -o {address}")


gdb.execute("set confirm off")
gdb.execute("set pagination off")
gdb.execute(f"set substitute-path /nacre {TOP}")
gdb.execute("set disassembly-flavor intel")
NacreSymbols()
