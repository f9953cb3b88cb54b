/* SPDX-License-Identifier: MIT */
/*
 * bench-nothing: ends at once, so that what is measured is the context around it.
 */
int main(void) { return 0; }
