# SPDX-License-Identifier: MIT
"""./nacre run from end to end, with a stand-in for QEMU: streams, statuses, time-outs."""

import contextlib
import io
import os
import pathlib
import tempfile
import time
import unittest
from unittest import mock

from nacre_host import cli, command_run, guest
from nacre_host.machine import Boot, Machine

HERE = pathlib.Path(__file__).resolve().parent


class Streams:
    """Standard output and standard error, caught as bytes."""

    def __init__(self):
        self.output = io.TextIOWrapper(io.BytesIO(), write_through=True)
        self.error = io.TextIOWrapper(io.BytesIO(), write_through=True)

    def texts(self):
        return tuple(
            stream.buffer.getvalue().decode() for stream in (self.output, self.error)
        )


class Run(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        os.symlink(HERE / "fake_qemu", pathlib.Path(directory.name) / "qemu-system-x86_64")
        path = f"{directory.name}:{os.environ['PATH']}"
        self.environment = {"PATH": path}
        for patch in (
            mock.patch.dict(os.environ, self.environment),
            mock.patch.object(command_run, "prepare"),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def nacre(self, behaviour, *arguments):
        """Runs the host command; returns (status, output, error)."""
        streams = Streams()
        with mock.patch.dict(os.environ, {"FAKE_QEMU": behaviour}):
            with contextlib.redirect_stdout(streams.output):
                with contextlib.redirect_stderr(streams.error):
                    status = cli.main(["run", *arguments])
        return status, *streams.texts()

    def test_only_the_output_of_commands_reaches_standard_output(self):
        status, output, error = self.nacre("well", "--exec", "echo hello; complain; echo world")
        self.assertEqual(output, "hello\nworld\n")
        self.assertIn("Nacre boots", error)
        self.assertIn("something is wrong", error)
        self.assertNotIn("waiting for connection", error)
        self.assertEqual(status, 1)

    def test_the_status_is_that_of_the_first_command_that_failed(self):
        self.assertEqual(self.nacre("well", "--exec", "echo; fail 4; fail 5; echo")[0], 4)
        self.assertEqual(self.nacre("well", "--exec", "fail 255")[0], 255)
        self.assertEqual(self.nacre("well", "--exec", "echo")[0], 0)

    def test_a_script_file_runs_like_the_same_text(self):
        with tempfile.NamedTemporaryFile("w") as script:
            script.write("echo one\necho two\n")
            script.flush()
            status, output, _ = self.nacre("well", "--script", script.name)
        self.assertEqual((status, output), (0, "one\ntwo\n"))

    def test_a_missing_script_is_named(self):
        status, _, error = self.nacre("well", "--script", "/does/not/exist")
        self.assertEqual(status, 2)
        self.assertIn("/does/not/exist", error)

    def test_a_guest_that_powers_off_by_itself_sets_the_status(self):
        self.assertEqual(self.nacre("powers_off_by_itself", "--exec", "power off 5")[0], 5)

    def test_a_panic_gives_70_and_its_line(self):
        status, _, error = self.nacre("panics", "--exec", "echo")
        self.assertEqual(status, 70)
        self.assertIn("nacre: NACRE PANIC: the invariant of the test is broken", error)

    def test_a_time_out_gives_124_and_kills_the_machine(self):
        start = time.monotonic()
        status, _, error = self.nacre("hangs", "--exec", "echo", "--timeout", "5")
        self.assertEqual(status, 124)
        self.assertIn("nothing more will come", error)
        self.assertIn("nacre: time-out (--timeout 5)", error)
        self.assertLess(time.monotonic() - start, 100)

    def test_a_guest_that_does_not_power_off_is_a_failure(self):
        with mock.patch.object(guest, "POWER_OFF_SECONDS", 0.3):
            status, output, error = self.nacre("never_powers_off", "--exec", "echo done")
        self.assertEqual((status, output), (69, "done\n"))
        self.assertIn("did not power off", error)

    def test_a_machine_that_does_not_start_says_why(self):
        status, _, error = self.nacre("dies_at_start", "--exec", "echo")
        self.assertEqual(status, 69)
        self.assertIn("invalid memory size", error)
        self.assertIn("before Nacre came up", error)

    def test_a_machine_that_dies_in_a_script_is_a_failure(self):
        status, _, error = self.nacre("dies_in_a_script", "--exec", "echo")
        self.assertEqual(status, 69)
        self.assertIn("before its results were complete", error)

    def test_a_broken_link_is_a_failure_that_says_why(self):
        status, _, error = self.nacre("breaks_the_link", "--exec", "echo")
        self.assertEqual(status, 69)
        self.assertIn("the host link broke: frame", error)

    def test_an_interactive_run_ends_with_the_status_of_the_guest(self):
        with mock.patch("sys.stdin", open(os.devnull, encoding="ascii")) as stdin:
            self.addCleanup(stdin.close)
            self.assertEqual(self.nacre("is_interactive")[0], 3)
            self.assertEqual(self.nacre("dies_at_start")[0], 69)


class PrintCommand(unittest.TestCase):
    def nacre(self, *arguments):
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            status = cli.main(["run", "--print-command", *arguments])
        return status, output.getvalue(), error.getvalue()

    def test_it_starts_nothing_and_prints_one_line(self):
        status, output, error = self.nacre("--mem", "64M", "--smp", "2")
        self.assertEqual((status, error), (0, ""))
        self.assertEqual(output.count("\n"), 1)
        for part in ("-m 64M", "-smp 2", "-accel tcg", "nacre.iso", "isa-debug-exit"):
            self.assertIn(part, output)

    def test_options_show_in_the_command(self):
        self.assertIn("-icount shift=0,align=off,sleep=off", self.nacre("--icount")[1])
        self.assertIn("-accel kvm", self.nacre("--kvm")[1])
        self.assertIn("nacre.bundle", self.nacre("--direct")[1])
        self.assertIn("chardev:link", self.nacre("--exec", "echo")[1])
        self.assertNotIn("link", self.nacre()[1])
        self.assertTrue(self.nacre("--", "-d", "int,cpu_reset")[1].endswith("-d int,cpu_reset\n"))

    def test_options_that_exclude_each_other_are_refused(self):
        for pair in (("--uefi", "--direct"), ("--kvm", "--icount"), ("--exec=a", "--script=b")):
            status, _, error = self.nacre(*pair)
            self.assertEqual(status, 2)
            self.assertIn("exclude each other", error)

    def test_nonsense_is_refused_in_one_line(self):
        for arguments in (("--mem", "lots"), ("--smp", "0"), ("--smp", "x"), ("--timeout", "-1")):
            status, _, error = self.nacre(*arguments)
            self.assertEqual(status, 2)
            self.assertEqual(error.count("\n"), 1)


class ExitStatus(unittest.TestCase):
    def test_what_the_guest_wrote_is_found_in_the_status_of_qemu(self):
        self.assertEqual(guest.exit_status_of_guest(1), 0)
        self.assertEqual(guest.exit_status_of_guest(141), 70)
        self.assertEqual(guest.exit_status_of_guest(255), 127)
        self.assertIsNone(guest.exit_status_of_guest(0))
        self.assertIsNone(guest.exit_status_of_guest(-9))


class Console(unittest.TestCase):
    def test_the_console_of_a_scripted_machine_is_not_the_monitor(self):
        boot = Boot(Boot.DIRECT, pathlib.Path("b"), pathlib.Path("k"))
        command = Machine(boot=boot, link=pathlib.Path("l")).command()
        self.assertNotIn("-mon", command)
        self.assertIn("-mon", Machine(boot=boot).command())


if __name__ == "__main__":
    unittest.main()
