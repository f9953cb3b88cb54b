# SPDX-License-Identifier: MIT
"""./nacre cc: compiles and links C files into a program for Nacre.

Owns the order of the compiler's arguments. The flags are those of the build, which writes them down
(.nacre/cmake/nacre_program.cmake).
"""

import pathlib
import subprocess

from nacre_host import build, packages
from nacre_host.project import STATUS_USAGE, NacreError

SUMMARY = "build a program for Nacre from C files"
EPILOG = """\
The program is a static-PIE ELF file. To have it in the image, put it into rootfs/files/bin.

  ./nacre cc hello.c                       makes hello
  ./nacre cc -o game main.c board.c --option=-Wall --option=-O3"""


def add_arguments(parser):
    parser.add_argument("sources", nargs="+", metavar="FILE.c")
    parser.add_argument("-o", metavar="PROGRAM", help="default: the first file's name without .c")
    parser.add_argument(
        "--option", action="append", default=[], metavar="OPTION", help="one more compiler option"
    )
    parser.add_argument(
        "--preset",
        choices=build.PRESETS,
        default=build.DEFAULT_PRESET,
        help=f"which build's compiler and library (default {build.DEFAULT_PRESET})",
    )


def flags(path):
    """Returns the flags in the file @path, one a line."""
    return path.read_text(encoding="utf-8").split("\n")[:-1]


def compiler_command(path, compiler, sources, output, extra):
    """Returns the compiler's command line, with the flags of build directory @path."""
    return [
        compiler,
        *flags(path / "cc-compile.txt"),
        *extra,
        *("-o", str(output)),
        *map(str, sources),
        *flags(path / "cc-link.txt"),
    ]


def run(options):
    sources = [pathlib.Path(name) for name in options.sources]
    for source in sources:
        if not source.exists():
            raise NacreError(f"{source}: no such file", STATUS_USAGE)
    output = pathlib.Path(options.o) if options.o else sources[0].with_suffix("")
    if output in sources:
        raise NacreError(f"{output} would overwrite its source: give a name with -o", STATUS_USAGE)
    packages.require(["build"] + ["style"] * options.preset.startswith("clang"), options.yes)
    path = build.make(options.preset, ["ipc"])
    compiler = options.preset.partition("-")[0]
    output.parent.mkdir(parents=True, exist_ok=True)
    command = compiler_command(path, compiler, sources, output, options.option)
    return subprocess.run(command, check=False).returncode
