// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traffic between the guest's ends. In a guest whose CPU costs no time, a
 * program that polls stops the clock for everybody: this one only ever blocks.
 * System calls are what guests are slow at: datagrams go and come in batches.
 *
 * flow recv PORT
 *	Takes TCP connections and UDP datagrams at PORT until SIGTERM, then
 *	prints what came as JSON: bytes, packets (reads; datagrams), connections,
 *	seconds from the first byte to the last, mbps.
 * flow send tcp|udp ADDRESS PORT SECONDS MBPS LENGTH TICK
 *	Sends for so long, at that rate (0: as fast as possible), LENGTH bytes
 *	per write or datagram, with what is due in TICK ms at a time. Prints the
 *	same of what it sent.
 * flow many ADDRESS PORT CONNECTIONS BYTES AT-ONCE
 *	Opens so many TCP connections one after another, AT-ONCE side by side,
 *	and sends BYTES over each.
 * flow ping ADDRESS INTERVAL
 *	An ICMP echo request every INTERVAL ms until SIGTERM. Prints a line for
 *	each reply: when it came (s, of the monotonic clock), and after how many ms.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHUNK	65536
#define BATCH	64
#define DATAGRAM	2048

struct count {
	uint64_t bytes, packets, connections, first, last;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void count(struct count *c, size_t bytes, int packets)
{
	c->last = now_ns();
	if (!c->bytes)
		c->first = c->last;
	c->bytes += bytes;
	c->packets += packets;
}

/* So many datagrams of that length, all from or to the same place in memory */
static void batch_fill(struct mmsghdr *batch, struct iovec *iov, int n, size_t len)
{
	static char buf[DATAGRAM];

	iov->iov_base = buf;
	iov->iov_len = len;
	memset(batch, 0, n * sizeof(*batch));
	for (int i = 0; i < n; i++) {
		batch[i].msg_hdr.msg_iov = iov;
		batch[i].msg_hdr.msg_iovlen = 1;
	}
}

static void report(const struct count *c)
{
	double s = (c->last - c->first) / 1e9;

	printf("{\"bytes\": %llu, \"packets\": %llu, \"connections\": %llu, \"seconds\": %.6f, \"mbps\": %.3f}\n",
	       (unsigned long long)c->bytes, (unsigned long long)c->packets,
	       (unsigned long long)c->connections, s, s > 0 ? c->bytes * 8 / s / 1e6 : 0);
}

static struct sockaddr_in address(const char *host, const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };

	if (host && !inet_pton(AF_INET, host, &a.sin_addr)) {
		fprintf(stderr, "'%s' is no IPv4 address\n", host);
		exit(2);
	}
	return a;
}

static int listener(int type, const char *port)
{
	struct sockaddr_in a = address(NULL, port);
	int fd = socket(AF_INET, type, 0), one = 1, big = 1 << 20;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (type == SOCK_DGRAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	if (bind(fd, (void *)&a, sizeof(a)))
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 128))
		die("listen");
	return fd;
}

static void watch(int ep, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev))
		die("epoll_ctl");
}

static int stop_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, 0);
}

static void take_datagrams(struct count *c, int fd)
{
	struct mmsghdr batch[BATCH];
	struct iovec iov;
	size_t bytes = 0;
	int n;

	batch_fill(batch, &iov, BATCH, DATAGRAM);
	n = recvmmsg(fd, batch, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		bytes += batch[i].msg_len;
	if (n > 0)
		count(c, bytes, n);
}

static int receive(const char *port)
{
	int ep = epoll_create1(0), tcp = listener(SOCK_STREAM, port), udp = listener(SOCK_DGRAM, port);
	int stop = stop_fd();
	static char buf[CHUNK];
	struct epoll_event ev;
	struct count c = { 0 };
	ssize_t n;

	watch(ep, tcp);
	watch(ep, udp);
	watch(ep, stop);
	for (;;) {
		if (epoll_wait(ep, &ev, 1, -1) < 0)
			die("epoll_wait");
		if (ev.data.fd == stop)
			break;
		if (ev.data.fd == tcp) {
			watch(ep, accept(tcp, NULL, NULL));
			c.connections++;
			continue;
		}
		if (ev.data.fd == udp) {
			take_datagrams(&c, udp);
			continue;
		}
		n = read(ev.data.fd, buf, sizeof(buf));
		if (n > 0)
			count(&c, n, 1);
		else
			close(ev.data.fd);
	}
	report(&c);
	return 0;
}

static void sleep_until(uint64_t ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* Sends what is due within the tick; returns when the next tick begins */
static uint64_t send_due(struct count *c, int fd, uint64_t begin, double mbps, size_t len,
			 uint64_t tick)
{
	uint64_t now = now_ns(), due = (now + tick - begin) / 8000.0 * mbps;
	struct mmsghdr batch[BATCH];
	struct iovec iov;
	int want, n;

	batch_fill(batch, &iov, BATCH, len);
	while (c->bytes + len <= due) {
		want = (due - c->bytes) / len;
		n = sendmmsg(fd, batch, want < BATCH ? want : BATCH, 0);
		if (n < 0)
			break;
		count(c, n * len, n);
	}
	return now + tick;
}

static void send_all(struct count *c, int fd, size_t len, bool datagrams)
{
	struct mmsghdr batch[BATCH];
	static char buf[CHUNK];
	struct iovec iov;
	ssize_t n;

	batch_fill(batch, &iov, BATCH, len);
	if (datagrams) {
		n = sendmmsg(fd, batch, BATCH, 0);
		if (n > 0)
			count(c, n * len, n);
	} else {
		n = write(fd, buf, sizeof(buf));
		if (n > 0)
			count(c, n, 1);
	}
	/* the receiver may have gone already; queues may be full */
	if (n < 0 && errno != ENOBUFS && errno != ECONNREFUSED)
		die("send");
	if (n < 0)
		usleep(1000);
}

static int transmit(char **arg)
{
	struct sockaddr_in a = address(arg[1], arg[2]);
	bool datagrams = !strcmp(arg[0], "udp");
	int fd = socket(AF_INET, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0);
	double seconds = atof(arg[3]), mbps = atof(arg[4]);
	size_t len = strtoul(arg[5], NULL, 10);
	uint64_t begin, end, tick = atof(arg[6]) * 1e6;
	struct count c = { 0 };

	if (!tick) {
		fprintf(stderr, "TICK is in ms, more than 0\n");
		return 2;
	}
	if (!len || len > DATAGRAM) {
		fprintf(stderr, "LENGTH is 1..%d bytes\n", DATAGRAM);
		return 2;
	}
	if (connect(fd, (void *)&a, sizeof(a)))
		die("connect");
	begin = now_ns();
	end = begin + seconds * 1e9;
	while (now_ns() < end) {
		if (mbps > 0)
			sleep_until(send_due(&c, fd, begin, mbps, len, tick));
		else
			send_all(&c, fd, len, datagrams);
	}
	report(&c);
	return 0;
}

static void one_after_another(struct sockaddr_in *a, int n, size_t bytes)
{
	static char buf[CHUNK];

	while (n--) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		size_t left = bytes;

		if (connect(fd, (void *)a, sizeof(*a)))
			die("connect");
		while (left) {
			ssize_t done = write(fd, buf, left < CHUNK ? left : CHUNK);

			if (done < 0)
				die("write");
			left -= done;
		}
		/* the other end has it all when it closes as well */
		shutdown(fd, SHUT_WR);
		while (read(fd, buf, sizeof(buf)) > 0)
			;
		close(fd);
	}
}

static int many(char **arg)
{
	struct sockaddr_in a = address(arg[0], arg[1]);
	int total = atoi(arg[2]), at_once = atoi(arg[4]), status, bad = 0;
	size_t bytes = strtoul(arg[3], NULL, 10);

	for (int i = 0; i < at_once; i++) {
		if (fork())
			continue;
		one_after_another(&a, total / at_once + (i < total % at_once), bytes);
		exit(0);
	}
	while (wait(&status) > 0)
		bad += !!status;
	return bad ? 1 : 0;
}

struct echo {
	struct icmphdr icmp;
	uint64_t sent;		/* ns */
};

static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return htons(~(sum + (sum >> 16)));
}

static void send_echo(int fd, uint16_t seq)
{
	struct echo e = { .icmp = { .type = ICMP_ECHO }, .sent = now_ns() };

	e.icmp.un.echo.id = htons(getpid());
	e.icmp.un.echo.sequence = htons(seq);
	e.icmp.checksum = checksum(&e, sizeof(e));
	/* no way there at the moment: that is what pings are to show */
	send(fd, &e, sizeof(e), 0);
}

static void take_reply(int fd)
{
	struct {
		struct iphdr ip;
		struct echo echo;
	} __attribute__((packed)) r;
	uint64_t now = now_ns();

	if (recv(fd, &r, sizeof(r), 0) != sizeof(r) || r.ip.ihl != 5 ||
	    r.echo.icmp.type != ICMP_ECHOREPLY || r.echo.icmp.un.echo.id != htons(getpid()))
		return;
	printf("%.6f %.6f\n", now / 1e9, (now - r.echo.sent) / 1e6);
	fflush(stdout);
}

static int ping(char **arg)
{
	struct sockaddr_in a = address(arg[0], "0");
	double ms = atof(arg[1]);
	struct timespec t = { ms / 1e3, (uint64_t)(ms * 1e6) % 1000000000 };
	struct itimerspec every = { t, t };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), timer = timerfd_create(CLOCK_MONOTONIC, 0);
	int ep = epoll_create1(0), stop = stop_fd();
	struct epoll_event ev;
	uint64_t ticks;
	uint16_t seq = 0;

	if (fd < 0 || connect(fd, (void *)&a, sizeof(a)) || timerfd_settime(timer, 0, &every, NULL))
		die("ping");
	watch(ep, fd);
	watch(ep, timer);
	watch(ep, stop);
	while (epoll_wait(ep, &ev, 1, -1) >= 0 && ev.data.fd != stop) {
		if (ev.data.fd == fd)
			take_reply(fd);
		else if (read(timer, &ticks, sizeof(ticks)) > 0)
			send_echo(fd, seq++);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "recv"))
		return receive(argv[2]);
	if (argc == 9 && !strcmp(argv[1], "send"))
		return transmit(argv + 2);
	if (argc == 7 && !strcmp(argv[1], "many"))
		return many(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "ping"))
		return ping(argv + 2);
	fprintf(stderr, "usage: flow ping ADDRESS INTERVAL | flow recv PORT | flow send tcp|udp ADDRESS PORT SECONDS MBPS LENGTH TICK | "
		"flow many ADDRESS PORT CONNECTIONS BYTES AT-ONCE\n");
	return 2;
}
