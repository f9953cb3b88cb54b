/* SPDX-License-Identifier: MIT */
/*
 * Accounts. Read pager/account.h first.
 */
#include <pager/account.h>

void account_open(struct account *account, struct account *above, uint64_t limit) {
	*account = (struct account){.above = above, .limit = limit};
}

static int account_has_room(const struct account *account, uint64_t frames) {
	return account->used <= account->limit && frames <= account->limit - account->used;
}

error_t account_charge(struct account *account, uint64_t frames) {
	for (const struct account *level = account; level; level = level->above) {
		if (!account_has_room(level, frames)) return ERROR_LIMIT;
	}
	for (struct account *level = account; level; level = level->above) {
		level->used += frames;
		if (level->used > level->peak) level->peak = level->used;
	}
	return ERROR_OK;
}

void account_release(struct account *account, uint64_t frames) {
	for (struct account *level = account; level; level = level->above) level->used -= frames;
}
