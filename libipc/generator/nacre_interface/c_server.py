# SPDX-License-Identifier: MIT
"""Writes the answering side: a structure of handlers, the dispatcher, and replies that come later.

Owns the checks that a request passes before a handler sees it (c_reply.py has the way back). The
functions it calls are in nacre/server.h and nacre/message.h.
"""

from nacre_interface import c_reply, c_text
from nacre_interface.model import REGISTER_WORDS

HANDLERS_TEXT = (
    "What a server answers with. A null pointer answers `unknown`. A handler returns an error, or "
    "ERROR_OK after it has written its results, or calls request_defer() and answers later; "
    "strings and bytes that it is given last until it returns."
)


def has_server(interface):
    return interface.role != "kernel" or interface.is_fault


def refuse(condition, error):
    return c_text.when(condition, f"return IPC_TAG({error}, 0, 0)")


def handler_parameters(interface, method):
    return [
        "struct request *request",
        *c_text.input_parameters(method, "const struct received_capability *"),
        *c_reply.handler_results(interface, method),
    ]


def range_condition(argument, word):
    """The condition under which a scalar is refused, or nothing."""
    conditions = []
    if argument.low is not None:
        conditions.append(f"{word} < {argument.low}u")
    if argument.high is not None:
        conditions.append(f"{word} > {argument.high}u")
    return " || ".join(conditions)


class Decoder:
    """Takes a request's arguments out of the buffer: variables, checks, what the handler gets."""

    def __init__(self, interface, method):
        self.interface = interface
        self.method = method
        self.declarations = []
        self.checks = []
        self.values = {}
        self.index = 0
        request = method.request
        for scalar in request.scalars:
            self.take_scalar(scalar)
        if request.registers:
            self.take_registers(request.registers)
        for blob in request.blobs:
            self.take_blob(blob)
        for position, capability in enumerate(request.capabilities):
            self.values[capability.name] = [f"&request->capabilities[{position}]"]
        if request.pages:
            self.values[request.pages.name] = ["&request->pages"]

    @property
    def arguments(self):
        """What the handler gets, in the order of its parameters."""
        return [value for each in self.method.request.arguments for value in self.values[each.name]]

    def take_scalar(self, scalar):
        name = c_text.field_name(scalar.name)
        self.declarations.append(f"\tuint64_t {name} = buffer->words[{self.index}];")
        condition = range_condition(scalar, name)
        if condition:
            self.checks += refuse(condition, "ERROR_RANGE")
        cast = "" if scalar.kind == "u64" else f"({c_text.SCALAR_TYPES[scalar.kind]})"
        self.values[scalar.name] = [cast + name]
        self.index += 1

    def take_registers(self, registers):
        name = c_text.field_name(registers.name)
        self.declarations.append(f"\tstruct abi_registers {name};")
        self.checks.append(f"\tmemcpy(&{name}, &buffer->words[{self.index}], sizeof({name}));")
        self.values[registers.name] = [f"&{name}"]
        self.index += REGISTER_WORDS

    def take_blob(self, blob):
        name = c_text.field_name(blob.name)
        maximum = c_text.maximum_name(self.interface, self.method, blob)
        if blob.kind == "string":
            self.declarations.append(f"\tchar {name}[{maximum} + 1];")
            self.values[blob.name] = [name]
        else:
            self.declarations.append(f"\tuint8_t {name}[{maximum}];")
            self.values[blob.name] = [name, f"(size_t){name}_size"]
        self.declarations.append(f"\tuint64_t {name}_size = buffer->words[{self.index}];")
        check = f"{c_text.check_function(blob)}(&reader, {name}_size, {maximum})"
        self.checks += refuse(f"!{check}", "ERROR_ARGUMENT")
        take = c_text.take_function(blob)
        self.checks.append(f"\t{take}(&taker, {name}, (size_t){name}_size);")
        self.index += 1


def count_checks(request):
    """Checks how many words and items there are."""
    if not request.blobs and not request.has_items:
        return refuse(f"!request_is_plain(request, {request.fixed_words}u)", "ERROR_ARGUMENT")
    if request.blobs:
        lines = refuse("!reader.valid", "ERROR_ARGUMENT")
    else:
        words = "IPC_TAG_WORDS(request->tag)"
        lines = refuse(f"{words} != {request.fixed_words}u", "ERROR_ARGUMENT")
    required = len([item for item in request.capabilities if not item.optional])
    least, most = 0, 0
    if request.pages:
        least, most = 0 if request.pages.optional else 1, request.pages.maximum
    items = f"request, {required}, {len(request.capabilities)}, {least}, {most}"
    return lines + refuse(f"!request_items_are({items})", "ERROR_ARGUMENT")


def decoder(interface, method):
    """The function that checks one request, has it handled and makes the reply."""
    request = method.request
    decode = Decoder(interface, method)
    results = c_reply.Results(interface, method)
    field = c_text.field_name(method.name)
    declarations = list(decode.declarations)
    if request.blobs:
        start = f"message_reader(buffer->words, request->tag, {request.fixed_words}u)"
        declarations.append(f"\tstruct message_reader reader = {start};")
        declarations.append("\tstruct message_reader taker = reader;")
    body = [*refuse(f"!handlers->{field}", "ERROR_UNKNOWN"), *count_checks(request), *decode.checks]
    if request.blobs:
        body += refuse("!message_at_end(&taker)", "ERROR_ARGUMENT")
    body += results.initialisation
    handed = ", ".join(["request", *decode.arguments, *results.handed])
    body += c_text.statement(f"error = handlers->{field}({handed});")
    deferred = "request_is_deferred(request)"
    body += c_text.when(f"error != ERROR_OK || {deferred}", "return IPC_TAG(error, 0, 0)")
    body += c_text.statement(f"return encode_{method.name}({', '.join(results.encoded)});")
    parameters = ["struct request *request", f"const struct {interface.name}_handlers *handlers"]
    return [
        *c_text.signature(f"static uint64_t decode_{method.name}", parameters),
        "{",
        *c_text.buffer_declaration([*declarations, *body]),
        *declarations,
        *results.declarations,
        "\terror_t error;",
        "",
        *body,
        "}",
        "",
    ]


def handlers_structure(interface):
    lines = [*c_text.comment(HANDLERS_TEXT), f"struct {interface.name}_handlers {{"]
    for method in interface.methods:
        lines += c_text.comment(method.text, 1)
        prefix = f"error_t (*{c_text.field_name(method.name)})"
        parameters = handler_parameters(interface, method)
        lines += c_text.signature(prefix, parameters, ";", 1)
    return [*lines, "};", ""]


def dispatch_signature(interface):
    return f"uint64_t {interface.name}_dispatch(struct request *request, const void *handlers)"


def server_header(interface):
    guard = f"NACRE_PROTOCOL_{interface.name.upper()}_SERVER_H"
    lines = c_text.banner(interface, "Handlers, dispatcher and delayed replies")
    lines += [f"#ifndef {guard}", f"#define {guard}", ""]
    lines += [f"#include <nacre/protocol/{interface.name}.h>", "#include <nacre/server.h>", ""]
    for method in interface.methods:
        lines += c_reply.structure(interface, method)
    lines += handlers_structure(interface)
    structure = f"struct {interface.name}_handlers"
    lines += c_text.comment(f"For struct server_protocol: `handlers` is a {structure}.")
    lines += [dispatch_signature(interface) + ";", ""]
    for method in interface.methods:
        if method.delayed:
            lines += c_reply.later_declaration(interface, method)
    return [*lines, "#endif"]


def dispatcher(interface):
    lines = [dispatch_signature(interface), "{", "\tswitch (IPC_TAG_LABEL(request->tag)) {"]
    for method in interface.methods:
        lines.append(f"\tcase {c_text.label(interface, method)}:")
        lines.append(f"\t\treturn decode_{method.name}(request, handlers);")
    return [*lines, "\tdefault:", "\t\treturn IPC_TAG(ERROR_UNKNOWN, 0, 0);", "\t}", "}"]


def server_source(interface):
    lines = c_text.banner(interface, "The answering side")
    lines += ["#include <string.h>", "", f"#include <nacre/protocol/{interface.name}_server.h>", ""]
    for method in interface.methods:
        lines += c_reply.encoder(interface, method)
        lines += decoder(interface, method)
        if method.delayed:
            lines += c_reply.later(interface, method)
    return lines + dispatcher(interface)
