#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# First process of a guest. The root is the host's file system, read-only; the
# result directory, named on the command line, is mounted writable.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export TMPDIR=/run
export PATH="${0%/init.sh}/bin:$PATH"
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mount -t devtmpfs dev /dev
mount -t debugfs debugfs /sys/kernel/debug
mkdir -p /dev/pts /dev/shm /run/out /run/lib
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
out=$(sed 's/.*anechoic=\([^ ]*\).*/\1/' /proc/cmdline)
if grep -q hostfs /proc/filesystems; then
	mount -t hostfs none /run/out -o "$out/guest"
else
	mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /run/out
fi
mount -t tmpfs tmpfs /var/lib 2>/dev/null
# only the files of this run are on the firmware path
mount --bind /run/out/firmware /lib/firmware
repo=${0%/lab/guest/init.sh}
# Debian's kernel: its modules and ours, as depmod knows them
own=$repo/build/debian/root/lib/modules/$(uname -r)
grep -q anechoic_init /proc/cmdline && cp -r "$own/updates" "$own"/modules.* "/lib/modules/$(uname -r)"
# the first argument of the kernel's init is this script's path
if [ -n "$ANECHOIC_SHELL" ] || grep -q anechoic_shell /proc/cmdline; then
	PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$repo/lab/guestlib.py" shell </dev/console >/dev/console 2>&1
else
	PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$repo/lab/guestlib.py" >/run/out/python.txt 2>&1
fi
sync
busybox poweroff -f
