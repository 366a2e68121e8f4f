# SPDX-License-Identifier: GPL-2.0-or-later
# make demo: the driver connects through the emulated chip, before your eyes
# make check: what every change must pass; ends with "N passed, N failed". './chamber check --all' is everything
# make bench: throughput, latency and what they cost; see docs/bench.md
# make compat: do both modules compile for the kernels of newer Debian suites

demo:
	@./chamber demo

check:
	@./chamber check

bench:
	@./chamber bench

compat:
	@lab/setup.sh
	@/usr/bin/python3 -B lab/compat.py

emulator:
	@lab/setup.sh
	@$(MAKE) -C emulator OUT=$(CURDIR)/build all tests

clean:
	@./chamber clean

.PHONY: demo check bench compat emulator clean
