/* SPDX-License-Identifier: MIT */
/*
 * The one system call: how `ipc` takes and returns its arguments.
 *
 * Owns operation flags, the message tag and the result word. What a message may
 * carry besides words is in item.h; the buffer for the rest of it in utcb.h.
 *
 * Registers at SYSCALL (x86-64)      and when it returns
 *   rax  operation                     result (IPC_RESULT_*)
 *   rdi  target: destination slot      badge of the capability the message came through;
 *        | queue slot << 32            the reply to a call leaves it 0
 *   rsi  tag of the message sent       tag of the message received
 *   rdx r8 r9 r10 r12 r13 r14 r15      message words 0..7, always transferred
 *   rsp                                kept
 *   rbx rbp rcx r11, x87/SSE/AVX       undefined (zero or the caller's own values);
 *                                      MXCSR and the x87 control word are kept
 */
#ifndef NACRE_ABI_IPC_H
#define NACRE_ABI_IPC_H

#include <stdint.h>

/*
 * Operation: one send phase at most, then a receive phase if IPC_RECEIVE is set.
 *
 * IPC_CALL     sends to a capability and waits for the reply (no IPC_RECEIVE with it).
 * IPC_SEND     sends without expecting a reply; through a signal capability: ORs its bits.
 * IPC_REPLY    answers the call being served (destination 0) or the reply right in a slot.
 * IPC_RECEIVE  waits for a signal or a message on the queue of the calling thread (queue slot 0)
 *              or of the thread that the queue slot gives the serve right to.
 * IPC_SAVE     before all else moves the unsaved reply right to utcb.save_slot, which must be empty.
 */
#define IPC_NO_SEND          UINT64_C(0)
#define IPC_CALL             UINT64_C(1)
#define IPC_SEND             UINT64_C(2)
#define IPC_REPLY            UINT64_C(3)
#define IPC_SEND_MASK        UINT64_C(3)
#define IPC_RECEIVE          (UINT64_C(1) << 2)
#define IPC_REPLY_RECEIVE    (IPC_REPLY | IPC_RECEIVE)
#define IPC_SEND_NONBLOCK    (UINT64_C(1) << 3) /* fails with would_block if nobody receives now */
#define IPC_RECEIVE_NONBLOCK (UINT64_C(1) << 4) /* fails with would_block if nothing is there now */
#define IPC_DEADLINE         (UINT64_C(1) << 5) /* the receive ends with timeout at utcb.deadline */
#define IPC_SAVE             (UINT64_C(1) << 6)
#define IPC_OPERATION_ALL    UINT64_C(0x7f)

#define IPC_WORDS_MAX          64
#define IPC_WORDS_IN_REGISTERS 8
#define IPC_ITEMS_MAX          8
/* A message touches at most this many table entries: pages, superpages and capabilities together. */
#define IPC_ENTRIES_MAX 16

/*
 * Tag: bits 0..7 word count (0..64), 8..11 item count (0..8), 12..15 zero,
 *      16..31 flags, 32..63 label.
 * A request's label is protocol << 16 | method (label.def); a reply's label is an error code.
 */
#define IPC_TAG_WORDS_MASK   UINT64_C(0xff)
#define IPC_TAG_ITEMS_SHIFT  8
#define IPC_TAG_ITEMS_MASK   UINT64_C(0xf)
#define IPC_TAG_LABEL_SHIFT  32
#define IPC_TAG_REFUSED      (UINT64_C(1) << 16) /* reply delivered without its items; a sender may set it */
#define IPC_TAG_SIGNAL       (UINT64_C(1) << 17) /* set by the kernel: word 0 is the signal word, no message */
#define IPC_TAG_ONE_WAY      (UINT64_C(1) << 18) /* set by the kernel: nobody waits for a reply */
#define IPC_TAG_SENDER_FLAGS IPC_TAG_REFUSED     /* the flags a sender may set; others must be 0 */

#define IPC_TAG(label, words, items) \
	(((uint64_t)(label) << IPC_TAG_LABEL_SHIFT) | ((uint64_t)(items) << IPC_TAG_ITEMS_SHIFT) | (uint64_t)(words))
#define IPC_TAG_LABEL(tag) ((uint32_t)((tag) >> IPC_TAG_LABEL_SHIFT))
#define IPC_TAG_WORDS(tag) ((unsigned int)((tag)&IPC_TAG_WORDS_MASK))
#define IPC_TAG_ITEMS(tag) ((unsigned int)(((tag) >> IPC_TAG_ITEMS_SHIFT) & IPC_TAG_ITEMS_MASK))

#define IPC_TARGET(destination, queue) ((uint64_t)(uint32_t)(destination) | ((uint64_t)(uint32_t)(queue) << 32))

/*
 * Result: bits 0..7 an error (error.def), 8..11 the index of the refused item, and two flags.
 * Zero means that everything asked for was done.
 */
#define IPC_RESULT_ERROR_MASK UINT64_C(0xff)
#define IPC_RESULT_ITEM_SHIFT 8
#define IPC_RESULT_ITEM_MASK  UINT64_C(0xf)
#define IPC_RESULT_IN_RECEIVE (UINT64_C(1) << 12) /* the send phase was done; the receive failed */
#define IPC_RESULT_RECEIVER   (UINT64_C(1) << 13) /* an item failed for want of room at the receiver */

#define IPC_RESULT_ERROR(result) ((error_t)((result)&IPC_RESULT_ERROR_MASK))
#define IPC_RESULT_ITEM(result)  ((unsigned int)(((result) >> IPC_RESULT_ITEM_SHIFT) & IPC_RESULT_ITEM_MASK))

#endif
