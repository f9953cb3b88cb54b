/* SPDX-License-Identifier: MIT */
/*
 * Open files: the table that descriptors are numbers of, and what each one can do.
 */
#ifndef NACRE_DESCRIPTOR_TABLE_H
#define NACRE_DESCRIPTOR_TABLE_H

#include <sys/types.h>

#include <nacre/capability.h>
#include <nacre/lock.h>

/* An open file or stream; several descriptors may share it. */
struct open_file {
	capability_t capability;
	uint32_t protocol;
	int flags; /* O_* */
	uint64_t offset;
	struct lock transfer;    /* taken while @offset is used, so that two threads do not get the same bytes */
	unsigned int references; /* descriptors, and calls under way */
	int shared;              /* the parent's own stream: its end is not ours to say */
};

/*
 * Returns the open file of a descriptor, or null with errno set. It stays until descriptor_done(), whatever another
 * thread closes meanwhile.
 */
struct open_file *descriptor_find(int descriptor);

/* The call on @file is over. */
void descriptor_done(struct open_file *file);

/* Makes an open file for a capability; null if there is no memory. */
struct open_file *open_file_make(capability_t capability, uint32_t protocol, int flags);

/* Gives an open file the lowest free descriptor from @least on; -1 with errno set. */
int descriptor_add(struct open_file *file, int least);

/* open_file.c: one transfer. Fewer bytes than asked for is no error. */
error_t open_file_read(struct open_file *file, void *data, size_t size, size_t *done_out);
error_t open_file_write(struct open_file *file, const void *data, size_t size, size_t *done_out);

#endif
