# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole path: card, firmware, scan, WPA2, address, traffic."""
import re

ARGS = {}


def frames(counters):
    chip = counters["chip"]
    moved = sum(v for k, v in chip.items() if k.startswith("bus_cmd5") and k != "bus_cmd52_f0")
    return moved, chip["fw_rx_frames"] + chip["fw_tx_frames"]


def measure(lab, text, *words):
    before = frames(lab.counters())
    rate = lab.iperf(*words)
    after = frames(lab.counters())
    per = round((after[0] - before[0]) / (after[1] - before[1]), 3)
    lab.step(f"{text}: {rate} Mbit/s, {per} bus transactions per frame")
    return rate, per


def run(lab):
    lab.step("loading vsdio and bes2600, plugging the card")
    lab.bring_up()
    lab.step(f"card found, firmware downloaded: interface {lab.wlan}")
    lab.ap(channel=6)
    lab.step("access point 'lab' on channel 6 (hostapd on mac80211_hwsim), WPA2")
    # in real time a busy machine may be too late for the beacons of one scan, or for one handshake
    found = lab.wait(lab.scan, "a scan that finds anything", 10) if lab.stock else lab.scan()
    lab.expect(found, "the scan finds nothing")
    lab.step("scan:")
    for bssid, (freq, signal, ssid) in sorted(found.items()):
        lab.show(f"{bssid}  {freq} MHz  {signal:.0f} dBm  {ssid}")
    took = lab.connect(joins=None if lab.stock else 1)
    lab.figure("connect_s", round(took, 3))
    lab.step(f"connected by wpa_supplicant in {took:.2f} s")
    lab.show("\n".join(re.findall(r".*(?:Connected|SSID|freq|signal|bitrate).*", lab.link())))
    lab.dhcp()
    lab.step("address by DHCP: " + re.search(r"inet (\S+)", lab.addresses())[1])
    got, rtt = lab.ping(count=10)
    lab.expect(got == 10, f"{10 - got} of 10 pings lost")
    lab.figure("ping_ms", rtt)
    lab.step(f"ping: 10 of 10, {rtt} ms")
    for way, words in (("down", ["-R"]), ("up", [])):
        rate, per = measure(lab, f"TCP {way}", *words)
        lab.goal(f"{way}_mbps", rate)
        lab.figure(f"{way}_transactions_per_frame", per)
        lab.expect(per <= 0.45 or not lab.plain(), f"{per} bus transactions per frame {way}")
