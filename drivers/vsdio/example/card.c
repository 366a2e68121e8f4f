// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A complete SDIO card in user space: one function, 16 bytes of memory that
 * CMD52 and CMD53 read and write. Run it as root; the card shows up in
 * /sys/bus/sdio/devices with the ids 1234:0001. With an argument each
 * command takes so many nanoseconds, 9 s at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../vsdio.h"

static unsigned char memory[16];
static unsigned char io_enable, int_enable, bus_width, speed;
static __u64 bus_ns = 20000;

/* Common CIS: manufacturer id, function type network, block size 512 at 50 MHz, end */
static const unsigned char cis0[] = { 0x20, 4, 0x34, 0x12, 0x01, 0x00, 0x21, 2, 0x0c, 0,
				      0x22, 4, 0, 0, 2, 0x5a, 0xff };
/* CIS of function 1: largest block 512, enable time-out 1 s */
static const unsigned char cis1[] = { 0x22, 42, 1, [14] = 0, [15] = 2, [30] = 100, [44] = 0xff };

static unsigned char f0_read(unsigned int addr)
{
	switch (addr) {
	case 0x00: return 0x32;			/* CCCR 1.20, SDIO 2.00 */
	case 0x02: case 0x03: return io_enable;	/* ready as soon as enabled */
	case 0x04: return int_enable;
	case 0x07: return bus_width;
	case 0x08: return 0x02;			/* multi-block */
	case 0x0a: return 0x10;			/* common CIS at 0x1000 */
	case 0x13: return 0x01 | speed;		/* high speed supported */
	case 0x10a: return 0x11;		/* CIS of function 1 at 0x1100 */
	}
	if (addr >= 0x1000 && addr < 0x1000 + sizeof(cis0))
		return cis0[addr - 0x1000];
	if (addr >= 0x1100 && addr < 0x1100 + sizeof(cis1))
		return cis1[addr - 0x1100];
	return 0;
}

static void f0_write(unsigned int addr, unsigned char val)
{
	switch (addr) {
	case 0x02:
		io_enable = val;
		break;
	case 0x04:
		int_enable = val;
		break;
	case 0x07:
		bus_width = val;
		break;
	case 0x13:
		speed = val & 2;
		break;
	}
}

static unsigned int cmd52(unsigned int arg)
{
	unsigned int fn = arg >> 28 & 7, addr = arg >> 9 & 0x1ffff;

	if (fn > 1)
		return 0x0200;			/* R5: no such function */
	if (arg >> 31 && fn)
		memory[addr % sizeof(memory)] = arg;
	else if (arg >> 31)
		f0_write(addr, arg);
	return 0x1000 | (fn ? memory[addr % sizeof(memory)] : f0_read(addr));
}

static void answer(int fd, const struct vsdio_event *ev, unsigned char *data)
{
	struct {
		struct vsdio_msg msg;
		unsigned char data[VSDIO_MAX_DATA];
	} out = { .msg = { .type = VSDIO_MSG_ANSWER, .id = ev->id, .bus_ns = bus_ns } };
	unsigned int i, len = ev->blksz * ev->blocks;

	switch (ev->opcode) {
	case 3:
		out.msg.response = 1 << 16;
		break;
	case 5:	/* ready, one function */
		out.msg.response = 0x90ff8000;
		break;
	case 52:
		out.msg.response = cmd52(ev->arg);
		break;
	case 53:
		out.msg.response = 0x1000;
		for (i = 0; i < len; i++) {
			unsigned char *at = &memory[((ev->arg >> 9) + i) % sizeof(memory)];

			if (ev->write)
				*at = data[i];
			else
				out.data[i] = *at;
		}
		out.msg.data_len = ev->write ? 0 : len;
	}
	if (write(fd, &out, sizeof(out.msg) + out.msg.data_len) < 0 && errno != ENOENT)
		perror("answer");
}

int main(int argc, char **argv)
{
	struct vsdio_plug plug = { .version = VSDIO_API_VERSION };
	struct {
		struct vsdio_event ev;
		unsigned char data[VSDIO_MAX_DATA];
	} in;
	int fd = open("/dev/vsdio", O_RDWR);

	if (argc > 1)
		bus_ns = strtoull(argv[1], NULL, 10);
	if (fd < 0 || ioctl(fd, VSDIO_IOC_PLUG, &plug)) {
		perror("/dev/vsdio");
		return 1;
	}
	printf("plugged into mmc%u\n", plug.host_index);
	fflush(stdout);
	while (read(fd, &in, sizeof(in)) > 0)
		if (in.ev.type == VSDIO_EV_REQUEST)
			answer(fd, &in.ev, in.data);
	return 0;
}
