/* SPDX-License-Identifier: MIT */
/*
 * Addresses in the kernel's half and segment selectors; for C and assembler.
 *
 * 0xffff800000000000  all RAM, read-write (ARCH_DIRECT_BASE)
 * 0xffffffff80000000  the kernel image (kernel.ld)
 * 0xffffffffc0000000  pages of devices the kernel itself uses, uncached
 */
#ifndef NACRE_MEMORY_LAYOUT_H
#define NACRE_MEMORY_LAYOUT_H

#define KERNEL_BASE 0xffffffff80000000
#define DEVICE_BASE 0xffffffffc0000000

/* SYSRET takes user data and code from the two descriptors after the one that STAR names. */
#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_SYSRET_BASE 0x1b
#define SELECTOR_USER_DATA   0x23
#define SELECTOR_USER_CODE   0x2b
#define SELECTOR_TASK        0x30

/* For functions that only boot calls, in files that stay: they go with the rest of boot code. */
#define BOOT_CODE __attribute__((section(".init.text")))

#endif
