// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded, behind xstate.c if that is to be proven: plays a host whose
 * processor has AMX. A process's FP state has 11008 bytes there, of which the
 * real ones come first, and is taken back whole or not at all.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifndef NT_X86_XSTATE
#define NT_X86_XSTATE 0x202
#endif

#define PLAYED 11008

static long (*next)(long request, pid_t pid, void *addr, void *data);

__attribute__((constructor)) static void find_next(void)
{
	next = (long (*)(long, pid_t, void *, void *))dlsym(RTLD_NEXT, "ptrace");
}

/* Not on the stack: those of a UML kernel are small */
static char area[PLAYED];

/* The real area, zeros to the end; *length is the real one. */
static long get_real(pid_t pid, size_t *length)
{
	struct iovec iov = { area, PLAYED };
	long ret;

	memset(area, 0, PLAYED);
	ret = next(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, &iov);
	*length = iov.iov_len;
	return ret;
}

static long get_xstate(pid_t pid, struct iovec *iov)
{
	size_t length;
	long ret = get_real(pid, &length);

	if (ret < 0)
		return ret;
	if (iov->iov_len > PLAYED)
		iov->iov_len = PLAYED;
	memcpy(iov->iov_base, area, iov->iov_len);
	return ret;
}

static long set_xstate(pid_t pid, const struct iovec *given)
{
	struct iovec iov = { given->iov_base, 0 };
	long ret;

	/* as the kernel: what is longer is cut */
	if (given->iov_len < PLAYED) {
		errno = EFAULT;
		return -1;
	}
	ret = get_real(pid, &iov.iov_len);
	return ret < 0 ? ret : next(PTRACE_SETREGSET, pid, (void *)NT_X86_XSTATE, &iov);
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
	if (request == PTRACE_GETREGSET && (long)addr == NT_X86_XSTATE)
		return get_xstate(pid, data);
	if (request == PTRACE_SETREGSET && (long)addr == NT_X86_XSTATE)
		return set_xstate(pid, data);
	return next(request, pid, addr, data);
}
