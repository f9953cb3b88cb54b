# SPDX-License-Identifier: MIT
"""Reads interface files (docs/interfaces.md).

Owns the file format and every complaint about it: each names file, line and what to do. Knows
nothing of C.
"""

import re

from nacre_interface.model import (
    BLOBS,
    ITEMS_MAX,
    SCALARS,
    WORDS_MAX,
    Argument,
    Constant,
    ConstantGroup,
    Error,
    Interface,
    Message,
    Method,
)

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
UPPER_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
RANGE = re.compile(r"(\d*)\.\.(\d*)\Z")
# Names that generated functions use themselves.
RESERVED = set(
    "answer buffer capabilities error exchange handlers items message position reader reply "
    "request taker to window_address".split()
)
TYPES = (
    "u64, u32, i64 with an optional LOW..HIGH; string MAXIMUM; bytes MAXIMUM; "
    "registers [optional]; capability PROTOCOL [optional]; pages ITEMS [optional]"
)
U32_MAX = (1 << 32) - 1
U64_MAX = (1 << 64) - 1


class InterfaceError(ValueError):
    """An interface file that cannot be used."""


class Parser:
    """Reads one file, line by line. Each take_* gets the words of a line and its text after `|`."""

    def __init__(self, path, text, error_names):
        self.path = path
        self.lines = text.splitlines()
        self.error_names = error_names
        self.line_number = 0
        self.interface = None
        self.groups = []
        self.methods = []
        self.current = {}  # what an indented line belongs to

    def fail(self, text):
        raise InterfaceError(f"{self.path}:{self.line_number}: {text}")

    def parse(self):
        for self.line_number, line in enumerate(self.lines, 1):
            if line.startswith("#") or not line.strip():
                continue
            words_text, _, text = line.partition("|")
            self.take_line(line.startswith("\t"), words_text.split(), text.strip())
        if not self.interface:
            self.fail("no 'interface NAME NUMBER' line")
        if not self.methods:
            self.fail("an interface needs at least one method")
        return self.build()

    def take_line(self, indented, words, text):
        if indented and not words:
            self.add_text(text)
            return
        top = {
            "interface": self.take_interface,
            "constants": self.take_constants,
            "method": self.take_method,
        }
        below = self.current.get("is")
        if not indented:
            if not words or words[0] not in top:
                self.fail(f"a line that is not indented begins with one of: {', '.join(top)}")
            top[words[0]](words[1:])
        elif below == "method":
            self.take_method_line(words, text)
        elif below == "constants":
            self.take_constant(words, text)
        else:
            self.fail("an indented line belongs below 'constants' or 'method'")

    def add_text(self, text):
        if "text" not in self.current:
            self.fail("a text line belongs directly below 'interface' or 'method'")
        self.current["text"].append(text)

    def take_interface(self, words):
        if self.interface:
            self.fail("one interface a file")
        if len(words) < 2 or words[2:] not in ([], ["kernel"]):
            self.fail("write 'interface NAME NUMBER [kernel]'")
        number = self.number(words[1])
        role = words[2] if len(words) == 3 else "server"
        if not 0 < number <= 0xFFFF or (number < 0x100) != (role == "kernel"):
            self.fail("protocol numbers are 0x100 to 0xffff, the kernel's are below 0x100")
        self.interface = {
            "is": "interface",
            "name": self.name(words[0]),
            "number": number,
            "role": role,
            "text": [],
        }
        self.current = self.interface

    def take_constants(self, words):
        if not self.interface or len(words) != 1 or not UPPER_NAME.match(words[0]):
            self.fail("write 'constants PREFIX' below the interface line")
        self.current = {"is": "constants", "prefix": words[0], "constants": []}
        self.groups.append(self.current)

    def take_constant(self, words, text):
        if len(words) != 2 or not UPPER_NAME.match(words[0]):
            self.fail("write 'NAME VALUE | what it means'")
        value = self.number(words[1])
        if any(constant.name == words[0] for constant in self.current["constants"]):
            self.fail(f"{words[0]} is there twice")
        self.current["constants"].append(Constant(words[0], value, self.documented(text)))

    def take_method(self, words):
        delayed = words[2:] == ["delayed"]
        if not self.interface or len(words) != 2 + delayed:
            self.fail("write 'method NAME NUMBER [delayed]' below the interface line")
        number = self.number(words[1])
        name = self.name(words[0])
        if not 0 < number <= 0xFFFF:
            self.fail("method numbers are 1 to 65535")
        for other in self.methods:
            if name == other["name"] or number == other["number"]:
                self.fail(f"method {other['name']} {other['number']} has that name or number")
        self.current = {
            "is": "method",
            "name": name,
            "number": number,
            "delayed": delayed,
            "text": [],
            "in": [],
            "out": [],
            "errors": [],
        }
        self.methods.append(self.current)

    def take_method_line(self, words, text):
        if words[0] in ("in", "out") and len(words) >= 3:
            argument = self.argument(words, self.documented(text))
            if any(other.name == argument.name for other in self.current[words[0]]):
                self.fail(f"{argument.name} is there twice")
            self.current[words[0]].append(argument)
        elif words[0] == "error" and len(words) == 2:
            if words[1] not in self.error_names:
                self.fail(f"'{words[1]}' is no error of nacre/abi/error.def")
            self.current["errors"].append(Error(words[1], self.documented(text)))
        else:
            self.fail("write 'in NAME TYPE', 'out NAME TYPE' or 'error NAME', then '| text'")

    def argument(self, words, text):
        direction, name, kind, *rest = words
        if name in RESERVED or (direction == "in" and name == self.interface["name"]):
            self.fail(f"'{name}' is a name that generated functions use: choose another")
        optional = rest[-1:] == ["optional"]
        rest = rest[: len(rest) - optional]
        fields = {"name": self.name(name), "kind": kind, "text": text, "optional": optional}
        if kind in SCALARS and len(rest) <= 1 and not optional:
            fields["low"], fields["high"] = self.bounds(kind, rest)
        elif kind in BLOBS and len(rest) == 1 and not optional:
            fields["maximum"] = self.number(rest[0])
        elif kind == "pages" and len(rest) == 1:
            fields["maximum"] = self.number(rest[0])
        elif kind == "capability" and len(rest) == 1:
            fields["protocol"] = self.name(rest[0])
        elif kind != "registers" or rest:
            self.fail(f"not a type: '{' '.join([kind, *rest])}' (known: {TYPES})")
        return Argument(**fields)

    def bounds(self, kind, words):
        low = high = None
        if words:
            match = RANGE.match(words[0])
            if not match or kind == "i64":
                self.fail(f"'{words[0]}' is not a range LOW..HIGH")
            low = int(match[1]) if match[1] else None
            high = int(match[2]) if match[2] else None
            if (low or 0) > (high if high is not None else U64_MAX):
                self.fail("the range is empty")
        if kind == "u32" and high is None:
            high = U32_MAX
        if high is not None and high > (U32_MAX if kind == "u32" else U64_MAX):
            self.fail(f"the range does not fit in {kind}")
        return low or None, high

    def build(self):
        self.check_duplicate_groups()
        methods = []
        for method in self.methods:
            request = self.message(method, "in")
            reply = self.message(method, "out")
            self.check_maxima(method["name"], request, reply)
            methods.append(
                Method(
                    name=method["name"],
                    number=method["number"],
                    text=" ".join(method["text"]),
                    delayed=method["delayed"],
                    request=request,
                    reply=reply,
                    errors=tuple(method["errors"]),
                )
            )
        return Interface(
            name=self.interface["name"],
            number=self.interface["number"],
            role=self.interface["role"],
            text=" ".join(self.interface["text"]),
            groups=tuple(
                ConstantGroup(group["prefix"], tuple(group["constants"])) for group in self.groups
            ),
            methods=tuple(methods),
        )

    def check_duplicate_groups(self):
        prefixes = [group["prefix"] for group in self.groups]
        for prefix in prefixes:
            if prefixes.count(prefix) > 1:
                raise InterfaceError(f"{self.path}: constants {prefix} are there twice")

    def message(self, method, direction):
        message = Message(tuple(method[direction]))
        where = f"{self.path}: method {method['name']}, {direction}"
        if not method["text"]:
            raise InterfaceError(f"{where}: say what it does in a '| text' line below 'method'")
        if message.words_max > WORDS_MAX:
            raise InterfaceError(
                f"{where}: up to {message.words_max} words, a message carries {WORDS_MAX}: "
                "shorten a string or bytes"
            )
        if message.items_max > ITEMS_MAX:
            raise InterfaceError(
                f"{where}: up to {message.items_max} items, a message carries {ITEMS_MAX}"
            )
        self.check_items(message, where)
        self.check_registers(message, where, direction)
        return message

    def check_maxima(self, name, request, reply):
        """One C constant says how large a string or bytes may be."""
        for given in request.blobs:
            for result in reply.blobs:
                if given.name == result.name and given.maximum != result.maximum:
                    raise InterfaceError(
                        f"{self.path}: method {name}: '{given.name}' has two maxima: "
                        "make them one, or give the result another name"
                    )

    @staticmethod
    def check_items(message, where):
        """Items are told apart by position: what may be missing and a list of pages come last."""
        items = [argument for argument in message.arguments if argument.is_item]
        for earlier, later in zip(items, items[1:]):
            if earlier.kind == "pages" or (earlier.optional and not later.optional):
                raise InterfaceError(
                    f"{where}: '{earlier.name}' may be missing or is a list: make it the last item"
                )
        if len([item for item in items if item.kind == "pages"]) > 1:
            raise InterfaceError(f"{where}: at most one list of pages")

    def check_registers(self, message, where, direction):
        registers = [argument for argument in message.arguments if argument.kind == "registers"]
        if len(registers) > 1 or (registers and message.blobs):
            raise InterfaceError(f"{where}: registers come once, and not with strings or bytes")
        if not registers or not registers[0].optional:
            return
        if message.scalars or direction == "in" or self.interface["name"] != "fault":
            raise InterfaceError(
                f"{where}: registers may be missing only as the whole answer to a fault"
            )

    def name(self, word):
        if not NAME.match(word):
            self.fail(f"'{word}' is not a name: lower-case letters, digits and '_'")
        return word

    def number(self, word):
        try:
            return int(word, 0)
        except ValueError:
            self.fail(f"'{word}' is not a number")

    def documented(self, text):
        if not text:
            self.fail("say what it is: '| text' at the end of the line")
        return text


def parse_interface(path, text, error_names):
    """Returns the Interface in @text; @path is for complaints. Raises InterfaceError."""
    return Parser(path, text, error_names).parse()


def parse_error_names(text):
    """Returns the names in error.def."""
    return re.findall(r'^ERROR\(\w+,\s*\d+,\s*"(\w+)"', text, re.MULTILINE)
