# SPDX-License-Identifier: GPL-2.0-or-later
"""Values that the chip only stores: compared with what the access point and iw were told."""
import struct

from guestlib import sh

ARGS = {}
RADIOS = 3
# (AIFSN, CWmin, CWmax as exponents, TXOP in 32 us) in the order of the wire: BK, BE, VI, VO
WMM = {"bk": (9, 5, 10, 0), "be": (4, 4, 9, 10), "vi": (3, 3, 4, 100), "vo": (2, 2, 3, 50)}


def wmm_lines():
    return "\n".join(f"wmm_ac_{ac}_{name}={value}" for ac, values in WMM.items()
                     for name, value in zip(("aifs", "cwmin", "cwmax", "txop_limit"), values))


class Told:
    """What the chip was told, by the layouts of the wire."""

    def __init__(self, lab):
        self.all = lab.control("told")
        self.one = self.all["interfaces"][0]

    def mib(self, number, layout, interface=0):
        return struct.unpack(layout, bytes.fromhex(self.all["interfaces"][interface]["mibs"][number]))

    def request(self, number, layout):
        return struct.unpack(layout, bytes.fromhex(self.one["requests"][number]))


def expect(lab, what, got, want):
    lab.expect(got == want, f"{what}: the chip was told {got}, not {want}")


def check_edca(lab, told):
    edca = told.request("0013", "<4H4H4B4H4I")
    values = list(WMM.values())
    expect(lab, "CWmin of BK, BE, VI, VO", edca[0:4], tuple(2 ** v[1] - 1 for v in values))
    expect(lab, "CWmax of BK, BE, VI, VO", edca[4:8], tuple(2 ** v[2] - 1 for v in values))
    expect(lab, "AIFSN of BK, BE, VI, VO", edca[8:12], tuple(v[0] for v in values))
    expect(lab, "TXOP in us of BK, BE, VI, VO", edca[12:16], tuple(32 * v[3] for v in values))
    expect(lab, "lifetimes", edca[16:20], (200,) * 4)


def check_join(lab, told, band, channel, bssid, dtim, interval, ssid):
    join = told.request("000b", "<BBH6sHBBBBI32sII")
    expect(lab, "mode, band, channel of the join", join[:3], (1, band, channel))
    expect(lab, "BSSID of the join", join[3].hex(":"), bssid)
    expect(lab, "ATIM window of the join", join[4], 0)
    expect(lab, "DTIM period of the join", join[7], dtim)
    expect(lab, "SSID of the join", join[10][:join[9]].decode(), ssid)
    expect(lab, "beacon interval of the join", join[11], interval)


def check_bss(lab, told, wakeup, rates, basic, preamble, gi, switch):
    params = told.request("0011", "<BBHII")
    expect(lab, "beacons to lose, AID, rates, HT rates of the BSS parameters", params[1:], (50, 1, rates, 0xff << 14))
    expect(lab, "DTIMs between wake-ups, listen interval", told.mib("1007", "<BBH"), (wakeup, 0, 0))
    expect(lab, "short preamble, greenfield, spacing, basic rates", told.mib("1010", "<BBBBI")[1:], (preamble, 0, 6, basic))
    expect(lab, "short guard interval", told.mib("1043", "<B"), (gi,))
    expect(lab, "mode, count, channel of the last switch", told.request("0016", "<BBH"), switch)


def check_always(lab, told):
    expect(lab, "keep-alive", told.mib("1025", "<HH"), (15, 0))
    expect(lab, "slot time", told.mib("0003", "<I"), (9,))
    expect(lab, "block ack TIDs", told.mib("100e", "<BBBB"), (0xb1, 0, 0xb1, 0))
    # the first beacon closes it
    lab.wait(lambda: Told(lab).mib("1005", "<II") == (7, 0), "the beacon filter to close", 5)
    expect(lab, "U-APSD", told.mib("1013", "<4H"), (0, 0, 0, 0))
    expect(lab, "power table", told.mib("1045", "<B"), (1,))
    expect(lab, "RTS of the tuner", told.mib("1044", "<BBH"), (2, 5, 3000))
    expect(lab, "signal reports", told.mib("1009", "<BBBB"), (0x0d, 0, 0, 16))
    for interface in (0, 1):
        expect(lab, f"merged confirms, interface {interface}", told.mib("1024", "<I", interface), (1,))
    mac = told.request("0009", "<IIIHH6sH832s")[5]
    expect(lab, "address of the configuration", mac.hex(":"), lab.mac())
    null = bytes.fromhex(told.one["templates"]["3"])
    expect(lab, "addresses of the null frame's template", (null[4:10].hex(":"), null[10:16].hex(":")),
           (lab.joined, lab.mac()))
    keys = sorted((k["type"], k["key_id"]) for k in told.all["keys"])
    expect(lab, "types of the keys", [k[0] for k in keys], [4, 5])


def check_filters(lab, told):
    expect(lab, "receive filter", told.mib("1003", "<I"), (0,))
    ies = told.mib("1004", "<I8s8s8s")
    expect(lab, "elements whose change lets a beacon through", (ies[0], *(e.hex() for e in ies[1:])),
           (3, "dd07506f9a000000", "2507000000000000", "3c07000000000000"))
    expect(lab, "BSSID filter", told.mib("1026", "<BBH"), (0, 0, 0))


def check_left(lab):
    """What a station without a BSS is told, once it has had one."""
    lab.wpa_cli("disconnect")
    lab.wait(lambda: Told(lab).mib("100e", "<BBBB") == (0, 0, 0xb1, 0), "block acks of no TID of ours", 10)
    told = Told(lab)
    expect(lab, "RTS of the tuner without a BSS", told.mib("1044", "<BBH"), (1, 0, 2002))
    expect(lab, "keep-alive without a BSS", told.mib("1025", "<HH"), (0, 0))
    expect(lab, "power table without a BSS", told.mib("1045", "<B"), (1,))


def power(lab):
    return Told(lab).mib("0006", "<i")[0]


def check_power(lab):
    """In 0.1 dBm: the user's limit, the channel's, and both again after a reset."""
    for mbm, want in (("1000", 100), ("500", 50)):
        sh("iw", "dev", lab.wlan, "set", "txpower", "fixed", mbm, ns=lab.STA)
        lab.wait(lambda: power(lab) == want, f"a transmit power of {want / 10} dBm, the chip has {power(lab) / 10}", 5)
        lab.expect(f"{want / 10:.2f} dBm" in sh("iw", "dev", lab.wlan, "info", ns=lab.STA), "what iw says of the power")
    lab.scan("freq", "2437")
    expect(lab, "transmit power after a scan", power(lab), 50)
    reset(lab)
    expect(lab, "transmit power after a reset", power(lab), 50)
    sh("iw", "dev", lab.wlan, "set", "txpower", "auto", ns=lab.STA)
    lab.wait(lambda: power(lab) == 200, f"a transmit power of 20 dBm, the chip has {power(lab) / 10}", 5)


def reset(lab):
    resets = lab.driver("BusResets")
    lab.control("inject exception")
    lab.wait(lambda: lab.driver("BusResets") == resets + 1, "the reset", 10)
    lab.wait(lambda: lab.connected() and lab.ping(count=1)[0] == 1, "the connection after the reset", 30)


def check_rts(lab):
    for word, want in (("700", 700), ("off", 0)):
        sh("iw", "phy", lab.phy, "set", "rts", word, ns=lab.STA)
        expect(lab, f"RTS threshold '{word}'", Told(lab).mib("0007", "<I"), (want,))


def hear_beacon(lab, freq):
    """The DTIM period is in no probe response, and beacons are further apart than the chip listens."""
    lab.wait(lambda: lab.joined in lab.scan("freq", str(freq), "passive"), "a beacon", 10)


def two(lab):
    """2.4 GHz, 20 MHz, values of the access point's own."""
    lab.ap(ssid="two", extra=f"beacon_int=150\ndtim_period=3\npreamble=1\nbasic_rates=10 20\n"
                             f"supported_rates=10 20 55 110 60 120 240\n{wmm_lines()}")
    lab.joined = lab.bssid
    hear_beacon(lab, 2437)
    lab.connect(ssid="two", extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    for text in ("first", "after a reset"):
        lab.step(f"2.4 GHz, {text}")
        told = Told(lab)
        check_edca(lab, told)
        check_join(lab, told, 0, 6, lab.joined, 3, 150, "two")
        check_bss(lab, told, 3, 0x54f, 0x3, 1, 1, (0x90, 0, 6))
        check_always(lab, told)
        check_filters(lab, told)
        if text == "first":
            check_rts(lab)
            check_power(lab)
    check_left(lab)
    lab.stop_wpa()


def five(lab, radio, ssid, capab, gi, **bss):
    """5 GHz, 40 MHz; a short guard interval at 20 MHz says nothing of 40."""
    freq = 5000 + 5 * bss["channel"]
    lab.ap(ssid=ssid, radio=radio, ht40=True, capab=capab, channel=bss["channel"], address=None,
           extra=f"beacon_int={bss['interval']}\ndtim_period={bss['dtim']}\n{wmm_lines()}")
    lab.joined = lab.ap_mac(radio)
    hear_beacon(lab, freq)
    lab.connect(ssid=ssid, extra=f"scan_freq={freq}")
    lab.step(f"5 GHz, {capab}")
    told = Told(lab)
    check_edca(lab, told)
    check_join(lab, told, 1, bss["channel"], lab.joined, bss["dtim"], bss["interval"], ssid)
    check_bss(lab, told, bss["wakeup"], 0x3fc0, 0x540, 0, gi, (0x80 | bss["type"] << 4, 0, bss["channel"]))
    check_always(lab, told)
    lab.stop_wpa()


def run(lab):
    lab.allow_exceptions(1)
    lab.bring_up()
    two(lab)
    five(lab, 1, "narrow", "[SHORT-GI-20]", 0, channel=36, interval=400, dtim=3, wakeup=1, type=3)
    five(lab, 2, "wide", "[SHORT-GI-40]", 1, channel=40, interval=100, dtim=2, wakeup=2, type=2)
