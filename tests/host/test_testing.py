# SPDX-License-Identifier: MIT
"""What ./nacre test rests on: TAP, scenarios, counting, rules for sources; and ./nacre bench."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

from nacre_host import command_bench, command_cc
from nacre_host.project import NacreError
from nacre_host.testing import group_unit, kernel_size, scenario, source_rules, tap
from nacre_host.testing.results import Outcome, Results


class Tap(unittest.TestCase):
    def test_results_in_order_with_diagnostics(self):
        stream = tap.parse("1..3\nok 1 - one\nnot ok 2 - two\n# why\nok 3 - three # SKIP no disk\n")
        self.assertEqual(stream.problems, [])
        self.assertEqual([test.is_ok for test in stream.tests], [True, False, True])
        self.assertEqual(stream.tests[1].diagnostics, ["why"])
        self.assertEqual(stream.tests[2].skip_reason, "no disk")
        self.assertEqual(stream.tests[2].sentence, "three")

    def test_each_defect_of_a_stream_is_a_problem(self):
        for text in (
            "",
            "ok 1 - no plan\n",
            "1..2\nok 1 - one of two\n",
            "1..1\nok 1 - a\nok 2 - one too many\n",
            "1..2\nok 1 - a\nok 3 - a gap\n",
            "1..1\n1..1\nok 1 - two plans\n",
            "1..1\nok 1 - a\nBail out! no memory\n",
            "1..1\nok 1 - a # SKIP\n",
        ):
            self.assertNotEqual(tap.parse(text).problems, [], text)

    def test_missing_unexpected_and_doubled_sentences_are_named(self):
        stream = tap.parse("1..3\nok - a\nok - b\nok - b\n")
        self.assertEqual(
            tap.compare(stream, ["a", "c"]),
            ["missing: c", "not expected: b", "not expected: b", "twice: b"],
        )
        self.assertEqual(tap.compare(tap.parse("1..1\nok - a\n"), ["a"]), [])

    def test_the_names_of_check_become_sentences(self):
        name = "/a/b.c:core:replies_come_once: Passed"
        self.assertEqual(group_unit.sentence_of(name), "replies come once")
        name = "/a/b.c:core:replies_come_once: Assertion 'a == b' failed: a == 1"
        self.assertIn("replies come once: Assertion", group_unit.sentence_of(name))


class Counting(unittest.TestCase):
    def finish(self, results):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            is_well = results.finish()
        return is_well, output.getvalue().splitlines()

    def add(self, results, *outcomes):
        with contextlib.redirect_stdout(io.StringIO()):
            for number, outcome in enumerate(outcomes):
                results.add(f"group: test {number}", outcome, "why")

    def test_the_last_line_counts(self):
        results = Results()
        self.add(results, Outcome.PASSED, Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED)
        is_well, lines = self.finish(results)
        self.assertFalse(is_well)
        self.assertEqual(lines[-1], "2 passed, 1 failed")
        self.assertIn("failed: group: test 1", lines)

    def test_no_test_at_all_is_a_failure(self):
        self.assertFalse(self.finish(Results("nothing like it"))[0])

    def test_a_failure_that_kept_tests_from_running_is_told_whatever_the_pattern(self):
        results = Results("nothing like it")
        with contextlib.redirect_stdout(io.StringIO()) as output:
            results.fail("unit: the group can run", "the disk is full")
        self.assertIn("the disk is full", output.getvalue())
        self.assertEqual(self.finish(results)[1][-1], "0 passed, 1 failed")

    def test_a_pattern_selects_by_a_part_or_as_a_whole(self):
        self.assertTrue(Results("TEST 1").wants("group: test 1"))
        self.assertFalse(Results("test 2").wants("group: test 1"))
        self.assertTrue(Results("group: * 1").wants("group: test 1"))
        self.assertFalse(Results("test*").wants("group: test 1"))


class Scenarios(unittest.TestCase):
    def cases(self, text, expected=""):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "greeting"
            path.mkdir()
            (path / "scenario.toml").write_text(text, encoding="utf-8")
            (path / "expected.txt").write_text(expected, encoding="utf-8")
            return scenario.cases_from_directory(pathlib.Path(directory))

    def case(self, **keys):
        lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
        return self.cases("\n".join(["[[case]]", *lines]))[0]

    def test_machines_are_read_from_words(self):
        kind = scenario.machine_kind("uefi 2G smp2 icount")
        self.assertEqual((kind.way, kind.memory, kind.processors), ("uefi", "2G", 2))
        self.assertTrue(kind.is_counting)
        with self.assertRaises(NacreError):
            scenario.machine_kind("direct lots")

    def test_a_tap_case_has_its_program_and_its_expected_sentences(self):
        (case,) = self.cases("[[case]]\ntap = true\n", "# of /test/greeting\none\ntwo\n")
        self.assertEqual(case.script, "/test/greeting")
        self.assertEqual(case.expected, ("one", "two"))

    def test_mistakes_in_the_file_are_named(self):
        for text in ("[[case]]\nexec = 'a'\nstatsu = 1\n", "[[case]]\n", "[[case\n"):
            with self.assertRaises(NacreError):
                self.cases(text)

    def test_a_run_as_expected_has_no_problem(self):
        case = self.case(exec="x", output_contains=["a", "b"], status=3)
        self.assertEqual(scenario.problems_of_run(case, 3, "", "a\nb\n", ""), [])

    def test_each_difference_is_a_problem(self):
        case = self.case(
            exec="x", output_contains=["b", "a"], output_lacks=["c"], console_contains=["d"]
        )
        problems = scenario.problems_of_run(case, 124, "time-out", "a b c", "NACRE PANIC: x")
        self.assertEqual(
            problems,
            [
                "exit status 124 (time-out), expected 0",
                "not there (or not in this order): a",
                "should not be there: c",
                "not there (or not in this order): d",
                "the kernel panicked",
            ],
        )

    def test_exact_output_is_compared_whole(self):
        case = self.case(exec="x", output="one\ntwo")
        self.assertEqual(scenario.problems_of_run(case, 0, "", "one\ntwo\n", ""), [])
        self.assertNotEqual(scenario.problems_of_run(case, 0, "", "one\ntwo\nthree\n", ""), [])


class SourceRules(unittest.TestCase):
    def problems(self, rule, text):
        return rule([pathlib.Path("a.c")], lambda path: text)

    def test_each_rule_finds_what_it_forbids(self):
        unfinished = "/* TO" + "DO */"
        for rule, good, bad in (
            (source_rules.license_problems, "/* SPDX-License-Identifier: MIT */", "int a;"),
            (source_rules.length_problems, "x" * 120, "\t" * 14 + "123456789"),
            (source_rules.length_problems, "x\n" * 400, "x\n" * 401),
            (source_rules.length_problems, "x", "x "),
            (source_rules.unfinished_problems, "done", unfinished),
        ):
            self.assertEqual(self.problems(rule, good), [])
            self.assertEqual(len(self.problems(rule, bad)), 1, bad)

    def test_code_lines_leave_out_blanks_and_comments(self):
        text = '/* a\n b */\nint a; /* c */\n\n// d\nchar *e = "/* no comment";\n'
        self.assertEqual(kernel_size.code_lines(text), 2)


class Compiling(unittest.TestCase):
    def test_libraries_come_after_the_sources_and_own_options_after_ours(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory)
            (path / "cc-compile.txt").write_text("-O2\n-isystem/a b\n", encoding="utf-8")
            (path / "cc-link.txt").write_text("-nostdlib\nlibc.a\n", encoding="utf-8")
            command = command_cc.compiler_command(path, "gcc", ["a.c"], "a", ["-O0"])
        expected = ["gcc", "-O2", "-isystem/a b", "-O0", "-o", "a", "a.c", "-nostdlib", "libc.a"]
        self.assertEqual(command, expected)


class Bench(unittest.TestCase):
    TEXT = "# warming up\nbench call-reply instructions 380 380 391 1000\nbench fault ns 1 2 3 4\n"

    def test_result_lines_become_a_table(self):
        lines = command_bench.table(command_bench.results_from_text(self.TEXT))
        self.assertEqual(lines[1], "call-reply  380     380  391  1,000  instructions")
        self.assertEqual(len(lines), 3)

    def test_the_json_file_has_its_schema(self):
        results = command_bench.results_from_text(self.TEXT)
        document = json.loads(command_bench.json_text("icount", results))
        self.assertEqual(document["schema"], "nacre-bench-1")
        self.assertEqual(document["mode"], "icount")
        self.assertEqual(
            document["results"][0],
            {
                "name": "call-reply",
                "unit": "instructions",
                "min": 380,
                "median": 380,
                "max": 391,
                "runs": 1000,
            },
        )

    def test_a_line_that_cannot_be_is_refused(self):
        for line in ("bench a b 1 2 3", "bench a b 3 2 1 5", "bench a b 1 2 x 4", "bench a"):
            with self.assertRaises(NacreError):
                command_bench.results_from_text(line)


if __name__ == "__main__":
    unittest.main()
