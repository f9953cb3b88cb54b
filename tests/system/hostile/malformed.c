/* SPDX-License-Identifier: MIT */
/*
 * Malformed messages: each gets an error that names a defect it has.
 */
#include <string.h>

#include <first/actor.h>
#include <first/child.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "oracle.h"
#include "random.h"
#include "tests.h"

/* Capabilities to what may be lost, by what the oracle calls them. */
struct targets {
	uint32_t slot[TARGET_KIND_COUNT];
	struct child space;
	struct actor queue;
};

static void targets_make(struct targets *targets) {
	uint32_t derived = slots_take(4);

	space_create(&targets->space);
	queue_create(&targets->queue);
	CHECK_DONE();
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, targets->queue.thread, derived, RIGHT_SEND, 0, 0));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, targets->queue.thread, derived + 1, RIGHT_SIGNAL, 0, 1));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, targets->queue.thread, derived + 2, RIGHT_SERVE, 0, 0));
	targets->slot[TARGET_EMPTY] = derived + 3;
	targets->slot[TARGET_SPACE] = targets->space.space;
	targets->slot[TARGET_THREAD] = targets->queue.control;
	targets->slot[TARGET_INTERRUPT] = SLOT_INTERRUPTS;
	targets->slot[TARGET_PORTS] = SLOT_PORTS;
	targets->slot[TARGET_MESSAGE] = targets->queue.thread;
	targets->slot[TARGET_SEND] = derived;
	targets->slot[TARGET_SIGNAL] = derived + 1;
	targets->slot[TARGET_SERVE] = derived + 2;
}

static uint64_t random_tag(struct random *random, enum target_kind kind) {
	static const uint32_t protocols[TARGET_KIND_COUNT] = {
		[TARGET_SPACE] = PROTOCOL_SPACE,
		[TARGET_THREAD] = PROTOCOL_THREAD,
		[TARGET_INTERRUPT] = PROTOCOL_INTERRUPT,
		[TARGET_PORTS] = PROTOCOL_PORTS,
	};
	uint32_t label = LABEL(protocols[kind], random_below(random, 42));
	uint64_t words = random_below(random, 7);
	uint64_t items = random_below(random, 3);

	if (random_one_in(random, 6)) label = (uint32_t)random_edge(random);
	if (random_one_in(random, 6)) words = random_below(random, 256);
	if (random_one_in(random, 6)) items = random_below(random, 16);
	uint64_t tag = IPC_TAG(label, words, items);
	if (random_one_in(random, 6)) tag |= UINT64_C(1) << (12 + random_below(random, 20));
	return tag;
}

/* Never waits: receives and sends are told not to. */
static uint64_t random_operation(struct random *random) {
	uint64_t operation = IPC_CALL;

	if (random_one_in(random, 3)) operation = random_next(random) & IPC_OPERATION_ALL;
	if (random_one_in(random, 10)) operation |= UINT64_C(1) << random_below(random, 64);
	return operation | IPC_SEND_NONBLOCK | IPC_RECEIVE_NONBLOCK;
}

/* A number that lands on a capability of @kind, or on none that exists. */
static uint32_t random_slot(struct random *random, const struct targets *targets, enum target_kind kind) {
	if (kind == TARGET_EMPTY && random_one_in(random, 2)) return (uint32_t)random_next(random) | UINT32_C(0x20000);
	return targets->slot[kind];
}

static void random_request(struct random *random, const struct targets *targets, struct request *request) {
	memset(request, 0, sizeof(*request));
	request->destination = (enum target_kind)random_below(random, TARGET_KIND_COUNT);
	request->queue = (enum target_kind)random_below(random, TARGET_KIND_COUNT);
	request->ipc.operation = random_operation(random);
	request->ipc.tag = random_tag(random, request->destination);
	uint64_t queue = random_one_in(random, 2) ? 0 : random_slot(random, targets, request->queue);
	request->ipc.target = IPC_TARGET(random_slot(random, targets, request->destination), queue);
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++)
		request->ipc.words[index] = random_edge(random);
	for (unsigned int index = 0; index < IPC_ITEMS_MAX; index++) {
		request->items[index] = (struct ipc_item){
			random_one_in(random, 3) ? random_edge(random) : random_next(random) & ITEM_FLAGS_ALL,
			random_edge(random), random_edge(random), random_edge(random)};
	}
}

/* What must not be done to the machine by a message that happens to be in order. */
static int is_harmful(const struct request *request) {
	switch (IPC_TAG_LABEL(request->ipc.tag)) {
	case SPACE_DESTROY:
	case THREAD_DESTROY:
	case THREAD_REBIND:
	case PORTS_READ:
	case PORTS_WRITE:
	case INTERRUPT_BIND:
	case INTERRUPT_UNMASK:
	case INTERRUPT_ALLOCATE_MSI:
	case INTERRUPT_CONFIGURE:
	case INTERRUPT_ADD_CONTROLLER: return 1;
	default: return 0;
	}
}

static void request_note(const struct request *request, uint64_t round) {
	tap_note("round %lu: operation %#lx target %#lx tag %#lx kinds %u %u gave %#lx tag %#lx", (unsigned long)round,
	         (unsigned long)request->ipc.operation, (unsigned long)request->ipc.target,
	         (unsigned long)request->ipc.tag, request->destination, request->queue, (unsigned long)answer.operation,
	         (unsigned long)answer.tag);
}

/* Whether the result is one that the verdict admits. */
static int is_just(const struct request *request, const struct verdict *verdict) {
	const uint64_t error = IPC_RESULT_ERROR(answer.operation);

	if (answer.operation & IPC_RESULT_IN_RECEIVE)
		return verdict->result_errors == 0 && (verdict->receive_errors & ERROR_SET(error)) != 0;
	if (error != ERROR_OK) return (verdict->result_errors & ERROR_SET(error)) != 0;
	if (verdict->result_errors) return 0;
	/* Nothing is there to receive. */
	if (request->ipc.operation & IPC_RECEIVE) return 0;
	return verdict->label_errors == 0 || (verdict->label_errors & ERROR_SET(IPC_TAG_LABEL(answer.tag))) != 0;
}

static void request_make(const struct request *request) {
	for (unsigned int index = 0; index < IPC_ITEMS_MAX; index++) main_utcb->items[index] = request->items[index];
	answer = request->ipc;
	raw_ipc(&answer);
}

static void malformed_messages_get_an_error_that_names_a_defect(void) {
	struct random random = {hostile_seed()};
	struct targets targets;
	uint64_t judged = 0;
	uint64_t rounds = hostile_rounds(200000);

	targets_make(&targets);
	CHECK_DONE();
	main_utcb->window_slot_count = 0;
	for (uint64_t round = 0; round < rounds; round++) {
		struct request request;
		struct verdict verdict;
		random_request(&random, &targets, &request);
		verdict = oracle_judge(&request);
		if (!verdict.result_errors && !verdict.label_errors && is_harmful(&request)) continue;
		request_make(&request);
		judged += verdict.result_errors || verdict.receive_errors || verdict.label_errors;
		if (is_just(&request, &verdict)) continue;
		request_note(&request, round);
		CHECK(is_just(&request, &verdict));
	}
	CHECK(judged > rounds / 2);
}

const struct test malformed_tests[] = {
	TEST(malformed_messages_get_an_error_that_names_a_defect),
	TESTS_END,
};
