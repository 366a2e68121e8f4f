// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one medium of mac80211_hwsim: every frame that a radio sends comes here,
 * and whatever a radio hears comes from here.
 *
 * The kernel takes frames only from the socket that registered, so there is
 * one socket. It handles a message while it is being sent: when send() is back
 * the answer lies in our queue, behind frames that radios sent meanwhile.
 * Those are put aside, and handled in order when the air is not running.
 *
 * System calls are dear in a guest. What needs no answer is collected and sent
 * before the next message that needs one, or before the program sleeps: in
 * between no time passes, so nobody can tell.
 */
#include "htcaps.h"
#include "shell.h"

#include <errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RADIO_MACS	16
#define RECEIVE_BYTES	65536
#define RECEIVE_BATCH	16
#define SEND_BYTES	65536
#define SOCKET_BYTES	(16 << 20)
/*
 * Frames that one radio may have waiting. hwsim throws away its oldest hundred
 * when it has 200 unanswered; short of that, the newest is refused, as a full
 * hardware queue would.
 */
#define MAX_QUEUED	190
/* From one rate of a chain to the next */
#define FALLBACK_MCS	2

struct radio {
	bool used;
	int id;				/* of the kernel, -1: not told */
	uint8_t addr[6];		/* "second address": names the radio in messages */
	uint8_t perm[6];		/* its permanent address: names it to people */
	uint8_t macs[RADIO_MACS][6];	/* addresses it answers to, oldest first */
	int n_macs;
	int station;
	int freq;			/* of its last frame, MHz; 0: none yet */
	bool sniffer;
	/* when, and where, it last acknowledged: it will do so again at the same moment */
	uint64_t heard_at;
	int heard_freq;
};

/* A frame of a radio that is on its way */
struct pending {
	struct pending *next, **link;
	uint64_t cookie;
	uint32_t flags;
	int n_rates;
	struct hwsim_tx_rate rates[HWSIM_RATES];
	struct radio *radio;
};

struct message {
	struct message *next;
	size_t len;
	uint8_t bytes[] __attribute__((aligned(8)));
};

struct hwsim {
	struct watch watch;
	struct nl_sock *sock;
	int family;
	uint32_t seq;
	struct radio radios[AIR_MAX_STATIONS];
	struct message *first, **last;
	struct pending *pending;
	struct ba_table ba;
	struct htcaps caps;
	size_t out_len;
	uint8_t out[SEND_BYTES] __attribute__((aligned(8)));
	uint8_t in[RECEIVE_BATCH][RECEIVE_BYTES] __attribute__((aligned(8)));
};

/* Radios */

static struct radio *by_addr(struct hwsim *h, const uint8_t *addr)
{
	for (int i = 0; i < AIR_MAX_STATIONS; i++)
		if (h->radios[i].used && !memcmp(h->radios[i].addr, addr, 6))
			return &h->radios[i];
	return NULL;
}

static struct radio *by_station(struct hwsim *h, int station)
{
	for (int i = 0; i < AIR_MAX_STATIONS; i++)
		if (h->radios[i].used && h->radios[i].station == station)
			return &h->radios[i];
	return NULL;
}

static bool owns(const struct radio *radio, const uint8_t *mac)
{
	for (int i = 0; i < radio->n_macs; i++)
		if (!memcmp(radio->macs[i], mac, 6))
			return true;
	return false;
}

static void add_mac(struct radio *radio, const uint8_t *mac)
{
	if ((mac[0] & 1) || owns(radio, mac))
		return;
	if (radio->n_macs == RADIO_MACS)
		memmove(radio->macs[0], radio->macs[1], --radio->n_macs * 6);
	memcpy(radio->macs[radio->n_macs++], mac, 6);
}

static void del_mac(struct radio *radio, const uint8_t *mac)
{
	for (int i = 0; i < radio->n_macs; i++) {
		if (memcmp(radio->macs[i], mac, 6))
			continue;
		radio->n_macs--;
		memmove(radio->macs[i], radio->macs[i + 1], (radio->n_macs - i) * 6);
		return;
	}
}

static void link_pending(struct hwsim *h, struct pending *p)
{
	p->next = h->pending;
	p->link = &h->pending;
	if (p->next)
		p->next->link = &p->next;
	h->pending = p;
}

static void free_pending(struct pending *p)
{
	*p->link = p->next;
	if (p->next)
		p->next->link = p->link;
	free(p);
}

/* The air tells nothing of frames that were being sent while it was flushed. */
static void forget_pending(struct hwsim *h, const struct radio *radio)
{
	struct pending *next;

	for (struct pending *p = h->pending; p; p = next) {
		next = p->next;
		if (p->radio == radio)
			free_pending(p);
	}
}

/* hwsim numbers the addresses of its radios 42:00:00:II:II:00, unless told otherwise. */
static int id_of(const uint8_t *addr)
{
	static const uint8_t head[3] = { 0x42, 0, 0 };

	return memcmp(addr, head, 3) || addr[5] ? -1 : addr[3] << 8 | addr[4];
}

static struct radio *add_radio(struct shell *sh, int id, const uint8_t *addr)
{
	struct hwsim *h = sh->hwsim;
	struct radio *radio = by_addr(h, addr);
	char name[32];

	if (radio)
		return radio;
	for (int i = 0; i < AIR_MAX_STATIONS && !radio; i++)
		if (!h->radios[i].used)
			radio = &h->radios[i];
	if (!radio)
		return NULL;
	*radio = (struct radio){ .id = id >= 0 ? id : id_of(addr) };
	memcpy(radio->addr, addr, 6);
	memcpy(radio->perm, addr, 6);
	/* The permanent address differs in one bit, or, if it was given, in none. */
	if (id_of(addr) >= 0)
		radio->perm[0] &= ~0x40;
	add_mac(radio, radio->perm);
	snprintf(name, sizeof(name), "%02x:%02x:%02x:%02x:%02x:%02x", radio->perm[0],
		 addr[1], addr[2], addr[3], addr[4], addr[5]);
	radio->station = air_add_station(sh->air, name);
	if (radio->station < 0) {
		shell_log(sh, "air: too many stations, %s left out", name);
		return NULL;
	}
	air_tune(sh->air, radio->station, AIR_ANY_FREQ);
	sh->muted[radio->station] = false;
	radio->used = true;
	shell_log(sh, "radio %s (%d) is station %d", name, radio->id, radio->station);
	return radio;
}

static void del_radio(struct shell *sh, struct radio *radio)
{
	shell_log(sh, "radio of station %d is gone", radio->station);
	air_flush(sh->air, radio->station, sh->now);
	air_del_station(sh->air, radio->station);
	forget_pending(sh->hwsim, radio);
	radio->used = false;
}

/* The kernel tells name and number of a radio but no address: sysfs has it. */
static int read_addr(const char *name, uint8_t *addr)
{
	char path[96], line[32];
	int found = -ENOENT;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/ieee80211/%s/addresses", name);
	f = fopen(path, "r");
	if (!f)
		return -errno;
	for (int i = 0; i < 2 && fgets(line, sizeof(line), f); i++) {
		unsigned int m[6];

		if (sscanf(line, "%x:%x:%x:%x:%x:%x", &m[0], &m[1], &m[2], &m[3], &m[4],
			   &m[5]) != 6)
			break;
		for (int k = 0; k < 6; k++)
			addr[k] = m[k];
		found = i ? 0 : found;
	}
	fclose(f);
	return found;
}

/* Messages out */

static struct nl_msg *new_msg(struct hwsim *h, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(4096);

	if (msg && !genlmsg_put(msg, nl_socket_get_local_port(h->sock), ++h->seq, h->family, 0,
				NLM_F_REQUEST | flags, cmd, HWSIM_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

void hwsim_flush(struct shell *sh)
{
	struct hwsim *h = sh->hwsim;

	if (!h || !h->out_len)
		return;
	if (send(h->watch.fd, h->out, h->out_len, 0) < 0) {
		shell_log(sh, "internal error: mac80211_hwsim: send: %s", strerror(errno));
		sh->failed = 3;
		sh->quit = true;
	}
	h->out_len = 0;
}

/* Sent soon, in order; refusals are counted when they come. */
static void queue_msg(struct shell *sh, struct nl_msg *msg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct hwsim *h = sh->hwsim;

	if (h->out_len + NLMSG_ALIGN(hdr->nlmsg_len) > sizeof(h->out))
		hwsim_flush(sh);
	memcpy(h->out + h->out_len, hdr, hdr->nlmsg_len);
	h->out_len += NLMSG_ALIGN(hdr->nlmsg_len);
	nlmsg_free(msg);
}

/* Sent now, behind all that was queued */
static int send_msg(struct shell *sh, struct nl_msg *msg)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	int error = 0;

	hwsim_flush(sh);
	if (send(sh->hwsim->watch.fd, hdr, hdr->nlmsg_len, 0) < 0)
		error = -errno;
	nlmsg_free(msg);
	return error;
}

static void put_aside(struct hwsim *h, const void *bytes, size_t len)
{
	struct message *m = malloc(sizeof(*m) + len);

	if (!m)
		return;
	m->next = NULL;
	m->len = len;
	memcpy(m->bytes, bytes, len);
	*h->last = m;
	h->last = &m->next;
}

/* An error for which nobody waits. The kernel sends the refused message along. */
static void count_error(struct shell *sh, const struct nlmsghdr *hdr, const struct nlmsgerr *err)
{
	const struct genlmsghdr *genl = (const struct genlmsghdr *)(err + 1);

	if (!err->error || hdr->nlmsg_len < NLMSG_LENGTH(sizeof(*err)) + sizeof(*genl))
		return;
	if (genl->cmd == HWSIM_CMD_TX_INFO_FRAME)
		sh->counters.medium_status_refused++;
	else if (genl->cmd == HWSIM_CMD_FRAME)
		sh->counters.medium_copies_refused++;
}

/* One datagram. *result is set when the answer to message number seq is in it. */
static void take_datagram(struct shell *sh, void *bytes, size_t len, uint32_t seq, int *result)
{
	struct hwsim *h = sh->hwsim;
	struct nlmsghdr *hdr = bytes;
	int left = len;

	for (; nlmsg_ok(hdr, left); hdr = nlmsg_next(hdr, &left)) {
		struct nlmsgerr *err = nlmsg_data(hdr);

		if (hdr->nlmsg_type != NLMSG_ERROR)
			put_aside(h, hdr, hdr->nlmsg_len);
		else if (hdr->nlmsg_len < NLMSG_LENGTH(sizeof(*err)))
			sh->counters.medium_malformed++;
		else if (seq && hdr->nlmsg_seq == seq)
			*result = err->error;
		else
			count_error(sh, hdr, err);
	}
}

/* Reads some datagrams; returns their number, 0 when there is none. *result as above. */
static int take_some(struct shell *sh, uint32_t seq, int *result)
{
	struct hwsim *h = sh->hwsim;
	struct mmsghdr batch[RECEIVE_BATCH] = { 0 };
	struct iovec iov[RECEIVE_BATCH];
	int n;

	for (int i = 0; i < RECEIVE_BATCH; i++) {
		iov[i] = (struct iovec){ h->in[i], RECEIVE_BYTES };
		batch[i].msg_hdr.msg_iov = &iov[i];
		batch[i].msg_hdr.msg_iovlen = 1;
	}
	do {
		n = recvmmsg(h->watch.fd, batch, RECEIVE_BATCH, MSG_DONTWAIT, NULL);
		/* Frames were lost between kernel and here. */
		sh->counters.medium_overflows += n < 0 && errno == ENOBUFS;
	} while (n < 0 && (errno == EINTR || errno == ENOBUFS));
	for (int i = 0; i < n; i++) {
		if (batch[i].msg_hdr.msg_flags & MSG_TRUNC)
			sh->counters.medium_malformed++;
		else
			take_datagram(sh, h->in[i], batch[i].msg_len, seq, result);
	}
	return n < 0 ? 0 : n;
}

/*
 * Reads until the kernel's answer to message number seq, and returns it; or
 * (seq 0, or no answer) all there is, and returns 1.
 */
static int drain(struct shell *sh, uint32_t seq)
{
	int result = 1;

	while (result > 0 && take_some(sh, seq, &result))
		;
	return result;
}

/* Sends and waits for the kernel's verdict. */
static int transact(struct shell *sh, struct nl_msg *msg)
{
	uint32_t seq = nlmsg_hdr(msg)->nlmsg_seq;
	int error = send_msg(sh, msg);

	if (error)
		return error;
	error = drain(sh, seq);
	return error > 0 ? -EIO : error;
}

static struct nl_msg *frame_msg(struct hwsim *h, const struct radio *radio, const uint8_t *frame,
				size_t len, const struct air_rx_info *info, bool ack)
{
	struct nl_msg *msg = new_msg(h, HWSIM_CMD_FRAME, ack ? NLM_F_ACK : 0);
	struct nlattr *attr;

	if (!msg)
		return NULL;
	/* The kernel refuses frames without three addresses: PS-Poll and BAR get padding. */
	attr = nla_reserve(msg, HWSIM_ATTR_FRAME, len < HWSIM_RX_MIN ? HWSIM_RX_MIN : len);
	if (!attr || nla_put(msg, HWSIM_ATTR_ADDR_RECEIVER, 6, radio->addr) ||
	    nla_put_u32(msg, HWSIM_ATTR_RX_RATE, convert_rx_rate(&info->rate, info->freq)) ||
	    nla_put_u32(msg, HWSIM_ATTR_SIGNAL, (uint32_t)info->signal) ||
	    nla_put_u32(msg, HWSIM_ATTR_FREQ, info->freq)) {
		nlmsg_free(msg);
		return NULL;
	}
	if (len < HWSIM_RX_MIN)
		memset(nla_data(attr), 0, HWSIM_RX_MIN);
	memcpy(nla_data(attr), frame, len);
	return msg;
}

bool hwsim_deliver(struct shell *sh, int station, const uint8_t *frame, size_t len,
		   const struct air_rx_info *info)
{
	struct hwsim *h = sh->hwsim;
	struct radio *radio = h ? by_station(h, station) : NULL;
	struct nl_msg *msg;
	bool mine, ask;

	if (!radio || len > HWSIM_RX_MAX)
		return false;
	mine = !frame_is_group(frame) && owns(radio, frame + 4);
	if (!mine && !frame_is_group(frame) && !radio->sniffer)
		return false;
	ask = mine && (radio->heard_at != sh->now || radio->heard_freq != info->freq);
	msg = frame_msg(h, radio, frame, len, info, ask);
	if (!msg)
		return false;
	sh->counters.medium_copies++;
	if (!ask) {
		queue_msg(sh, msg);
		return mine;
	}
	/* Down, idle, on another channel: the kernel knows, and says so. */
	if (transact(sh, msg)) {
		sh->counters.medium_acks_refused++;
		return false;
	}
	radio->heard_at = sh->now;
	radio->heard_freq = info->freq;
	return true;
}

void hwsim_observe(struct shell *sh, const uint8_t *frame, size_t len)
{
	if (!sh->hwsim)
		return;
	ba_observe(&sh->hwsim->ba, frame, len);
	htcaps_observe(&sh->hwsim->caps, frame, len);
}

static void send_status(struct shell *sh, const struct radio *radio, uint64_t cookie,
			uint32_t flags, const struct hwsim_tx_rate *rates, int signal)
{
	struct hwsim *h = sh->hwsim;
	struct nl_msg *msg = new_msg(h, HWSIM_CMD_TX_INFO_FRAME, 0);

	if (!msg)
		return;
	if (nla_put(msg, HWSIM_ATTR_ADDR_TRANSMITTER, 6, radio->addr) ||
	    nla_put_u32(msg, HWSIM_ATTR_FLAGS, flags) ||
	    nla_put_u32(msg, HWSIM_ATTR_SIGNAL, (uint32_t)signal) ||
	    nla_put_u64(msg, HWSIM_ATTR_COOKIE, cookie) ||
	    nla_put(msg, HWSIM_ATTR_TX_INFO, HWSIM_RATES * sizeof(*rates), rates)) {
		nlmsg_free(msg);
		return;
	}
	/* Refused when the radio was stopped meanwhile: the kernel has freed the frame. */
	queue_msg(sh, msg);
}

void hwsim_tx_done(struct shell *sh, int station, uint64_t cookie,
		   const struct air_tx_result *res)
{
	struct pending *p = (struct pending *)(uintptr_t)cookie;
	struct hwsim_tx_rate rates[HWSIM_RATES];
	uint32_t flags = p->flags;

	(void)station;
	for (int i = 0; i < HWSIM_RATES; i++)
		rates[i] = (struct hwsim_tx_rate){ .idx = -1 };
	convert_result(p->rates, p->n_rates, res, rates);
	if (res->acked)
		flags |= HWSIM_TX_STAT_ACK;
	send_status(sh, p->radio, p->cookie, flags, rates, -50);
	free_pending(p);
}

/* Messages in */

/*
 * The queue is full. Told to the kernel as a frame for which no acknowledgement
 * was asked: one that was never on the air must count neither as lost (hostapd
 * throws out stations that lose many) nor for rate control.
 */
static void refuse(struct shell *sh, const struct radio *radio, uint64_t cookie)
{
	struct hwsim_tx_rate rates[HWSIM_RATES];

	for (int i = 0; i < HWSIM_RATES; i++)
		rates[i] = (struct hwsim_tx_rate){ .idx = -1 };
	sh->counters.medium_queue_full++;
	send_status(sh, radio, cookie, HWSIM_TX_CTL_NO_ACK, rates, 0);
}

/*
 * Frames of a block ack session go at the rate that a good rate control would
 * have found, whatever mac80211 stopped at: see htcaps.h. Those that fail there
 * go slower, with the tries that mac80211 gave to each rate of its chain.
 */
static void aggregate(struct shell *sh, const struct radio *radio, struct air_mpdu *mpdu)
{
	struct hwsim *h = sh->hwsim;
	struct air_rate best;
	int to;

	if (mpdu->no_ack || !htcaps_best_rate(&h->caps, mpdu->frame + 10, mpdu->frame + 4, &best) ||
	    !ba_aggregable(&h->ba, mpdu->frame, mpdu->len, &best))
		return;
	to = shell_station(sh, mpdu->frame + 4);
	if (to >= 0)
		htcaps_limit_rate(&best, air_signal(sh->air, radio->station, to));
	mpdu->ampdu = true;
	for (int i = 0; i < mpdu->n_rates; i++) {
		uint8_t tries = mpdu->rates[i].tries;

		mpdu->rates[i] = best;
		mpdu->rates[i].tries = tries;
		best.mcs = best.mcs > FALLBACK_MCS ? best.mcs - FALLBACK_MCS : 0;
	}
}

static void fill_mpdu(struct shell *sh, const struct radio *radio, struct nlattr **tb, struct pending *p,
		      struct air_mpdu *mpdu)
{
	const struct hwsim_tx_rate_flag *flags = NULL;
	int n = nla_len(tb[HWSIM_ATTR_TX_INFO]) / sizeof(struct hwsim_tx_rate);

	n = n > HWSIM_RATES ? HWSIM_RATES : n;
	memcpy(p->rates, nla_data(tb[HWSIM_ATTR_TX_INFO]), n * sizeof(struct hwsim_tx_rate));
	if (tb[HWSIM_ATTR_TX_INFO_FLAGS] &&
	    nla_len(tb[HWSIM_ATTR_TX_INFO_FLAGS]) >= n * (int)sizeof(*flags))
		flags = nla_data(tb[HWSIM_ATTR_TX_INFO_FLAGS]);
	mpdu->n_rates = convert_rates(p->rates, flags, n, mpdu->freq, mpdu->rates);
	p->n_rates = mpdu->n_rates < n ? mpdu->n_rates : n;
	mpdu->ac = frame_ac(mpdu->frame, mpdu->len);
	mpdu->no_ack = (p->flags & HWSIM_TX_CTL_NO_ACK) || frame_is_group(mpdu->frame);
	aggregate(sh, radio, mpdu);
}

static void submit(struct shell *sh, struct radio *radio, struct nlattr **tb)
{
	struct pending *p = calloc(1, sizeof(*p));
	struct air_mpdu mpdu = { 0 };
	int error = -ENOMEM;

	if (p) {
		p->cookie = nla_get_u64(tb[HWSIM_ATTR_COOKIE]);
		p->flags = nla_get_u32(tb[HWSIM_ATTR_FLAGS]);
		p->radio = radio;
		mpdu.cookie = (uintptr_t)p;
		mpdu.frame = nla_data(tb[HWSIM_ATTR_FRAME]);
		mpdu.len = nla_len(tb[HWSIM_ATTR_FRAME]);
		mpdu.freq = nla_get_u32(tb[HWSIM_ATTR_FREQ]);
		radio->freq = mpdu.freq;
		fill_mpdu(sh, radio, tb, p, &mpdu);
		error = -ENOBUFS;
		if (air_queued(sh->air, radio->station) < MAX_QUEUED)
			error = air_submit(sh->air, radio->station, &mpdu, sh->now);
	}
	if (!error) {
		link_pending(sh->hwsim, p);
	} else {
		free(p);
		refuse(sh, radio, nla_get_u64(tb[HWSIM_ATTR_COOKIE]));
	}
}

static bool has(struct nlattr **tb, int attr, int len)
{
	return tb[attr] && nla_len(tb[attr]) >= len;
}

static void on_frame(struct shell *sh, struct nlattr **tb)
{
	const uint8_t *mac;
	struct radio *radio;

	if (!has(tb, HWSIM_ATTR_ADDR_TRANSMITTER, 6) || !has(tb, HWSIM_ATTR_FRAME, 10) ||
	    !has(tb, HWSIM_ATTR_FLAGS, 4) || !has(tb, HWSIM_ATTR_FREQ, 4) ||
	    !has(tb, HWSIM_ATTR_TX_INFO, 2) || !has(tb, HWSIM_ATTR_COOKIE, 8)) {
		sh->counters.medium_malformed++;
		return;
	}
	radio = add_radio(sh, -1, nla_data(tb[HWSIM_ATTR_ADDR_TRANSMITTER]));
	if (!radio)
		return;
	sh->counters.medium_frames++;
	/* Interfaces that were up before this program began told no address. */
	mac = frame_transmitter(nla_data(tb[HWSIM_ATTR_FRAME]), nla_len(tb[HWSIM_ATTR_FRAME]));
	if (mac)
		add_mac(radio, mac);
	submit(sh, radio, tb);
}

static void on_radio(struct shell *sh, int cmd, struct nlattr **tb)
{
	char name[64] = "";
	uint8_t addr[6];
	int id;

	if (!has(tb, HWSIM_ATTR_RADIO_ID, 4)) {
		sh->counters.medium_malformed++;
		return;
	}
	id = nla_get_u32(tb[HWSIM_ATTR_RADIO_ID]);
	if (cmd == HWSIM_CMD_DEL_RADIO) {
		for (int i = 0; i < AIR_MAX_STATIONS; i++)
			if (sh->hwsim->radios[i].used && sh->hwsim->radios[i].id == id)
				del_radio(sh, &sh->hwsim->radios[i]);
		return;
	}
	/* Not NUL terminated on the wire */
	if (tb[HWSIM_ATTR_RADIO_NAME])
		snprintf(name, sizeof(name), "%.*s", nla_len(tb[HWSIM_ATTR_RADIO_NAME]),
			 (char *)nla_data(tb[HWSIM_ATTR_RADIO_NAME]));
	if (!strchr(name, '/') && !read_addr(name, addr))
		add_radio(sh, id, addr);
	else
		shell_log(sh, "radio %d (%s): address unknown until it sends", id, name);
}

static void on_mac(struct shell *sh, int cmd, struct nlattr **tb)
{
	struct radio *radio;

	if (!has(tb, HWSIM_ATTR_ADDR_TRANSMITTER, 6) || !has(tb, HWSIM_ATTR_ADDR_RECEIVER, 6)) {
		sh->counters.medium_malformed++;
		return;
	}
	radio = add_radio(sh, -1, nla_data(tb[HWSIM_ATTR_ADDR_TRANSMITTER]));
	if (radio && cmd == HWSIM_CMD_ADD_MAC_ADDR)
		add_mac(radio, nla_data(tb[HWSIM_ATTR_ADDR_RECEIVER]));
	else if (radio)
		del_mac(radio, nla_data(tb[HWSIM_ATTR_ADDR_RECEIVER]));
}

static void on_message(struct shell *sh, struct nlmsghdr *hdr)
{
	struct nlattr *tb[HWSIM_ATTR_LAST + 1];
	struct genlmsghdr *genl;

	if (hdr->nlmsg_type != sh->hwsim->family)
		return;
	if (!genlmsg_valid_hdr(hdr, 0) || genlmsg_parse(hdr, 0, tb, HWSIM_ATTR_LAST, NULL)) {
		sh->counters.medium_malformed++;
		return;
	}
	genl = genlmsg_hdr(hdr);
	switch (genl->cmd) {
	case HWSIM_CMD_FRAME:
		on_frame(sh, tb);
		break;
	case HWSIM_CMD_NEW_RADIO:
	case HWSIM_CMD_DEL_RADIO:
	case HWSIM_CMD_GET_RADIO:
		on_radio(sh, genl->cmd, tb);
		break;
	case HWSIM_CMD_ADD_MAC_ADDR:
	case HWSIM_CMD_DEL_MAC_ADDR:
		on_mac(sh, genl->cmd, tb);
		break;
	}
}

bool hwsim_process(struct shell *sh)
{
	struct hwsim *h = sh->hwsim;
	struct message *m;
	bool any = false;

	if (!h)
		return false;
	while ((m = h->first)) {
		h->first = m->next;
		if (!h->first)
			h->last = &h->first;
		on_message(sh, (struct nlmsghdr *)m->bytes);
		free(m);
		any = true;
	}
	return any;
}

static void on_ready(struct shell *sh, void *arg)
{
	int result;

	(void)arg;
	take_some(sh, 0, &result);
	hwsim_process(sh);
}

/* Start and end */

static int fail(const char *what, const char *why)
{
	fprintf(stderr, "anechoic-emu: mac80211_hwsim: %s: %s\n", what, why);
	return -1;
}

static int register_medium(struct shell *sh)
{
	struct nl_msg *msg = new_msg(sh->hwsim, HWSIM_CMD_REGISTER, NLM_F_ACK);
	int error = msg ? transact(sh, msg) : -ENOMEM;

	switch (error) {
	case 0:
		return 0;
	case -EBUSY:
		return fail("register", "another medium (wmediumd?) runs already");
	case -EOPNOTSUPP:
		return fail("register", "load mac80211_hwsim with channels=1");
	case -EPERM:
		return fail("register", "needs root");
	default:
		return fail("register", strerror(-error));
	}
}

static int list_radios(struct shell *sh)
{
	struct nl_msg *msg = new_msg(sh->hwsim, HWSIM_CMD_GET_RADIO, NLM_F_DUMP);
	int error = msg ? send_msg(sh, msg) : -ENOMEM;

	if (error)
		return fail("list of radios", strerror(-error));
	/* The kernel continues a dump whenever it is read; all is here at the end. */
	drain(sh, 0);
	hwsim_process(sh);
	return 0;
}

static int connect_family(struct hwsim *h)
{
	int bytes = SOCKET_BYTES, out = 2 * SEND_BYTES;
	int group;

	if (!h->sock || genl_connect(h->sock))
		return fail("netlink", "cannot connect");
	h->family = genl_ctrl_resolve(h->sock, HWSIM_FAMILY);
	if (h->family < 0)
		return fail("netlink", "not there; load the module, or use --no-medium");
	group = genl_ctrl_resolve_grp(h->sock, HWSIM_FAMILY, HWSIM_GROUP_CONFIG);
	if (group < 0 || nl_socket_add_membership(h->sock, group))
		return fail("netlink", "cannot hear of new radios");
	h->watch.fd = nl_socket_get_fd(h->sock);
	/* Bursts of beacons and frames of many radios come while the air runs. */
	setsockopt(h->watch.fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	/* What was collected goes as one message, or not at all. */
	setsockopt(h->watch.fd, SOL_SOCKET, SO_SNDBUFFORCE, &out, sizeof(out));
	return 0;
}

int hwsim_open(struct shell *sh)
{
	struct hwsim *h = calloc(1, sizeof(*h));
	int error;

	if (!h)
		return -ENOMEM;
	sh->hwsim = h;
	h->last = &h->first;
	h->watch.ready = on_ready;
	h->sock = nl_socket_alloc();
	error = connect_family(h);
	if (error)
		return error;
	error = list_radios(sh);
	if (error)
		return error;
	error = register_medium(sh);
	if (error)
		return error;
	return loop_watch(sh, &h->watch) ? fail("epoll", strerror(errno)) : 0;
}

void hwsim_close(struct shell *sh)
{
	struct hwsim *h = sh->hwsim;

	if (!h)
		return;
	/* Give back what is still queued; nobody listens after this. */
	for (int i = 0; i < AIR_MAX_STATIONS; i++) {
		if (!h->radios[i].used)
			continue;
		air_flush(sh->air, h->radios[i].station, sh->now);
		forget_pending(h, &h->radios[i]);
	}
	hwsim_flush(sh);
	sh->hwsim = NULL;
	while (h->first) {
		struct message *m = h->first;

		h->first = m->next;
		free(m);
	}
	if (h->sock)
		nl_socket_free(h->sock);
	free(h);
}

/* For the control socket */

int hwsim_find(struct shell *sh, const uint8_t *mac, int *freq)
{
	struct hwsim *h = sh->hwsim;

	for (int i = 0; h && i < AIR_MAX_STATIONS; i++) {
		struct radio *radio = &h->radios[i];

		if (!radio->used || (!owns(radio, mac) && memcmp(radio->perm, mac, 6)))
			continue;
		if (freq)
			*freq = radio->freq;
		return radio->station;
	}
	return -1;
}

int hwsim_declare(struct shell *sh, const uint8_t *mac)
{
	struct radio *radio;
	uint8_t addr[6];

	if (!sh->hwsim)
		return -1;
	memcpy(addr, mac, 6);
	addr[0] |= 0x40;
	radio = add_radio(sh, -1, addr);
	return radio ? radio->station : -1;
}

int hwsim_set_sniffer(struct shell *sh, int station, bool on)
{
	struct radio *radio = sh->hwsim ? by_station(sh->hwsim, station) : NULL;

	if (!radio)
		return -ENOENT;
	radio->sniffer = on;
	return 0;
}

static void print_mac(FILE *out, const char *before, const uint8_t *mac)
{
	fprintf(out, "%s\"%02x:%02x:%02x:%02x:%02x:%02x\"", before, mac[0], mac[1], mac[2],
		mac[3], mac[4], mac[5]);
}

static const char *json_bool(bool b)
{
	return b ? "true" : "false";
}

static void print_chip(struct device *dev, const char *before, FILE *out)
{
	bool one = dev->sh->n_devices == 1;

	fprintf(out, "%s{\"addresses\": [", before);
	for (int i = 0; i < dev->n_macs; i++)
		print_mac(out, i ? ", " : "", dev->macs[i]);
	fprintf(out, "], \"freq\": %d, \"muted\": %s, \"name\": \"chip%s%s\", \"queued\": %d}",
		dev->freq, json_bool(dev->sh->muted[dev->station]), one ? "" : ":",
		one ? "" : dev->id, air_queued(dev->sh->air, dev->station));
}

void hwsim_print_stations(struct shell *sh, FILE *out)
{
	fprintf(out, "[");
	for (int i = 0; i < sh->n_devices; i++)
		print_chip(&sh->devices[i], i ? ", " : "", out);
	for (int i = 0; sh->hwsim && i < AIR_MAX_STATIONS; i++) {
		struct radio *radio = &sh->hwsim->radios[i];

		if (!radio->used)
			continue;
		fprintf(out, ", {\"addresses\": [");
		for (int k = 0; k < radio->n_macs; k++)
			print_mac(out, k ? ", " : "", radio->macs[k]);
		fprintf(out, "], \"freq\": %d, \"muted\": %s, ", radio->freq,
			json_bool(sh->muted[radio->station]));
		print_mac(out, "\"name\": ", radio->perm);
		fprintf(out, ", \"queued\": %d, \"radio\": %d, \"sniffer\": %s}",
			air_queued(sh->air, radio->station), radio->id, json_bool(radio->sniffer));
	}
	fprintf(out, "]");
}
