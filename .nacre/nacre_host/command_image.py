# SPDX-License-Identifier: MIT
"""./nacre image: builds what boots, and says where it is.

Owns the names of the kinds of image. How they are made is in .nacre/cmake/nacre_image.cmake.
"""

from nacre_host import build, packages
from nacre_host.machine import Boot

SUMMARY = "build a bootable image: iso (BIOS and UEFI), bundle (for qemu -initrd), elf (the kernel)"
EPILOG = """\
Prints the path of each file it made. To start a bundle by hand:
  qemu-system-x86_64 -M q35 -cpu max -nodefaults -nographic -serial mon:stdio \\
      -kernel nacre-kernel.elf -initrd nacre.bundle"""

KINDS = ("iso", "bundle", "elf")


def add_arguments(parser):
    parser.add_argument("kind", nargs="?", choices=KINDS, default="iso", help="default: iso")
    parser.add_argument(
        "--preset",
        choices=build.PRESETS,
        default=build.DEFAULT_PRESET,
        help=f"which build (default {build.DEFAULT_PRESET})",
    )


def run(options):
    packages.require(["build", "iso"] if options.kind == "iso" else ["build"], options.yes)
    preset = options.preset
    if options.kind == "elf":
        build.make(preset, ["nacre-kernel.elf"])
        print(build.kernel(preset))
        return 0
    way = Boot.BIOS if options.kind == "iso" else Boot.DIRECT
    build.make(preset, build.image_targets("nacre", way))
    print(build.image(preset, "nacre", way))
    return 0
