# SPDX-License-Identifier: MIT
"""The command line: mistakes are answered in one line, help tells everything."""

import contextlib
import errno
import io
import os
import pathlib
import subprocess
import tempfile
import unittest
from unittest import mock

from nacre_host import cli
from nacre_host.project import TOP, NacreError


def nacre(*arguments):
    """Runs the host command; returns (status, output, error)."""
    output, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
        status = cli.main(list(arguments))
    return status, output.getvalue(), error.getvalue()


class Mistakes(unittest.TestCase):
    def assert_one_line(self, arguments, *parts):
        status, output, error = nacre(*arguments)
        self.assertEqual((status, output), (2, ""))
        self.assertEqual(error.count("\n"), 1)
        for part in parts:
            self.assertIn(part, error)

    def test_an_unknown_command_gets_a_suggestion(self):
        self.assert_one_line(["rnu"], "unknown command 'rnu'", "did you mean 'run'?")

    def test_a_command_like_no_other_gets_the_list(self):
        self.assert_one_line(["xyzzy"], "known: run, test")

    def test_an_unknown_option_gets_a_suggestion(self):
        self.assert_one_line(["run", "--tiemout=3"], "--tiemout", "did you mean '--timeout'?")

    def test_an_option_without_its_value_is_named(self):
        self.assert_one_line(["run", "--exec"], "--exec", "./nacre run --help")

    def test_an_unknown_group_of_tests_is_named_with_the_known_ones(self):
        self.assert_one_line(["test", "unti"], "unti", "unit")

    def test_an_unknown_kind_of_image_is_named_with_the_known_ones(self):
        self.assert_one_line(["image", "floppy"], "floppy", "iso")

    def test_a_time_limit_that_is_none_is_refused(self):
        for command in ("run", "bench"):
            for text in ("0", "-3", "soon", "nan", "inf"):
                self.assert_one_line([command, f"--timeout={text}"], f"'{text}'", "seconds")

    def test_a_script_that_is_a_directory_is_named(self):
        self.assert_one_line(["run", "--script", "/"], "--script /: Is a directory")

    def test_a_file_for_figures_that_cannot_be_written_is_named_before_anything_is_measured(self):
        self.assert_one_line(["bench", "--json", "/no/such/directory/x"], "--json /no/such")

    def test_arguments_for_qemu_where_there_is_no_qemu_are_refused(self):
        self.assert_one_line(["doctor", "--", "-d", "int"], "takes no QEMU arguments")


class Help(unittest.TestCase):
    def test_every_command_is_listed_and_has_help_of_its_own(self):
        _, output, _ = nacre("--help")
        for name in cli.COMMANDS:
            self.assertIn(f"  {name}", output)
            with self.assertRaises(SystemExit) as caught, contextlib.redirect_stdout(io.StringIO()):
                cli.main([name, "--help"])
            self.assertEqual(caught.exception.code, 0)

    def test_no_arguments_print_the_help_and_fail(self):
        status, output, _ = nacre()
        self.assertEqual(status, 2)
        self.assertIn("usage:", output)


class Endings(unittest.TestCase):
    def test_an_error_carries_its_status(self):
        with mock.patch.object(cli, "command_line", side_effect=NacreError("no", 42)):
            self.assertEqual(nacre("run")[0], 42)

    def assert_system_failure(self, error, *parts):
        with mock.patch.object(cli, "command_line", side_effect=error):
            status, output, text = nacre("run")
        self.assertEqual((status, output, text.count("\n")), (1, "", 1))
        for part in parts:
            self.assertIn(part, text)

    def test_what_the_system_refuses_is_one_line_that_says_what_to_do(self):
        denied = PermissionError(errno.EACCES, "Permission denied", "/x/build/.nacre-lock")
        self.assert_system_failure(denied, "/x/build/.nacre-lock: Permission denied", "its owner")
        full = OSError(errno.ENOSPC, "No space left on device", "/x/build")
        self.assert_system_failure(full, "/x/build: No space left", "free some room")
        odd = OSError(errno.EIO, "Input/output error", "/x")
        self.assert_system_failure(odd, "/x: Input/output error", "./nacre doctor")

    def run_shell(self, command):
        return subprocess.run(
            ["bash", "-c", command], cwd=TOP, capture_output=True, text=True, check=False
        )

    def test_output_that_does_not_fit_is_one_line(self):
        result = self.run_shell("./nacre --help >/dev/full")
        self.assertEqual((result.returncode, result.stderr.count("\n")), (1, 1), result.stderr)
        self.assertIn("No space left on device", result.stderr)

    def test_a_reader_that_has_gone_is_no_news(self):
        result = self.run_shell("(sleep 0.2; ./nacre --help; echo $? >&2) | true")
        self.assertEqual(result.stderr, "141\n")

    def test_it_works_from_a_subdirectory_and_through_a_link(self):
        with tempfile.TemporaryDirectory() as directory:
            link = pathlib.Path(directory) / "nacre"
            link.symlink_to(TOP / "nacre")
            for command in ("cd docs && ../nacre", f"cd / && {link}"):
                result = self.run_shell(f"{command} run --direct --print-command")
                self.assertIn(str(TOP / "build"), result.stdout)

    def test_an_interrupt_ends_with_130(self):
        with mock.patch.object(cli, "command_line", side_effect=KeyboardInterrupt):
            self.assertEqual(nacre("run")[0], 130)


class Bootstrap(unittest.TestCase):
    """The shell script in front, on a machine without Python."""

    def run_without_python(self, *arguments, user_id="1000"):
        with tempfile.TemporaryDirectory() as directory:
            tools = {"id": f"echo {user_id}", "apt-get": f"echo apt-get >>{directory}/log"}
            for name, body in tools.items():
                path = pathlib.Path(directory) / name
                path.write_text(f"#!/bin/sh\n{body}\n", encoding="ascii")
                path.chmod(0o755)
            for name in ("bash", "sh", "dirname", "readlink", "env"):
                found = next(p for p in ("/bin", "/usr/bin") if os.path.exists(f"{p}/{name}"))
                os.symlink(f"{found}/{name}", f"{directory}/{name}")
            result = subprocess.run(
                [f"{directory}/bash", str(TOP / "nacre"), *arguments],
                env={"PATH": directory},
                capture_output=True,
                text=True,
                check=False,
            )
            log = pathlib.Path(directory) / "log"
            return result, log.read_text(encoding="ascii") if log.exists() else ""

    def test_a_user_gets_the_exact_line_and_nothing_is_installed(self):
        result, log = self.run_without_python("run")
        self.assertEqual(result.returncode, 3)
        self.assertIn("apt-get install --no-install-recommends -y python3", result.stderr)
        self.assertEqual(log, "")

    def test_yes_after_the_separator_is_not_ours(self):
        result, log = self.run_without_python("run", "--", "--yes")
        self.assertEqual((result.returncode, log), (3, ""))

    def test_root_has_it_installed(self):
        result, log = self.run_without_python("run", user_id="0")
        self.assertEqual(log.count("apt-get"), 2)
        self.assertIn("older than 3.11", result.stderr)


if __name__ == "__main__":
    unittest.main()
