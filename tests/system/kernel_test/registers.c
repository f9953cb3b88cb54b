/* SPDX-License-Identifier: MIT */
/*
 * Vector registers, FS and GS, selectors: kept for their thread, hidden from all others.
 */
#include "faulting.h"

#include <string.h>

#include <nacre/abi/feature.h>

#include <first/child.h>
#include <first/machine.h>

#include "topics.h"

#define MILLISECOND     UINT64_C(1000000)
#define VECTOR_X87      16u
#define MXCSR_INITIAL   0x1f80u
#define CONTROL_INITIAL 0x37fu

/* As vectors.S stores them: FXSAVE's format, then all of ymm. */
struct vectors {
	uint16_t control, status;
	uint8_t tag, reserved;
	uint16_t opcode;
	uint64_t instruction, data;
	uint32_t mxcsr, mxcsr_mask;
	uint64_t x87[8][2];
	uint64_t xmm[16][2];
	uint64_t rest[12];
	uint64_t ymm[16][4];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct vectors) == 1024, "vectors.S");

void vectors_fill(uint64_t value);
void vectors_store(struct vectors *vectors);
extern const char snippet_x87_divide[] __attribute__((visibility("hidden")));

/* Whether the upper halves are to be used: read by vectors.S. */
__attribute__((visibility("hidden"))) uint32_t vectors_wide;

struct segments {
	uint64_t fs_word, gs_word;
	uint32_t ds, es, fs, gs;
};

/* Each space has its own copy of these. */
static struct vectors seen;
static struct segments segments_seen;
static volatile uint64_t seen_count;
static volatile uint64_t rounds_done, rounds_bad;

/* Before children are made, which start with a copy of these. */
static void registers_forget(void) {
	memset(&seen, 0, sizeof(seen));
	memset(&segments_seen, 0, sizeof(segments_seen));
	seen_count = 0;
	rounds_done = 0;
	rounds_bad = 0;
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_INFO));
	vectors_wide = (answer.words[1] & ARCH_FEATURE_AVX) != 0;
}

/* Waits until the child's copy of a counter is not 0 any more. */
static void wait_for(const struct child *child, volatile uint64_t *counter) {
	const volatile uint64_t *there = child_view(child, (void *)counter);

	for (unsigned int round = 0; *there == 0 && round < 1000; round++) machine_sleep(MILLISECOND);
	CHECK(*there != 0);
}

static int vectors_are(const struct vectors *vectors, uint64_t value) {
	for (unsigned int number = 0; number < 16; number++) {
		if (vectors->xmm[number][0] != value || vectors->xmm[number][1] != value) return 0;
		for (unsigned int part = 0; vectors_wide && part < 4; part++)
			if (vectors->ymm[number][part] != value) return 0;
	}
	return 1;
}

/* Nothing of another thread is in them. */
static void check_initial(const struct vectors *vectors) {
	CHECK(vectors_are(vectors, 0));
	CHECK_EQUAL(vectors->mxcsr, MXCSR_INITIAL);
	CHECK_EQUAL(vectors->control, CONTROL_INITIAL);
	CHECK_EQUAL(vectors->tag, 0);
	CHECK_EQUAL(vectors->status, 0);
	CHECK_EQUAL(vectors->instruction | vectors->data, 0);
	for (unsigned int number = 0; number < 8; number++)
		CHECK_EQUAL(vectors->x87[number][0] | (vectors->x87[number][1] & 0xffff), 0);
}

static _Noreturn void look_run(uint64_t unused) {
	(void)unused;
	vectors_store(&seen);
	seen_count = 1;
	for (;;) __asm__ volatile("ud2");
}

/* Fills them and looks again and again whether they stay. */
static _Noreturn void keep_run(uint64_t value) {
	vectors_fill(value);
	for (;;) {
		vectors_store(&seen);
		rounds_bad += vectors_are(&seen, value) ? 0 : 1;
		rounds_done++;
	}
}

static _Noreturn void fill_and_call_run(uint64_t value) {
	struct raw_ipc ipc = {.operation = IPC_CALL, .target = 1};

	vectors_fill(value);
	raw_ipc(&ipc);
	vectors_store(&seen);
	seen_count = 1;
	for (;;) __asm__ volatile("ud2");
}

static void vectors_survive_preemption_by_others_that_use_them(void) {
	struct child children[2];
	struct actor actors[2];

	registers_forget();
	for (unsigned int index = 0; index < 2; index++) {
		child_create(&children[index]);
		actor_create_in(&children[index], &actors[index]);
		actor_set_budget(&actors[index], MILLISECOND / 5, ACTOR_PRIORITY);
		CHECK_DONE();
		actor_start(&actors[index], ENTRY(keep_run), 0x1111111111111111 * (index + 1));
	}
	machine_sleep(30 * MILLISECOND);
	for (unsigned int index = 0; index < 2; index++) {
		wait_for(&children[index], &rounds_done);
		CHECK_EQUAL(*(uint64_t *)child_view(&children[index], (void *)&rounds_bad), 0);
	}
}

static void a_new_thread_sees_nothing_of_one_that_was_preempted(void) {
	struct child filler_space, looker_space;
	struct actor filler, looker;

	registers_forget();
	child_create(&filler_space);
	child_create(&looker_space);
	actor_create_in(&filler_space, &filler);
	actor_create_in(&looker_space, &looker);
	CHECK_DONE();
	actor_start(&filler, ENTRY(keep_run), 0x5ec3e75ec3e75ec3);
	wait_for(&filler_space, &rounds_done);
	actor_set_budget(&looker, MILLISECOND, ACTOR_PRIORITY + 1);
	actor_start(&looker, ENTRY(look_run), 0);
	wait_for(&looker_space, &seen_count);
	CHECK_DONE();
	check_initial(child_view(&looker_space, &seen));
}

static void a_called_server_in_another_space_sees_nothing_of_its_caller(void) {
	struct child space;
	struct actor caller;
	struct vectors mine;

	registers_forget();
	child_create(&space);
	actor_create_in(&space, &caller);
	child_give_badged(&space, SLOT_SELF, 1, RIGHT_SEND, 1);
	CHECK_DONE();
	actor_start(&caller, ENTRY(fill_and_call_run), 0x5ec3e75ec3e75ec3);
	CHECK_OK(receive());
	vectors_store(&mine);
	CHECK(!vectors_are(&mine, 0x5ec3e75ec3e75ec3));
	for (unsigned int number = 0; number < 16; number++) {
		CHECK(mine.xmm[number][0] != 0x5ec3e75ec3e75ec3);
		CHECK(mine.xmm[number][1] != 0x5ec3e75ec3e75ec3);
	}
	for (unsigned int number = 0; number < 8; number++) CHECK_EQUAL(mine.x87[number][0], 0);
	/* And the caller, after the reply, nothing of the server. */
	vectors_fill(0xabcdabcdabcdabcd);
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	CHECK_EQUAL(*(uint64_t *)child_view(&space, (void *)&seen_count), 1);
	const struct vectors *its = child_view(&space, &seen);
	for (unsigned int number = 0; number < 16; number++) CHECK(its->xmm[number][0] != 0xabcdabcdabcdabcd);
}

static _Noreturn void page_and_keep_run(volatile uint64_t *address) {
	vectors_fill(0x7777777777777777);
	(void)*address;
	vectors_store(&seen);
	seen_count = 1;
	for (;;) __asm__ volatile("ud2");
}

static void vectors_survive_a_page_fault_and_its_pager(void) {
	struct child space;
	struct actor actor;

	registers_forget();
	child_create(&space);
	actor_create_in(&space, &actor);
	handler_set(&actor, HANDLER_PAGER);
	CHECK_DONE();
	actor_start(&actor, ENTRY(page_and_keep_run), CHILD_SCRATCH);
	CHECK_OK(receive());
	vectors_fill(0x9999999999999999);
	give_page(frames_take(1), CHILD_SCRATCH, PAGE_READ);
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	CHECK_EQUAL(*(uint64_t *)child_view(&space, (void *)&seen_count), 1);
	CHECK(vectors_are(child_view(&space, &seen), 0x7777777777777777));
	const struct vectors *its = child_view(&space, &seen);
	CHECK_EQUAL(its->tag, 0xff);
}

static _Noreturn void control_words_run(uint64_t unused) {
	struct raw_ipc ipc = {.operation = IPC_CALL, .target = 1};
	uint32_t mxcsr = 0x7f80;
	uint16_t control = 0x0f7f;

	(void)unused;
	__asm__ volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(control));
	raw_ipc(&ipc);
	vectors_store(&seen);
	seen_count = 1;
	for (;;) __asm__ volatile("ud2");
}

static void control_words_are_kept_over_a_call_and_not_passed_on(void) {
	struct child space;
	struct actor actor;
	struct vectors mine;

	registers_forget();
	child_create(&space);
	actor_create_in(&space, &actor);
	child_give_badged(&space, SLOT_SELF, 1, RIGHT_SEND, 1);
	CHECK_DONE();
	actor_start(&actor, ENTRY(control_words_run), 0);
	CHECK_OK(receive());
	vectors_store(&mine);
	CHECK_EQUAL(mine.mxcsr, MXCSR_INITIAL);
	CHECK_EQUAL(mine.control, CONTROL_INITIAL);
	CHECK_OK(REPLY(ERROR_OK));
	settle();
	const struct vectors *its = child_view(&space, &seen);
	CHECK_EQUAL(its->mxcsr, 0x7f80);
	CHECK_EQUAL(its->control, 0x0f7f);
}

static void an_x87_exception_is_the_threads(void) {
	struct actor actor;

	given_a_faulter(&actor, snippet_x87_divide, 0);
	CHECK_OK(receive());
	CHECK_EQUAL(IPC_TAG_LABEL(answer.tag), FAULT_EXCEPTION);
	CHECK_EQUAL(answer.words[0], VECTOR_X87);
}

/* --- Segments ------------------------------------------------------------------------------------ */

/* Reads through FS and GS (whose bases are @base, or 0) and the selectors. */
static _Noreturn void segments_run(uint64_t offset) {
	struct segments *segments = &segments_seen;

	__asm__ volatile("movl %%ds, %0\n\tmovl %%es, %1\n\tmovl %%fs, %2\n\tmovl %%gs, %3"
	                 : "=r"(segments->ds), "=r"(segments->es), "=r"(segments->fs), "=r"(segments->gs));
	__asm__ volatile("movq %%fs:(%2), %0\n\tmovq %%gs:(%2), %1"
	                 : "=&r"(segments->fs_word), "=&r"(segments->gs_word)
	                 : "r"(offset));
	seen_count = 1;
	for (;;) __asm__ volatile("ud2");
}

/* Loads null selectors with all bits that are free, which also clears the bases. */
static _Noreturn void selectors_run(uint64_t unused) {
	(void)unused;
	for (;;) {
		__asm__ volatile("movl %0, %%ds\n\tmovl %0, %%es\n\tmovl %0, %%fs\n\tmovl %0, %%gs" : : "r"(3));
		seen_count++;
	}
}

static void each_thread_has_its_own_bases(void) {
	struct actor actors[3];
	volatile uint64_t *words = (volatile uint64_t *)SCRATCH;

	pages_map(SCRATCH, 1);
	CHECK_DONE();
	for (uint64_t index = 0; index < 64; index++) words[index] = 100 + index;
	for (uint64_t index = 0; index < 3; index++) {
		actor_create(&actors[index]);
		CHECK_OK(KERNEL(actors[index].control, THREAD_SET_BASES, SCRATCH + index * 8,
		                SCRATCH + 256 + index * 8));
		actor_start(&actors[index], ENTRY(segments_run), 8);
		settle();
		CHECK_EQUAL(segments_seen.fs_word, 101 + index);
		CHECK_EQUAL(segments_seen.gs_word, 133 + index);
	}
}

static void bases_of_0_are_0_after_others_had_theirs(void) {
	struct actor with, without;

	pages_map(SCRATCH, 1);
	*(volatile uint64_t *)SCRATCH = 5;
	*(volatile uint64_t *)(SCRATCH + 8) = 6;
	actor_create(&with);
	CHECK_OK(KERNEL(with.control, THREAD_SET_BASES, SCRATCH + 8, SCRATCH + 8));
	actor_start(&with, ENTRY(segments_run), 0);
	settle();
	CHECK_EQUAL(segments_seen.fs_word, 6);
	actor_create(&without);
	actor_start(&without, ENTRY(segments_run), SCRATCH);
	settle();
	CHECK_EQUAL(segments_seen.fs_word, 5);
	CHECK_EQUAL(segments_seen.gs_word, 5);
}

static void a_thread_that_loads_selectors_changes_nobody_elses(void) {
	struct child loader_space, reader_space;
	struct actor loader, reader;

	registers_forget();
	child_create(&loader_space);
	child_create(&reader_space);
	actor_create_in(&loader_space, &loader);
	actor_create_in(&reader_space, &reader);
	pages_map(SCRATCH, 1);
	child_map(&reader_space, SCRATCH, CHILD_SCRATCH, 1, PAGE_READ);
	CHECK_OK(KERNEL(loader.control, THREAD_SET_BASES, 0x1000, 0x2000));
	CHECK_OK(KERNEL(reader.control, THREAD_SET_BASES, CHILD_SCRATCH, CHILD_SCRATCH));
	actor_start(&loader, ENTRY(selectors_run), 0);
	wait_for(&loader_space, &seen_count);
	actor_set_budget(&reader, MILLISECOND, ACTOR_PRIORITY + 1);
	actor_start(&reader, ENTRY(segments_run), 0);
	wait_for(&reader_space, &seen_count);
	CHECK_DONE();
	const struct segments *its = child_view(&reader_space, &segments_seen);
	CHECK_EQUAL(its->ds | its->es | its->fs | its->gs, 0);
	CHECK_EQUAL(its->fs_word | its->gs_word, 0);
}

const struct test register_tests[] = {
	TEST(vectors_survive_preemption_by_others_that_use_them),
	TEST(a_new_thread_sees_nothing_of_one_that_was_preempted),
	TEST(a_called_server_in_another_space_sees_nothing_of_its_caller),
	TEST(vectors_survive_a_page_fault_and_its_pager),
	TEST(control_words_are_kept_over_a_call_and_not_passed_on),
	TEST(an_x87_exception_is_the_threads),
	TEST(each_thread_has_its_own_bases),
	TEST(bases_of_0_are_0_after_others_had_theirs),
	TEST(a_thread_that_loads_selectors_changes_nobody_elses),
	TESTS_END,
};
