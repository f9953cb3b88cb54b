/* SPDX-License-Identifier: MIT */
/*
 * The kernel as it is: messages to control capabilities. Read pager/kernel.h first.
 */
#include <string.h>

#include <nacre/protocol/space.h>
#include <nacre/protocol/thread.h>
#include <nacre/server.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include <pager/kernel.h>
#include <pager/own_table.h>
#include <pager/serve.h>

/* At PAGER_CONTENTS: pages that are zeroed or copied to, and behind them one that is copied from. */
#define CONTENTS_FROM (PAGER_CONTENTS + GROUP_PAGES * PAGE_BYTES)

static capability_t self;

error_t kernel_open(void) { return server_self(&self); }

struct ipc_item instance_item(const struct instance *instance) {
	return item_badge(self, RIGHT_SEND, BADGE(PROTOCOL_MEMORY, instance_serial(instance)));
}

error_t kernel_contents_open(struct pager *pager) { return own_tables_add(pager, PAGER_CONTENTS); }

static struct page_list holds_list(const struct frame_set *frames) {
	struct page_list list = {0};

	for (unsigned int index = 0; index < frames->count; index++) {
		struct ipc_item *last = list.count ? &list.items[list.count - 1] : NULL;
		uint64_t address = frames->frames[index].address;

		if (last && last->source + (last->count << PAGE_SHIFT) == address)
			last->count++;
		else
			list.items[list.count++] = item_pages(address, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	}
	return list;
}

static void unmap(capability_t space, uint64_t address, uint64_t count, uint64_t flags) {
	uint64_t next, left;

	/* Fails only if the space is gone, and its mappings with it. */
	error_ignore(space_unmap(space, address, count, flags, &next, &left));
}

/* All or nothing. */
static error_t own_map(uint64_t source, uint64_t destination, uint64_t count, uint64_t rights) {
	uint64_t source_next, destination_next, left;
	error_t error = space_map(start_space(), source, destination, count, rights, item_none(), &source_next,
	                          &destination_next, &left);

	if (error != ERROR_OK) unmap(start_space(), destination, count, 0);
	return error;
}

error_t kernel_frames_zero(struct hold first, unsigned int count) {
	TRY(own_map(first.address, PAGER_CONTENTS, count, PAGE_READ | PAGE_WRITE));
	memset((void *)PAGER_CONTENTS, 0, count * PAGE_BYTES);
	unmap(start_space(), PAGER_CONTENTS, count, 0);
	return ERROR_OK;
}

error_t kernel_frame_copy(struct hold from, struct hold to, uint64_t bytes) {
	error_t error;

	TRY(own_map(to.address, PAGER_CONTENTS, 1, PAGE_READ | PAGE_WRITE));
	error = own_map(from.address, CONTENTS_FROM, 1, PAGE_READ);
	if (error == ERROR_OK) {
		memcpy((void *)PAGER_CONTENTS, (const void *)CONTENTS_FROM, bytes);
		memset((void *)(PAGER_CONTENTS + bytes), 0, PAGE_BYTES - bytes);
		unmap(start_space(), CONTENTS_FROM, 1, 0);
	}
	unmap(start_space(), PAGER_CONTENTS, 1, 0);
	return error;
}

error_t kernel_own_map(struct hold frame, uint64_t address) {
	return own_map(frame.address, address, 1, PAGE_READ | PAGE_WRITE);
}

void kernel_own_unmap(uint64_t address, uint64_t count) { unmap(start_space(), address, count, 0); }

void kernel_holds_revoke(struct hold first, uint64_t count) {
	unmap(start_space(), first.address, count, UNMAP_CHILDREN);
}

error_t kernel_hold_split(struct hold large, const struct frame_set *frames) {
	struct page_list list = holds_list(frames);

	return space_split(start_space(), large.address, &list);
}

/* Control of the own space that makes others with no more than @ceiling; the last one is kept for the next time. */
static error_t own_space_below(unsigned int ceiling, capability_t *control) {
	static capability_t kept;
	static unsigned int kept_ceiling;
	uint64_t badge = ceiling | (CONTROL_BADGE_ALL & ~CONTROL_CEILING_MASK);
	capability_t made;
	error_t error;

	*control = kept;
	if (kept && kept_ceiling == ceiling) return ERROR_OK;
	TRY(slot_allocate(1, &made));
	error = space_capability_derive(start_space(), start_space(), made, RIGHTS_ALL, badge, 1, item_none());
	if (error != ERROR_OK) {
		slot_free(made, 1);
		return error;
	}
	capability_delete(kept);
	kept = made;
	kept_ceiling = ceiling;
	*control = made;
	return ERROR_OK;
}

error_t kernel_space_create(const struct frame_set *frames, unsigned int ceiling, slot_t *space) {
	struct page_list list = holds_list(frames);
	capability_t control;
	uint64_t serial;

	TRY(own_space_below(ceiling, &control));
	return space_create_space(control, &list, &serial, space);
}

error_t kernel_table_add(slot_t space, uint64_t address, unsigned int level, const struct frame_set *frames) {
	struct page_list list = holds_list(frames);

	return space_add_table(space, address, level, &list);
}

error_t kernel_slots_add(slot_t space, unsigned int page, const struct frame_set *frame) {
	struct page_list list = holds_list(frame);

	return space_add_slots(space, page, &list);
}

error_t kernel_pages_map(slot_t space, struct hold first, uint64_t address, uint64_t count, unsigned int rights) {
	uint64_t source_next, destination_next, left;

	return space_map(start_space(), first.address, address, count, rights, item_share(space), &source_next,
	                 &destination_next, &left);
}

void kernel_pages_unmap(slot_t space, uint64_t address, uint64_t count) { unmap(space, address, count, 0); }

void kernel_pages_protect(slot_t space, uint64_t address, uint64_t count, unsigned int rights) {
	uint64_t next, left;

	/* What cannot be narrowed is taken away: the next fault gives it with the new rights. */
	if (space_protect(space, address, count, rights, &next, &left) != ERROR_OK) unmap(space, address, count, 0);
}

error_t kernel_thread_create(slot_t space, uint64_t utcb, const struct frame_set *frames, uint64_t serial,
                             struct thread_handles *handles) {
	struct page_list list = holds_list(frames);
	struct thread_handles made;
	uint64_t thread_serial;
	error_t error;

	TRY(space_create_thread(space, utcb, &list, &thread_serial, &made.control, &made.thread));
	error = thread_set_handler(made.control, HANDLER_PAGER,
	                           item_badge(self, RIGHT_SEND, BADGE(PROTOCOL_FAULT, serial)));
	if (error == ERROR_OK) {
		*handles = made;
		return ERROR_OK;
	}
	error_ignore(thread_destroy(made.control));
	capability_delete(made.control);
	capability_delete(made.thread);
	return error;
}

error_t kernel_queue_capability(slot_t *capability) {
	return thread_derive(start_thread(), RIGHT_SEND, 0, 0, capability);
}

void kernel_capability_delete(slot_t slot) { capability_delete(slot); }
