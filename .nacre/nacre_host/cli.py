# SPDX-License-Identifier: MIT
"""The way in: reads the command line and hands over to one command_*.py.

Owns the list of commands and how mistakes in the command line are answered: one line that says what
was wrong and what was perhaps meant.
"""

import argparse
import difflib
import errno
import os
import signal
import sys

from nacre_host import (
    command_bench,
    command_cc,
    command_debug,
    command_doctor,
    command_image,
    command_run,
    command_test,
)
from nacre_host.project import (
    STATUS_FAILED,
    STATUS_INTERRUPTED,
    STATUS_USAGE,
    NacreError,
    say,
)

COMMANDS = {
    "run": command_run,
    "test": command_test,
    "debug": command_debug,
    "image": command_image,
    "bench": command_bench,
    "cc": command_cc,
    "doctor": command_doctor,
}


# What helps against failures of the system.
MENDS = {
    errno.ENOSPC: "free some room on that disk and repeat",
    errno.EDQUOT: "free some of your room on that disk and repeat",
    errno.EROFS: "that disk cannot be written: use a checkout on another one",
    errno.EACCES: "it is another user's: use a checkout of your own, or change its owner",
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENOMEM: "end some programs and repeat",
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line."""

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, **options)

    def error(self, message):
        raise NacreError(f"{message} (see ./{self.prog} --help)", STATUS_USAGE)


def suggestion(word, known):
    """Returns ": did you mean ...?" if one of @known is close to @word."""
    close = difflib.get_close_matches(word, known, 1, 0.6)
    return f": did you mean '{close[0]}'?" if close else ""


def help_text():
    """Returns what `./nacre --help` prints."""
    lines = ["usage: ./nacre COMMAND [OPTIONS]", "", "commands:"]
    lines += [f"  {name:<8} {module.SUMMARY}" for name, module in COMMANDS.items()]
    lines += [
        "",
        "./nacre COMMAND --help tells more. Missing Debian packages are installed when root runs",
        "it, or through sudo with --yes; otherwise the line that installs them is printed.",
    ]
    return "\n".join(lines)


def parser_for(name):
    """Returns the parser of command @name."""
    module = COMMANDS[name]
    parser = Parser(
        prog=f"nacre {name}",
        description=module.SUMMARY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=getattr(module, "EPILOG", None),
    )
    parser.add_argument(
        "--yes", action="store_true", help="install missing packages without asking (sudo)"
    )
    module.add_arguments(parser)
    return parser


def parse(name, arguments):
    """Returns the options of command @name; what stands after "--" is options.qemu_arguments."""
    parser = parser_for(name)
    qemu_arguments = []
    if "--" in arguments:
        position = arguments.index("--")
        arguments, qemu_arguments = arguments[:position], arguments[position + 1 :]
        if not getattr(COMMANDS[name], "TAKES_QEMU_ARGUMENTS", False):
            raise NacreError(f"{name} takes no QEMU arguments after '--'", STATUS_USAGE)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        word = unknown[0].partition("=")[0]
        known = [text for action in parser._actions for text in action.option_strings]
        raise NacreError(
            f"{name}: unknown {'option' if word.startswith('-') else 'argument'} '{word}'"
            f"{suggestion(word, known)} (see ./nacre {name} --help)",
            STATUS_USAGE,
        )
    options.qemu_arguments = tuple(qemu_arguments)
    return options


def command_line(arguments):
    """Runs one command; returns the exit status."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(help_text())
        return 0 if arguments else STATUS_USAGE
    name, *rest = arguments
    if name not in COMMANDS:
        raise NacreError(
            f"unknown command '{name}'{suggestion(name, COMMANDS)}"
            f" (known: {', '.join(COMMANDS)}; see ./nacre --help)",
            STATUS_USAGE,
        )
    return COMMANDS[name].run(parse(name, rest))


def end_on_signal(number, _frame):
    """Ends in order, so that no machine is left running."""
    sys.exit(128 + number)


def main(arguments):
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_on_signal)
    try:
        status = command_line(arguments)
        sys.stdout.flush()
        return status
    except NacreError as error:
        say(error)
        return error.status
    except KeyboardInterrupt:
        say("interrupted")
        return STATUS_INTERRUPTED
    except BrokenPipeError:
        drop_output()
        return 128 + 13
    except OSError as error:
        if error.errno == errno.ENOSPC and error.filename is None:
            drop_output()
        say(problem_of_system(error))
        return STATUS_FAILED


def drop_output():
    """Nobody takes our output any more; the interpreter must not complain when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def problem_of_system(error):
    """Returns one line for an OSError that no command expected."""
    place = f"{error.filename}: " if error.filename else ""
    mend = MENDS.get(error.errno, "run './nacre doctor' to see what is odd here")
    return f"{place}{error.strerror or error}: {mend}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
