/* SPDX-License-Identifier: MIT */
/*
 * Page faults as messages. Read pager/serve.h first.
 *
 * Written by hand, because most of what a pager does is this: a fault comes in registers, its answer is one item.
 */
#include <nacre/protocols.h>

#include <pager/fault.h>
#include <pager/serve.h>

#include "serve_internal.h"

#define FAULT_WORDS 3u

uint64_t serve_fault(struct request *request, const void *handlers) {
	struct pager *pager = request->context;
	struct instance *instance = instance_find(pager, BADGE_OBJECT(request->badge));
	struct utcb *utcb = utcb_get();
	struct fault_answer answer;
	error_t error;

	(void)handlers;
	pager->messages++;
	if (IPC_TAG_LABEL(request->tag) != FAULT_PAGE || IPC_TAG_WORDS(request->tag) != FAULT_WORDS)
		return IPC_TAG(ERROR_UNKNOWN, 0, 0);
	if (!instance) return IPC_TAG(ERROR_GONE, 0, 0);
	error = fault_answer(instance, utcb->words[0], (unsigned int)utcb->words[1] & PAGE_RIGHTS, &answer);
	if (error != ERROR_OK || answer.count == 0) return IPC_TAG(error, 0, 0);
	utcb = utcb_get();
	utcb->items[0] = item_pages(answer.first.address, answer.count, answer.rights, 0, answer.address);
	return IPC_TAG(ERROR_OK, 0, 1);
}
