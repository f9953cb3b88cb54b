/* SPDX-License-Identifier: MIT */
/*
 * Regions as messages. Read pager/serve.h first.
 */
#include "serve_internal.h"

struct ipc_item region_part_item(const struct region_part *part) {
	return item_badge(part->region->capability, RIGHT_SEND, region_part_badge(part));
}

static error_t request_part(struct request *request, struct region_part *part) {
	struct pager *pager = request->context;

	pager->messages++;
	return region_part_find(pager, request->badge, part);
}

/* One run: the pages that follow the first are given as far as they are there and adjoin. */
static error_t serve_page(struct request *request, uint64_t offset, uint32_t count, uint32_t rights, uint32_t flags,
                          uint32_t *count_out, struct page_list *pages_out) {
	uint64_t hold = (flags & REGION_PAGE_HOLD) ? ITEM_HOLD : 0;
	uint64_t page = offset >> PAGE_SHIFT;
	struct region_part part;
	struct hold first;

	TRY(request_part(request, &part));
	if (offset % PAGE_BYTES != 0 || page >= part.count) return ERROR_RANGE;
	if (rights & ~part.rights) return ERROR_RIGHT;
	if (count > part.count - page) count = (uint32_t)(part.count - page);
	TRY(region_pages(part.region, part.first + page, count, &first, count_out));
	pages_out->items[0] = item_pages(first.address, *count_out, rights, hold, 0);
	pages_out->count = 1;
	return ERROR_OK;
}

static error_t serve_sub(struct request *request, uint64_t offset, uint64_t size, uint32_t rights,
                         struct ipc_item *region_out) {
	struct region_part whole;
	struct region_part part;

	TRY(request_part(request, &whole));
	if ((offset | size) % PAGE_BYTES != 0) return ERROR_RANGE;
	TRY(region_part_narrow(&whole, offset >> PAGE_SHIFT, size >> PAGE_SHIFT, rights, &part));
	*region_out = region_part_item(&part);
	return ERROR_OK;
}

static error_t serve_size(struct request *request, uint64_t *size_out, uint32_t *rights_out) {
	struct region_part part;

	TRY(request_part(request, &part));
	*size_out = part.count << PAGE_SHIFT;
	*rights_out = part.rights;
	return ERROR_OK;
}

const struct region_handlers serve_region_handlers = {
	.page = serve_page,
	.sub = serve_sub,
	.size = serve_size,
};
