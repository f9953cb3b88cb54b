# SPDX-License-Identifier: MIT
"""What the style group rests on: which files tools see, what they are not asked twice, limits."""

import pathlib
import tempfile
import unittest

from nacre_host.testing import kernel_size, static_analysis, tools


def entry(source, output, *options):
    command = " ".join(["/usr/bin/ccache", "/usr/bin/gcc", *options, "-o", output, "-c", source])
    return {"file": source, "directory": "/b", "command": command}


class Compilations(unittest.TestCase):
    def test_only_options_are_left_of_a_compile_command(self):
        item = static_analysis.compilation_of(entry("/a/x.c", "core/x.o", "-DX=1", "-I/a"))
        self.assertEqual((item.source, item.object), ("/a/x.c", "core/x.o"))
        self.assertEqual(item.options, ("-DX=1", "-I/a"))

    def test_a_source_is_looked_at_once_as_the_system_has_it(self):
        entries = [
            entry("/a/x.c", "tests/unit/x.o", "-DFAKE"),
            entry("/a/x.c", "ukernel/x.o", "-DREAL"),
            entry("/a/test.c", "tests/unit/test.o", "-DFAKE"),
        ]
        chosen = static_analysis.as_the_system_has_it(map(static_analysis.compilation_of, entries))
        self.assertEqual(
            sorted((item.source, item.options) for item in chosen),
            [("/a/test.c", ("-DFAKE",)), ("/a/x.c", ("-DREAL",))],
        )

    def test_headers_are_read_from_what_ninja_noted(self):
        text = "x.o: #deps 2, deps mtime 1 (VALID)\n    ../x.c\n    /h.h\n\ny.o: #deps 0, deps\n"
        self.assertEqual(
            static_analysis.headers_from_text(text, pathlib.Path("/b")),
            {"x.o": ["/b/../x.c", "/h.h"], "y.o": []},
        )


class Memory(unittest.TestCase):
    """A tool that notes each run, and finds fault with sources that say so."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)
        self.write("tool", f"#!/bin/sh\n[ $1 != --version ] || exit 0\n"
                   f"echo $1 >>{self.place}/runs\n! grep wrong $1\n")
        (self.place / "tool").chmod(0o755)
        self.addCleanup(tools.file_hash.cache_clear)

    def write(self, name, text):
        (self.place / name).write_text(text, encoding="ascii")
        tools.file_hash.cache_clear()

    def check(self, *names):
        """Returns (the problems, the files that the tool was run on)."""
        runs = self.place / "runs"
        runs.unlink(missing_ok=True)
        jobs = [
            tools.Job(
                (f"{self.place}/tool", f"{self.place}/{name}"),
                self.place,
                (f"{self.place}/{name}", f"{self.place}/header"),
            )
            for name in names
        ]
        problems = tools.problems_of_jobs(jobs, self.place / "memory")
        text = runs.read_text(encoding="ascii") if runs.exists() else ""
        return problems, sorted(pathlib.Path(line).name for line in text.split())

    def test_a_clean_file_is_looked_at_again_only_when_something_changed(self):
        self.write("a", "fine")
        self.write("b", "fine")
        self.assertEqual(self.check("a", "b"), ([], ["a", "b"]))
        self.assertEqual(self.check("a", "b"), ([], []))
        self.write("a", "still fine")
        self.assertEqual(self.check("a", "b"), ([], ["a"]))
        self.write("header", "new")
        self.assertEqual(self.check("a", "b"), ([], ["a", "b"]))

    def test_a_file_with_a_problem_is_looked_at_every_time(self):
        self.write("a", "wrong")
        self.assertEqual(self.check("a"), (["wrong"], ["a"]))
        self.assertEqual(self.check("a"), (["wrong"], ["a"]))

    def test_what_is_no_longer_there_is_forgotten(self):
        self.write("a", "fine")
        self.write("b", "fine")
        self.check("a", "b")
        self.check("b")
        self.assertEqual(len(list((self.place / "memory").iterdir())), 1)


class KernelSize(unittest.TestCase):
    def test_a_kernel_over_a_limit_is_told_both_figures(self):
        (line,) = kernel_size.problems_of_lines(kernel_size.MOST_LINES + 1)
        self.assertIn(f"the ceiling is {kernel_size.MOST_LINES}", line)
        self.assertEqual(kernel_size.problems_of_lines(kernel_size.MOST_LINES), [])
        self.assertEqual(kernel_size.problems_of_text(kernel_size.MOST_TEXT - 1), [])
        self.assertEqual(len(kernel_size.problems_of_text(kernel_size.MOST_TEXT)), 1)

    def test_a_kernel_whose_text_is_not_found_is_no_small_kernel(self):
        self.assertEqual(len(kernel_size.problems_of_text(0)), 1)


if __name__ == "__main__":
    unittest.main()
