/* SPDX-License-Identifier: MIT */
/*
 * Death in every phase: whatever a thread does when it, its space or a frame of it goes, its peers
 * learn what they have to and the frames come back empty.
 *
 * A victim lives in a child. A phase puts it into a state; a way kills it there.
 */
#include "faulting.h"

#include <first/child.h>
#include <first/machine.h>

#include "snippets.h"
#include "topics.h"

#define PAGE        UINT64_C(4096)
#define MILLISECOND UINT64_C(1000000)

/* Slots of the victim's space. */
#define VICTIM_PARENT  1u /* the main thread's queue */
#define VICTIM_QUEUE   2u /* a queue that nobody serves; all rights */
#define VICTIM_CONTROL 3u /* control of the victim */
#define VICTIM_SPACE   4u /* control of its space */
#define VICTIM_ABOVE   5u /* control of the space that holds all its frames */
#define VICTIM_SAVED   6u /* for a reply right */

struct scene {
	struct child space;
	struct actor victim, peer, queue;
	uint32_t saved; /* a slot of the main thread for the victim's reply right */
};

enum way {
	BY_THREAD_DESTROY,
	BY_SPACE_DESTROY,
	BY_THREAD_FRAME,
	BY_UTCB_FRAME,
	BY_SPACE_FRAME,
	BY_TOP_TABLE_FRAME,
	BY_TABLE_FRAME,
	WAY_COUNT,
};

static const char *const way_names[] = {
	"destroy thread",   "destroy space",  "take thread frame", "take UTCB frame",
	"take space frame", "take top table", "take table",
};

static uint64_t frame_take_back(uint64_t frame) { return KERNEL(SLOT_SPACE, SPACE_UNMAP, frame, 1, UNMAP_CHILDREN); }

static void kill(const struct scene *scene, enum way way) {
	uint64_t frames = scene->space.frames;

	switch (way) {
	case BY_THREAD_DESTROY: CHECK_OK(KERNEL(scene->victim.control, THREAD_DESTROY)); break;
	case BY_SPACE_DESTROY: CHECK_OK(KERNEL(scene->space.space, SPACE_DESTROY)); break;
	case BY_THREAD_FRAME: CHECK_OK(frame_take_back(scene->victim.frames)); break;
	case BY_UTCB_FRAME: CHECK_OK(frame_take_back(scene->victim.frames + PAGE)); break;
	case BY_SPACE_FRAME: CHECK_OK(frame_take_back(frames)); break;
	case BY_TOP_TABLE_FRAME: CHECK_OK(frame_take_back(frames + PAGE)); break;
	case BY_TABLE_FRAME: CHECK_OK(frame_take_back(frames + 9 * PAGE)); break;
	case WAY_COUNT: break;
	}
}

static void check_dead(const struct scene *scene) {
	CHECK_ERROR(KERNEL(scene->victim.control, THREAD_STATE), CALL_FAILED | ERROR_CAPABILITY);
	CHECK_ERROR(send_now(scene->victim.thread, 0), ERROR_CAPABILITY);
	frames_check_returned(scene->victim.frames, 2);
}

static void given_a_scene(struct scene *scene) {
	child_create(&scene->space);
	actor_create_in(&scene->space, &scene->victim);
	actor_create(&scene->peer);
	queue_create(&scene->queue);
	CHECK_DONE();
	scene->saved = slots_take(1);
	child_give_badged(&scene->space, SLOT_SELF, VICTIM_PARENT, RIGHT_SEND, 1);
	child_give(&scene->space, scene->queue.thread, VICTIM_QUEUE, RIGHTS_ALL);
	child_give(&scene->space, scene->victim.control, VICTIM_CONTROL, RIGHTS_ALL);
	child_give(&scene->space, scene->space.space, VICTIM_SPACE, RIGHTS_ALL);
	child_give(&scene->space, SLOT_SPACE, VICTIM_ABOVE, RIGHTS_ALL);
}

struct phase {
	const char *name;
	void (*prepare)(struct scene *scene);
	uint64_t (*check)(struct scene *scene); /* 0 if the peers learnt what they have to */
};

static uint64_t nothing_to_check(struct scene *scene) {
	(void)scene;
	return 0;
}

static void never_started(struct scene *scene) { (void)scene; }

static _Noreturn void spin_for_ever(uint64_t unused) {
	(void)unused;
	for (;;) __asm__ volatile("");
}

static void play_one(struct scene *scene, uint64_t operation, uint64_t target) {
	actor_step(&scene->victim, operation, target, 0);
	actor_play(&scene->victim);
	settle();
}

static void running(struct scene *scene) {
	actor_start(&scene->victim, ENTRY(spin_for_ever), 0);
	machine_sleep(MILLISECOND);
}

static void stopped(struct scene *scene) {
	running(scene);
	CHECK_OK(KERNEL(scene->victim.control, THREAD_STOP));
}

static void receiving(struct scene *scene) { play_one(scene, IPC_RECEIVE, 0); }

static void receiving_with_a_deadline(struct scene *scene) {
	scene->victim.script->deadline = machine_now() + 3600000 * MILLISECOND;
	play_one(scene, IPC_RECEIVE | IPC_DEADLINE, 0);
}

static void receiving_on_a_queue(struct scene *scene) { play_one(scene, IPC_RECEIVE, IPC_TARGET(0, VICTIM_QUEUE)); }

/* The queue must not remember its receiver: the next call waits. */
static uint64_t queue_is_free(struct scene *scene) {
	actor_call(&scene->peer, scene->queue.thread, 0);
	settle();
	return actor_state(&scene->peer) != THREAD_STATE_SENDING;
}

static void sending(struct scene *scene) { play_one(scene, IPC_CALL, VICTIM_QUEUE); }

/* The queue must not remember its caller. */
static uint64_t queue_is_empty(struct scene *scene) {
	return receive_until(scene->queue.thread, 0) != (ERROR_TIMEOUT | IPC_RESULT_IN_RECEIVE);
}

static void waiting_for_a_reply(struct scene *scene) {
	actor_step(&scene->victim, IPC_CALL, VICTIM_PARENT, 0);
	actor_play(&scene->victim);
	CHECK_OK(receive());
}

static uint64_t reply_is_gone(struct scene *scene) {
	(void)scene;
	return REPLY(ERROR_OK) != ERROR_GONE;
}

static void waiting_for_a_saved_reply(struct scene *scene) {
	waiting_for_a_reply(scene);
	CHECK_OK(reply_save(scene->saved));
}

static uint64_t saved_reply_is_gone(struct scene *scene) { return reply_to(scene->saved, ERROR_OK) != ERROR_GONE; }

static void serving(struct scene *scene) {
	actor_step(&scene->victim, IPC_RECEIVE, 0, 0);
	actor_step(&scene->victim, IPC_CALL, VICTIM_QUEUE, 0);
	actor_play(&scene->victim);
	actor_call(&scene->peer, scene->victim.thread, 0);
	settle();
}

static uint64_t peer_lost(struct scene *scene) {
	settle();
	return scene->peer.script->done != 1 || step_result(&scene->peer, 0) != ERROR_PEER_LOST;
}

static void with_a_caller_in_the_queue(struct scene *scene) {
	sending(scene);
	actor_call(&scene->peer, scene->victim.thread, 0);
	settle();
}

static uint64_t peer_gone(struct scene *scene) {
	settle();
	return scene->peer.script->done != 1 || step_result(&scene->peer, 0) != ERROR_GONE;
}

static void served_by_another(struct scene *scene) {
	actor_step(&scene->peer, IPC_RECEIVE, IPC_TARGET(0, scene->victim.thread), 0);
	actor_play(&scene->peer);
	settle();
}

static uint64_t peer_gone_in_receive(struct scene *scene) {
	settle();
	return step_result(&scene->peer, 0) != (ERROR_GONE | IPC_RESULT_IN_RECEIVE);
}

static void faulted_at_a_pager(struct scene *scene) {
	handler_set(&scene->victim, HANDLER_PAGER);
	actor_start(&scene->victim, ENTRY(snippet_load), CHILD_SCRATCH);
	CHECK_OK(receive());
}

static void faulted_in_a_pagers_queue(struct scene *scene) {
	give_capability(scene->queue.thread);
	CHECK_OK(KERNEL(scene->victim.control, THREAD_SET_HANDLER, HANDLER_PAGER));
	actor_start(&scene->victim, ENTRY(snippet_load), CHILD_SCRATCH);
	settle();
}

static void halted(struct scene *scene) {
	actor_start(&scene->victim, ENTRY(snippet_end), 0);
	settle();
}

static void at_its_handler(struct scene *scene) {
	handler_set(&scene->victim, HANDLER_EXCEPTION);
	actor_start(&scene->victim, ENTRY(snippet_end), 0);
	CHECK_OK(receive());
	CHECK_OK(reply_save(scene->saved));
}

static void exhausted(struct scene *scene) {
	handler_set(&scene->victim, HANDLER_SCHEDULER);
	actor_set_budget(&scene->victim, MILLISECOND, ACTOR_PRIORITY);
	actor_start(&scene->victim, ENTRY(spin_for_ever), 0);
	CHECK_OK(receive());
}

static void exhausted_and_saved(struct scene *scene) {
	exhausted(scene);
	CHECK_OK(reply_save(scene->saved));
}

/* THREAD_STATE does not tell it, but its time does. */
static void wait_for_exhaustion(const struct scene *scene) {
	do {
		machine_sleep(MILLISECOND);
		(void)actor_state(&scene->victim);
	} while (answer.words[4] < MILLISECOND);
}

static void exhausted_in_a_schedulers_queue(struct scene *scene) {
	give_capability(scene->queue.thread);
	CHECK_OK(KERNEL(scene->victim.control, THREAD_SET_HANDLER, HANDLER_SCHEDULER));
	actor_set_budget(&scene->victim, MILLISECOND, ACTOR_PRIORITY);
	actor_start(&scene->victim, ENTRY(spin_for_ever), 0);
	wait_for_exhaustion(scene);
}

static void helped(struct scene *scene) {
	actor_set_budget(&scene->victim, 0, 0);
	actor_start(&scene->victim, ENTRY(spin_for_ever), 0);
	actor_call(&scene->peer, scene->victim.thread, 0);
	actor_wait(&scene->peer, THREAD_STATE_SENDING);
}

static const struct phase phases[] = {
	{"never started", never_started, nothing_to_check},
	{"running", running, nothing_to_check},
	{"stopped", stopped, nothing_to_check},
	{"receiving", receiving, nothing_to_check},
	{"receiving with a deadline", receiving_with_a_deadline, nothing_to_check},
	{"receiving on a queue", receiving_on_a_queue, queue_is_free},
	{"sending", sending, queue_is_empty},
	{"waiting for a reply", waiting_for_a_reply, reply_is_gone},
	{"waiting for a saved reply", waiting_for_a_saved_reply, saved_reply_is_gone},
	{"serving", serving, peer_lost},
	{"with a caller in the queue", with_a_caller_in_the_queue, peer_gone},
	{"served by another", served_by_another, peer_gone_in_receive},
	{"faulted at a pager", faulted_at_a_pager, reply_is_gone},
	{"faulted in a pager's queue", faulted_in_a_pagers_queue, queue_is_empty},
	{"halted", halted, nothing_to_check},
	{"at its handler", at_its_handler, saved_reply_is_gone},
	{"exhausted", exhausted, reply_is_gone},
	{"exhausted and saved", exhausted_and_saved, saved_reply_is_gone},
	{"exhausted in a scheduler's queue", exhausted_in_a_schedulers_queue, queue_is_empty},
	{"helped", helped, peer_gone},
};

/* All phases, each in a machine that was cleared before. */
static void die_in_every_phase(enum way way) {
	for (unsigned int index = 0; index < sizeof(phases) / sizeof(phases[0]); index++) {
		struct scene scene;
		tap_note("%s while %s", way_names[way], phases[index].name);
		given_a_scene(&scene);
		CHECK_DONE();
		phases[index].prepare(&scene);
		CHECK_DONE();
		kill(&scene, way);
		CHECK_DONE();
		CHECK_EQUAL(phases[index].check(&scene), 0);
		check_dead(&scene);
		CHECK_DONE();
		machine_reset();
	}
}

static void a_thread_can_be_destroyed_in_every_phase(void) { die_in_every_phase(BY_THREAD_DESTROY); }

static void a_space_can_be_destroyed_in_every_phase(void) { die_in_every_phase(BY_SPACE_DESTROY); }

static void a_threads_frame_can_be_taken_in_every_phase(void) { die_in_every_phase(BY_THREAD_FRAME); }

static void a_utcbs_frame_can_be_taken_in_every_phase(void) { die_in_every_phase(BY_UTCB_FRAME); }

static void a_spaces_frame_can_be_taken_in_every_phase(void) { die_in_every_phase(BY_SPACE_FRAME); }

static void a_top_tables_frame_can_be_taken_in_every_phase(void) { die_in_every_phase(BY_TOP_TABLE_FRAME); }

static void the_frame_of_a_table_with_the_utcb_can_be_taken_in_every_phase(void) { die_in_every_phase(BY_TABLE_FRAME); }

/* --- By itself ----------------------------------------------------------------------------------- */

/*
 * Plays one call of the victim and checks that the victim is gone after it. If an interrupt came in
 * between, nobody is left who would go on: whoever gave @frame does.
 */
static void suicide(struct scene *scene, uint64_t slot, uint32_t label, uint64_t word, uint64_t frame) {
	struct step *step = actor_step(&scene->victim, IPC_CALL, slot, IPC_TAG(label, 3, 0));

	step->ipc.words[0] = word;
	step->ipc.words[1] = 1;
	step->ipc.words[2] = UNMAP_CHILDREN;
	actor_play(&scene->victim);
	settle();
	CHECK_OK(frame_take_back(frame));
	check_dead(scene);
}

static void a_thread_can_destroy_itself_and_its_space(void) {
	struct scene scene;

	given_a_scene(&scene);
	CHECK_DONE();
	suicide(&scene, VICTIM_CONTROL, THREAD_DESTROY, 0, scene.victim.frames);
	CHECK_DONE();
	machine_reset();
	given_a_scene(&scene);
	CHECK_DONE();
	suicide(&scene, VICTIM_SPACE, SPACE_DESTROY, 0, scene.space.frames);
	CHECK_DONE();
	frames_check_returned(scene.space.frames, 14);
}

static void a_thread_can_take_any_frame_from_under_itself(void) {
	/* Of the space: object, top table, tables of levels 3, 2, 1; then thread and UTCB. */
	static const uint64_t of_space[] = {0, 1, 3, 4, 5, 9, 10};

	for (unsigned int index = 0; index < 9; index++) {
		struct scene scene;
		uint64_t frame;
		tap_note("frame %u", index);
		given_a_scene(&scene);
		CHECK_DONE();
		frame = index < 7 ? scene.space.frames + of_space[index] * PAGE
		                  : scene.victim.frames + (index - 7) * PAGE;
		suicide(&scene, VICTIM_ABOVE, SPACE_UNMAP, frame, frame);
		CHECK_DONE();
		frames_check_returned(frame, 1);
		CHECK_DONE();
		machine_reset();
	}
}

static void a_thread_that_takes_its_own_slots_loses_its_capabilities_and_lives(void) {
	struct scene scene;
	struct step *step;

	given_a_scene(&scene);
	CHECK_DONE();
	step = actor_step(&scene.victim, IPC_CALL, VICTIM_ABOVE, IPC_TAG(SPACE_UNMAP, 3, 0));
	step->ipc.words[0] = scene.space.frames + 2 * PAGE;
	step->ipc.words[1] = 1;
	step->ipc.words[2] = UNMAP_CHILDREN;
	actor_step(&scene.victim, IPC_CALL, VICTIM_PARENT, 0);
	actor_play(&scene.victim);
	settle();
	CHECK_EQUAL(scene.victim.script->done, 2);
	CHECK_OK(step_result(&scene.victim, 0));
	CHECK_ERROR(step_result(&scene.victim, 1), ERROR_CAPABILITY);
	frames_check_returned(scene.space.frames + 2 * PAGE, 1);
}

static void a_thread_can_stop_itself_and_be_resumed(void) {
	struct scene scene;

	given_a_scene(&scene);
	CHECK_DONE();
	actor_step(&scene.victim, IPC_CALL, VICTIM_CONTROL, IPC_TAG(THREAD_STOP, 0, 0));
	actor_play(&scene.victim);
	settle();
	CHECK_EQUAL(scene.victim.script->done, 0);
	CHECK_OK(KERNEL(scene.victim.control, THREAD_RESUME));
	settle();
	CHECK_EQUAL(scene.victim.script->done, 1);
	CHECK_EQUAL(scene.victim.script->steps[0].ipc.tag, IPC_TAG(ERROR_OK, 1, 0));
}

static void a_chain_of_callers_unwinds_when_its_end_dies(void) {
	struct actor chain[10] = {0}, end;

	actor_create(&end);
	actor_step(&end, IPC_RECEIVE, 0, 0);
	actor_step(&end, IPC_RECEIVE, IPC_TARGET(0, end.thread), 0);
	actor_play(&end);
	for (unsigned int index = 0; index < 10; index++) {
		uint32_t next = index ? chain[index - 1].thread : end.thread;
		actor_create(&chain[index]);
		actor_step(&chain[index], IPC_RECEIVE, 0, 0);
		actor_step(&chain[index], IPC_CALL, next, 0);
		actor_step(&chain[index], IPC_REPLY, 0, 0);
		if (index == 9) chain[index].script->steps[0].ipc.operation = IPC_NO_SEND;
		actor_play(&chain[index]);
		settle();
	}
	CHECK_EQUAL(actor_state(&chain[9]), THREAD_STATE_WAITING);
	CHECK_OK(KERNEL(end.control, THREAD_DESTROY));
	settle();
	CHECK_ERROR(step_result(&chain[0], 1), ERROR_PEER_LOST);
	for (unsigned int index = 1; index < 10; index++) CHECK_OK(step_result(&chain[index], 1));
}

const struct test destruction_tests[] = {
	TEST(a_thread_can_be_destroyed_in_every_phase),
	TEST(a_space_can_be_destroyed_in_every_phase),
	TEST(a_threads_frame_can_be_taken_in_every_phase),
	TEST(a_utcbs_frame_can_be_taken_in_every_phase),
	TEST(a_spaces_frame_can_be_taken_in_every_phase),
	TEST(a_top_tables_frame_can_be_taken_in_every_phase),
	TEST(the_frame_of_a_table_with_the_utcb_can_be_taken_in_every_phase),
	TEST(a_thread_can_destroy_itself_and_its_space),
	TEST(a_thread_can_take_any_frame_from_under_itself),
	TEST(a_thread_that_takes_its_own_slots_loses_its_capabilities_and_lives),
	TEST(a_thread_can_stop_itself_and_be_resumed),
	TEST(a_chain_of_callers_unwinds_when_its_end_dies),
	TESTS_END,
};
