/* SPDX-License-Identifier: MIT */
/*
 * Single instructions for actors: each is reached with an argument in rdi and ends in ud2.
 */
#ifndef KERNEL_TEST_SNIPPETS_H
#define KERNEL_TEST_SNIPPETS_H

#define SNIPPET(name) extern const char snippet_##name[] __attribute__((visibility("hidden")))

SNIPPET(end); /* ud2 alone */
SNIPPET(load);
SNIPPET(store);
SNIPPET(jump);
SNIPPET(fill);     /* every register gets its number * 0x0101010101010101 */
SNIPPET(fill_end); /* its ud2 */
SNIPPET(system_call);
SNIPPET(system_call_end);
SNIPPET(interrupt); /* int $0x80 */
SNIPPET(interrupt_end);
SNIPPET(divide);
SNIPPET(breakpoint);
SNIPPET(breakpoint_end);
SNIPPET(cli);
SNIPPET(sti);
SNIPPET(hlt);
SNIPPET(in);
SNIPPET(out);
SNIPPET(ins);
SNIPPET(rdmsr);
SNIPPET(wrmsr);
SNIPPET(read_cr0);
SNIPPET(write_cr3);
SNIPPET(read_dr7);
SNIPPET(lgdt);
SNIPPET(lidt);
SNIPPET(ltr);
SNIPPET(sgdt);
SNIPPET(invlpg);
SNIPPET(wbinvd);
SNIPPET(clts);
SNIPPET(swapgs);
SNIPPET(sysret);
SNIPPET(iret_kernel);
SNIPPET(far_jump_kernel);
SNIPPET(rdpmc);
SNIPPET(wrfsbase);
SNIPPET(rdfsbase);
SNIPPET(xsetbv);
SNIPPET(load_kernel_ds);
SNIPPET(load_kernel_ss);
SNIPPET(int_timer);
SNIPPET(int_double_fault);
SNIPPET(sysenter);
SNIPPET(iopl);           /* popf with IOPL 3, then rax gets the flags */
SNIPPET(trap_flag_call); /* sets TF, then syscall */
SNIPPET(odd_flags_call); /* AC, NT, DF and ID set over a syscall; rax gets the flags after it */
SNIPPET(bad_stack_call); /* syscall with the argument as rsp; rax is its result */
SNIPPET(bad_stack_push);
SNIPPET(null_stack_segment);

#endif
