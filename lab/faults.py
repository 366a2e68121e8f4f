# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of faults: made from the wire header, the driver's sources and the lists below.

Both the host (which rows, the document) and the guest (what to do in each) read it.
"""
import fnmatch
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRIVER = ROOT / "drivers/bes2600"

# When in its life the driver sends a request or gets an indication
MOMENT = {
    "WSM_REQ_TX": "traffic", "WSM_REQ_WRITE_MIB": "connect", "WSM_REQ_START_SCAN": "scan",
    "WSM_REQ_STOP_SCAN": "abort", "WSM_REQ_CONFIGURATION": "up", "WSM_REQ_RESET": "leave",
    "WSM_REQ_JOIN": "connect", "WSM_REQ_ADD_KEY": "connect", "WSM_REQ_REMOVE_KEY": "leave",
    "WSM_REQ_SET_BSS_PARAMS": "connect", "WSM_REQ_TX_QUEUE_PARAMS": "connect", "WSM_REQ_EDCA": "connect",
    "WSM_REQ_SWITCH_CHANNEL": "connect", "WSM_REQ_EPTA": "connect", "WSM_REQ_SET_PM": "doze",
    "WSM_MCU_DRIVER": "connect",
    "WSM_CNF_TX": "traffic", "WSM_CNF_MULTI_TX": "traffic",
    "WSM_IND_STARTUP": "up", "WSM_IND_RX": "traffic", "WSM_IND_SCAN_COMPLETE": "scan",
    "WSM_IND_SWITCH_CHANNEL": "connect",
}
# The only functions that send these; as long as nobody calls them, there is nothing to spoil
SENT_BY = {"WSM_REQ_SET_PM": "bes_cmd_set_pm", "WSM_REQ_READ_MIB": "bes_mib_read"}
# Indications that come when the chip likes: so it is made to
PROVOKED = {
    "WSM_IND_EVENT": "inject event 2 0", "WSM_IND_EXCEPTION": "inject exception",
    "WSM_IND_SET_PM": "inject message 0x809 12", "WSM_IND_SUSPEND_RESUME": "inject message 0x80c 8",
}
# Messages that nobody expects
UNEXPECTED = {"find complete": 0x80b, "join complete": 0x80f, "block ack time-out": 0x808,
              "an unknown indication": 0x83f, "an unknown confirm": 0x43f, "a request": 0x004,
              "Bluetooth state": 0xc30, "an unknown MCU message": 0xc3f}

MANGLES = {"lost": "drop", "late by 1 s": "delay 1000", "twice": "dup", "only a header": "short 4",
           "two bytes too short": "cut", "too long by 64": "long 64", "of interface 3": "interface 3",
           "with an error status": "status 1"}

COLD = ["loader", "pokes", "factory", "boot-image", "calibration", "dpd-read", "main-image", "main-start", "main",
        "wifi-start"]
WARM = ["loader", "pokes", "factory", "dpd-write", "main-image", "main-start", "main", "wifi-start"]
MOVES_DATA = {"pokes", "factory", "boot-image", "dpd-write", "main-image"}
LIFE = ["idle", "traffic", "scan", "connect", "up", "leave"]


class Row:
    """One fault. arm: lines for the control socket, given right before act, which is what the station does then."""

    def __init__(self, group, what, act, arm, faults=1, resets=1, limit=60, final=False, spoils=False):
        self.group, self.what, self.act = group, what, act
        self.arm = [arm] if isinstance(arm, str) else arm
        self.faults = faults    # that have to happen
        self.resets = resets    # that are enough
        self.limit = limit      # virtual seconds until the service has to be back
        self.final = final      # the card may be lost until it is plugged again
        self.spoils = spoils    # something that shows later: not in the next row

    @property
    def name(self):
        return f"{self.group}: {self.what}, {self.act}".replace("/", "|")


def ids():
    """{name: number} of all messages, from the wire header."""
    text = (DRIVER / "wsm_api.h").read_text()
    return {n: int(v, 16) for n, v in re.findall(r"^\t(WSM_(?:REQ|CNF|IND|MCU)_\w+) = (0x[0-9a-f]+),", text, re.M)}


def requests():
    """Names of the requests that the driver can send."""
    text = "".join(p.read_text() for p in sorted(DRIVER.glob("*.c")))
    used = set(re.findall(r"bes_cmd\([^;{]*?(WSM_(?:REQ|MCU)_\w+)", text)) | {"WSM_REQ_TX"}
    # one is its definition; kernel-doc has it with empty parentheses
    idle = {n for n, function in SENT_BY.items() if len(re.findall(rf"\b{function}\([^)]", text)) < 2}
    return sorted(used - idle, key=ids().get)


def handled():
    """Names of the messages in the driver's dispatch table."""
    table = re.search(r"bes_handlers\[\] = \{(.*?)^\};", (DRIVER / "event.c").read_text(), re.M | re.S)[1]
    return sorted(set(re.findall(r"\{ (WSM_\w+)", table)), key=ids().get)


def confirm_id(name):
    n = ids()[name]
    return n if name.startswith("WSM_MCU") else n | 0x400


def title(name):
    return name.split("_", 2)[2].lower().replace("_", " ")


def when_of(name):
    if name not in MOMENT:
        raise KeyError(f"{name}: MOMENT in lab/faults.py has to say when the driver sends it")
    return MOMENT[name]


def from_chip():
    """(what it is called, id, moment, request or None) of every message the driver takes."""
    rows = [(f"confirm of {title(n)}", confirm_id(n), when_of(n), n) for n in requests() if n != "WSM_REQ_TX"]
    for n in handled():
        kind = "confirm of" if n.startswith("WSM_CNF") else "indication"
        more = PROVOKED.get(n)
        rows.append((f"{kind} {title(n)}", ids()[n], "idle" if more else when_of(n), more))
    return rows


def messages():
    sizes = sizes_of_structs()
    for name, number, moment, extra in from_chip():
        for text, how in MANGLES.items():
            arm = [f"inject mangle {number:#x} {how}"]
            if how == "cut":
                arm = [f"inject mangle {number:#x} short {sizes.get(number, 8) - 2}"]
            elif how == "status 1" and extra and extra.startswith("WSM_REQ"):
                # a firmware that refuses has not done it either
                arm = [f"inject status {ids()[extra]:#x} 1"]
            if extra and extra.startswith("inject"):
                arm.append(extra)
            yield Row("message", f"{name}, {text}", moment, arm, faults=len(arm))
    for name, number in UNEXPECTED.items():
        yield Row("message", f"{name} out of nothing", "idle", f"inject message {number:#x} 12")
    for length in (4, 1632, 2432):
        yield Row("message", f"an unknown indication of {length} bytes", "traffic", f"inject message 0x83f {length}")


def sizes_of_structs():
    """{id: smallest size} of messages that are longer than a plain confirm."""
    text = (DRIVER / "wsm_api.h").read_text()
    size = dict(re.findall(r"WSM_ASSERT_SIZE\((\w+), (\d+)\)", text))
    table = re.search(r"bes_handlers\[\] = \{(.*?)^\};", (DRIVER / "event.c").read_text(), re.M | re.S)[1]
    out = {}
    for name, least in re.findall(r"\{ (WSM_\w+), \"[^\"]*\", ([^,]*),", table):
        struct = re.search(r"struct (\w+)", least)
        out[ids()[name]] = int(size[struct[1]]) if struct else int(least)
    out[confirm_id("WSM_REQ_CONFIGURATION")] = int(size["wsm_configuration_cnf"])
    out[confirm_id("WSM_REQ_JOIN")] = int(size["wsm_join_cnf"])
    return out


# Bytes of the receive header that lie
LIES = {"status": (4, (1, 4, 5, 9, 255)), "channel": (8, (0, 15, 255)), "rate": (10, (4, 22, 255)),
        "signal": (11, (0, 255)), "cipher": (12, (0, 1, 2, 4, 5, 6, 7)), "flags": (15, (1, 255)),
        "frame control": (32, (0, 4, 0x80, 0xff))}


def receive():
    for length in (32, 33, 42, 48, 55, 56, 57, 58, 64, 72):
        yield Row("receive", f"a frame ends after {length} bytes of its message", "traffic",
                  f"inject mangle 0x804 short {length}", resets=0)
    for name, (at, values) in LIES.items():
        for value in values:
            yield Row("receive", f"{name} is {value:#x}", "traffic", f"inject mangle 0x804 byte {at} {value:#x}",
                      resets=0)
    for code, text in ((4, "decrypted"), (5, "verified"), (9, "decrypted for want of a key")):
        # five at a time end a connection, and the third end within a minute resets the chip
        yield Row("receive", f"30 frames that could not be {text}", "traffic", f"inject rx-status {code} 30",
                  resets=int(code == 4))
    for event, text in ((1, "that the network is lost"), (2, "that it is back"), (0, "an error"), (99, "nonsense")):
        yield Row("receive", f"the chip reports {text}, wrongly", "idle", f"inject event {event} 0", resets=0)
    yield Row("receive", "the chip reports 20 times that the network is lost, wrongly", "idle",
              ["inject event 1 0"] * 20, faults=20, resets=0)


BUS = {"CRC error, not taken": "crc-write", "CRC error, taken": "crc-status", "no answer": "timeout",
       "stays busy": "busy"}
BUS_READ = {"CRC error": "crc-read", "no answer": "timeout", "stays busy": "busy"}


def bus():
    for n in requests():
        for text, kind in BUS.items():
            yield Row("bus", f"write of {title(n)}: {text}", when_of(n), f"inject {kind} 1 {ids()[n]:#x}",
                      resets=0 if "CRC" in text else 1)
    for name, number, moment, extra in from_chip():
        more = [extra] if extra and extra.startswith("inject") else []
        for text, kind in BUS_READ.items():
            yield Row("bus", f"read of {name}: {text}", moment, [f"inject {kind} 1 {number:#x}", *more],
                      faults=1 + len(more), resets=0 if "CRC" in text and "exception" not in name else 1)
    for act in LIFE[1:]:
        for n in (1, 3):
            yield Row("bus", f"{n} registers with a CRC error", act, f"inject crc-response {n}", faults=n)
            yield Row("bus", f"{n} commands without an answer", act, f"inject timeout {n}", faults=n)
    for kind in ("crc-read", "crc-write", "crc-status", "timeout", "busy"):
        yield Row("bus", f"{kind} for 8 s", "traffic", [f"inject {kind} 1000000", "at 8 inject none"], resets=2,
                  limit=90)


def boot_faults(step):
    """What can go wrong on the bus in a step."""
    yield "a command without an answer", "timeout"
    yield "a register with a CRC error", "crc-response"
    if step in MOVES_DATA:
        yield "write with a CRC error, not taken", "crc-write"
        yield "write with a CRC error, taken", "crc-status"
    if step in MOVES_DATA | {"dpd-read", "wifi-start"}:
        yield "read with a CRC error", "crc-read"
        yield "transfer stays busy", "busy"


def boots():
    for step in COLD:
        for text, kind in boot_faults(step):
            yield Row("boot", f"{text} in step {step}", "plug", f"when {step} inject {kind} 1",
                      resets=int(step == "wifi-start"), final=step == "loader")
    for step in WARM:
        for text, kind in boot_faults(step):
            yield Row("recovery", f"{text} in step {step}", "exception", f"when {step} inject {kind} 1", faults=2,
                      resets=2)
    for step in COLD[1:]:
        yield Row("boot", f"the chip dies in step {step}", "plug", f"when {step} inject dead", final=True)
    for step in WARM[1:]:
        yield Row("recovery", f"the chip dies in step {step}", "exception", f"when {step} inject dead", faults=2,
                  resets=2)
    for reply in ("seq", "type", "len", "result", "late", "none"):
        yield Row("recovery", f"loader reply: {reply}", "exception", f"inject boot-reply {reply} 5", faults=2)
    for n in (1, 2):
        yield Row("recovery", f"power cycle fails {n} times", "exception", f"inject dead-power {n}", faults=1 + n,
                  limit=90)
    # more than there are slots for keys, should they get lost
    yield Row("recovery", "12 times in a row", "exceptions", [], faults=12, resets=12)
    yield Row("recovery", "firmware survives the reset for 15 s", "exception",
              ["set reset.effect running", "at 15 set reset.effect rom"], limit=120)
    for text, what in START.items():
        for act in ("up", "exception"):
            yield Row("start", text, act, f"inject {what}", faults=1 + (act == "exception"),
                      resets=1 + (act == "exception"), limit=90)


START = {"no start-up indication": "no-startup", "start-up with an error": "startup-status 1",
         "the Wi-Fi bit is not set": "no-wifi-ready 1",
         "no buffers offered": "mangle 0x801 byte 4 0", "one buffer offered": "mangle 0x801 byte 4 1",
         "two buffers offered": "mangle 0x801 byte 4 2"}


def removal():
    for step in COLD:
        yield Row("removal", f"in step {step}", "plug", f"when {step} unplug", faults=0, final=True)
    for step in WARM:
        yield Row("removal", f"in step {step} of a recovery", "exception", f"when {step} unplug", final=True)
    for n in requests():
        yield Row("removal", f"when {title(n)} is sent", when_of(n), f"when {ids()[n]:#x} unplug", faults=0, final=True)
    for name, number, moment, extra in from_chip():
        if not extra or not extra.startswith("inject"):
            yield Row("removal", f"when the {name} comes", moment, f"when {number:#x} unplug", faults=0, final=True)
    yield Row("removal", "at rest", "idle", "unplug", faults=0, final=True)
    yield Row("removal", "while the chip is dead", "idle", ["inject dead", "at 0.5 unplug"], final=True)


def interrupts():
    for act in LIFE[1:]:
        yield Row("interrupt", "lost", act, "inject lose-irq 1", resets=0)
        yield Row("interrupt", "20 lost", act, "inject lose-irq 20", faults=2)
    for act in ("idle", "traffic"):
        yield Row("interrupt", "spurious", act, "inject spurious-irq", resets=0)
        yield Row("interrupt", "50 spurious, 10 ms apart", act,
                  [f"at {i / 100:.2f} inject spurious-irq" for i in range(1, 51)], faults=50, resets=0)
    for act in LIFE:
        yield Row("interrupt", "stuck for 500 ms", act, "inject stuck-irq 500")


def garbage():
    for act in ("idle", "traffic", "connect"):
        more = ["inject spurious-irq"] if act == "idle" else []
        for byte in (0x01, 0x33, 0x34, 0x7f, 0x80, 0x81, 0xb3, 0xb4, 0xff):
            yield Row("garbage", f"length register shows {byte:#04x}", act, [f"inject length-byte {byte:#x}", *more],
                      faults=1 + len(more))
        if act != "idle":
            for kind in ("short", "huge", "unaligned", "count17"):
                yield Row("garbage", f"burst badly packed: {kind}", act, f"inject bad-message {kind}")
            yield Row("garbage", "sequence number jumps", act, "inject seq-jump")
        yield Row("garbage", "toggle jumps", act, "inject toggle")
        yield Row("garbage", "length register lags behind 3 times", act, "inject stale 3", resets=0)
        yield Row("garbage", "length register lags behind 100 times", act, "inject stale 100")
    yield Row("garbage", "an empty length register is called busy 1000 times", "traffic",
              ["inject zero-busy 1000", "inject spurious-irq"], faults=2)


def credits():
    for act in ("traffic",):
        for n in (0, 2, 17, 200):
            yield Row("credits", f"a multi TX confirm counts {n}", act, f"inject mangle 0x41e byte 4 {n}")
        yield Row("credits", "a TX confirm names another frame", act, "inject mangle 0x404 byte 4 0x3f")
        yield Row("credits", "a multi TX confirm names another frame", act, "inject mangle 0x41e byte 8 0x3f")
        yield Row("credits", "a TX confirm comes 30 times", act, "inject mangle 0x404 dup 30")
    yield Row("credits", "a confirm of write mib comes 30 times", "connect", "inject mangle 0x406 dup 30")


def deaths():
    for act in LIFE:
        for text, what in (("firmware exception", "exception"), ("no answer to any command", "dead"),
                           ("firmware silent for 10 s", "silence 10000"), ("MCU not ready any more", "lose-mcu-ready")):
            # in the act, not before it
            arm = f"inject {what}" if act in ("idle", "traffic") else f"when {FIRST[act]:#x} inject {what}"
            yield Row("death", text, act, arm, limit=90, spoils="lose" in what)


# The first message of an act
FIRST = {"scan": 0x007, "connect": 0x00b, "up": 0x009, "leave": 0x00a}


def access_points():
    for act in ("vanishes", "changes its channel", "restarts", "changes its passphrase for 10 s",
                "deauthenticates 7 times in 1 ms", "deauthenticates 17 times in 1.3 s",
                "disassociates", "asks to come back later"):
        # to be asked to come back, one has to vanish: the chip dies
        yield Row("access point", act, act, [], faults=0, resets=int("come back" in act), limit=120)


def every():
    rows = [r for make in (messages, receive, bus, boots, removal, interrupts, garbage, credits, deaths, access_points)
            for r in make()]
    names = [r.name for r in rows]
    assert len(set(names)) == len(names), {n for n in names if names.count(n) > 1}
    return rows


def select(patterns=(), sample=0):
    """Rows whose name contains one of the patterns; then so many of them, evenly spread."""
    rows = [r for r in every() if not patterns or any(fnmatch.fnmatch(r.name, f"*{p}*") for p in patterns)]
    if sample and sample < len(rows):
        rows = [rows[i * len(rows) // sample + len(rows) // sample // 2] for i in range(sample)]
    return rows


def listed(kind):
    """The file with the names of the rows that './chamber faults PATTERN...' is about."""
    return ROOT / "out" / f"faults-{kind}.txt"


if __name__ == "__main__":
    print("\n".join(r.name for r in every()))
