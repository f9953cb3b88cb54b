# SPDX-License-Identifier: MIT
"""Writes how a server's results become a reply, at once or later.

Owns a method's encoder and the shapes in which results are handed about: by a handler through
pointers, to the encoder by value.
"""

from nacre_interface import c_text
from nacre_interface.model import REGISTER_WORDS


def handler_results(interface, method):
    """C parameters through which a handler gives results."""
    if c_text.uses_struct(method):
        return [f"{c_text.reply_struct(interface, method)} *reply"]
    parameters = []
    for result in method.reply.arguments:
        name = f"{result.name}_out"
        if result.is_scalar:
            parameters.append(f"{c_text.SCALAR_TYPES[result.kind]} *{name}")
        elif result.kind == "bytes":
            parameters += [f"void *{name}", f"size_t *{result.name}_size_out"]
        elif result.kind == "registers":
            parameters.append(f"struct abi_registers *{name}")
            if result.optional:
                parameters.append(f"unsigned int *{result.name}_given_out")
        elif result.kind == "capability":
            parameters.append(f"struct ipc_item *{name}")
        else:
            parameters.append(f"struct page_list *{name}")
    return parameters


def encode_parameters(interface, method):
    """(type, name) of what the encoder gets."""
    if c_text.uses_struct(method):
        return [(f"const {c_text.reply_struct(interface, method)} *", "reply")]
    parameters = []
    for result in method.reply.arguments:
        name = c_text.field_name(result.name)
        if result.is_scalar:
            parameters.append((f"{c_text.SCALAR_TYPES[result.kind]} ", name))
        elif result.kind == "bytes":
            parameters += [("const void *", name), ("size_t ", f"{name}_size")]
        elif result.kind == "registers":
            parameters.append(("const struct abi_registers *", name))
        elif result.kind == "capability":
            parameters.append(("const struct ipc_item *", name))
        else:
            parameters.append(("const struct page_list *", name))
    return parameters


def declared(parameters):
    return [kind + name for kind, name in parameters]


class Results:
    """A handler's results on their way: variables, what the handler and then the encoder gets."""

    def __init__(self, interface, method):
        self.interface = interface
        self.method = method
        self.declarations = []
        self.initialisation = []
        self.handed = []
        self.encoded = []
        if c_text.uses_struct(method):
            self.declarations.append(f"\t{c_text.reply_struct(interface, method)} reply;")
            self.initialisation.append("\tmemset(&reply, 0, sizeof(reply));")
            self.handed = self.encoded = ["&reply"]
            return
        for result in method.reply.arguments:
            self.add(result, f"{result.name}_out")

    def add(self, result, name):
        if result.is_scalar:
            kind = c_text.SCALAR_TYPES[result.kind]
            self.add_variable(f"{kind} {name} = 0", f"&{name}", name)
        elif result.kind == "bytes":
            maximum = c_text.maximum_name(self.interface, self.method, result)
            size = f"{result.name}_size_out"
            self.add_variable(f"uint8_t {name}[{maximum}]", name, name)
            self.add_variable(f"size_t {size} = 0", f"&{size}", size)
        elif result.kind == "registers" and result.optional:
            given = f"{result.name}_given_out"
            encoded = f"{given} ? &{name} : NULL"
            self.add_variable(f"struct abi_registers {name}", f"&{name}", encoded)
            self.declarations.append(f"\tunsigned int {given} = 0;")
            self.handed.append(f"&{given}")
        elif result.kind == "registers":
            self.add_variable(f"struct abi_registers {name} = {{ 0 }}", f"&{name}", f"&{name}")
        elif result.kind == "capability":
            self.add_variable(f"struct ipc_item {name} = {{ 0 }}", f"&{name}", f"&{name}")
        else:
            self.add_variable(f"struct page_list {name}", f"&{name}", f"&{name}")
            self.initialisation.append(f"\t{name}.count = 0;")

    def add_variable(self, declaration, handed, encoded):
        self.declarations.append(f"\t{declaration};")
        self.handed.append(handed)
        self.encoded.append(encoded)


class Encoder:
    """Puts results in the message buffer. The statements are those after the local variables."""

    def __init__(self, interface, method):
        self.interface = interface
        self.method = method
        self.in_struct = c_text.uses_struct(method)
        self.declarations = []
        self.statements = []

    def value(self, result):
        name = c_text.field_name(result.name)
        return f"reply->{name}" if self.in_struct else name

    def pointer(self, result):
        """To a result that is a structure."""
        return f"&{self.value(result)}" if self.in_struct else self.value(result)

    def fail_if(self, condition, error):
        self.statements += c_text.when(condition, f"return IPC_TAG({error}, 0, 0)")

    def measure(self, blob):
        size = f"{self.value(blob)}_size"
        length = f"strlen({self.value(blob)})" if blob.kind == "string" else size
        self.declarations.append(f"\tsize_t {blob.name}_length = {length};")
        maximum = c_text.maximum_name(self.interface, self.method, blob)
        self.fail_if(f"{blob.name}_length > {maximum}", "ERROR_RANGE")

    def put_fixed(self, reply):
        index = 0
        for scalar in reply.scalars:
            cast = "(uint64_t)" if scalar.kind == "i64" else ""
            self.statements.append(f"\tbuffer->words[{index}] = {cast}{self.value(scalar)};")
            index += 1
        if reply.registers:
            self.put_registers(reply.registers, index)
            index += REGISTER_WORDS
        for blob in reply.blobs:
            self.statements.append(f"\tbuffer->words[{index}] = {blob.name}_length;")
            index += 1

    def put_registers(self, registers, index):
        place = f"&buffer->words[{index}]"
        name = self.pointer(registers)
        if registers.optional:
            self.statements += c_text.when(f"!{name}", "return IPC_TAG(ERROR_OK, 0, 0)")
        self.statements.append(f"\tmemcpy({place}, {name}, sizeof(struct abi_registers));")

    def put_blob(self, blob):
        put = f"message_put(buffer->words, position, {self.value(blob)}, {blob.name}_length)"
        self.statements.append(f"\tposition = {put};")

    def put_items(self, reply):
        for capability in reply.capabilities:
            arguments = f"buffer, &items, {self.pointer(capability)}, {c_text.need(capability)}"
            self.fail_if(f"!message_put_capability({arguments})", "ERROR_STATE")
        if reply.pages:
            arguments = f"buffer, &items, {self.pointer(reply.pages)}"
            self.fail_if(f"!message_put_pages({arguments})", "ERROR_STATE")


def encoder(interface, method):
    """The function that puts results in the message buffer and returns the tag."""
    reply = method.reply
    encode = Encoder(interface, method)
    if reply.blobs:
        encode.declarations.append(f"\tunsigned int position = {reply.fixed_words}u;")
    if reply.has_items:
        encode.declarations.append("\tunsigned int items = 0;")
    for blob in reply.blobs:
        encode.measure(blob)
    encode.put_fixed(reply)
    for blob in reply.blobs:
        encode.put_blob(blob)
    encode.put_items(reply)
    words = "position" if reply.blobs else f"{reply.fixed_words}u"
    items = "items" if reply.has_items else "0u"
    prefix = f"static uint64_t encode_{method.name}"
    declarations = [*c_text.buffer_declaration(encode.statements), *encode.declarations]
    return [
        *c_text.signature(prefix, declared(encode_parameters(interface, method))),
        "{",
        *declarations,
        *([""] if declarations else []),
        *encode.statements,
        f"\treturn IPC_TAG(ERROR_OK, {words}, {items});",
        "}",
        "",
    ]


def structure(interface, method):
    """The structure of a method's results, if it has one."""
    if not c_text.uses_struct(method):
        return []
    fields = c_text.struct_fields(interface, method, "struct ipc_item")
    return [f"{c_text.reply_struct(interface, method)} {{", *c_text.indent(fields), "};", ""]


def later_signature(interface, method, suffix=""):
    parameters = ["struct delayed_reply *to", *declared(encode_parameters(interface, method))]
    prefix = f"error_t {interface.name}_reply_{method.name}"
    return c_text.signature(prefix, parameters, suffix)


def later_declaration(interface, method):
    text = f"Answers `{method.name}` later; to fail, delayed_reply_fail()."
    return [*c_text.comment(text), *later_signature(interface, method, ";"), ""]


def later(interface, method):
    """The function that answers a request that was deferred."""
    names = ", ".join(name for _, name in encode_parameters(interface, method))
    call = f"delayed_reply_send(to, encode_{method.name}({names}))"
    signature = later_signature(interface, method)
    return [*signature, "{", *c_text.statement(f"return {call};"), "}", ""]
