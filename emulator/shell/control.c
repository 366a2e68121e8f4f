// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket: a line in, a line of JSON out. And what it sets going
 * for later: commands at a time or after a number of messages, forged frames.
 */
#include "line.h"
#include "shell.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct client {
	struct client *next;
	struct watch watch;
	size_t used;
	bool too_long;		/* skipping the rest of an overlong line */
	char buf[LINE_MAX_BYTES];
};

/* Something for later: a command, or (text NULL) a series of deauthentications */
struct later {
	struct later *next;
	uint64_t at;		/* ns; NEVER: waits for something else */
	enum { FOR_COUNT, FOR_ID, FOR_STEP } wait;
	struct device *dev;	/* the chip that it is for; NULL: none was named */
	uint64_t message;	/* count of messages, or id of one */
	bool seen;		/* that message */
	char step[16];
	char *text;
	uint8_t frame[26];
	int freq;
	int64_t left;
	uint64_t interval;
};

struct control {
	struct watch watch;
	struct client *clients;
	struct later *later;	/* in the order in which they came */
	uint16_t sequence;	/* of forged frames */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static void execute(struct shell *sh, struct device *dev, const char *text, FILE *out);

/* Answers */

static void print_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f)
			fprintf(out, "\\u%04x", (unsigned char)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void answer_ok(FILE *out)
{
	fprintf(out, "{\"ok\": true}");
}

static void __attribute__((format(printf, 3, 4)))
answer_error(struct shell *sh, FILE *out, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sh->counters.control_errors++;
	fprintf(out, "{\"error\": ");
	print_text(out, text);
	fprintf(out, "}");
}

static void answer(struct shell *sh, FILE *out, int error, const char *why)
{
	if (error)
		answer_error(sh, out, "%s", why ? why : strerror(-error));
	else
		answer_ok(out);
}

/* Stations */

/* "chip" or "chip:ID"; NULL if it is neither, or no chip */
static struct device *named_chip(struct shell *sh, struct device *dev, const char *text)
{
	if (strncmp(text, "chip:", 5))
		return strcmp(text, "chip") ? NULL : dev;
	return shell_find_chip(sh, text + 5);
}

static int find_station(struct shell *sh, struct device *dev, const char *text)
{
	struct device *found = named_chip(sh, dev, text);
	uint8_t mac[6];

	if (found)
		return found->station;
	return line_parse_mac(text, mac) ? -1 : shell_station(sh, mac);
}

/* Looks argument i up; on failure the error is answered. */
static int station_arg(struct shell *sh, struct device *dev, const struct command *cmd, int i,
		       FILE *out)
{
	int station = find_station(sh, dev, cmd->arg[i].text);

	if (station < 0)
		answer_error(sh, out, "no station %s; \"stations\" lists them", cmd->arg[i].text);
	return station;
}

static void do_link(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	int from = station_arg(sh, dev, cmd, 0, out);
	int to;

	if (from < 0)
		return;
	to = station_arg(sh, dev, cmd, 1, out);
	if (to < 0)
		return;
	if (cmd->verb == VERB_AIR_SIGNAL)
		air_set_signal(sh->air, from, to, cmd->arg[2].number);
	else if (cmd->verb == VERB_AIR_ACK_LOSS)
		air_set_ack_loss(sh->air, from, to, cmd->arg[2].number);
	else
		air_set_loss(sh->air, from, to, cmd->arg[2].number);
	answer_ok(out);
}

static bool is_window(int64_t cw)
{
	return cw >= 0 && cw <= 32767 && !(cw & (cw + 1));
}

static void do_edca(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	int station = station_arg(sh, dev, cmd, 0, out);
	int64_t ac = cmd->arg[1].number;
	struct air_edca e = { cmd->arg[2].number, cmd->arg[3].number, cmd->arg[4].number };

	if (station < 0)
		return;
	if (ac > 3 || cmd->arg[2].number > 15 || !e.aifsn || !is_window(cmd->arg[3].number) ||
	    !is_window(cmd->arg[4].number) || e.cw_min > e.cw_max) {
		answer_error(sh, out, "AC is 0 BK, 1 BE, 2 VI, 3 VO; AIFSN 1..15; windows are 2^n - 1");
		return;
	}
	air_set_edca(sh->air, station, ac, &e);
	answer_ok(out);
}

static void do_protection(struct shell *sh, const struct command *cmd, FILE *out)
{
	static const char *const names[] = { "none", "cts", "rts" };

	for (int i = 0; i < 3; i++)
		if (!strcmp(cmd->arg[0].text, names[i])) {
			air_set_protection(sh->air, i);
			answer_ok(out);
			return;
		}
	answer_error(sh, out, "protection is none, cts or rts");
}

static void do_mute(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	int station = station_arg(sh, dev, cmd, 0, out);

	if (station < 0)
		return;
	shell_set_muted(sh, station, cmd->verb == VERB_MUTE);
	answer_ok(out);
}

static void do_sniffer(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	int station = find_station(sh, dev, cmd->arg[0].text);
	uint8_t mac[6];

	/* A radio in another network namespace that only listens is not known yet. */
	if (station < 0 && !line_parse_mac(cmd->arg[0].text, mac))
		station = hwsim_declare(sh, mac);
	if (hwsim_set_sniffer(sh, station, cmd->arg[1].number))
		answer_error(sh, out, "%s is no radio of mac80211_hwsim", cmd->arg[0].text);
	else
		answer_ok(out);
}

/* Things for later */

static struct later *add_later(struct shell *sh, uint64_t at)
{
	struct later *l = calloc(1, sizeof(*l));
	struct later **p = &sh->control->later;

	if (!l)
		return NULL;
	l->at = at;
	while (*p)
		p = &(*p)->next;
	*p = l;
	return l;
}

static void free_later(struct control *c, struct later *l)
{
	struct later **p = &c->later;

	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	free(l->text);
	free(l);
}

static bool is_due(const struct shell *sh, const struct later *l)
{
	if (l->at != NEVER)
		return sh->now >= l->at;
	if (l->wait == FOR_STEP)
		return !strcmp(l->dev->ops->step(l->dev->chip), l->step);
	return l->wait == FOR_ID ? l->seen : l->dev->messages >= l->message;
}

static void do_later(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	bool timed = cmd->verb == VERB_AT;
	struct later *l = add_later(sh, timed ? sh->now + cmd->arg[0].number : NEVER);

	if (!l) {
		answer(sh, out, -ENOMEM, NULL);
		return;
	}
	l->dev = dev;
	l->message = (dev ? dev->messages : 0) + cmd->arg[0].number;
	l->text = strdup(cmd->arg[1].text);
	answer_ok(out);
}

/* Channel of the chip that has this address, or of the one that is meant */
static int chip_freq(struct shell *sh, struct device *dev, const uint8_t *mac)
{
	struct device *found = shell_chip_of(sh, mac);

	found = found ? found : dev;
	return found ? found->freq : 0;
}

/* Address of a station to be put into a frame; "chip": the one it used last. */
static int station_mac(struct shell *sh, struct device *dev, const char *text, uint8_t *mac)
{
	struct device *found = named_chip(sh, dev, text);

	if (!found)
		return line_parse_mac(text, mac);
	if (!found->n_macs)
		return -ENOENT;
	memcpy(mac, found->macs[0], 6);
	return 0;
}

static bool has_step(const struct device *dev, const char *name)
{
	for (const char *const *step = dev->ops->steps; *step; step++)
		if (!strcmp(*step, name))
			return true;
	return false;
}

static void do_when(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	int64_t id = cmd->arg[0].number;
	struct later *l;

	if (id < 0 ? !has_step(dev, cmd->arg[0].text) : id > dev->ops->max_id) {
		answer_error(sh, out, "it is a step of the boot or the id of a message, 0..%#x",
			     dev->ops->max_id);
		return;
	}
	l = add_later(sh, NEVER);
	if (!l) {
		answer(sh, out, -ENOMEM, NULL);
		return;
	}
	l->dev = dev;
	l->wait = id < 0 ? FOR_STEP : FOR_ID;
	l->message = id;
	snprintf(l->step, sizeof(l->step), "%s", cmd->arg[0].text);
	l->text = strdup(cmd->arg[1].text);
	answer_ok(out);
}

void control_message(struct device *dev, int id)
{
	struct control *c = dev->sh->control;

	for (struct later *l = c && id >= 0 ? c->later : NULL; l; l = l->next)
		l->seen |= l->wait == FOR_ID && l->dev == dev && l->message == (uint64_t)id;
}

static void do_deauth(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	uint8_t from[6], to[6];
	struct later *l;
	int freq = 0;

	if (station_mac(sh, dev, cmd->arg[0].text, from) ||
	    station_mac(sh, dev, cmd->arg[1].text, to)) {
		answer_error(sh, out, "the chip has not sent anything yet: give an address");
		return;
	}
	if (hwsim_find(sh, from, &freq) < 0)
		freq = chip_freq(sh, dev, from);
	if (!freq) {
		answer_error(sh, out, "%s has not sent anything yet: its channel is unknown",
			     cmd->arg[0].text);
		return;
	}
	l = cmd->arg[3].number ? add_later(sh, sh->now) : NULL;
	if (l) {
		l->freq = freq;
		l->left = cmd->arg[3].number;
		l->interval = cmd->arg[4].number;
		l->frame[0] = 0xc0;
		memcpy(l->frame + 4, to, 6);
		memcpy(l->frame + 10, from, 6);
		memcpy(l->frame + 16, from, 6);
		l->frame[24] = cmd->arg[2].number & 0xff;
		l->frame[25] = cmd->arg[2].number >> 8 & 0xff;
	}
	answer_ok(out);
}

static void run_deauth(struct shell *sh, struct later *l)
{
	uint16_t seq = sh->control->sequence++ << 4;

	l->frame[22] = seq & 0xff;
	l->frame[23] = seq >> 8;
	shell_forge(sh, l->frame, sizeof(l->frame), l->freq);
	l->at += l->interval;
	if (!--l->left)
		free_later(sh->control, l);
}

/* What a command waits for, as it was asked for */
static void later_text(const struct later *l, char *text, size_t len)
{
	if (!l->text)
		snprintf(text, len, "deauth, %" PRId64 " times more", l->left);
	else if (l->at != NEVER)
		snprintf(text, len, "at %.3f: %s", l->at * 1e-9, l->text);
	else if (l->wait == FOR_STEP)
		snprintf(text, len, "when %s: %s", l->step, l->text);
	else if (l->wait == FOR_ID)
		snprintf(text, len, "when %#" PRIx64 ": %s", l->message, l->text);
	else
		snprintf(text, len, "after-messages: %s", l->text);
}

static void run_command(struct shell *sh, struct later *l)
{
	char what[512];
	char *reply = NULL, *text = l->text;
	struct device *dev = l->dev;
	size_t len;
	FILE *out = open_memstream(&reply, &len);

	later_text(l, what, sizeof(what));
	/* it may be the one that forgets all others */
	l->text = NULL;
	free_later(sh->control, l);
	if (out) {
		execute(sh, dev, text, out);
		fclose(out);
		shell_log(sh, "scheduled %s -> %s", what, reply);
		free(reply);
	}
	free(text);
}

uint64_t control_deadline(const struct shell *sh)
{
	uint64_t due = NEVER;

	if (!sh->control)
		return NEVER;
	for (const struct later *l = sh->control->later; l; l = l->next) {
		if (l->at == NEVER && is_due(sh, l))
			return sh->now;
		if (l->at < due)
			due = l->at;
	}
	return due;
}

/* The earliest that is due; of equals the one that came first. */
static struct later *first_due(struct shell *sh)
{
	struct later *best = NULL;

	for (struct later *l = sh->control->later; l; l = l->next)
		if (is_due(sh, l) && (!best || (l->at != NEVER && l->at < best->at)))
			best = l;
	return best;
}

void control_run(struct shell *sh)
{
	struct later *l = sh->control ? first_due(sh) : NULL;

	/* One at a time: the caller comes back while there is more. */
	if (!l)
		return;
	if (l->text)
		run_command(sh, l);
	else
		run_deauth(sh, l);
}

/* Commands */

static void do_send(struct shell *sh, const struct command *cmd, FILE *out)
{
	int error = shell_forge(sh, (const uint8_t *)cmd->arg[1].text, cmd->arg[1].number,
				cmd->arg[0].number);

	answer(sh, out, error, "the air refuses the frame");
}

static void do_help(FILE *out)
{
	fprintf(out, "{\"commands\": {");
	for (int v = 0; v < N_VERBS; v++) {
		char text[128];

		fprintf(out, "%s", v ? ", " : "");
		snprintf(text, sizeof(text), "%s%s%s", verb_help[v].words,
			 *verb_help[v].args ? " " : "", verb_help[v].args);
		print_text(out, text);
		fprintf(out, ": ");
		print_text(out, verb_help[v].what);
	}
	fprintf(out, "}}");
}

static void do_knob(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	const char *why = NULL;
	int error = dev->ops->set_knob(dev->chip, cmd->arg[0].text, cmd->arg[1].text, &why);

	if (error == -ENOENT)
		answer_error(sh, out, "no knob %s; \"knobs\" lists them", cmd->arg[0].text);
	else if (error)
		answer_error(sh, out, "%s accepts %s", cmd->arg[0].text, why ? why : "other values");
	else
		answer_ok(out);
}

static void do_inject(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	const char *why = NULL;
	int error = dev->ops->inject(dev->chip, cmd->arg[0].text, sh->now, &why);

	if (error && !why)
		why = error == -ENOENT ? "the chip knows no such fault" : "bad arguments of the fault";
	answer(sh, out, error, why);
}

struct list {
	FILE *out;
	int n;
};

static void list_add(void *ctx, const char *text)
{
	struct list *list = ctx;

	fprintf(list->out, "%s", list->n++ ? ", " : "");
	print_text(list->out, text);
}

static void default_shell(struct shell *sh, struct list *list)
{
	char text[512];

	while (sh->control->later) {
		later_text(sh->control->later, text, sizeof(text));
		list_add(list, text);
		free_later(sh->control, sh->control->later);
	}
	for (int i = 0; i < AIR_MAX_STATIONS; i++) {
		if (!sh->muted[i])
			continue;
		snprintf(text, sizeof(text), "mute station %d", i);
		list_add(list, text);
		shell_set_muted(sh, i, false);
	}
}

static void do_defaults(struct shell *sh, FILE *out)
{
	struct list list = { .out = out };

	fprintf(out, "{\"otherwise\": [");
	for (int i = 0; i < sh->n_devices; i++)
		sh->devices[i].ops->defaults(sh->devices[i].chip, sh->now, list_add, &list);
	default_shell(sh, &list);
	fprintf(out, "]}");
}

static void do_card(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	const char *why = NULL;
	int error;

	if (cmd->verb == VERB_PLUG)
		error = vsdio_plug(dev, cmd->arg[0].text, &why);
	else
		error = vsdio_unplug(dev, &why);
	answer(sh, out, error, why);
}

static bool needs_chip(enum verb verb)
{
	switch (verb) {
	case VERB_PLUG: case VERB_UNPLUG: case VERB_KNOBS: case VERB_SET: case VERB_INJECT:
	case VERB_TOLD: case VERB_VIOLATIONS: case VERB_AFTER: case VERB_WHEN:
		return true;
	default:
		return false;
	}
}

static void dispatch(struct shell *sh, struct device *dev, const struct command *cmd, FILE *out)
{
	if (!dev && needs_chip(cmd->verb)) {
		answer_error(sh, out, "there are several chips: say \"chip ID %s ...\"",
			     verb_help[cmd->verb].words);
		return;
	}
	switch (cmd->verb) {
	case VERB_PLUG:
	case VERB_UNPLUG:
		do_card(sh, dev, cmd, out);
		return;
	case VERB_COUNTERS:
		shell_print_counters(sh, out);
		return;
	case VERB_KNOBS:
		dev->ops->print_knobs(dev->chip, out);
		return;
	case VERB_TOLD:
		if (dev->ops->print_told)
			dev->ops->print_told(dev->chip, out);
		else
			answer_error(sh, out, "this chip keeps no account of it");
		return;
	case VERB_SET:
		do_knob(sh, dev, cmd, out);
		return;
	case VERB_INJECT:
		do_inject(sh, dev, cmd, out);
		return;
	case VERB_DEFAULTS:
		do_defaults(sh, out);
		return;
	case VERB_VIOLATIONS:
		fprintf(out, "{\"violations\": %" PRIu64 "}", dev->ops->violations(dev->chip));
		return;
	case VERB_STATIONS:
		fprintf(out, "{\"stations\": ");
		hwsim_print_stations(sh, out);
		fprintf(out, "}");
		return;
	case VERB_AIR_SIGNAL:
	case VERB_AIR_ACK_LOSS:
	case VERB_AIR_LOSS:
		do_link(sh, dev, cmd, out);
		return;
	case VERB_MUTE:
	case VERB_UNMUTE:
		do_mute(sh, dev, cmd, out);
		return;
	case VERB_SNIFFER:
		do_sniffer(sh, dev, cmd, out);
		return;
	case VERB_AT:
	case VERB_AFTER:
		do_later(sh, dev, cmd, out);
		return;
	case VERB_WHEN:
		do_when(sh, dev, cmd, out);
		return;
	case VERB_DEAUTH:
		do_deauth(sh, dev, cmd, out);
		return;
	case VERB_SEND:
		do_send(sh, cmd, out);
		return;
	case VERB_HELP:
		do_help(out);
		return;
	case VERB_AIR_EDCA:
		do_edca(sh, dev, cmd, out);
		return;
	case VERB_AIR_PROTECTION:
		do_protection(sh, cmd, out);
		return;
	case VERB_AIR_COLLISIONS:
		air_set_collisions(sh->air, cmd->arg[0].number);
		break;
	case VERB_AIR_MAX_BYTES:
		air_set_max_ampdu_bytes(sh->air, cmd->arg[0].number);
		break;
	case VERB_AIR_UNLIMITED:
		air_set_unlimited(sh->air, cmd->arg[0].number);
		break;
	case VERB_AIR_MAX_AMPDU:
		air_set_max_ampdu(sh->air, cmd->arg[0].number);
		break;
	case VERB_FORGET:
		while (sh->control->later)
			free_later(sh->control, sh->control->later);
		break;
	case VERB_QUIT:
		sh->quit = true;
		break;
	case VERB_CHIP:
	case N_VERBS:
		break;
	}
	answer_ok(out);
}

/* dev: the chip that is meant if the line names none */
static void execute(struct shell *sh, struct device *dev, const char *text, FILE *out)
{
	char line[LINE_MAX_BYTES], why[256];
	struct command cmd;

	sh->counters.control_lines++;
	snprintf(line, sizeof(line), "%s", text);
	if (line_parse(line, &cmd, why, sizeof(why))) {
		answer_error(sh, out, "%s", why);
		return;
	}
	if (cmd.verb == VERB_CHIP) {
		dev = shell_find_chip(sh, cmd.arg[0].text);
		if (!dev) {
			answer_error(sh, out, "no chip %s", cmd.arg[0].text);
			return;
		}
		/* The line is cut by now: what follows is taken from the text. */
		snprintf(line, sizeof(line), "%s", text + (cmd.arg[1].text - line));
		line_parse(line, &cmd, why, sizeof(why));
	}
	dispatch(sh, dev, &cmd, out);
}

void control_execute(struct shell *sh, const char *text, FILE *out)
{
	execute(sh, sh->n_devices == 1 ? &sh->devices[0] : NULL, text, out);
}

/* Clients */

static void close_client(struct shell *sh, struct client *client)
{
	struct client **p = &sh->control->clients;

	while (*p != client)
		p = &(*p)->next;
	*p = client->next;
	loop_unwatch(sh, &client->watch);
	close(client->watch.fd);
	free(client);
}

/* One line whatever the chip printed. */
static int send_reply(struct client *client, char *reply, size_t len)
{
	while (len && reply[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		if (reply[i] == '\n')
			reply[i] = ' ';
	reply[len++] = '\n';
	/* Who does not read answers is cut off, so that it cannot hold up the rest. */
	return send(client->watch.fd, reply, len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len ?
		0 : -EPIPE;
}

static int serve_line(struct shell *sh, struct client *client, const char *line)
{
	char *reply = NULL;
	size_t len = 0;
	int error;
	FILE *out = open_memstream(&reply, &len);

	if (!out)
		return -ENOMEM;
	if (client->too_long)
		answer_error(sh, out, "a line has at most %d bytes", LINE_MAX_BYTES - 1);
	else
		control_execute(sh, line, out);
	fputc('\n', out);
	fclose(out);
	error = send_reply(client, reply, len);
	free(reply);
	return error;
}

/* Serves all whole lines in the buffer. */
static int serve(struct shell *sh, struct client *client)
{
	char *line = client->buf, *end;
	int error = 0;

	client->buf[client->used] = 0;
	while (!error && (end = memchr(line, '\n', client->buf + client->used - line))) {
		*end = 0;
		if (end > line && end[-1] == '\r')
			end[-1] = 0;
		if (*line || client->too_long)
			error = serve_line(sh, client, line);
		client->too_long = false;
		line = end + 1;
	}
	client->used -= line - client->buf;
	memmove(client->buf, line, client->used);
	if (client->used == sizeof(client->buf) - 1) {
		client->too_long = true;
		client->used = 0;
	}
	return error;
}

static void on_client(struct shell *sh, void *arg)
{
	struct client *client = arg;
	ssize_t n = recv(client->watch.fd, client->buf + client->used,
			 sizeof(client->buf) - 1 - client->used, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		client->used += n;
	if (n <= 0 || serve(sh, client))
		close_client(sh, client);
}

static void on_connect(struct shell *sh, void *arg)
{
	struct control *c = sh->control;
	struct client *client;
	int fd = accept(c->watch.fd, NULL, NULL);

	(void)arg;
	if (fd < 0)
		return;
	client = calloc(1, sizeof(*client));
	if (!client) {
		close(fd);
		return;
	}
	client->watch = (struct watch){ .ready = on_client, .arg = client, .fd = fd };
	client->next = c->clients;
	c->clients = client;
	if (loop_watch(sh, &client->watch))
		close_client(sh, client);
}

static int listen_at(struct control *c, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	c->watch.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->watch.fd < 0)
		return -errno;
	unlink(path);
	if (bind(c->watch.fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(c->watch.fd, 8))
		return -errno;
	strcpy(c->path, path);
	return 0;
}

int control_open(struct shell *sh, const char *path)
{
	struct control *c = calloc(1, sizeof(*c));
	int error;

	if (!c)
		return -ENOMEM;
	sh->control = c;
	c->watch.ready = on_connect;
	error = listen_at(c, path);
	return error ? error : loop_watch(sh, &c->watch);
}

void control_close(struct shell *sh)
{
	struct control *c = sh->control;

	if (!c)
		return;
	while (c->clients)
		close_client(sh, c->clients);
	while (c->later)
		free_later(c, c->later);
	if (c->watch.fd >= 0)
		close(c->watch.fd);
	if (*c->path)
		unlink(c->path);
	sh->control = NULL;
	free(c);
}
