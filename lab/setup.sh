#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the Debian packages that are missing. Silent when nothing is.
set -eu
packages="gcc make linux-source-6.12 flex bison bc libelf-dev libssl-dev pkg-config rsync xz-utils
	hostapd wpasupplicant iwd dbus iw iperf3 iproute2 iputils-ping wireless-regdb busybox-static
	kmod sparse tshark libnl-3-dev libnl-genl-3-dev libcmocka-dev python3 python3-pytest"
missing=""
for p in $packages; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
echo "installing:$missing"
$sudo apt-get -qq update
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install $missing >/dev/null
