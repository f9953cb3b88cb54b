/* SPDX-License-Identifier: MIT */
/*
 * The parts that contexts below the test play.
 */
#ifndef CONTEXTS_PART_H
#define CONTEXTS_PART_H

/* Plays the part that the second argument names; returns its exit status. */
int part_play(int argc, char **argv);

#endif
