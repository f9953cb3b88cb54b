/* SPDX-License-Identifier: MIT */
/*
 * Actors that fault. Read faulting.h first.
 */
#include "faulting.h"

#include <first/machine.h>
#include <first/tap.h>

void handler_set(const struct actor *actor, uint64_t which) {
	give_item((struct ipc_item){
		.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_DERIVE, RIGHT_SEND, ITEM_BADGE),
		.source = SLOT_SELF,
		.count = FAULT_BADGE + which,
	});
	CHECK_OK(KERNEL(actor->control, THREAD_SET_HANDLER, which));
}

void given_a_faulter(struct actor *actor, const char *entry, uint64_t argument) {
	actor_create(actor);
	handler_set(actor, HANDLER_PAGER);
	handler_set(actor, HANDLER_EXCEPTION);
	actor_start(actor, ENTRY(entry), argument);
}

void give_page(uint64_t frame, uint64_t address, uint64_t rights) {
	give_item((struct ipc_item){
		.header = ITEM_HEADER(ITEM_PAGES, ITEM_DERIVE, rights, 0),
		.source = frame,
		.count = 1,
		.destination = address,
	});
}

struct abi_registers fault_registers(void) {
	struct abi_registers registers;
	uint64_t *words = (uint64_t *)&registers;

	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
		words[index] = answer_word(FAULT_REGISTERS_FIRST_WORD + index);
	return registers;
}

void receive_exception(uint64_t vector, const char *instruction) {
	CHECK_OK(receive());
	CHECK_EQUAL(answer.tag, IPC_TAG(FAULT_EXCEPTION, FAULT_REGISTERS_FIRST_WORD + ABI_REGISTER_WORDS, 0));
	CHECK_EQUAL(answer.words[0], vector);
	CHECK_EQUAL(fault_registers().rip, (uint64_t)(uintptr_t)instruction);
}
