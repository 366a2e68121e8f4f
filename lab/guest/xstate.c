// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into the UML kernel. Before 6.13 UML keeps 2696 bytes of a
 * process's FP state, which is what a processor had up to protection keys. The
 * host takes back a whole area or nothing (EFAULT), and the area of a processor
 * with more state is longer: 11008 bytes with AMX. So what is too short is
 * filled up with zeros, the state of a component that nobody uses. A kernel
 * that asks for the length itself hands over whole areas and sees no difference.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifndef NT_X86_XSTATE
#define NT_X86_XSTATE 0x202
#endif

#define XSTATE_MAX 65536

static long (*next)(long request, pid_t pid, void *addr, void *data);

/* Early: the dynamic linker shall not work on a stack of the kernel */
__attribute__((constructor)) static void find_next(void)
{
	next = (long (*)(long, pid_t, void *, void *))dlsym(RTLD_NEXT, "ptrace");
}

/* What a whole area is on this host; the same for all processes */
static size_t whole_area(pid_t pid)
{
	static char area[XSTATE_MAX];
	static size_t length;
	struct iovec iov = { area, sizeof(area) };

	if (!length && next(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, &iov) == 0)
		length = iov.iov_len;
	return length;
}

/* One thread of such a kernel has all processes; its stacks are too small for an area */
static long set_xstate(pid_t pid, struct iovec *given)
{
	static char area[XSTATE_MAX];
	size_t length = whole_area(pid);
	struct iovec iov = { area, length };

	if (given->iov_len >= length)
		return next(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, given);
	memcpy(area, given->iov_base, given->iov_len);
	memset(area + given->iov_len, 0, length - given->iov_len);
	return next(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, &iov);
}

long ptrace(enum __ptrace_request request, ...)
{
	void *addr, *data;
	va_list ap;
	pid_t pid;

	va_start(ap, request);
	pid = va_arg(ap, pid_t);
	addr = va_arg(ap, void *);
	data = va_arg(ap, void *);
	va_end(ap);
	if (request == PTRACE_SETREGSET && (long)addr == NT_X86_XSTATE)
		return set_xstate(pid, data);
	return next(request, pid, addr, data);
}
