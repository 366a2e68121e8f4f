/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause */
/*
 * vsdio: SDIO cards in user space.
 *
 * A program opens /dev/vsdio, plugs a card with VSDIO_IOC_PLUG and then serves
 * it: read() returns one event at a time (a bus request, or a change of power,
 * clock, bus width), write() takes one message (the answer to a request, or a
 * level of the card interrupt). Closing the file removes the card.
 *
 * All integers are in the byte order of the machine. Every structure is free
 * of padding and has the same layout for 32 and 64 bit programs.
 */
#ifndef _UAPI_VSDIO_H
#define _UAPI_VSDIO_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VSDIO_API_VERSION	1

/* Largest data phase of one command, in bytes */
#define VSDIO_MAX_DATA		65536

/* struct vsdio_plug::flags */
#define VSDIO_PLUG_IRQ_NOTHREAD	(1u << 0) /* MMC_CAP2_SDIO_IRQ_NOTHREAD host */
#define VSDIO_PLUG_NO_SDIO_IRQ	(1u << 1) /* no card interrupt: the core polls */
#define VSDIO_PLUG_NONREMOVABLE	(1u << 2)
#define VSDIO_PLUG_NO_KEEP_POWER (1u << 3) /* host loses card power in suspend */
#define VSDIO_PLUG_1BIT		(1u << 4) /* no 4 bit bus */
#define VSDIO_PLUG_TELL_IRQ	(1u << 5) /* tell of VSDIO_EV_IRQ_ENABLE: twice each time */

/**
 * struct vsdio_plug - argument of VSDIO_IOC_PLUG
 * @version: VSDIO_API_VERSION
 * @flags: VSDIO_PLUG_*
 * @max_blk_size: largest block, bytes; 0 for 512
 * @max_blk_count: largest number of blocks in a command; 0 for 127
 * @max_req_size: largest data phase, bytes; 0 for VSDIO_MAX_DATA
 * @max_clock: highest clock, Hz; 0 for 50 MHz
 * @host_index: returned: number of the mmc host (mmcN)
 * @reserved: zero
 */
struct vsdio_plug {
	__u32 version;
	__u32 flags;
	__u32 max_blk_size;
	__u32 max_blk_count;
	__u32 max_req_size;
	__u32 max_clock;
	__u32 host_index;
	__u32 reserved;
};

#define VSDIO_IOC_PLUG		_IOWR('V', 0x51, struct vsdio_plug)
#define VSDIO_IOC_UNPLUG	_IO('V', 0x52)

/* struct vsdio_event::type */
enum vsdio_event_type {
	VSDIO_EV_REQUEST = 1,	/* a command, to be answered */
	VSDIO_EV_POWER = 2,	/* arg: 0 off, 1 up, 2 on */
	VSDIO_EV_CLOCK = 3,	/* arg: Hz, 0 stopped */
	VSDIO_EV_WIDTH = 4,	/* arg: data lines, 1 or 4 */
	VSDIO_EV_TIMING = 5,	/* arg: 0 default speed, 1 high speed */
	VSDIO_EV_IRQ_ENABLE = 6,/* arg: 1 host listens to the card interrupt, 0 masked */
	VSDIO_EV_CANCEL = 7,	/* the host gave up on the request with this id: do not answer it */
};

/**
 * struct vsdio_event - head of what read() returns
 * @type: enum vsdio_event_type
 * @arg: REQUEST: command argument; else see the type
 * @id: REQUEST: number to be echoed in the answer
 * @time_ns: CLOCK_MONOTONIC when the event was made
 * @opcode: REQUEST: command number (0, 3, 5, 7, 52, 53)
 * @blksz: REQUEST with data: bytes in a block (byte mode: bytes in all)
 * @blocks: REQUEST with data: number of blocks (byte mode: 1)
 * @write: REQUEST with data: 1 data goes to the card and follows this head
 * @data_len: bytes that follow this head
 * @reserved: zero
 *
 * A read() with a buffer that is too small for the next event fails with
 * -EMSGSIZE and leaves the event in place.
 */
struct vsdio_event {
	__u32 type;
	__u32 arg;
	__u64 id;
	__u64 time_ns;
	__u32 opcode;
	__u32 blksz;
	__u32 blocks;
	__u32 write;
	__u32 data_len;
	__u32 reserved;
};

/* struct vsdio_msg::type */
enum vsdio_msg_type {
	VSDIO_MSG_ANSWER = 1,	/* answer to a request; may change the interrupt as well */
	VSDIO_MSG_IRQ = 2,	/* level of the card interrupt only */
};

/* struct vsdio_msg::flags: card interrupt (level) after this message */
#define VSDIO_MSG_IRQ_ASSERT	(1u << 0)
#define VSDIO_MSG_IRQ_DEASSERT	(1u << 1)

/**
 * struct vsdio_msg - head of what write() takes
 * @type: enum vsdio_msg_type
 * @flags: VSDIO_MSG_IRQ_*
 * @id: ANSWER: id of the request
 * @bus_ns: ANSWER: the command completes this many ns after it was issued
 *          (0: at once); the interrupt change takes effect at once
 * @error: ANSWER: 0, or a negative errno for the response phase
 *         (-ETIMEDOUT, -EILSEQ, -EIO)
 * @data_error: ANSWER with data: 0, or a negative errno for the data phase
 * @response: ANSWER: response word as the host controller returns it:
 *            R4 OCR word, R5 flags << 8 | data, R6 RCA << 16 | status, R1 status
 * @data_len: ANSWER to a read: bytes that follow; fewer than asked is a short
 *            transfer (the host then sees that many bytes, and data_error)
 *
 * One write() is one message. Late answers (unknown id) fail with -ENOENT.
 */
struct vsdio_msg {
	__u32 type;
	__u32 flags;
	__u64 id;
	__u64 bus_ns;
	__s32 error;
	__s32 data_error;
	__u32 response;
	__u32 data_len;
};

#endif /* _UAPI_VSDIO_H */
