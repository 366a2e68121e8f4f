#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the Debian packages that are missing. Silent when nothing is. With
# the word 'debian' also those of the guest with Debian's own kernel, with
# 'bench' those of its report, with 'profile' the profiler. 'missing' installs
# nothing and prints what 'make demo' and 'make check' miss.
set -eu
packages="gcc make linux-source-6.12 flex bison bc libelf-dev libssl-dev pkg-config rsync xz-utils
	hostapd wpasupplicant iwd dbus iw iperf3 iproute2 iputils-ping wireless-regdb busybox-static
	kmod sparse tshark libnl-3-dev libnl-genl-3-dev nettle-dev zlib1g-dev libcmocka-dev python3 python3-pytest"
bench="python3-matplotlib"
profile="linux-perf"
arch=$(dpkg --print-architecture)
case $arch in
arm64) qemu="qemu-system-arm" ;;
*) qemu="qemu-system-x86 seabios" ;;
esac
debian="$qemu linux-image-$arch linux-headers-$arch binutils cpio zstd"

missing() {
	for p in "$@"; do
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || printf ' %s' "$p"
	done
}

# the packages, then options of apt-get
install() {
	names=$1
	shift
	[ -n "$names" ] || return 0
	echo "installing:$names"
	$sudo apt-get -qq update
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y "$@" install $names >/dev/null
}

if [ "${1-}" = missing ]; then
	missing $packages $debian
	exit
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
install "$(missing $packages)"
for word in "$@"; do
	case $word in
	bench) install "$(missing $bench)" --no-install-recommends ;;
	profile) install "$(missing $profile)" --no-install-recommends ;;
	# what QEMU recommends is a desktop
	debian) install "$(missing $debian)" --no-install-recommends ;;
	*) echo "setup.sh: no packages are known for '$word'" >&2; exit 2 ;;
	esac
done
