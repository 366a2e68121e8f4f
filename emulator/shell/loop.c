// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The event loop, and the wires between chip, air and the rest.
 *
 * Order within one wake-up is fixed (due deadlines, then descriptors as epoll
 * names them, then again until nothing is due), so that the same run gives the
 * same result: in a guest with virtual time nothing else decides.
 */
#include "shell.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* More rounds than this without time passing: somebody always has work "now". */
#define MAX_ROUNDS	1000000

static uint64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

void shell_log(struct shell *sh, const char *format, ...)
{
	va_list args;

	fprintf(sh->log, "%" PRIu64 ".%09" PRIu64 " ", (uint64_t)(sh->now / NS_PER_S),
		(uint64_t)(sh->now % NS_PER_S));
	va_start(args, format);
	vfprintf(sh->log, format, args);
	va_end(args);
	fputc('\n', sh->log);
}

/* Wires of the chip */

static void on_irq(void *ctx, bool asserted)
{
	/* The level goes out with the answer, or at the end of the round. */
	(void)ctx;
	(void)asserted;
}

static void learn_mac(struct device *dev, const uint8_t *mac)
{
	for (int i = 0; i < dev->n_macs; i++)
		if (!memcmp(dev->macs[i], mac, 6))
			return;
	if (dev->n_macs < CHIP_MACS)
		dev->n_macs++;
	memmove(dev->macs[1], dev->macs[0], (dev->n_macs - 1) * 6);
	memcpy(dev->macs[0], mac, 6);
}

static void refuse_tx(struct device *dev, uint64_t cookie)
{
	struct air_tx_result res = { 0 };

	dev->ops->tx_done(dev->chip, cookie, &res, dev->sh->now);
}

static void on_air_tx(void *ctx, const struct air_mpdu *mpdu)
{
	struct device *dev = ctx;
	struct shell *sh = dev->sh;

	if (mpdu->len >= 16)
		learn_mac(dev, mpdu->frame + 10);
	if (air_submit(sh->air, dev->station, mpdu, sh->now)) {
		shell_log(sh, "air: a frame of the chip is refused: %zu bytes, %d rates, AC %u",
			  mpdu->len, mpdu->n_rates, mpdu->ac);
		refuse_tx(dev, mpdu->cookie);
	}
}

static void on_air_tune(void *ctx, int freq)
{
	struct device *dev = ctx;

	dev->freq = freq;
	air_tune(dev->sh->air, dev->station, freq);
}

static void on_air_edca(void *ctx, int ac, const struct air_edca *edca)
{
	struct device *dev = ctx;

	air_set_edca(dev->sh->air, dev->station, ac, edca);
}

static void flush_air(struct device *dev)
{
	/* The chip has already forgotten these frames: it wants no result. */
	dev->flush = false;
	dev->dropping = true;
	air_flush(dev->sh->air, dev->station, dev->sh->now);
	dev->dropping = false;
}

static void on_air_flush(void *ctx)
{
	struct device *dev = ctx;

	if (dev->sh->in_air)
		dev->flush = true;
	else
		flush_air(dev);
}

/* Which of several chips a line of the log is about */
static const char *who(const struct device *dev, const char *after)
{
	static char text[sizeof(dev->id) + 8];

	snprintf(text, sizeof(text), "%s%s", dev->id, after);
	return dev->sh->n_devices > 1 ? text : "";
}

static void on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	struct device *dev = ctx;
	struct shell *sh = dev->sh;
	const uint8_t *p = bytes;
	char hex[3 * 256 + 1];
	size_t n = 0;

	for (size_t i = 0; p && i < len && i < 256; i++) {
		hex[n++] = digits[p[i] >> 4];
		hex[n++] = digits[p[i] & 15];
		hex[n++] = ' ';
	}
	hex[n ? n - 1 : 0] = 0;
	sh->counters.violations++;
	shell_log(sh, "%sviolation: %s%s%s%s", who(dev, ": "), what, n ? ": " : "", hex,
		  p && len > 256 ? " ..." : "");
}

static void on_message(void *ctx, enum chip_dir dir, unsigned int channel, const void *msg,
		       size_t len)
{
	struct device *dev = ctx;

	if (!channel) {
		dev->sh->counters.messages++;
		dev->messages++;
		control_message(dev, dev->ops->message_id(msg, len));
	}
	capture_message(dev, dir, channel, msg, len);
}

static void on_chip_log(void *ctx, const char *text)
{
	struct device *dev = ctx;

	shell_log(dev->sh, "chip%s%s: %s", *who(dev, "") ? " " : "", who(dev, ""), text);
}

/* Wires of the air */

static struct device *by_station(struct shell *sh, int station)
{
	for (int i = 0; i < sh->n_devices; i++)
		if (sh->devices[i].station == station)
			return &sh->devices[i];
	return NULL;
}

struct device *shell_chip_of(struct shell *sh, const uint8_t *mac)
{
	for (struct device *dev = sh->devices; dev < sh->devices + sh->n_devices; dev++)
		for (int i = 0; i < dev->n_macs; i++)
			if (!memcmp(dev->macs[i], mac, 6))
				return dev;
	return NULL;
}

int shell_station(struct shell *sh, const uint8_t *mac)
{
	struct device *dev = shell_chip_of(sh, mac);

	return dev ? dev->station : hwsim_find(sh, mac, NULL);
}

static bool owns_station(struct shell *sh, int station, const uint8_t *mac)
{
	return shell_station(sh, mac) == station;
}

static void on_sent(void *ctx, int station, const uint8_t *frame, size_t len, bool acked)
{
	struct shell *sh = ctx;

	if (station != sh->forge_station && !sh->muted[station])
		doze_sent(&sh->doze, frame, len, acked);
}

static bool on_deliver(void *ctx, int station, const uint8_t *frame, size_t len,
		       const struct air_rx_info *info)
{
	struct shell *sh = ctx;
	struct device *dev = by_station(sh, station);
	bool acked;

	if (station == info->from || sh->muted[station] || sh->muted[info->from])
		return false;
	if (station == sh->forge_station)
		return false;
	if (!frame_is_group(frame) && !doze_hears(&sh->doze, frame) &&
	    owns_station(sh, station, frame + 4)) {
		sh->counters.doze_deaf++;
		return false;
	}
	if (dev)
		acked = dev->ops->air_rx(dev->chip, frame, len, info, sh->now);
	else
		acked = hwsim_deliver(sh, station, frame, len, info);
	if (acked && info->from != sh->forge_station)
		hwsim_observe(sh, frame, len);
	return acked;
}

static void on_tx_done(void *ctx, int station, uint64_t cookie, const struct air_tx_result *res)
{
	struct shell *sh = ctx;
	struct device *dev = by_station(sh, station);

	if (dev) {
		if (!dev->dropping)
			dev->ops->tx_done(dev->chip, cookie, res, sh->now);
	} else if (station != sh->forge_station) {
		hwsim_tx_done(sh, station, cookie, res);
	}
}

static void on_capture(void *ctx, uint64_t at, const uint8_t *frame, size_t len,
		       const struct air_rx_info *info, bool lost)
{
	struct shell *sh = ctx;

	if (!sh->muted[info->from])
		capture_air(sh, at, frame, len, info, lost);
}

void shell_set_muted(struct shell *sh, int station, bool muted)
{
	sh->muted[station] = muted;
}

int shell_forge(struct shell *sh, const uint8_t *frame, size_t len, int freq)
{
	struct air_mpdu mpdu = {
		.frame = frame,
		.len = len,
		.freq = freq,
		.ac = 3,
		.no_ack = true,
		.n_rates = 1,
	};

	mpdu.rates[0] = convert_lowest_rate(freq);
	sh->counters.frames_forged++;
	return air_submit(sh->air, sh->forge_station, &mpdu, sh->now);
}

struct device *shell_find_chip(struct shell *sh, const char *id)
{
	for (int i = 0; i < sh->n_devices; i++)
		if (!strcmp(sh->devices[i].id, id))
			return &sh->devices[i];
	return NULL;
}

int shell_add_chip(struct shell *sh, const struct chip_ops *ops, const char *id)
{
	struct device *dev = &sh->devices[sh->n_devices];

	id = id ? id : ops->kind;
	if (sh->n_devices == MAX_CHIPS)
		return -ENOSPC;
	if (shell_find_chip(sh, id))
		return -EEXIST;
	if (!*id || strlen(id) >= sizeof(dev->id) || strpbrk(id, " \t:="))
		return -EINVAL;
	*dev = (struct device){ .sh = sh, .ops = ops };
	strcpy(dev->id, id);
	sh->n_devices++;
	return 0;
}

static int make_chip(struct device *dev)
{
	struct chip_env env = {
		.ctx = dev,
		.irq = on_irq,
		.air_tx = on_air_tx,
		.air_tune = on_air_tune,
		.air_flush = on_air_flush,
		.air_edca = on_air_edca,
		.violation = on_violation,
		.message = on_message,
		.log = on_chip_log,
	};
	struct shell *sh = dev->sh;

	dev->station = air_add_station(sh->air, sh->n_devices > 1 ? dev->id : "chip");
	if (dev->station < 0)
		return -ENOMEM;
	air_tune(sh->air, dev->station, 0);
	/* Two chips of one kind are no twins. */
	dev->chip = dev->ops->create(&env, sh->opt.seed + (dev - sh->devices));
	return dev->chip ? 0 : -ENOMEM;
}

static int make_parts(struct shell *sh)
{
	static const struct air_ops ops = {
		.deliver = on_deliver,
		.tx_done = on_tx_done,
		.sent = on_sent,
		.capture = on_capture,
	};

	sh->air = air_new(&ops, sh, sh->opt.seed);
	if (!sh->air)
		return -ENOMEM;
	for (int i = 0; i < sh->n_devices; i++) {
		int error = make_chip(&sh->devices[i]);

		if (error)
			return error;
	}
	sh->forge_station = air_add_station(sh->air, "control");
	if (sh->forge_station < 0)
		return -ENOMEM;
	air_tune(sh->air, sh->forge_station, 0);
	return 0;
}

int loop_init(struct shell *sh)
{
	sh->now = sh->started = clock_now();
	sh->armed = NEVER;
	sh->epoll = epoll_create1(EPOLL_CLOEXEC);
	sh->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (sh->epoll < 0 || sh->timer < 0)
		return -errno;
	return make_parts(sh);
}

int loop_watch(struct shell *sh, struct watch *watch)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = watch };

	return epoll_ctl(sh->epoll, EPOLL_CTL_ADD, watch->fd, &ev) ? -errno : 0;
}

void loop_unwatch(struct shell *sh, struct watch *watch)
{
	epoll_ctl(sh->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
}

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t chips_deadline(struct shell *sh)
{
	uint64_t due = NEVER;

	for (struct device *dev = sh->devices; dev < sh->devices + sh->n_devices; dev++)
		due = min_u64(due, dev->ops->deadline(dev->chip));
	return due;
}

static void run_chips(struct shell *sh)
{
	for (struct device *dev = sh->devices; dev < sh->devices + sh->n_devices; dev++)
		if (dev->ops->deadline(dev->chip) <= sh->now)
			dev->ops->run(dev->chip, sh->now);
}

static uint64_t next_deadline(struct shell *sh)
{
	uint64_t due = min_u64(chips_deadline(sh), air_deadline(sh->air));

	return min_u64(due, control_deadline(sh));
}

static void run_air(struct shell *sh)
{
	sh->in_air = true;
	air_run(sh->air, sh->now);
	sh->in_air = false;
	for (int i = 0; i < sh->n_devices; i++)
		if (sh->devices[i].flush)
			flush_air(&sh->devices[i]);
}

/* Does all work that is due, until nothing is due any more. */
void loop_due(struct shell *sh)
{
	bool more = true;

	for (int round = 0; more && !sh->quit; round++) {
		if (round == MAX_ROUNDS) {
			shell_log(sh, "internal error: work that is always due (chip %" PRIu64
				  ", air %" PRIu64 ", commands %" PRIu64 ")",
				  chips_deadline(sh), air_deadline(sh->air),
				  control_deadline(sh));
			sh->failed = 3;
			sh->quit = true;
			return;
		}
		if (air_deadline(sh->air) <= sh->now)
			run_air(sh);
		run_chips(sh);
		if (control_deadline(sh) <= sh->now)
			control_run(sh);
		more = hwsim_process(sh) || next_deadline(sh) <= sh->now;
	}
}

static void arm(struct shell *sh)
{
	struct itimerspec its = { 0 };
	uint64_t due = next_deadline(sh);

	if (due == sh->armed)
		return;
	sh->armed = due;
	/* all zero: disarmed */
	if (due != NEVER) {
		its.it_value.tv_sec = due / NS_PER_S;
		its.it_value.tv_nsec = due % NS_PER_S;
	}
	timerfd_settime(sh->timer, TFD_TIMER_ABSTIME, &its, NULL);
}

static void on_timer(struct shell *sh, void *arg)
{
	(void)arg;
	/* Not read: setting it anew, which arm() will do, makes it silent as well. */
	sh->armed = sh->now;
}

static void wake(struct shell *sh, struct watch *watch)
{
	if (!watch->own_time) {
		sh->now = clock_now();
		loop_due(sh);
	}
	watch->ready(sh, watch->arg);
}

void loop_run(struct shell *sh)
{
	struct watch timer = { .ready = on_timer, .fd = sh->timer };
	struct epoll_event ev;
	int n;

	if (loop_watch(sh, &timer)) {
		sh->failed = 3;
		return;
	}
	while (!sh->quit) {
		loop_due(sh);
		for (int i = 0; i < sh->n_devices; i++)
			vsdio_sync_irq(&sh->devices[i]);
		if (sh->quit)
			break;
		hwsim_flush(sh);
		arm(sh);
		/*
		 * One descriptor at a time: a handler may free others, and
		 * what its work brought about comes before the next.
		 */
		n = epoll_wait(sh->epoll, &ev, 1, -1);
		if (n < 0 && errno != EINTR) {
			shell_log(sh, "internal error: epoll: %s", strerror(errno));
			sh->failed = 3;
			break;
		}
		if (n <= 0)
			continue;
		sh->counters.wakeups++;
		wake(sh, ev.data.ptr);
	}
	loop_unwatch(sh, &timer);
}

static void print_air(struct shell *sh, FILE *out)
{
	struct air_stats st;

	air_get_stats(sh->air, &st);
	fprintf(out, "{\"acks_lost\": %" PRIu64 ", \"airtime_ns\": %" PRIu64 ", \"ampdus\": %" PRIu64
		", \"attempts\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"collisions\": %" PRIu64
		", \"lost\": %" PRIu64 ", \"mpdus\": %" PRIu64 "}", st.acks_lost, st.airtime_ns,
		st.ampdus, st.attempts, st.bytes, st.collisions, st.lost, st.mpdus);
}

/* The only one as "chip", several by their names */
static void print_chips(struct shell *sh, FILE *out)
{
	const char *before = sh->n_devices > 1 ? ", \"chips\": {" : ", ";

	for (struct device *dev = sh->devices; dev < sh->devices + sh->n_devices; dev++) {
		fprintf(out, "%s\"%s\": ", before, sh->n_devices > 1 ? dev->id : "chip");
		dev->ops->print_counters(dev->chip, out);
		before = ", ";
	}
	fprintf(out, "%s", sh->n_devices > 1 ? "}" : "");
}

void shell_print_counters(struct shell *sh, FILE *out)
{
	const char *comma = "";

	fprintf(out, "{\"air\": ");
	print_air(sh, out);
	print_chips(sh, out);
	fprintf(out, ", \"shell\": {");
#define X(name) fprintf(out, "%s\"" #name "\": %" PRIu64, comma, sh->counters.name); comma = ", ";
	SHELL_COUNTERS(X)
#undef X
	fprintf(out, "}, \"time_ns\": %" PRIu64 "}\n", sh->now - sh->started);
}
