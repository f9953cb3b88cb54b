# SPDX-License-Identifier: MIT
"""./nacre test: runs groups of tests and counts.

Owns the list of groups. Each is a module with NEEDS (groups of packages), SUMMARY and run(context).
"""

import dataclasses

from nacre_host import build, packages
from nacre_host.project import NacreError, say
from nacre_host.testing import group_host, group_style, group_system, group_unit
from nacre_host.testing.results import Results

SUMMARY = "run all tests, or one group of them"
DEFAULT_PRESET = "gcc-debug"

GROUPS = {
    "host": group_host,
    "unit": group_unit,
    "system": group_system,
    "style": group_style,
}
EPILOG = "groups:\n" + "\n".join(
    f"  {name:<8} {module.SUMMARY}" for name, module in GROUPS.items()
)


@dataclasses.dataclass(frozen=True)
class Context:
    """What a group works with."""

    preset: str
    results: Results


def add_arguments(parser):
    parser.add_argument("group", nargs="?", choices=GROUPS, metavar="GROUP")
    parser.add_argument(
        "-k",
        metavar="PATTERN",
        help="only tests whose title has PATTERN in it (* stands for any text)",
    )
    parser.add_argument(
        "--preset",
        choices=build.PRESETS,
        default=DEFAULT_PRESET,
        help=f"which build is tested (default {DEFAULT_PRESET})",
    )


def run(options):
    names = [options.group] if options.group else list(GROUPS)
    packages.require([need for name in names for need in GROUPS[name].NEEDS], options.yes)
    context = Context(options.preset, Results(options.k))
    for name in names:
        say(f"testing: {name}")
        try:
            GROUPS[name].run(context)
        except NacreError as error:
            context.results.fail(f"{name}: the group can run", str(error))
    return 0 if context.results.finish() else 1
