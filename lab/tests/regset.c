// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a debugger sees of a process's FP state: prints the length of the area,
 * and for each length given as an argument whether that much of it is taken
 * back ("ok" or the error) and whether the process has its state afterwards.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef NT_X86_XSTATE
#define NT_X86_XSTATE 0x202
#endif

static char area[65536], again[65536];

static struct iovec whole(pid_t pid, char *buf)
{
	struct iovec iov = { buf, sizeof(area) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &iov) < 0)
		perror("PTRACE_GETREGSET");
	return iov;
}

int main(int argc, char **argv)
{
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	printf("%zu", whole(pid, area).iov_len);
	for (int i = 1; i < argc; i++) {
		struct iovec iov = { area, atoi(argv[i]) };
		long ret;

		/* in the area of SSE: XMM0 */
		area[160] = i;
		ret = ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &iov);
		if (ret < 0) {
			printf(" %s", strerrorname_np(errno));
			continue;
		}
		whole(pid, again);
		printf(" %s", again[160] == i ? "ok" : "lost");
	}
	printf("\n");
	ptrace(PTRACE_KILL, pid, 0, 0);
	return 0;
}
