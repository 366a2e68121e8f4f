#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# First process of a guest with Debian's kernel: the host's root, read-only by
# 9p, with memory on top of it. Then the usual init.
B=/bin/busybox
$B mount -t proc proc /proc
$B mount -t sysfs sysfs /sys
$B mount -t devtmpfs dev /dev
for module in $($B cat /mod/order); do $B insmod "/mod/$module"; done
$B mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /lower || $B poweroff -f
$B mount -t tmpfs tmpfs /up
$B mkdir -p /up/upper /up/work
$B mount -t overlay -o lowerdir=/lower,upperdir=/up/upper,workdir=/up/work root /newroot
init=$($B sed 's/.*anechoic_init=\([^ ]*\).*/\1/' /proc/cmdline)
$B umount /proc /sys
$B umount -l /dev
exec $B switch_root /newroot /bin/sh "$init"
