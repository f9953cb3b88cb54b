/* SPDX-License-Identifier: MIT */
/*
 * What contexts need in the world, and what ends with them: calls to the pager, to names and to the
 * kernel. All of these are below the context layer.
 *
 * Read struct vic_world in vic.h first.
 */
#include <string.h>

#include <nacre/process_layout.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/name.h>
#include <nacre/protocol/space.h>
#include <nacre/protocol/thread.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "serve.h"

/* Slots are each space's own here; a factory whose contexts share one will be given others. */
#define CONTEXT_SLOT_BASE 8u

static error_t memory_make(struct context *context) {
	return memory_instance_create(context->parent->resources.memory, context->limit, context->window.base,
	                              context->window.size, &context->resources.memory_instance,
	                              &context->resources.memory);
}

static void memory_unmake(struct context *context) {
	if (!context->resources.memory) return;
	/* If the pager does not know it any more, there is nothing left to give back. */
	error_ignore(memory_instance_destroy(context->parent->resources.memory, context->resources.memory_instance));
	capability_delete(context->resources.memory);
}

/* Whether a call of @slot is answered by the naming server, which is below and never waits for anybody. */
static _Bool is_naming_server(const struct vic_server *server, capability_t slot) {
	struct space_capability_read_answer names, held;

	return space_capability_read(start_space(), server->names, &names) == ERROR_OK &&
	       space_capability_read(start_space(), slot, &held) == ERROR_OK && held.kind == KIND_THREAD &&
	       held.serial == names.serial;
}

/* One namespace for both: whoever serves it is not asked, as he need not answer. */
static error_t names_share(capability_t names, struct context *context) {
	capability_t shared;
	error_t error = slot_allocate(1, &shared);

	if (error != ERROR_OK) return error;
	error = space_capability_share(start_space(), names, shared, RIGHTS_ALL, item_none());
	if (error == ERROR_OK)
		context->resources.names = shared;
	else
		slot_free(shared, 1);
	return error;
}

/*
 * Ordinary contexts get a view of the whole tree. Below one that was given another namespace, views are made from
 * that if the naming server serves it too; otherwise it is theirs as well.
 */
static error_t names_make(const struct vic_server *server, struct context *context) {
	const struct resources *creator = &context->parent->resources;
	uint32_t rights = NAME_RIGHT_REGISTER;

	if (context->rights & CONTEXT_RIGHT_BIND) rights |= NAME_RIGHT_BIND;
	if (creator->names_maker == server->names)
		context->resources.names_maker = server->names;
	else if (is_naming_server(server, creator->names))
		context->resources.names_maker = creator->names;
	else
		return names_share(creator->names, context);
	return name_view(context->resources.names_maker, rights, "/", &context->resources.names_view,
	                 &context->resources.names);
}

static void names_unmake(struct context *context) {
	if (!context->resources.names) return;
	/* If the naming server does not know it any more, there is nothing left to take out. */
	if (context->resources.names_maker)
		error_ignore(name_release(context->resources.names_maker, context->resources.names_view));
	capability_delete(context->resources.names);
}

static error_t resources_create(void *world, struct context *context) {
	error_t error = memory_make(context);

	if (error != ERROR_OK) return error;
	error = names_make(world, context);
	if (error != ERROR_OK) {
		memory_unmake(context);
		memset(&context->resources, 0, sizeof(context->resources));
	}
	return error;
}

static void resources_destroy(void *world, struct context *context) {
	(void)world;
	memory_unmake(context);
	capability_delete(context->resources.thread);
	capability_delete(context->resources.space);
	names_unmake(context);
	memset(&context->resources, 0, sizeof(context->resources));
}

static error_t names_replace(void *world, struct context *context, uint32_t slot) {
	(void)world;
	names_unmake(context);
	context->resources.names = slot;
	context->resources.names_maker = 0;
	context->resources.names_view = 0;
	return ERROR_OK;
}

static error_t thread_start_first(void *world, struct context *context) {
	uint64_t stops;

	(void)world;
	return thread_resume(context->resources.thread, &stops);
}

enum thread_action {
	THREADS_STOP,
	THREADS_RESUME,
};

static error_t thread_act(capability_t space, uint64_t utcb, enum thread_action action) {
	capability_t thread;
	uint64_t serial, stops;
	error_t error = space_thread(space, utcb, &serial, &thread);

	if (error == ERROR_NOT_FOUND) return ERROR_OK;
	if (error != ERROR_OK) return error;
	error = action == THREADS_STOP ? thread_stop(thread, &stops) : thread_resume(thread, &stops);
	capability_delete(thread);
	/* A thread that died just now needs neither. */
	return error == ERROR_CAPABILITY || error == ERROR_GONE ? ERROR_OK : error;
}

/* Acts on the threads whose UTCBs lie in [@first, @end). @reached: how far it came. */
static error_t threads_act(const struct context *context, uint64_t first, uint64_t end, enum thread_action action,
                           uint64_t *reached) {
	for (*reached = first; *reached < end; *reached += PROCESS_PAGE_BYTES) {
		error_t error = thread_act(context->resources.space, *reached, action);

		if (error != ERROR_OK) return error;
	}
	return ERROR_OK;
}

static error_t threads_stop(void *world, struct context *context) {
	uint64_t end = context->window.base + context->window.size;
	uint64_t first = end - PROCESS_UTCB_BYTES;
	uint64_t reached, undone;
	error_t error = threads_act(context, first, end, THREADS_STOP, &reached);

	(void)world;
	if (error != ERROR_OK) error_ignore(threads_act(context, first, reached, THREADS_RESUME, &undone));
	return error;
}

static error_t threads_resume(void *world, struct context *context) {
	uint64_t end = context->window.base + context->window.size;
	uint64_t reached;

	(void)world;
	return threads_act(context, end - PROCESS_UTCB_BYTES, end, THREADS_RESUME, &reached);
}

static error_t job_send(void *world, struct factory *factory, struct context *context) {
	const struct vic_server *server = world;
	uint64_t number = context->entry.number;
	struct delayed_reply to = {.slot = factory->reply_slot};
	struct factory_supply_reply job = {
		.job = number,
		.kind = FACTORY_JOB_CREATE,
		.context = number,
		.window_base = context->window.base,
		.window_size = context->window.size,
		.slot_base = CONTEXT_SLOT_BASE,
		.memory = item_share(context->resources.memory),
		.namespace = item_share(context->resources.names),
		.parent = own_capability(server, PROTOCOL_PARENT, number),
		.exception = own_capability(server, PROTOCOL_FAULT, number),
		.scheduler = item_none(),
	};

	_Static_assert(CONTEXT_CREATE_PROGRAM_MAX <= FACTORY_SUPPLY_PROGRAM_MAX, "paths fit");
	memcpy(job.program, context->program, strlen(context->program) + 1);
	return factory_reply_supply(&to, &job);
}

static error_t end_send(struct delayed_reply *to, const struct ending *ending) {
	struct context_wait_reply reply = {
		.exit = ending->exit,
		.value = ending->value,
		.address = ending->address,
	};

	_Static_assert(VIC_DETAIL_MAX == CONTEXT_WAIT_DETAIL_MAX, "details fit");
	memcpy(reply.detail, ending->detail, sizeof(reply.detail));
	return context_reply_wait(to, &reply);
}

static void answer(void *world, const struct context *context, const struct waiter *waiter, error_t error) {
	struct delayed_reply to = {.slot = waiter->reply_slot};

	(void)world;
	if (error != ERROR_OK)
		error = delayed_reply_fail(&to, error);
	else if (waiter->what == WAITING_FOR_BUILD)
		error = context_reply_build(&to);
	else if (waiter->what == WAITING_FOR_START)
		error = context_reply_start(&to);
	else
		error = end_send(&to, &context->ending);
	/* A caller that has died meanwhile needs no answer. */
	error_ignore(error);
}

static _Bool caller_is_alive(void *world, uint32_t reply_slot) {
	const struct delayed_reply reply = {.slot = reply_slot};

	(void)world;
	return delayed_reply_is_awaited(&reply);
}

static void slot_release(void *world, uint32_t slot) {
	(void)world;
	capability_delete(slot);
}

/* A watcher may have given anything: nothing is waited for. */
static void watcher_signal(void *world, uint32_t slot) {
	(void)world;
	/* One that is gone, or in no state to be told, has only itself to ask. */
	error_ignore(signal_send(slot));
}

const struct vic_world vic_world = {
	.resources_create = resources_create,
	.resources_destroy = resources_destroy,
	.names_replace = names_replace,
	.thread_start = thread_start_first,
	.threads_stop = threads_stop,
	.threads_resume = threads_resume,
	.job_send = job_send,
	.answer = answer,
	.caller_is_alive = caller_is_alive,
	.slot_release = slot_release,
	.signal = watcher_signal,
};

_Bool world_slot_holds(capability_t slot, uint64_t kind) {
	struct space_capability_read_answer held;

	return space_capability_read(start_space(), slot, &held) == ERROR_OK && held.kind == kind;
}

uint64_t world_memory_used(void *world, const struct context *context) {
	struct memory_status_answer status;

	(void)world;
	if (!context->resources.memory || memory_status(context->resources.memory, 0, &status) != ERROR_OK) return 0;
	return status.used;
}
