/* SPDX-License-Identifier: MIT */
/*
 * Messages of the main thread. Read first/kernel.h first.
 */
#include <first/kernel.h>

#include <first/machine.h>

struct utcb *main_utcb;
struct raw_ipc answer;

static unsigned int items_given;

void give_item(struct ipc_item item) { main_utcb->items[items_given++] = item; }

void give_frames(uint64_t address, uint64_t count) {
	give_item((struct ipc_item){
		.header = ITEM_HEADER(ITEM_PAGES, ITEM_DERIVE, PAGE_RIGHTS, ITEM_HOLD),
		.source = address,
		.count = count,
	});
}

void give_capability(uint32_t slot) {
	give_item((struct ipc_item){
		.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_DERIVE, RIGHTS_ALL, 0),
		.source = slot,
	});
}

static uint64_t transfer(uint64_t operation, uint64_t target, uint32_t label, const uint64_t *words, uint64_t count) {
	answer = (struct raw_ipc){
		.operation = operation,
		.target = target,
		.tag = IPC_TAG(label, count, items_given),
	};
	items_given = 0;
	for (uint64_t index = 0; index < count; index++) {
		if (index < IPC_WORDS_IN_REGISTERS)
			answer.words[index] = words[index];
		else
			main_utcb->words[index] = words[index];
	}
	raw_ipc(&answer);
	return answer.operation;
}

uint64_t kernel_call(uint32_t slot, uint32_t label, const uint64_t *words, uint64_t count) {
	uint64_t result = transfer(IPC_CALL, slot, label, words, count);

	return result != 0 ? CALL_FAILED | result : IPC_TAG_LABEL(answer.tag);
}

uint64_t answer_word(unsigned int index) {
	if (index < IPC_WORDS_IN_REGISTERS) return answer.words[index];
	/* cppcheck-suppress arrayIndexOutOfBoundsCond ; it takes every index above the registers' for 64 */
	return main_utcb->words[index];
}

uint64_t receive_until(uint32_t queue, uint64_t deadline) {
	main_utcb->deadline = deadline;
	return transfer(IPC_RECEIVE | IPC_DEADLINE, IPC_TARGET(0, queue), 0, NULL, 0);
}

uint64_t receive(void) { return receive_until(0, machine_now() + machine_patience()); }

uint64_t receive_now(void) { return transfer(IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NULL, 0); }

uint64_t reply_words(uint32_t label, const uint64_t *words, uint64_t count) {
	return transfer(IPC_REPLY, 0, label, words, count);
}

uint64_t reply_to(uint32_t slot, uint32_t label) { return transfer(IPC_REPLY, slot, label, NULL, 0); }

uint64_t reply_save(uint32_t slot) {
	main_utcb->save_slot = slot;
	return transfer(IPC_SAVE, 0, 0, NULL, 0);
}

uint64_t send_now(uint32_t slot, uint32_t label) {
	return transfer(IPC_SEND | IPC_SEND_NONBLOCK, slot, label, NULL, 0);
}
