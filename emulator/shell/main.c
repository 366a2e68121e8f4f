// SPDX-License-Identifier: GPL-2.0-or-later
/* Command line, start and end of the emulator program. */
#include "shell.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define MAX_KNOBS	128

struct knob_option {
	const char *id;			/* of the chip; NULL: the only one */
	char *name, *value;
};

/* Of the command line, before there are chips */
struct wanted {
	struct knob_option knobs[MAX_KNOBS];
	char *hosts[MAX_CHIPS];		/* [ID=]FILE */
	int n_knobs, n_hosts;
};

static const char usage[] =
"Usage: anechoic-emu [OPTION]...\n"
"Wireless chips in a program, and the radio channel around them.\n"
"\n"
"  --chip KIND[=ID]   a chip of this kind, called ID (its kind); may be repeated\n"
"  --vsdio [ID=]FILE  serve a card at this device (/dev/vsdio); without it the\n"
"                     program is only the radio channel of mac80211_hwsim\n"
"  --plug             plug the cards at once\n"
"  --no-medium        do not become the medium of mac80211_hwsim\n"
"  --control SOCKET   listen for commands\n"
"  --bus-pcap FILE    capture bus commands and messages (pcapng)\n"
"  --air-pcap FILE    capture what is on the air (pcapng)\n"
"  --counters FILE    write the counters at exit (JSON)\n"
"  --log FILE         log to this file (standard error)\n"
"  --seed N           seed of everything random (1)\n"
"  --knob [ID:]NAME=VALUE  set a knob of the chip; may be repeated\n"
"  --help             this text\n"
"\n"
"Without --chip there is one of the first of these kinds:\n";

static const struct option options[] = {
	{ "chip", required_argument, NULL, 'i' },
	{ "vsdio", required_argument, NULL, 'v' },
	{ "plug", no_argument, NULL, 'p' },
	{ "no-medium", no_argument, NULL, 'm' },
	{ "control", required_argument, NULL, 'c' },
	{ "bus-pcap", required_argument, NULL, 'b' },
	{ "air-pcap", required_argument, NULL, 'a' },
	{ "counters", required_argument, NULL, 'C' },
	{ "log", required_argument, NULL, 'l' },
	{ "seed", required_argument, NULL, 's' },
	{ "knob", required_argument, NULL, 'k' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static int fail(const char *what, const char *why)
{
	fprintf(stderr, "anechoic-emu: %s: %s\n", what, why);
	return -1;
}

static const struct chip_ops *find_kind(const char *name)
{
	for (int i = 0; chip_kinds[i]; i++)
		if (!strcmp(chip_kinds[i]->kind, name))
			return chip_kinds[i];
	return NULL;
}

static int add_chip(struct shell *sh, char *arg)
{
	char *id = strchr(arg, '=');
	const struct chip_ops *ops;

	if (id)
		*id++ = 0;
	ops = find_kind(arg);
	if (!ops)
		return fail(arg, "no such kind of chip; --help shows them");
	switch (shell_add_chip(sh, ops, id)) {
	case 0:
		return 0;
	case -EEXIST:
		return fail(id ? id : arg, "two chips of one name: say --chip KIND=ID");
	case -ENOSPC:
		return fail(arg, "too many chips");
	default:
		return fail(id, "no name for a chip: up to 31 characters, no blank, ':' or '='");
	}
}

static int add_host(struct wanted *w, char *arg)
{
	if (w->n_hosts == MAX_CHIPS)
		return fail(arg, "too many cards");
	w->hosts[w->n_hosts++] = arg;
	return 0;
}

static int add_knob(struct wanted *w, char *arg)
{
	char *equals = strchr(arg, '='), *colon = strchr(arg, ':');
	const char *id = NULL;

	if (colon && equals && colon < equals) {
		*colon = 0;
		id = arg;
		arg = colon + 1;
	}

	if (!equals || equals == arg)
		return fail(arg, "a knob is given as NAME=VALUE");
	if (w->n_knobs == MAX_KNOBS)
		return fail(arg, "too many knobs");
	*equals = 0;
	w->knobs[w->n_knobs++] = (struct knob_option){ id, arg, equals + 1 };
	return 0;
}

static int set_seed(struct options *opt, const char *arg)
{
	char *end;

	errno = 0;
	opt->seed = strtoull(arg, &end, 0);
	return errno || *end || end == arg ? fail("--seed", "not a number") : 0;
}

/* The chip of that name, or without a name the only one; NULL, having complained, if there is none */
static struct device *pick_chip(struct shell *sh, const char *id, const char *what)
{
	struct device *dev = id ? shell_find_chip(sh, id) : &sh->devices[0];

	if (!dev)
		fail(id, "no chip of this name");
	else if (!id && sh->n_devices > 1)
		fail(what, "there are several chips: say which");
	else
		return dev;
	return NULL;
}

static int assign_hosts(struct shell *sh, struct wanted *w)
{
	for (int i = 0; i < w->n_hosts; i++) {
		char *path = strchr(w->hosts[i], '=');
		struct device *dev;

		if (path)
			*path++ = 0;
		dev = pick_chip(sh, path ? w->hosts[i] : NULL, "--vsdio");
		if (!dev)
			return -1;
		if (!dev->ops->sdio)
			return fail(dev->id, "this chip is no SDIO card");
		dev->path = path ? path : w->hosts[i];
	}
	return 0;
}

static void help(void)
{
	fputs(usage, stdout);
	for (int i = 0; chip_kinds[i]; i++)
		printf("  %-18s %s\n", chip_kinds[i]->kind, chip_kinds[i]->what);
}

static int parse_options(struct shell *sh, struct wanted *w, int argc, char **argv)
{
	struct options *opt = &sh->opt;
	int c, error = 0;

	while (!error && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'i': error = add_chip(sh, optarg); break;
		case 'v': error = add_host(w, optarg); break;
		case 'p': opt->plug = true; break;
		case 'm': opt->no_medium = true; break;
		case 'c': opt->control = optarg; break;
		case 'b': opt->bus_pcap = optarg; break;
		case 'a': opt->air_pcap = optarg; break;
		case 'C': opt->counters = optarg; break;
		case 'l': opt->log = optarg; break;
		case 's': error = set_seed(opt, optarg); break;
		case 'k': error = add_knob(w, optarg); break;
		case 'h':
			help();
			exit(0);
		default:
			return fail("bad command line", "--help shows the options");
		}
	}
	if (!error && optind < argc)
		return fail(argv[optind], "nothing may follow the options");
	if (!error && opt->plug && !w->n_hosts)
		return fail("--plug", "needs --vsdio");
	if (!error && !sh->n_devices)
		error = shell_add_chip(sh, chip_kinds[0], NULL);
	return error ? error : assign_hosts(sh, w);
}

static int set_knobs(struct shell *sh, const struct wanted *w)
{
	const struct knob_option *knobs = w->knobs;

	for (int i = 0; i < w->n_knobs; i++) {
		struct device *dev = pick_chip(sh, knobs[i].id, knobs[i].name);
		const char *why = NULL;

		if (!dev)
			return -1;
		switch (dev->ops->set_knob(dev->chip, knobs[i].name, knobs[i].value, &why)) {
		case 0:
			continue;
		case -ENOENT:
			return fail(knobs[i].name, "no such knob");
		default:
			fprintf(stderr, "anechoic-emu: knob %s: not \"%s\" but one of %s\n",
				knobs[i].name, knobs[i].value, why ? why : "its values");
			return -1;
		}
	}
	return 0;
}

static void on_signal(struct shell *sh, void *arg)
{
	struct watch *watch = arg;
	struct signalfd_siginfo info;

	if (read(watch->fd, &info, sizeof(info)) == sizeof(info))
		shell_log(sh, "signal %u: end", info.ssi_signo);
	sh->quit = true;
}

static int watch_signals(struct shell *sh, struct watch *watch)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	watch->ready = on_signal;
	watch->arg = watch;
	watch->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return watch->fd < 0 ? -errno : loop_watch(sh, watch);
}

static int open_cards(struct shell *sh)
{
	const char *why;
	int error;

	for (struct device *dev = sh->devices; dev < sh->devices + sh->n_devices; dev++) {
		if (!dev->path)
			continue;
		error = vsdio_open(dev);
		if (error)
			return fail(dev->path, strerror(-error));
		if (sh->opt.plug && vsdio_plug(dev, "", &why))
			return fail("--plug", why);
	}
	return 0;
}

static int start(struct shell *sh, const struct wanted *w)
{
	static struct watch signals;
	int error;

	error = loop_init(sh);
	if (error)
		return fail("start", strerror(-error));
	if (set_knobs(sh, w))
		return -1;
	for (int i = 0; i < sh->n_devices; i++)
		sh->devices[i].ops->keep_knobs(sh->devices[i].chip);
	error = watch_signals(sh, &signals);
	if (error)
		return fail("signals", strerror(-error));
	if (capture_open(sh))
		return -1;
	if (!sh->opt.no_medium && hwsim_open(sh))
		return -1;
	if (open_cards(sh))
		return -1;
	/* Last: whoever finds the socket finds all the rest ready. */
	if (sh->opt.control) {
		error = control_open(sh, sh->opt.control);
		if (error)
			return fail(sh->opt.control, strerror(-error));
	}
	return 0;
}

static int write_counters(struct shell *sh)
{
	FILE *out;

	if (!sh->opt.counters)
		return 0;
	out = fopen(sh->opt.counters, "w");
	if (!out)
		return fail(sh->opt.counters, strerror(errno));
	shell_print_counters(sh, out);
	return fclose(out) ? fail(sh->opt.counters, strerror(errno)) : 0;
}

static void stop(struct shell *sh)
{
	control_close(sh);
	for (int i = 0; i < sh->n_devices; i++)
		vsdio_close(&sh->devices[i]);
	hwsim_close(sh);
	capture_close(sh);
	for (int i = 0; i < sh->n_devices; i++)
		if (sh->devices[i].chip)
			sh->devices[i].ops->destroy(sh->devices[i].chip);
	if (sh->air)
		air_free(sh->air);
	if (sh->log != stderr)
		fclose(sh->log);
}

int main(int argc, char **argv)
{
	static struct wanted wanted;
	static struct shell sh = { .opt.seed = 1, .epoll = -1, .timer = -1 };
	int code = 0;

	if (parse_options(&sh, &wanted, argc, argv))
		return 2;
	sh.log = sh.opt.log ? fopen(sh.opt.log, "w") : stderr;
	if (!sh.log)
		return fail(sh.opt.log, strerror(errno)), 2;
	setvbuf(sh.log, NULL, _IOLBF, 0);

	if (start(&sh, &wanted)) {
		code = 2;
	} else {
		loop_run(&sh);
		code = write_counters(&sh) ? 2 : sh.failed;
	}
	stop(&sh);
	return code;
}
