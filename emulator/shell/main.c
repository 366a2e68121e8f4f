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
	char *name, *value;
};

static const char usage[] =
"Usage: anechoic-emu [OPTION]...\n"
"A BES2600 card in a program: the chip, and the radio channel around it.\n"
"\n"
"  --vsdio FILE       serve a card at this device (/dev/vsdio); without it the\n"
"                     program is only the radio channel of mac80211_hwsim\n"
"  --plug             plug the card at once\n"
"  --no-medium        do not become the medium of mac80211_hwsim\n"
"  --control SOCKET   listen for commands\n"
"  --bus-pcap FILE    capture bus commands and messages (pcapng)\n"
"  --air-pcap FILE    capture what is on the air (pcapng)\n"
"  --counters FILE    write the counters at exit (JSON)\n"
"  --log FILE         log to this file (standard error)\n"
"  --seed N           seed of everything random (1)\n"
"  --knob NAME=VALUE  set a knob of the chip; may be repeated\n"
"  --help             this text\n";

static const struct option options[] = {
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

static int add_knob(struct knob_option *knobs, int *n, char *arg)
{
	char *equals = strchr(arg, '=');

	if (!equals || equals == arg)
		return fail(arg, "a knob is given as NAME=VALUE");
	if (*n == MAX_KNOBS)
		return fail(arg, "too many knobs");
	*equals = 0;
	knobs[(*n)++] = (struct knob_option){ arg, equals + 1 };
	return 0;
}

static int set_seed(struct options *opt, const char *arg)
{
	char *end;

	errno = 0;
	opt->seed = strtoull(arg, &end, 0);
	return errno || *end || end == arg ? fail("--seed", "not a number") : 0;
}

static int parse_options(struct options *opt, struct knob_option *knobs, int *n_knobs, int argc,
			 char **argv)
{
	int c, error = 0;

	while (!error && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'v': opt->vsdio = optarg; break;
		case 'p': opt->plug = true; break;
		case 'm': opt->no_medium = true; break;
		case 'c': opt->control = optarg; break;
		case 'b': opt->bus_pcap = optarg; break;
		case 'a': opt->air_pcap = optarg; break;
		case 'C': opt->counters = optarg; break;
		case 'l': opt->log = optarg; break;
		case 's': error = set_seed(opt, optarg); break;
		case 'k': error = add_knob(knobs, n_knobs, optarg); break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			return fail("bad command line", "--help shows the options");
		}
	}
	if (!error && optind < argc)
		return fail(argv[optind], "nothing may follow the options");
	if (!error && opt->plug && !opt->vsdio)
		return fail("--plug", "needs --vsdio");
	return error;
}

static int set_knobs(struct shell *sh, const struct knob_option *knobs, int n)
{
	for (int i = 0; i < n; i++) {
		const char *why = NULL;

		switch (chip_set_knob(sh->chip, knobs[i].name, knobs[i].value, &why)) {
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

static int start(struct shell *sh, const struct knob_option *knobs, int n_knobs)
{
	static struct watch signals;
	const char *why;
	int error;

	error = loop_init(sh);
	if (error)
		return fail("start", strerror(-error));
	if (set_knobs(sh, knobs, n_knobs))
		return -1;
	chip_keep_knobs(sh->chip);
	error = watch_signals(sh, &signals);
	if (error)
		return fail("signals", strerror(-error));
	if (capture_open(sh))
		return -1;
	if (!sh->opt.no_medium && hwsim_open(sh))
		return -1;
	if (sh->opt.vsdio) {
		error = vsdio_open(sh, sh->opt.vsdio);
		if (error)
			return fail(sh->opt.vsdio, strerror(-error));
	}
	if (sh->opt.plug && vsdio_plug(sh, "", &why))
		return fail("--plug", why);
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
	vsdio_close(sh);
	hwsim_close(sh);
	capture_close(sh);
	if (sh->chip)
		chip_free(sh->chip);
	if (sh->air)
		air_free(sh->air);
	if (sh->log != stderr)
		fclose(sh->log);
}

int main(int argc, char **argv)
{
	static struct knob_option knobs[MAX_KNOBS];
	static struct shell sh = { .opt.seed = 1, .epoll = -1, .timer = -1 };
	int n_knobs = 0;
	int code = 0;

	if (parse_options(&sh.opt, knobs, &n_knobs, argc, argv))
		return 2;
	sh.log = sh.opt.log ? fopen(sh.opt.log, "w") : stderr;
	if (!sh.log)
		return fail(sh.opt.log, strerror(errno)), 2;
	setvbuf(sh.log, NULL, _IOLBF, 0);

	if (start(&sh, knobs, n_knobs)) {
		code = 2;
	} else {
		loop_run(&sh);
		code = write_counters(&sh) ? 2 : sh.failed;
	}
	stop(&sh);
	return code;
}
