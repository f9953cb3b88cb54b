/* SPDX-License-Identifier: MIT */
/*
 * A kernel of two threads for tests of libipc: a client and a server that run by turns.
 *
 * Owns two UTCBs, which of them is current, and what a message looks like on its way. A call of the
 * client runs one round of the server's loop. Control of the own space answers deletions, and
 * counts them. Knows nothing of protocols.
 */
#ifndef FAKE_IPC_H
#define FAKE_IPC_H

#include <nacre/server.h>

#define FAKE_SPACE      ((capability_t)1) /* control of the own space */
#define FAKE_SERVER     ((capability_t)7) /* the client's capability to the server */
#define FAKE_SLOTS      256u              /* of both, from FAKE_SLOT_FIRST on */
#define FAKE_SLOT_FIRST ((capability_t)16)

struct fake {
	struct utcb client;
	struct utcb server;
	struct thread_block block;
	struct server loop;
	struct server_reply reply;
	uint64_t badge; /* of the client's capability */

	/*
	 * The message on its way. @result: what the next operation of the server's loop fails with,
	 * once. @signals: how many come before the next request. @own_item: not 0: items arrive as
	 * capabilities of the receiver's own, with this badge. @refuse: replies come without items.
	 */
	uint64_t request_tag;
	uint64_t reply_tag;
	uint64_t result;
	unsigned int signals;
	unsigned int own_item;
	unsigned int refuse;

	/* What was seen. */
	unsigned int deleted; /* capabilities deleted in all */
	capability_t deleted_last;
	capability_t saved; /* slot of the reply right that was saved last */
	uint64_t caller;    /* whose it is, as control of the own space says; 0: nobody's any more */
	uint64_t late_tag;  /* of the last reply through a saved right */
	uint64_t late_words[IPC_WORDS_MAX];
	uint64_t late_result; /* what the next such reply returns */
	unsigned int replies; /* sent by the loop */
};

extern struct fake fake;

/* Begins again, with a server that speaks @protocols and a client whose capability has @badge. */
void fake_start(const struct server_protocol *protocols, unsigned int count, uint64_t badge);

/*
 * Sends a raw request: what is in fake.client, with @tag. Returns the reply's tag; its words are
 * there.
 */
uint64_t fake_call(uint64_t tag);

#endif
