/* SPDX-License-Identifier: MIT */
/*
 * What a message deserves: the set of errors that name one of its defects.
 *
 * Owns the rules of nacre/abi/ipc.h and the counts of label.def, written down a second time. Where a
 * message has several defects any of them may be told; where it has none the oracle has no opinion
 * on what a method then finds.
 */
#ifndef HOSTILE_ORACLE_H
#define HOSTILE_ORACLE_H

#include <nacre/abi/item.h>

#include <first/raw.h>

/* What is known to stand in a slot. */
enum target_kind {
	TARGET_EMPTY,
	TARGET_SPACE,
	TARGET_THREAD,
	TARGET_INTERRUPT,
	TARGET_PORTS,
	TARGET_MESSAGE, /* a queue without receiver, all rights */
	TARGET_SEND,    /* the same, the send right alone */
	TARGET_SIGNAL,
	TARGET_SERVE,
	TARGET_KIND_COUNT,
};

struct request {
	struct raw_ipc ipc;
	enum target_kind destination; /* of the destination slot */
	enum target_kind queue;       /* of the queue slot; if its number is 0 it is the own queue */
	struct ipc_item items[16];
};

#define ERROR_SET(error) (UINT64_C(1) << (error))

struct verdict {
	uint64_t result_errors;  /* errors that `ipc` itself may give; 0: it has to succeed */
	uint64_t receive_errors; /* errors of the receive phase, if the send phase succeeds */
	uint64_t label_errors;   /* labels that the reply may bear; 0: any */
};

struct verdict oracle_judge(const struct request *request);

#endif
