# SPDX-License-Identifier: MIT
"""libipc's generator: what it makes of a sample, and what it says of wrong interface files.

The expected files lie beside the sample, tests/unit/libipc/generator/*.expected. After a change
that is meant, write them anew and read the difference:

    python3 tests/host/test_interface_generator.py --write
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
GENERATOR = TOP / "libipc" / "generator"
EXPECTED = TOP / "tests" / "unit" / "libipc" / "generator"
ERRORS = TOP / "ukernel" / "include" / "nacre" / "abi" / "error.def"
SAMPLE = EXPECTED / "sample.interface"
INTERFACES = sorted((TOP / "libipc" / "interfaces").glob("*.interface"))

sys.path.insert(0, str(GENERATOR))

import generate  # noqa: E402
from nacre_interface import documentation  # noqa: E402
from nacre_interface.parser import (  # noqa: E402
    InterfaceError,
    parse_error_names,
    parse_interface,
)

ERROR_NAMES = parse_error_names(ERRORS.read_text(encoding="utf-8"))


def sample_files():
    """Returns {name of the expected file: text} for the sample."""
    interfaces = generate.read_interfaces([SAMPLE], ERROR_NAMES)
    files = generate.generated_files(interfaces)
    files["sample.md"] = documentation.interface_section(interfaces[0])
    return {
        path.replace("/", "-") + ".expected": "\n".join(lines) + "\n"
        for path, lines in files.items()
    }


class Sample(unittest.TestCase):
    maxDiff = None

    def test_every_file_made_from_the_sample_is_as_expected(self):
        for name, text in sample_files().items():
            with self.subTest(name):
                self.assertEqual(text, (EXPECTED / name).read_text(encoding="utf-8"))

    def test_no_expected_file_is_left_over(self):
        there = {path.name for path in EXPECTED.glob("*.expected")}
        self.assertEqual(there, set(sample_files()))

    def test_generated_lines_fit_in_100_columns(self):
        for path, lines in generate.generated_files(
            generate.read_interfaces(INTERFACES, ERROR_NAMES)
        ).items():
            code = [line for line in lines if not line.startswith("#define")]
            self.assertEqual([line for line in code if len(line.expandtabs(8)) > 100], [], path)


class Command(unittest.TestCase):
    def run_generator(self, *arguments):
        return subprocess.run(
            [sys.executable, "-B", str(GENERATOR / "generate.py"), "--errors", str(ERRORS)]
            + [str(argument) for argument in arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_the_list_names_exactly_what_is_written(self):
        with tempfile.TemporaryDirectory() as directory:
            top = pathlib.Path(directory)
            listed = self.run_generator("--list", top, *INTERFACES).stdout.split()
            self.assertEqual(self.run_generator("--output", top, *INTERFACES).returncode, 0)
            written = {str(path) for path in top.rglob("*") if path.is_file()}
            self.assertEqual(set(listed), written)

    def test_a_file_that_stays_as_it_is_keeps_its_time(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "sample_client.c"
            self.run_generator("--output", directory, SAMPLE)
            before = path.stat().st_mtime_ns
            self.run_generator("--output", directory, SAMPLE)
            self.assertEqual(path.stat().st_mtime_ns, before)

    def test_a_wrong_file_ends_with_one_line_that_says_where(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "bad.interface"
            path.write_text("interface bad 0x700\nmethod go one\n\t| goes\n", encoding="utf-8")
            result = self.run_generator("--output", directory, path)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, "generate.py: bad.interface:2: 'one' is not a number\n")

    def test_two_interfaces_with_one_number_are_refused(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "other.interface"
            text = SAMPLE.read_text(encoding="utf-8").replace("interface sample", "interface other")
            path.write_text(text, encoding="utf-8")
            result = self.run_generator("--list", directory, SAMPLE, path)
        self.assertIn("sample has number 0x7f0 already", result.stderr)

    def test_a_file_must_be_called_as_its_interface(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "other.interface"
            path.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
            result = self.run_generator("--list", directory, path)
        self.assertIn("call the file sample.interface", result.stderr)


HEAD = "interface bad 0x700\n\t| Bad.\n"
METHOD = HEAD + "method go 1\n\t| Goes.\n"

WRONG = {
    "": "no 'interface NAME NUMBER' line",
    HEAD: "at least one method",
    "interface bad\n": "interface NAME NUMBER",
    "interface bad 0x700 quick\n": "interface NAME NUMBER [kernel]",
    "interface Bad 0x700\n": "not a name",
    "interface bad 0x70000\n": "protocol numbers",
    "interface bad 5\n": "protocol numbers",
    "interface bad 0x700 kernel\n": "protocol numbers",
    HEAD + "interface bad 0x700\n": "one interface a file",
    "method go 1\n": "below the interface line",
    "| text\n": "begins with one of",
    "\t| text\n": "directly below",
    HEAD + "handler go 1\n": "begins with one of",
    HEAD + "\tin a u64 | a\n": "belongs below",
    HEAD + "method go 0\n\t| Goes.\n": "method numbers",
    HEAD + "method go 1 sometimes\n\t| Goes.\n": "method NAME NUMBER [delayed]",
    HEAD + "method go 1\n": "say what it does",
    METHOD + "method go 2\n\t| Goes.\n": "has that name or number",
    METHOD + "method come 1\n\t| Comes.\n": "has that name or number",
    METHOD + "\tin a u64\n": "say what it is",
    METHOD + "\tin a u99 | a\n": "not a type",
    METHOD + "\tin a string | a\n": "not a type",
    METHOD + "\tin a string many | a\n": "'many' is not a number",
    METHOD + "\tin a u64 optional | a\n": "not a type",
    METHOD + "\tin a u64 1-5 | a\n": "not a range",
    METHOD + "\tin a i64 1..5 | a\n": "not a range",
    METHOD + "\tin a u64 5..1 | a\n": "range is empty",
    METHOD + "\tin a u32 0..4294967296 | a\n": "does not fit",
    METHOD + "\tin a u64 | a\n\tin a u64 | a\n": "there twice",
    METHOD + "\tin bad u64 | a\n": "functions use",
    METHOD + "\tin error u64 | a\n": "functions use",
    METHOD + "\terror sad | a\n": "no error of nacre/abi/error.def",
    METHOD + "\tthrough a u64 | a\n": "write 'in NAME TYPE'",
    METHOD + "\tin a bytes 500 | a\n\tin b u64 | b\n": "up to 65 words",
    METHOD + "\tin a pages 9 | a\n": "up to 9 items",
    METHOD + "\tin a pages 2 | a\n\tin b capability any | b\n": "make it the last item",
    METHOD + "\tin a capability any optional | a\n\tin b capability any | b\n": "the last item",
    METHOD + "\tin a bytes 5 | a\n\tout a bytes 6 | a\n": "two maxima",
    METHOD + "\tin a registers | a\n\tin b string 5 | b\n": "not with strings or bytes",
    METHOD + "\tin a registers optional | a\n": "the whole answer to a fault",
    HEAD + "constants low\n": "constants PREFIX",
    HEAD + "constants LOW\n\tA 1 | a\n\tA 2 | a\n": "there twice",
    HEAD + "constants LOW\n\tA | a\n": "NAME VALUE",
    METHOD + "constants LOW\n\tA 1 | a\nconstants LOW\n\tA 1 | a\n": "LOW are there twice",
}


class Complaints(unittest.TestCase):
    def test_each_mistake_is_named(self):
        for text, complaint in WRONG.items():
            with self.subTest(text):
                with self.assertRaises(InterfaceError) as raised:
                    parse_interface("bad.interface", text, ERROR_NAMES)
                self.assertIn(complaint, str(raised.exception))

    def test_a_complaint_about_a_line_has_its_number(self):
        with self.assertRaises(InterfaceError) as raised:
            parse_interface("bad.interface", METHOD + "\n# note\n\tin a u99 | a\n", ERROR_NAMES)
        self.assertTrue(str(raised.exception).startswith("bad.interface:7: "))


class Interfaces(unittest.TestCase):
    def test_the_kernels_interfaces_have_the_methods_of_label_def(self):
        text = (ERRORS.parent / "label.def").read_text(encoding="utf-8")
        for interface in generate.read_interfaces(INTERFACES, ERROR_NAMES):
            if interface.role != "kernel":
                continue
            for method in interface.methods:
                mark = rf"(METHOD|MESSAGE)\({interface.name.upper()}, {method.name.upper()},"
                self.assertRegex(text, mark)
            listed = re.findall(rf"(METHOD|MESSAGE)\({interface.name.upper()},", text)
            self.assertEqual(len(listed), len(interface.methods), interface.name)


def write():
    for path in EXPECTED.glob("*.expected"):
        path.unlink()
    for name, text in sample_files().items():
        (EXPECTED / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
