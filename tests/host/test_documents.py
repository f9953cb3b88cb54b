# SPDX-License-Identifier: MIT
"""What documents point at exists: files, headings, commands and their options."""

import functools
import pathlib
import re
import shlex
import unittest

from nacre_host import cli
from nacre_host.project import TOP, NacreError

TOP_DIRECTORIES = "ukernel servers icf libipc rootfs tests docs .nacre .ci".split()
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(rf"(?:{'|'.join(map(re.escape, TOP_DIRECTORIES))})/[\w./+-]*")
EXCERPT = re.compile(r"^<!-- from (\S+) -->\n```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A command line ends where words that explain it begin, two blanks or more away.
COMMAND = re.compile(r"(?:^|[ `$])(\./nacre(?: (?! )[^`\n#]*?)?)(?=`|#|\n|  )", re.MULTILINE)
# Words in capital letters stand for a name of the reader's choice.
VARIABLE = re.compile(r"[A-Z]{3,}")


def documents():
    """Returns the paths of all documents of the project."""
    found = [TOP / "README.md", *TOP.glob("docs/**/*.md")]
    for directory in TOP_DIRECTORIES:
        found += (path for path in (TOP / directory).glob("**/*.md") if path not in found)
    return sorted(set(found))


@functools.lru_cache(maxsize=None)
def text_of(path):
    return path.read_text(encoding="utf-8")


def anchor(heading):
    """Returns the anchor that a web view makes of @heading."""
    text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return text.replace(" ", "-")


def anchors_of(path):
    bare = CODE_BLOCK.sub("", text_of(path))
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", bare, re.MULTILINE)}


def link_problems(path):
    problems = []
    for link in LINK.findall(CODE_BLOCK.sub("", text_of(path))):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, heading = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists():
            problems.append(f"{path.relative_to(TOP)}: {link}: no such file")
        elif heading and heading not in anchors_of(target):
            problems.append(f"{path.relative_to(TOP)}: {link}: no such heading")
    return problems


def path_problems(path):
    """Paths from the top of the project, in code spans, exist. Ones with capitals are patterns."""
    problems = []
    for span in CODE_SPAN.findall(CODE_BLOCK.sub("", text_of(path))):
        match = PATH.fullmatch(span)
        if match and not VARIABLE.search(span) and not (TOP / span).exists():
            problems.append(f"{path.relative_to(TOP)}: `{span}`: no such file")
    return problems


def without_blanks(text):
    """Returns @text as it is however it is broken into lines."""
    return "".join(text.split())


def excerpt_problems(path):
    """Code that is said to come from a file stands there, letter by letter but for white space."""
    problems = []
    for name, code in EXCERPT.findall(text_of(path)):
        if not (TOP / name).exists():
            problems.append(f"{path.relative_to(TOP)}: {name}: no such file")
        elif without_blanks(code) not in without_blanks((TOP / name).read_text("utf-8")):
            first = code.strip().splitlines()[0]
            problems.append(f"{path.relative_to(TOP)}: {name} has no longer: {first} ...")
    return problems


def command_problems(path):
    """Each ./nacre command line is one that the command line parser takes."""
    problems = []
    for line in COMMAND.findall(text_of(path)):
        try:
            words = shlex.split(line)[1:]
        except ValueError:
            continue
        if not words or "--help" in words or VARIABLE.search(" ".join(words)):
            continue
        try:
            cli.parse(words[0], words[1:]) if words[0] in cli.COMMANDS else cli.command_line(words)
        except NacreError as error:
            if f"argument {words[-1]}: expected" in str(error):
                continue  # an option that is named, without a value
            problems.append(f"{path.relative_to(TOP)}: {line.strip()}: {error}")
    return problems


class Documents(unittest.TestCase):
    def problems(self, check):
        found = [problem for path in documents() for problem in check(path)]
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_there_are_documents(self):
        self.assertGreater(len(documents()), 10)

    def test_links_lead_somewhere(self):
        self.problems(link_problems)

    def test_files_that_are_named_exist(self):
        self.problems(path_problems)

    def test_code_is_shown_as_it_is(self):
        self.problems(excerpt_problems)

    def test_commands_that_are_shown_are_taken(self):
        self.problems(command_problems)

    def test_a_document_that_is_wrong_is_noticed(self):
        wrong = pathlib.Path(TOP / "docs" / "imaginary.md")
        texts = {
            wrong: "[a](nowhere.md) [b](#no-heading) `docs/nothing.md`\n`./nacre run --odd`\n"
            "<!-- from nacre -->\n```c\nnot in there\n```\n",
        }
        original = text_of
        try:
            globals()["text_of"] = texts.__getitem__
            self.assertEqual(len(link_problems(wrong)), 2)
            self.assertEqual(len(path_problems(wrong)), 1)
            self.assertEqual(len(command_problems(wrong)), 1)
            self.assertEqual(len(excerpt_problems(wrong)), 1)
        finally:
            globals()["text_of"] = original


if __name__ == "__main__":
    unittest.main()
