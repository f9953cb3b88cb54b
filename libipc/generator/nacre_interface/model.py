# SPDX-License-Identifier: MIT
"""What an interface is: methods, their arguments, and where each argument lies in a message.

Owns the wire layout (docs/interfaces.md): words of the scalars in order, registers, a length word
for each string or run of bytes in order, then their contents in order, each filled up to whole
words with zeros. Items come in the order of their arguments. Knows nothing of the file format
(parser.py) or of C (the c_* modules).
"""

import dataclasses

WORDS_MAX = 64
WORDS_IN_REGISTERS = 8
ITEMS_MAX = 8
REGISTER_WORDS = 20

SCALARS = ("u64", "u32", "i64")
BLOBS = ("string", "bytes")


@dataclasses.dataclass(frozen=True)
class Constant:
    name: str
    value: int
    text: str


@dataclasses.dataclass(frozen=True)
class ConstantGroup:
    prefix: str
    constants: tuple


@dataclasses.dataclass(frozen=True)
class Argument:
    """One argument or result. @kind is a scalar, a blob, `registers`, `capability` or `pages`.

    @maximum: bytes of a blob or items of pages. @low and @high: bounds of a scalar, both included,
    or None. @protocol: what a capability speaks. @optional: may be left out (items, registers).
    """

    name: str
    kind: str
    text: str
    maximum: int = 0
    low: int | None = None
    high: int | None = None
    protocol: str = ""
    optional: bool = False

    @property
    def is_scalar(self):
        return self.kind in SCALARS

    @property
    def is_blob(self):
        return self.kind in BLOBS

    @property
    def is_item(self):
        return self.kind in ("capability", "pages")


@dataclasses.dataclass(frozen=True)
class Error:
    name: str
    text: str


@dataclasses.dataclass(frozen=True)
class Message:
    """One direction of a method."""

    arguments: tuple

    def of(self, test):
        return [argument for argument in self.arguments if test(argument)]

    @property
    def scalars(self):
        return self.of(lambda argument: argument.is_scalar)

    @property
    def blobs(self):
        return self.of(lambda argument: argument.is_blob)

    @property
    def registers(self):
        return next(iter(self.of(lambda argument: argument.kind == "registers")), None)

    @property
    def capabilities(self):
        return self.of(lambda argument: argument.kind == "capability")

    @property
    def pages(self):
        return next(iter(self.of(lambda argument: argument.kind == "pages")), None)

    @property
    def has_items(self):
        return bool(self.capabilities or self.pages)

    @property
    def fixed_words(self):
        """Words before the contents of blobs; optional registers count."""
        registers = REGISTER_WORDS if self.registers else 0
        return len(self.scalars) + registers + len(self.blobs)

    @property
    def words_max(self):
        return self.fixed_words + sum((blob.maximum + 7) // 8 for blob in self.blobs)

    @property
    def items_max(self):
        return len(self.capabilities) + (self.pages.maximum if self.pages else 0)

    @property
    def is_short(self):
        """Whether it fits in registers, whatever the arguments are."""
        simple = not self.blobs and not self.registers and not self.has_items
        return simple and self.fixed_words <= WORDS_IN_REGISTERS


@dataclasses.dataclass(frozen=True)
class Method:
    name: str
    number: int
    text: str
    delayed: bool
    request: Message
    reply: Message
    errors: tuple


@dataclasses.dataclass(frozen=True)
class Interface:
    """@role is `server` (ordinary) or `kernel` (label.def rules)."""

    name: str
    number: int
    role: str
    text: str
    groups: tuple
    methods: tuple

    @property
    def is_fault(self):
        """The kernel calls, programs answer."""
        return self.role == "kernel" and self.name == "fault"
