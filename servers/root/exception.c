/* SPDX-License-Identifier: MIT */
/*
 * Exceptions of the servers that root has started: said in words, and the server ends.
 *
 * Page faults come through the same protocol and are the pager library's.
 */
#include <nacre/protocol/fault_server.h>

#include <pager/serve.h>

#include "root.h"

/* Tells a handler's badge from a pager's, which only the kernel has. */
#define EXCEPTION_BADGE (UINT64_C(1) << 47)

struct ipc_item exception_item(const struct root *root, const struct instance *instance) {
	return item_badge(root->self, RIGHT_SEND, BADGE(PROTOCOL_FAULT, EXCEPTION_BADGE | instance_serial(instance)));
}

static const char *vector_text(uint64_t vector) {
	switch (vector) {
	case FAULT_VECTOR_DIVIDE: return "division by zero or overflow";
	case FAULT_VECTOR_DEBUG: return "debug trap";
	case FAULT_VECTOR_BREAKPOINT: return "breakpoint";
	case FAULT_VECTOR_INVALID: return "invalid instruction";
	case FAULT_VECTOR_PROTECTION: return "protection fault";
	case FAULT_VECTOR_PAGE: return "page fault";
	case FAULT_PAGER_LOST: return "page fault without a pager";
	default: return "exception";
	}
}

/* Why the pager did not help. */
static const char *page_error_text(uint64_t error) {
	switch (error) {
	case ERROR_RANGE: return "nothing is mapped there";
	case ERROR_RIGHT: return "the memory there does not allow it";
	case ERROR_LIMIT: return "out of memory: its limit is used up";
	case ERROR_NO_MEMORY: return "out of memory: the machine has no more";
	case ERROR_GONE: return "the memory there was taken back by its owner";
	default: return error < ERROR_COUNT ? error_text((error_t)error) : "unknown error";
	}
}

static void exception_report(const struct child *child, uint64_t vector, uint64_t code, uint64_t address,
                             uint64_t instruction) {
	struct text text = {.size = 0};

	child_name(&text, child);
	text_string(&text, vector_text(vector));
	if (vector == FAULT_VECTOR_PAGE || vector == FAULT_PAGER_LOST) {
		text_string(&text, " at ");
		text_hex(&text, address);
	} else {
		text_string(&text, " ");
		text_decimal(&text, vector);
		text_string(&text, ", code ");
		text_hex(&text, code);
	}
	if (vector == FAULT_VECTOR_PAGE) {
		text_string(&text, " (");
		text_string(&text, page_error_text(code));
		text_string(&text, ")");
	}
	text_string(&text, "; instruction at ");
	text_hex(&text, instruction);
	if (instruction >= child->load) {
		text_string(&text, ", image + ");
		text_hex(&text, instruction - child->load);
	}
	terminal_line(&text);
}

static error_t exception_serve(struct request *request, uint64_t vector, uint64_t code, uint64_t address,
                               const struct abi_registers *registers, struct abi_registers *registers_out,
                               unsigned int *registers_given_out) {
	struct root *root = request->context;
	uint64_t serial = BADGE_OBJECT(request->badge) & ~EXCEPTION_BADGE;
	struct instance *instance = instance_find(&root->pager, serial);
	struct child *child = child_of_instance(root, instance);

	(void)registers_out;
	*registers_given_out = 0;
	if (!child) return ERROR_GONE;
	exception_report(child, vector, code, address, registers->rip);
	boot_child_failed(root, child);
	child_end(root, child);
	return ERROR_STATE;
}

static const struct fault_handlers fault_handlers = {.exception = exception_serve};

uint64_t exception_dispatch(struct request *request, const void *handlers) {
	struct root *root = request->context;
	uint64_t tag;

	(void)handlers;
	if (IPC_TAG_LABEL(request->tag) != FAULT_PAGE) return fault_dispatch(request, &fault_handlers);
	request->context = &root->pager;
	tag = serve_fault(request, NULL);
	request->context = root;
	return tag;
}
