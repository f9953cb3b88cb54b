/* SPDX-License-Identifier: MIT */
/*
 * The fake machine's translation cache, as the rest of the machine sees it.
 */
#ifndef NACRE_TEST_TRANSLATIONS_H
#define NACRE_TEST_TRANSLATIONS_H

void translations_forget_all(void);

#endif
