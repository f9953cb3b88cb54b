# SPDX-License-Identifier: MIT
"""Packages: what is missing is named with the line that installs it; nothing else is installed."""

import os
import subprocess
import unittest
from unittest import mock

from nacre_host import command_doctor, packages
from nacre_host.packages import Package
from nacre_host.project import STATUS_MISSING, NacreError

ABSENT = Package("some-package", "command-that-does-not-exist", "-")
OLD = Package("some-qemu", "qemu-system-x86_64", "7.0")


class TheList(unittest.TestCase):
    def test_every_group_that_a_command_needs_is_there(self):
        from nacre_host.command_test import GROUPS

        needs = {need for group in GROUPS.values() for need in group.NEEDS} | {"debug", "run"}
        self.assertLessEqual(needs, set(packages.groups()))
        self.assertEqual(set(packages.groups()), set(command_doctor.PURPOSES))

    def test_comments_and_blank_lines_are_skipped(self):
        groups = packages.groups_from_text("# no\n\n[a]\none  command  -\ntwo  /a/b*  1.2\n[b]\n")
        self.assertEqual(
            groups, {"a": [Package("one", "command", "-"), Package("two", "/a/b*", "1.2")], "b": []}
        )


class Versions(unittest.TestCase):
    def test_versions_compare_by_number(self):
        self.assertLess(packages.version_key("7.2.22"), packages.version_key("10.0"))

    def test_the_packager_in_parentheses_is_not_the_version(self):
        text = "GNU ld (GNU Binutils for Debian 9.9) 2.40\n"
        result = subprocess.CompletedProcess([], 0, text, "")
        packages.command_version.cache_clear()
        self.addCleanup(packages.command_version.cache_clear)
        with mock.patch.object(subprocess, "run", return_value=result):
            self.assertEqual(packages.command_version("ld"), "2.40")


class Requiring(unittest.TestCase):
    def require(self, found, is_root=False, is_allowed=False, has=("apt-get",)):
        """Requires packages @found; returns (error or None, apt-get's command lines)."""
        calls = []

        def run(command, **_):
            calls.append(command)
            return subprocess.CompletedProcess(command, 0, b"", b"")

        def which(name):
            return name if name in has else None

        with (
            mock.patch.object(packages, "groups", return_value={"x": found}),
            mock.patch.object(os, "geteuid", return_value=0 if is_root else 1000),
            mock.patch.object(packages.shutil, "which", side_effect=which),
            mock.patch.object(packages.subprocess, "run", side_effect=run),
            mock.patch.object(packages, "say"),
        ):
            try:
                packages.require(["x"], is_allowed)
            except NacreError as error:
                return error, calls
        return None, calls

    def test_a_user_is_told_the_exact_line_and_nothing_runs(self):
        error, calls = self.require([ABSENT])
        self.assertEqual((error.status, calls), (STATUS_MISSING, []))
        line = "apt-get update && apt-get install --no-install-recommends -y some-package"
        self.assertIn(line, str(error))

    def test_yes_without_sudo_is_not_enough(self):
        self.assertEqual(self.require([ABSENT], is_allowed=True)[1], [])

    def test_yes_with_sudo_installs_through_sudo(self):
        _, calls = self.require([ABSENT], is_allowed=True, has=("apt-get", "sudo"))
        self.assertEqual([call[0] for call in calls], ["sudo", "sudo"])

    def test_root_installs_without_questions(self):
        error, calls = self.require([ABSENT], is_root=True)
        self.assertIn("DEBIAN_FRONTEND=noninteractive", calls[1])
        self.assertEqual(calls[1][-3:], ["-y", "--no-install-recommends", "some-package"])
        self.assertIn("still not there", str(error))

    def test_another_distribution_is_told_the_names(self):
        error, calls = self.require([ABSENT], is_root=True, has=())
        self.assertIn("This is not Debian", str(error))
        self.assertEqual(calls, [])

    def test_what_is_too_old_is_named_with_both_versions(self):
        with mock.patch.object(packages, "command_version", return_value="6.2.0"):
            error, calls = self.require([OLD], has=("apt-get", "qemu-system-x86_64"))
        self.assertIn("version 6.2.0, but at least 7.0", str(error))
        self.assertIn("qemu-system-x86_64 is", str(error))
        self.assertIn("as root: apt-get", str(error))
        self.assertEqual(calls, [])

    def test_what_is_there_needs_nothing(self):
        with mock.patch.object(packages, "command_version", return_value="7.2.22"):
            result = self.require([OLD], has=("qemu-system-x86_64",))
        self.assertEqual(result, (None, []))


class Doctor(unittest.TestCase):
    def test_a_missing_package_is_fatal_and_says_what_mends_it(self):
        finding = command_doctor.package_finding(ABSENT, "./nacre run")
        self.assertTrue(finding.is_fatal)
        self.assertIn("needed by ./nacre run; as root: apt-get", finding.line())

    def test_an_old_qemu_is_fatal(self):
        with mock.patch.object(packages, "command_version", return_value="6.2.0"):
            with mock.patch.object(packages.shutil, "which", return_value="/usr/bin/qemu"):
                line = command_doctor.package_finding(OLD, "").line()
        self.assertIn("qemu-system-x86_64 is version 6.2.0: at least 7.0 is needed", line)

    def test_a_full_disk_is_fatal(self):
        self.assertIn("MISSING", command_doctor.space_finding("/", 1 << 80).line())
        self.assertIsNone(command_doctor.space_finding("/", 0).mend)

    def test_little_memory_is_odd(self):
        finding = command_doctor.memory_finding("MemTotal: 9 kB\nMemAvailable:   4000 kB\n")
        self.assertIn("3 MiB of memory", finding.line())
        self.assertIsNotNone(finding.mend)

    def test_another_system_is_odd_but_no_reason_to_stop(self):
        debian = command_doctor.system_finding('ID=debian\nVERSION_ID="12"\n')
        fedora = command_doctor.system_finding('ID=fedora\nPRETTY_NAME="Fedora"\n')
        self.assertIsNone(debian.mend)
        self.assertIsNotNone(fedora.mend)
        self.assertFalse(fedora.is_fatal)

    def test_a_path_that_cmake_cannot_use_is_fatal(self):
        self.assertIsNotNone(command_doctor.path_finding("/a;b").mend)
        self.assertIsNone(command_doctor.path_finding("/a b/c").mend)


if __name__ == "__main__":
    unittest.main()
