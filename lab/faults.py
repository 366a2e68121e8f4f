# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of faults: made from the wire header, the driver's sources and the lists below.

Both the host (which rows, the document) and the guest (what to do in each) read it.
"""
import fnmatch
import functools
import random
import re
import time
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


QUIET = 11      # s between two resets; the driver waits if they come sooner
NO_STARTUP = "no start-up indication"
# What the driver says of a reset, and what it says before some
FATAL = "{}: resetting the chip"
EXCEPTION = {r"firmware exception 4, .*lmac/emulated\.c": 1, FATAL.format("firmware exception"): 1}
NOT_UNDERSTOOD = FATAL.format("message not understood")
TOO_SHORT = {": (confirm )?too short$": 1, NOT_UNDERSTOOD: 1}
# While a station connects mac80211 asks for a lot, and says what a chip that has just died does not do: which of it,
# depends on the moment
HW_RESET = r"^mmc\d: tried to HW reset card, got error {}$"
IN_VAIN = {r"^wlan\d: failed to set TX queue parameters for AC \d$": (0, 4),
           r"^wlan\d: failed to set key .* to hardware \(-(5|19)\)$": (0, 2)}
REFUSED = {r"refused by the chip \(status 1\)": 1}


def again(error, pause=5):
    return rf"reset failed \({error}\), next try in {pause} s"


def count(wanted, got):
    """Whether a number is the one, or between the two, that was wanted."""
    low, high = wanted if isinstance(wanted, tuple) else (wanted, wanted)
    return low <= got <= high


# Acts that make a connection, and how many
JOINS = {"connect": 1, "leave": 1, "up": 1, "plug": 1, "exception": 1, "exceptions": 12}
# While a station connects these come with the join or after it
BEHIND = re.compile("(?<!write of )join|tx queue params|edca|driver|epta|set bss params|add key")
# A connection that fails without a reset: mac80211 or user space asks for another
REFUSED_JOIN = ["confirm of join, two bytes too short", "confirm of join, with an error status",
                "confirm of add key, with an error status"]


def joins_of(row):
    """
    Requests to join: none where the fault is absorbed, one for each connection that the act makes, or that a reset has
    cost. If the join was already asked for when the chip was reset, it is asked for again.
    """
    behind = row.act == "connect" and (row.group == "death" and row.what != "MCU not ready any more"
                                       or bool(BEHIND.search(row.what)))
    if row.gone:
        return int(behind)
    if row.what in REFUSED_JOIN:
        return 2
    return JOINS.get(row.act, int(row.resets != 0)) + (behind and row.resets != 0)


# s that an act lasts
LASTS = {"idle": 0.5, "traffic": 0.2, "scan": 0.5, "abort": 0.5, "leave": 0.5, "doze": 2, "exception": 0.5,
         "exceptions": QUIET, "plug": 0.5}
# s until the driver notices, by what it says (docs/architecture.md, Recovery), or what it waits for in vain
NOTICES = {"no confirm in time": 3, "scan does not end": 6, "channel switch does not end": 5, NO_STARTUP: 10,
           "length register unreadable": 0.5, "Wi-Fi does not become active": 5, "main firmware does not come up": 5,
           # a frame for the loader is tried four times, and each waits for room or an answer
           "loader does not answer": 10, "download .*failed": 10}
# Requests that may take 8 s: their confirm is missed so much later
SLOW = ["confirm of join, lost", "confirm of reset, lost", "firmware silent"]
# The driver looks each second and counts from the last confirm of any message; the kernel's own frames, three router
# solicitations 4 s apart, are confirmed meanwhile
FRAMES = ["confirm of tx, lost", "confirm of multi tx, lost", "a multi TX confirm counts 2"]
# s that a fault itself lasts: the slow answer, the bus that gives up, the command to the MCU that is given up
HOLDS = {"late by 1 s": 1, "stays busy": 1, "busy for 8 s": 1, "confirm of driver, lost": 3, "loader reply: late": 1}
# Behind these wpa_supplicant has begun the handshake: an end there can look like a wrong passphrase, and it leaves the
# access point alone for 10 s
HANDSHAKE = ["tx queue params", "edca", "driver", "epta", "set bss params", "add key"]
SHUNS = 10
SPARE = 1.5


def within(row):
    """Seconds from the last fault until it serves again: the act, the documented time, and a reset and a connection."""
    said = " ".join(row.says)
    pauses = [int(n) for n in re.findall(r"next try in (\d+) s", said)]
    s = LASTS.get(row.act, 0) + SPARE + sum(n for text, n in HOLDS.items() if text in row.what)
    s += sum(n for text, n in NOTICES.items() if re.search(text, said) and "for 8 s" not in row.what)
    # before the last one there is another fault, where there are many
    s += max(pauses, default=0) + 0.5 * len(pauses)
    s += 5 * (row.act in ("connect", "leave") and any(t in row.what for t in SLOW))
    s += 9 * any(t in row.what for t in FRAMES)
    if row.act == "connect":
        # user space looks for the network again, each second
        refused = row.what == "confirm of add key, with an error status"
        s += (row.resets != 0) + SHUNS * (refused or row.resets != 0 and any(t in row.what for t in HANDSHAKE))
    return s


def worth(row, result, virtual=True):
    """What a row did more, less, or later than it is worth: later only where the time is virtual."""
    if not count(row.faults, result["happened"]):
        yield f"{result['happened']} of {row.faults} faults happened"
    if not count(row.joins, result["joins"]):
        yield f"{result['joins']} requests to join, not {row.joins}"
    if result["end"] != "serves":
        return
    if not count(row.resets, result["resets"]):
        yield f"{result['resets']} resets, not {row.resets}"
    if not count(row.failed, result["failed"]):
        yield f"{result['failed']} resets failed, not {row.failed}"
    if virtual and result["seconds"] > row.within:
        yield f"back after {result['seconds']} s, not within {row.within:.2f} s"


class Row:
    """
    One fault, and all that it is worth. arm: lines for the control socket, given right before act, which is what the
    station does then.
    """

    def __init__(self, group, what, act, arm, says=None, **more):
        self.group, self.what, self.act = group, what, act
        self.arm = [arm] if isinstance(arm, str) else arm
        self.gone = more.pop("gone", False)     # the card is lost until it is plugged again
        self.removed = more.pop("removed", None)    # the card is removed once: in that step, or by that message
        # {pattern: how often} of the driver's lines; every line has its pattern. A pair: from, to
        self.says = dict(says or {})
        if self.gone and act == "plug" and self.removed not in ("loader", "wifi-start"):
            self.says["probe with driver bes2600 failed"] = 1
        told = sum(n for p, n in self.says.items() if "resetting the chip" in p)
        self.faults = more.pop("faults", 1)     # that happen: so many, or a pair: from, to
        self.resets = more.pop("resets", told)  # that end with running firmware: so many, or a pair: from, to
        self.failed = more.pop("failed", sum("reset failed" in p for p in self.says))   # others
        self.limit = more.pop("limit", 60)      # virtual seconds after which the row is given up
        self.joins = more.pop("joins", None)    # requests to join until it serves again: so many, or a pair: from, to
        if self.joins is None:
            self.joins = joins_of(self)
        self.within = more.pop("within", None) or within(self)      # virtual seconds until it serves again
        self.leaves = more.pop("leaves", None)  # pattern of what is still injected when the row ends
        # as says: warnings of others than the driver
        self.others = more.pop("others", IN_VAIN if act == "connect" and (told or self.gone) else {})
        self.proof = more.pop("proof", {})      # {counter or log: how often}: what came of it
        assert not more, more

    @property
    def name(self):
        return f"{self.group}: {self.what}, {self.act}".replace("/", "|")

    @property
    def timer(self):
        """Seconds after which the last timed line has been run."""
        return max([float(line.split()[1]) for line in self.arm if line.startswith("at ")], default=0)


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


# What the firmware may refuse without a line, and what a refusal leads to
REFUSALS = {"remove key": {}, "driver": {}, "tx": {}, "multi tx": {},
            "write mib": {"the firmware does not take MIB": 1}, "reset": {**REFUSED, FATAL.format("BSS not left"): 1}}
# Confirms with an end that firmware may leave out
OPTIONAL_END = {"configuration", "join"}


def of_confirm(name, text):
    """What the driver says of a spoiled confirm: sequence numbers, credits and lengths are exact, the rest is not looked at."""
    if text == "lost":
        return {} if name == "driver" else {FATAL.format("no confirm in time"): 1}
    if text == "twice":
        return {FATAL.format("confirm for nothing"): 1}
    if text == "only a header" or text == "two bytes too short" and name not in OPTIONAL_END:
        return TOO_SHORT
    if text == "with an error status":
        return REFUSALS.get(name, REFUSED)
    return {}


BAD_STARTUP = "unusable start-up indication: status {}, type 2, {} buffers"
# Those that somebody waits for
MISSED = {"scan complete": FATAL.format("scan does not end"), "startup": NO_STARTUP,
          "switch channel": FATAL.format("channel switch does not end"), "exception": FATAL.format("no confirm in time")}


def of_indication(name, text):
    """Of an indication: (lines, resets or None: those that are told)."""
    if text == "lost" and name in MISSED:
        return {MISSED[name]: 1}, 1
    if text in ("only a header", "two bytes too short"):
        return TOO_SHORT, None
    if name == "exception":
        return ({k.replace("exception 4", "exception 1"): v for k, v in EXCEPTION.items()}
                if text == "with an error status" else EXCEPTION), None
    if name == "startup" and text == "twice":
        return {FATAL.format("firmware started anew"): 1}, None
    if name == "startup" and text == "with an error status":
        return {BAD_STARTUP.format(1, 30): 1}, 1
    return {}, None


def of_message(name, text):
    if name.startswith("indication "):
        return of_indication(name[len("indication "):], text)
    return of_confirm(name[len("confirm of "):], text), None


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
            says, resets = of_message(name, text)
            more = {} if resets is None else {"resets": resets}
            if text == "with an error status" and name == "confirm of edca":
                more["others"] = {r"^wlan\d: failed to set TX queue parameters for AC 0$": 1}
            yield Row("message", f"{name}, {text}", moment, arm, says, faults=len(arm), **more)
    for name, number in UNEXPECTED.items():
        says = {}
        if "confirm" in name:
            says = {FATAL.format("confirm for nothing"): 1}
        elif "Bluetooth" in name or "MCU" in name:
            says = TOO_SHORT
        yield Row("message", f"{name} out of nothing", "idle", f"inject message {number:#x} 12", says)
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
                  f"inject mangle 0x804 short {length}")
    for name, (at, values) in LIES.items():
        for value in values:
            yield Row("receive", f"{name} is {value:#x}", "traffic", f"inject mangle 0x804 byte {at} {value:#x}")
    for code, text in ((4, "decrypted"), (5, "verified"), (9, "decrypted for want of a key")):
        # five at a time end a connection, and the third end within a minute resets the chip
        says = {"decrypt-storm fast-recover: forcing reassoc": 3,
                FATAL.format("the AP is lost again and again"): 1} if code == 4 else {}
        # a frame that is lost is asked for again until all have happened; CCMP minds no MIC error, so no more than come
        n = 8 if code == 5 else 30
        yield Row("receive", f"{n} frames that could not be {text}", "traffic", f"inject rx-status {code} {n}", says,
                  faults=n, joins=3 if code == 4 else 0)
    for event, text in ((1, "that the network is lost"), (2, "that it is back"), (0, "an error"), (99, "nonsense")):
        yield Row("receive", f"the chip reports {text}, wrongly", "idle", f"inject event {event} 0")
    yield Row("receive", "the chip reports 20 times that the network is lost, wrongly", "idle",
              ["inject event 1 0"] * 20, faults=20)


BUS = {"CRC error, not taken": "crc-write", "CRC error, taken": "crc-status", "no answer": "timeout",
       "stays busy": "busy"}
BUS_READ = {"CRC error": "crc-read", "no answer": "timeout", "stays busy": "busy"}
NOT_TAKEN, UNREADABLE = FATAL.format("burst not taken"), FATAL.format("burst unreadable")


def of_read(name, text):
    """CRC errors are repeated."""
    if "CRC" in text:
        return EXCEPTION if "exception" in name else {}
    return {UNREADABLE: 1}


def bus():
    for n in requests():
        for text, kind in BUS.items():
            yield Row("bus", f"write of {title(n)}: {text}", when_of(n), f"inject {kind} 1 {ids()[n]:#x}",
                      {} if "CRC" in text else {NOT_TAKEN: 1})
    for name, number, moment, extra in from_chip():
        more = [extra] if extra and extra.startswith("inject") else []
        for text, kind in BUS_READ.items():
            where = "" if kind == "crc-read" else " read"
            yield Row("bus", f"read of {name}: {text}", moment, [f"inject {kind} 1 {number:#x}{where}", *more],
                      of_read(name, text), faults=1 + len(more))
    for act in LIFE[1:]:
        # what comes first when the interface comes up is a register, which is read again
        says = {} if act == "up" else {NOT_TAKEN: 1}
        for n in (1, 3):
            yield Row("bus", f"{n} registers with a CRC error", act, f"inject crc-response {n}", faults=n)
            yield Row("bus", f"{n} commands without an answer", act, f"inject timeout {n}", says, faults=n)
    for kind, says in LASTING.items():
        yield Row("bus", f"{kind} for 8 s", "traffic", [f"inject {kind} 1000000", "at 8 inject none"], says,
                  faults=HAPPEN[kind], resets=1, limit=90,
                  others={HW_RESET.format(-110): 2} if kind == "timeout" else {})


# How often in 8 s: a burst and two resets, each tried 4 times if the CRC is bad; the core asks a card that does not
# answer 7 times in each reset
HAPPEN = {"crc-read": 12, "crc-write": 12, "crc-status": 12, "timeout": 15, "busy": 5}
# For 8 s: two resets fail, and the third is 15 s after the second; a card that is busy costs the first one 4 s more
LASTING = {"crc-read": {UNREADABLE: 1, r"the loader does not answer \(-84\)": 2, again(-84): 1, again(-84, 15): 1},
           "crc-write": {NOT_TAKEN: 1, r"the loader does not answer \(-84\)": 2, again(-84): 1, again(-84, 15): 1},
           "crc-status": {NOT_TAKEN: 1, r"the loader does not answer \(-84\)": 2, again(-84): 1, again(-84, 15): 1},
           "timeout": {NOT_TAKEN: 1, again(-110): 1, again(-110, 15): 1},
           "busy": {NOT_TAKEN: 1, r"the loader does not answer \(-110\)": 1, again(-110): 1}}


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


# What the driver says of a chip that does not answer in a step any more, with the error
DIES = {"pokes": r"the loader does not answer \({}\)", "factory": r"download of the calibration failed \({}\)",
        "boot-image": r"best2002_fw_boot_sdio.bin: download failed \({}\)",
        "calibration": r"no calibration result from the chip \({}\)",
        "dpd-read": r"no calibration result from the chip \({}\)",
        "dpd-write": r"download of the calibration result failed \({}\)",
        "main-image": r"best2002_fw_sdio.bin: download failed \({}\)",
        "main-start": r"the main firmware does not come up \({}\)", "main": r"the main firmware does not come up \({}\)",
        "wifi-start": r"Wi-Fi does not become active \({}\)"}
DEAF = FATAL.format("length register unreadable")


def boots():
    for step in COLD:
        for text, kind in boot_faults(step):
            # the mmc core reads registers while the card comes back from its reset, and gives up after an error
            gone = step == "loader" and kind == "crc-response"
            says = {"cannot bring the chip to its loader": 1} if gone else {}
            if step == "wifi-start" and kind == "busy":
                says = {UNREADABLE: 1}
            yield Row("boot", f"{text} in step {step}", "plug", f"when {step} inject {kind} 1", says, gone=gone)
    for step in WARM:
        for text, kind in boot_faults(step):
            says = dict(EXCEPTION)
            if step == "loader" and kind == "crc-response":
                says[again(-84)] = 1
            if step == "wifi-start" and kind == "busy":
                says.update({UNREADABLE: 1, again(-5): 1})
            yield Row("recovery", f"{text} in step {step}", "exception", f"when {step} inject {kind} 1", says,
                      faults=2, resets=1)
    for step in COLD[1:]:
        says = {DIES[step].format(-110): 1, **({DEAF: 1} if step == "wifi-start" else {})}
        yield Row("boot", f"the chip dies in step {step}", "plug", f"when {step} inject dead", says,
                  gone=step != "wifi-start")
    for step in WARM[1:]:
        says = {**EXCEPTION, DIES[step].format(-110): 1, again(-110): 1, **({DEAF: 1} if step == "wifi-start" else {})}
        yield Row("recovery", f"the chip dies in step {step}", "exception", f"when {step} inject dead", says, faults=2,
                  resets=1)
    for reply in ("seq", "type", "len", "result", "late", "none"):
        yield Row("recovery", f"loader reply: {reply}", "exception", f"inject boot-reply {reply} 5", EXCEPTION, faults=2)
    for n in (1, 2):
        says = {**EXCEPTION, again(-110): 1, **({again(-110, 15): 1} if n == 2 else {})}
        yield Row("recovery", f"power cycle fails {n} times", "exception", f"inject dead-power {n}", says, faults=1 + n,
                  resets=1, limit=90, others={HW_RESET.format(-110): n})
    # more than there are slots for keys, should they get lost
    yield Row("recovery", "12 times in a row", "exceptions", [], {p: 12 for p in EXCEPTION}, faults=12)
    # the firmware is started anew by its Wi-Fi bit, and the row lasts until the reset is one again
    yield Row("recovery", "firmware survives the reset for 15 s", "exception",
              ["set reset.effect running", "at 15 set reset.effect rom"],
              {**EXCEPTION, "firmware still runs after a card reset, going on with it": 1}, limit=120)
    for text, (what, says, error) in START.items():
        for act in ("up", "exception"):
            crash = act == "exception"
            yield Row("start", text, act, f"inject {what}",
                      {**says, **(EXCEPTION if crash else {}), **({again(error): 1} if crash and says else {})},
                      faults=1 + crash, resets=int(bool(says) or crash), limit=90)


# What is injected, what is said of it, and the error of the reset that meets it
START = {"no start-up indication": ("no-startup", {NO_STARTUP: 1}, -110),
         "start-up with an error": ("startup-status 1", {BAD_STARTUP.format(1, 30): 1}, -71),
         "the Wi-Fi bit is not set": ("no-wifi-ready 1", {DIES["wifi-start"].format(-110): 1}, -110),
         "no buffers offered": ("mangle 0x801 byte 4 0", {BAD_STARTUP.format(0, 0): 1}, -71),
         "one buffer offered": ("mangle 0x801 byte 4 1", {BAD_STARTUP.format(0, 1): 1}, -71),
         "two buffers offered": ("mangle 0x801 byte 4 2", {}, 0)}


# A step begins with the last word of the one before it, which then is not answered
LAST_WORD = {"calibration": "boot-image", "main-image": "dpd-read", "main-start": "main-image"}


def removal():
    for step in COLD:
        says = {} if step == "loader" else {DIES[LAST_WORD.get(step, step)].format(-123): 1}
        yield Row("removal", f"in step {step}", "plug", f"when {step} unplug", says, faults=0, gone=True, removed=step)
    for step in WARM:
        where = "main-image" if step == "main-start" else step
        says = {**EXCEPTION, **({} if step == "loader" else {DIES[where].format(-123): 1})}
        yield Row("removal", f"in step {step} of a recovery", "exception", f"when {step} unplug", says, gone=True,
                  removed=step, others={HW_RESET.format(-123): 1} if step == "loader" else {})
    for n in requests():
        yield Row("removal", f"when {title(n)} is sent", when_of(n), f"when {ids()[n]:#x} unplug", faults=0, gone=True,
                  removed=ids()[n])
    for name, number, moment, extra in from_chip():
        # commands of the MCU and their confirms have the same number
        if number in [ids()[n] for n in requests()] or extra and extra.startswith("inject"):
            continue
        says = {DIES["wifi-start"].format(-123): 1} if "startup" in name else {}
        yield Row("removal", f"when the {name} comes", moment, f"when {number:#x} unplug", says, faults=0, gone=True,
                  removed=number)
    yield Row("removal", "at rest", "idle", "unplug", faults=0, gone=True, removed="wifi")
    yield Row("removal", "while the chip is dead", "idle", ["inject dead", "at 0.5 unplug"], gone=True, removed="wifi")


def interrupts():
    for act in LIFE[1:]:
        yield Row("interrupt", "lost", act, "inject lose-irq 1")
        # a scan has fewer: the others are left. Its end is found when it is stopped for being late
        more = {"faults": (12, 14), "leaves": "lose-irq", "within": 7} if act == "scan" else {"faults": 20}
        yield Row("interrupt", "20 lost", act, "inject lose-irq 20", **more)
    for act in ("idle", "traffic"):
        yield Row("interrupt", "spurious", act, "inject spurious-irq")
        yield Row("interrupt", "50 spurious, 10 ms apart", act,
                  [f"at {i / 100:.2f} inject spurious-irq" for i in range(1, 51)], faults=50)
    for act in LIFE:
        yield Row("interrupt", "stuck for 500 ms", act, "inject stuck-irq 500")


def of_length(blocks, toggle, act):
    """A length that is not true and looks new is believed; one that looks old waits until it has settled."""
    if toggle == "last" or not blocks or blocks == 1 and act != "idle":
        return {}
    return {UNREADABLE if blocks <= 51 else FATAL.format("burst longer than 51 blocks announced"): 1}


def garbage():
    for act in ("idle", "traffic", "connect"):
        more = ["inject spurious-irq"] if act == "idle" else []
        for toggle in ("next", "last"):
            for blocks in (0, 1, 51, 52, 127):
                yield Row("garbage", f"length register shows {blocks} blocks, toggle of the {toggle} burst", act,
                          [f"inject length-byte {blocks} {toggle}", *more], of_length(blocks, toggle, act),
                          faults=1 + len(more))
        if act != "idle":
            for kind in ("short", "huge", "unaligned", "count17"):
                yield Row("garbage", f"burst badly packed: {kind}", act, f"inject bad-message {kind}",
                          {} if kind == "unaligned" else {FATAL.format("burst badly packed"): 1})
            yield Row("garbage", "sequence number jumps", act, "inject seq-jump",
                      {": out of sequence": 1, NOT_UNDERSTOOD: 1})
        yield Row("garbage", "toggle jumps", act, "inject toggle", {FATAL.format("no confirm in time"): 1})
        # the next message ends it
        yield Row("garbage", "length register lags behind 3 times", act, "inject stale 3", leaves="stale")
        yield Row("garbage", "length register lags behind 100 times", act, "inject stale 100", leaves="stale")
    # the interrupt, and the driver's two readings for it; who finds nothing reads no more
    yield Row("garbage", "an empty length register is called busy 1000 times", "traffic",
              ["inject zero-busy 1000", "inject spurious-irq"], faults=3, leaves="zero-busy")


def credits():
    for n in (0, 2, 17, 200):
        says = {FATAL.format("no confirm in time"): 1} if n == 2 else {": wrong count": 1, NOT_UNDERSTOOD: 1}
        yield Row("credits", f"a multi TX confirm counts {n}", "traffic", f"inject mangle 0x41e byte 4 {n}", says)
    yield Row("credits", "a TX confirm names another frame", "traffic", "inject mangle 0x404 byte 4 0x3f")
    yield Row("credits", "a multi TX confirm names another frame", "traffic", "inject mangle 0x41e byte 8 0x3f")
    for what, number, act in (("TX", 0x404, "traffic"), ("write mib", 0x406, "connect")):
        name = "a TX confirm" if what == "TX" else f"a confirm of {what}"
        yield Row("credits", f"{name} comes 30 times", act, f"inject mangle {number:#x} dup 30",
                  {FATAL.format("confirm for nothing"): 1})


def deaths():
    for act in LIFE:
        quiet = act in ("idle", "traffic")
        for text, what, says in (
                ("firmware exception", "exception", EXCEPTION),
                # somebody is about to write, or the chip has just been written to and is asked for the answer
                ("no answer to any command", "dead", {NOT_TAKEN if quiet else DEAF: 1}),
                ("firmware silent for 10 s", "silence 10000", {FATAL.format("no confirm in time"): 1}),
                ("MCU not ready any more", "lose-mcu-ready", {})):
            # in the act, not before it
            arm = f"inject {what}" if quiet else f"when {FIRST[act]:#x} inject {what}"
            yield Row("death", text, act, arm, says, limit=90)


# The first message of an act
FIRST = {"scan": 0x007, "connect": 0x00b, "up": 0x009, "leave": 0x00a}


# What came of it: lines of the kernel and of hostapd, counters of the driver and of the emulator
ACCESS_POINTS = {
    "vanishes": {"driver ConnectionLosses": 1, "kernel Connection to AP .* lost": 1},
    "changes its channel": {"hostapd AP-CSA-FINISHED": 1, "channel": 1, "driver ConnectionLosses": 0},
    "restarts": {"hostapd AP-ENABLED": 1, "kernel deauthenticated from": 1},
    "changes its passphrase for 10 s": {"hostapd AP-STA-POSSIBLE-PSK-MISMATCH": (1, 20),   # user space asks as it likes
                                        "kernel deauthenticated from": (1, 20)},
    "deauthenticates 7 times in 1 ms": {"shell frames_forged": 7, "kernel deauthenticated from": 1,
                                        "driver UnprotDeauthRx": 7},
    # the first ends the connection, and the chip hears none until the next one, which user space soon gives up
    "deauthenticates 17 times in 1.3 s": {"shell frames_forged": 17, "kernel deauthenticated from": (1, 3),
                                          "driver UnprotDeauthRx": (1, 3)},
    "disassociates": {"hostapd AP-STA-DISCONNECTED": 1, "kernel disassociated from": 1},
    "asks to come back later": {"kernel comeback": (1, 3)},
}
# Requests to join, and s until it serves again: the act, up to 5 s between two of user space's scans, 10 s in which it
# leaves the access point alone, and 1.5 s
AFTER = {"vanishes": (1, 18.5), "changes its channel": (0, 2.5), "restarts": (1, 2.5),
         # user space asks as it likes
         "changes its passphrase for 10 s": ((1, 20), 21.5), "deauthenticates 17 times in 1.3 s": ((1, 3), 13.5),
         "deauthenticates 7 times in 1 ms": (1, 2), "disassociates": (1, 2),
         # one that is put off by 1 s, and one when the network is changed back
         "asks to come back later": (2, 3)}
THROWN_OUT = {r"the AP throws us out \(reason 7": 1}


def access_points():
    for act, proof in ACCESS_POINTS.items():
        says = {}
        if "7 times in 1 ms" in act:
            says = THROWN_OUT
        if "come back" in act:
            # to be asked to come back, one has to vanish: the chip dies
            says = {NOT_TAKEN: 1}
        yield Row("access point", act, act, [], says, faults=int("come back" in act), limit=120, proof=proof,
                  joins=AFTER[act][0], within=AFTER[act][1])


@functools.lru_cache(maxsize=1)
def table():
    rows = [r for make in (messages, receive, bus, boots, removal, interrupts, garbage, credits, deaths, access_points)
            for r in make()]
    names = [r.name for r in rows]
    assert len(set(names)) == len(names), {n for n in names if names.count(n) > 1}
    return rows


def every():
    return list(table())


def today():
    """The seed of a sample, if none is given."""
    return time.strftime("%Y%m%d")


def select(patterns=(), sample=0, seed=""):
    """Rows whose name contains one of the patterns; then so many of them, one of each of as many stretches of the table."""
    rows = [r for r in every() if not patterns or any(fnmatch.fnmatch(r.name, f"*{p}*") for p in patterns)]
    if sample and sample < len(rows):
        dice = random.Random(f"sample {seed}")
        ends = [i * len(rows) // sample for i in range(sample + 1)]
        rows = [rows[dice.randrange(a, b)] for a, b in zip(ends, ends[1:])]
    return rows


def shuffled(rows, seed):
    """In another order: no row may depend on those before it."""
    rows = list(rows)
    random.Random(f"order {seed}").shuffle(rows)
    return rows


def listed(kind):
    """The file with the names of the rows that './chamber faults PATTERN...' is about."""
    return ROOT / "out" / f"faults-{kind}.txt"


if __name__ == "__main__":
    print("\n".join(r.name for r in every()))
