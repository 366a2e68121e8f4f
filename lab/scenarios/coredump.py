# SPDX-License-Identifier: GPL-2.0-or-later
"""What a chip that dies leaves behind: a core dump without keys, and its transitions in the trace (security=...)."""
import hashlib
import re
import time
from pathlib import Path

from guestlib import OUT, KernelLog, sh

ARGS = {"security": ("wpa2", "wpa3", "tkip")}
TRACE = Path("/sys/kernel/tracing")
TRANSITIONS = ["dead: firmware exception", "off: card reset", "off: download", "booted: firmware runs", "running: Wi-Fi on"]
PASSPHRASE, SSID = "12345678", "lab"
# what wpa_supplicant and hostapd call them in their logs; DATA is what the driver gets to install
KEYS = {"PMK": r"PMK|PSK \(from passphrase\)|SAE: PMK", "KCK": r"WPA: KCK", "KEK": r"WPA: KEK", "TK": r"WPA: TK",
        "group": r"WPA: Group Key|GTK", "IGTK": r"WPA: IGTK|IGTK", "DATA": r"nl80211: KEY_DATA"}
NEEDED = {"PMK", "KCK", "KEK", "TK", "group", "DATA"}
# so many bytes of a key in a row are a leak
WINDOW = 5


def keys(security):
    """{key: names} of all keys that were in use on either side."""
    out = {}
    for log in ("wpa_supplicant.txt", "hostapd0.txt"):
        text = (OUT / log).read_text(errors="replace")
        for name, title in KEYS.items():
            for n, digits in re.findall(rf"(?:{title}) - hexdump\(len=(\d+)\): ([0-9a-f ]+)$", text, re.M):
                key = bytes.fromhex(digits)
                if int(n) == len(key) >= 16:
                    out.setdefault(key, set()).add(name)
    if security != "wpa3":
        out.setdefault(hashlib.pbkdf2_hmac("sha1", PASSPHRASE.encode(), SSID.encode(), 4096, 32), set()).add("PMK")
    return out


def leaks(text, secrets):
    """Parts of keys in a text, as bytes in a row or as words, in either order."""
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    # what lies between numbers must not split a key, what joins them must not make one: both are looked at
    views = [text.lower(), digits]
    found = set()
    for key, names in secrets.items():
        for at in range(len(key) - WINDOW + 1):
            part = key[at:at + WINDOW]
            if any(form.hex() in view for form in (part, part[::-1]) for view in views):
                found.add(f"{'/'.join(sorted(names))} byte {at}")
    return found


def dump(lab, log, what):
    """The text of the core dump after a death."""
    begin = time.monotonic()
    lab.control(what)
    # an idle link would not notice
    lab.ping(count=1)
    data = lab.wait(lambda: list(Path("/sys/class/devcoredump").glob("devcd*/data")), "a core dump", 5)[0]
    raw = data.read_bytes()
    data.write_text("0")        # read: the kernel may forget it
    lab.reconnected(log, begin, timeout=10)
    return raw


def expect_secret(lab, security, raw, text):
    """No key that was in use until then is in the dump, in the log, in the trace or in debugfs."""
    secrets = keys(security)
    names = set().union(*secrets.values())
    needed = NEEDED | ({"IGTK"} if security == "wpa3" else set())
    lab.expect(names >= needed, f"the daemons tell only {sorted(names)}: this would prove nothing")
    lab.expect(len(secrets) >= 5, f"only {len(secrets)} keys")
    installed = re.findall(r"^> \S+ .00c (\d+) (\S+)$", text, re.M)
    lab.expect(installed, "no key installed within the last 64 messages")
    places = {"the core dump": text, "the kernel log": sh("dmesg"), "the trace": (TRACE / "trace").read_text()}
    for path in Path(f"/sys/kernel/debug/ieee80211/{lab.phy}/bes2600").rglob("*"):
        if path.is_file():
            places[str(path)] = path.read_text(errors="replace")
    for place, said in places.items():
        found = leaks(said, secrets)
        lab.expect(not found, f"keys in {place}: {sorted(found)[:6]}")
        lab.expect(PASSPHRASE.encode().hex() not in said and PASSPHRASE not in said, f"the passphrase in {place}")
    for key, names in secrets.items():
        lab.expect(key not in raw and key[::-1] not in raw, f"{names} in the core dump, as it is")
    # not even the rest of that message: peer, slot, counter
    for length, body in installed:
        lab.expect(length == "48" and not body.strip("0"), f"a message that installs a key is in the dump: {body}")
    lab.figure("keys_looked_for", len(secrets))


def run(lab):
    security = lab.args.get("security", "wpa2")
    lab.allow_log("resetting the chip", 2)
    lab.allow_log("firmware exception 4, ", 1)
    lab.bring_up()
    log = KernelLog()
    lab.daemon_flags = ["-dd", "-K"]    # they tell every key
    lab.ap(ssid=SSID, security=security)
    lab.connect(ssid=SSID, security=security, extra="scan_freq=2437")
    lab.address()
    lab.expect(lab.ping(count=5)[0] == 5, "pings lost")
    sh("mount", "-t", "tracefs", "none", TRACE)
    (TRACE / "events/bes2600/enable").write_text("1")

    raw = dump(lab, log, "inject exception")
    text = raw.decode(errors="backslashreplace")
    (OUT / "coredump.txt").write_text(text)
    for pattern in (r"^bes2600 mmc\S+: firmware exception$", r"^firmware .*\S", r"^register 0x10c: [0-9a-f]{2}$",
                    r"^exception 4 in lmac/emulated.c$", r"^r1: 000004d2$", r"^State: +dead$", r"^commands: [1-9]",
                    r"^DecryptStormRecoveries: 0$", r"^< [\d.]+ [0-9a-f]800 128 04000000"):
        lab.expect(re.search(pattern, text, re.M), f"the dump lacks {pattern}")
    for way in "<>":
        lab.expect(len(re.findall(f"^{way} ", text, re.M)) == 64, f"not 64 messages {way}")

    trace = (TRACE / "trace").read_text()
    (OUT / "trace.txt").write_text(trace)
    seen = re.findall(r"bes_state: \S+ (.*)", trace)
    lab.expect(seen == TRANSITIONS, f"transitions {seen}")
    # the keys of the connection that died and of the one after it
    expect_secret(lab, security, raw, text)

    time.sleep(11)
    text = dump(lab, log, "inject dead").decode(errors="backslashreplace")
    lab.expect(re.search("^register 0x10c: error -110$", text, re.M), "a dead bus has registers")
    found = leaks(text, keys(security))
    lab.expect(not found, f"keys in the second core dump: {sorted(found)[:6]}")
    lab.figure("dump_bytes", len(text))
