# SPDX-License-Identifier: GPL-2.0-or-later
"""The driver's sources keep what its DOC: Locking says."""
import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "drivers/bes2600"

LOCK_TYPES = r"(?:(?:raw_)?spinlock_t|rwlock_t|seqlock_t|struct (?:mutex|rw_semaphore|semaphore|rt_mutex))"
DECLARED = re.compile(rf"\b{LOCK_TYPES}\s+(\w+)\s*;|\bDEFINE_(?:MUTEX|SPINLOCK|RAW_SPINLOCK|RWLOCK|SEMAPHORE)\((\w+)")
# a function at the left margin: its kernel-doc if there is one, its name, its body
FUNCTION = re.compile(r"(?:^(/\*\*\n(?: \*[^\n]*\n)*? \*/\n))?(?:^VISIBLE_IF_KUNIT\n)?"
                      r"^[a-z][^\n;{}=]*?\b(\w+)\((?:[^;{}()]|\([^()]*\))*\)\n\{\n(.*?)^\}", re.M | re.S)
CALL = re.compile(r"\b([a-z_]\w*)\s*\(")
TAKE = re.compile(r"\b(?:raw_)?(?:spin|read|write)_(?:try)?lock(?!_init)\w*\(&?([\w>.-]+)")
DROP = re.compile(r"\b(?:raw_)?(?:spin|read|write)_unlock\w*\(&?([\w>.-]+)")
SLEEPS = re.compile(r"^(mutex_lock|wiphy_lock|wait_for_completion\w*|wait_event\w*|msleep|usleep_range|schedule\w*|"
                    r"synchronize_\w+|flush_\w+|cancel_\w+_sync|sdio_\w+|mmc_\w+|bes_bus_\w+|bes_cmd)$")
# lists whose own lock would be one that nobody has heard of
OWN_LOCK = re.compile(r"(?<!_)\bskb_(queue_head_init|queue_tail|queue_head|dequeue\w*|queue_purge\w*|append|unlink)\(")
# what each spinlock guards, and how it may be looked at without: a hint that is looked at again under the lock
GUARDED = {"bes->cmd_lock": ["cmd"], "bes->list_lock": ["rx_list", "done_list", "ind_list", "mgmt_list"]}
PEEK = re.compile(r"READ_ONCE\(bes->cmd\)|skb_queue_empty_lockless\(&bes->\w+\)")
# before anybody else knows the device, and when nobody does any more
ALONE = {"bes_core_alloc", "bes_core_free", "bes_op_stop", "bes_rx_exit"}
# mac80211 calls these without the wiphy mutex, or they touch nothing
UNLOCKED = {"bes_op_tx", "bes_op_wake_tx_queue", "bes_op_prepare_multicast", "bes_op_flush", "bes_op_ampdu_action",
            "bes_op_sta_state"}


def plain(text):
    """Without comments and texts, which may look like code; as many lines as before."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def functions(text):
    """(name, kernel-doc, body) of each function."""
    return [(name, doc or "", plain(body)) for doc, name, body in FUNCTION.findall(text)]


def sources():
    return {p.name: p.read_text() for p in sorted(SOURCES.glob("*.[ch]"))}


def locks(texts):
    """Names of all locks that are declared."""
    return {a or b for text in texts.values() for a, b in DECLARED.findall(plain(text))}


def doc(texts):
    return re.search(r"/\*\*\n \* DOC: Locking\n.*?\*/", texts["bes2600.h"], re.S)[0]


def undocumented(texts):
    """A lock is documented by a paragraph of its own, whose first line names it and says whether it sleeps."""
    heads = re.findall(r"^ \* (\S.*) \((?:sleeps|spins)\b[^)]*\)", doc(texts), re.M)
    return {name for name in locks(texts) if not any(re.search(rf"\b{name}$", head) for head in heads)}


def without_assert(texts):
    """Functions that say "wiphy mutex." or are called with it, and do not assert it."""
    out = set()
    for text in texts.values():
        for name, said, body in functions(text):
            held = "wiphy mutex." in said or "wiphy mutex," in said
            called = name.startswith("bes_op_") and name not in UNLOCKED
            if (held or called) and "lockdep_assert_wiphy(" not in body:
                out.add(name)
    return out


def sections(body):
    """
    (lock, its calls) of each stretch of a body under a spinlock; complaints; and (lock or None, statement) of all
    statements. A lock that is dropped in an inner block which leaves the function is still held behind that block.
    """
    depth, held, done, left, wrong, each = 0, None, [], None, [], []
    for statement in re.findall(r"[^;{}]*[;{}]", body):
        if statement.endswith("}"):
            depth -= 1
            if left and depth < left["at"]:
                if not left["leaves"]:
                    wrong.append(f"{left['section'][0]} is dropped in a block that goes on")
                held, left = left["section"], None
        if left and re.match(r"\s*(return|goto)\b", statement):
            left["leaves"] = True
        each.append((held[0] if held else None, statement))
        take, drop = TAKE.search(statement), DROP.search(statement)
        if take:
            if held:
                wrong.append(f"{take[1]} is taken under {held[0]}")
            if "_bh(" not in take[0] and "local_bh_disable" not in body[:body.find(statement)]:
                wrong.append(f"{take[1]} is taken with BHs enabled")
            held = (take[1], [], depth)
            done.append(held)
        elif drop:
            if not held or held[0] != drop[1]:
                wrong.append(f"{drop[1]} is dropped and was not held")
            elif depth > held[2]:
                left = {"section": held, "at": depth, "leaves": False}
            held = None
        elif held:
            held[1].extend(CALL.findall(statement))
        depth += statement.endswith("{")
    if held:
        wrong.append(f"{held[0]} is held at the end")
    return [(lock, calls) for lock, calls, _ in done], wrong, each


def closure(bodies, seeds):
    """All functions that call one of those, directly or not."""
    found = set(seeds)
    while True:
        more = {name for name, calls in bodies.items() if calls & found} - found
        if not more:
            return found
        found |= more


def broken_sections(texts):
    """What is done under a spinlock and must not be."""
    every = [(name, body) for text in texts.values() for name, _, body in functions(text)]
    calls = {name: set(CALL.findall(body)) for name, body in every}
    takes = closure(calls, {name for name, body in every if TAKE.search(body)})
    calls_up = closure(calls, {c for names in calls.values() for c in names if c.startswith("ieee80211_")})
    sleeps = closure(calls, {c for names in calls.values() for c in names if SLEEPS.match(c)})
    out = []
    for name, body in every:
        found, wrong, each = sections(body)
        out += [f"{name}: {text}" for text in wrong]
        for lock, members in GUARDED.items():
            out += [f"{name}: {lock} is not held: {text.strip()}" for held, text in each
                    if held != lock and name not in ALONE
                    and re.search(rf"\bbes->(?:{'|'.join(members)})\b", PEEK.sub("", text))]
        for lock, called in found:
            for what, bad in (("takes a spinlock", takes), ("calls mac80211", calls_up), ("sleeps", sleeps)):
                out += [f"{name}: {c}() {what} under {lock}" for c in called if c in bad]
    return out


def test_the_parser_sees_the_driver():
    texts = sources()
    names = [name for text in texts.values() for name, _, _ in functions(text)]
    # what starts a body at the left margin, by another way
    braces = sum(len(re.findall(r"^\{$", text, re.M)) for text in texts.values())
    assert len(names) == braces and braces > 350
    assert locks(texts) == {"cmd_lock", "list_lock", "lock"}
    taken = sum(len(sections(body)[0]) for text in texts.values() for _, _, body in functions(text))
    assert taken == sum(len(TAKE.findall(plain(text))) for text in texts.values()) >= 10


def test_every_lock_is_documented():
    texts = sources()
    assert not undocumented(texts)
    for name in ("wiphy mutex", "bes->compat.lock", "mmc host claim", "bes->cmd_lock", "bes->list_lock"):
        assert re.search(rf"^ \* {name} \((sleeps|spins)", doc(texts), re.M), name


def test_the_order_is_that_of_the_text():
    heads = re.findall(r"^ \* (\S.*) \((sleeps|spins)\b", doc(sources()), re.M)
    kinds = [kind for _, kind in heads]
    assert kinds == sorted(kinds) and "wiphy" in heads[0][0]


def test_the_wiphy_mutex_is_asserted():
    assert not without_assert(sources())


def test_spinlocks_are_leaves():
    assert not broken_sections(sources())


def test_what_is_guarded_is_what_the_text_says():
    text = doc(sources())
    for lock, members in GUARDED.items():
        paragraph = re.search(rf"^ \* {lock} \(.*?^ \*$", text, re.M | re.S)[0]
        assert all(re.search(rf"\b{name}\b", paragraph) for name in members)


def test_lists_have_no_lock_of_their_own():
    assert not [(n, m[0]) for n, text in sources().items() for m in OWN_LOCK.finditer(plain(text))]


# ---- that the tests can fail ----

GOOD = """static void f(struct bes_dev *bes)
{
	spin_lock_bh(&bes->cmd_lock);
	if (bes->state) {
		spin_unlock_bh(&bes->cmd_lock);
		return;
	}
	bes->cmd = NULL;
	%s
	spin_unlock_bh(&bes->cmd_lock);
}

static void takes(struct bes_dev *bes)
{
	spin_lock_bh(&bes->list_lock);
	spin_unlock_bh(&bes->list_lock);
}

static void outer(struct bes_dev *bes)
{
	takes(bes);
}

static void report(struct bes_dev *bes)
{
	ieee80211_wake_queues(bes->hw);
}
"""


def test_a_good_section_passes():
    assert not broken_sections({"x.c": GOOD % "bes->n++;"})


@pytest.mark.parametrize("line, complaint", [
    ("spin_lock_bh(&bes->list_lock);", "is taken under"),
    ("takes(bes);", "takes a spinlock"),
    ("outer(bes);", "takes a spinlock"),
    ("ieee80211_wake_queues(bes->hw);", "calls mac80211"),
    ("report(bes);", "calls mac80211"),
    ("bes_bus_claim(bes);", "sleeps"),
    ("wait_for_completion(&x);", "sleeps"),
    ("__skb_queue_tail(&bes->ind_list, skb);", "list_lock is not held"),
    ("spin_unlock_bh(&bes->cmd_lock);\n\tbes->cmd = NULL;\n\tspin_lock_bh(&bes->cmd_lock);", "cmd_lock is not held"),
    ("if (x) {\n\t\tspin_unlock_bh(&bes->cmd_lock);\n\t}", "goes on"),
    ("spin_unlock_bh(&bes->cmd_lock);", "was not held"),
    ("spin_unlock_bh(&bes->cmd_lock);\n\tspin_lock(&bes->cmd_lock);", "BHs enabled"),
])
def test_a_bad_section_fails(line, complaint):
    assert any(complaint in text for text in broken_sections({"x.c": GOOD % line}))


def test_a_bad_call_in_the_driver_fails():
    texts = sources()
    at = "	__skb_queue_tail(&bes->mgmt_list, skb);\n"
    for line, complaint in (("ieee80211_free_txskb(hw, skb);", "calls mac80211"),
                            ("bes_cmd_complete(bes, 0, NULL, 0);", "takes a spinlock"),
                            ("bes_mib_u32(bes, 0, 0, 0);", "sleeps")):
        changed = {**texts, "tx.c": texts["tx.c"].replace(at, f"{at}	{line}\n", 1)}
        assert [text for text in broken_sections(changed) if text.startswith("bes_op_tx: ") and complaint in text]


@pytest.mark.parametrize("line", ["spinlock_t new_lock;", "struct mutex new_lock; /* x */",
                                  "static DEFINE_MUTEX(new_lock);"])
def test_a_new_lock_fails(line):
    texts = sources()
    texts["sta.c"] += f"\n{line}\n"
    assert undocumented(texts) == {"new_lock"}


def test_a_missing_assert_fails():
    texts = sources()
    for name in ("bes_wifi_try", "bes_core_start", "bes_restart_result", "bes_sta_leave", "bes_op_conf_tx"):
        file = next(n for n, text in texts.items() if name in [f for f, _, _ in functions(text)])
        at = texts[file].index("lockdep_assert_wiphy(", re.search(rf"\b{name}\([^;]*?\)\n\{{", texts[file]).start())
        changed = {**texts, file: texts[file][:at] + texts[file][at:].replace("lockdep_assert_wiphy", "x", 1)}
        assert without_assert(changed) == {name}


def test_a_hidden_lock_fails():
    assert OWN_LOCK.search("	skb_queue_tail(&bes->ind_list, skb);")
    assert not OWN_LOCK.search("	__skb_queue_tail(&bes->ind_list, skb);")
