# SPDX-License-Identifier: GPL-2.0-or-later
"""Once through everything, for kernels that run in real time: no figure is judged."""

ARGS = {}


def run(lab):
    lab.bring_up()
    lab.ap()
    lab.expect(lab.scan(), "the scan finds nothing")
    lab.figure("connect_s", round(lab.connect(), 3))
    lab.step("connected: " + " ".join(lab.link().split()))
    lab.address()
    got, rtt = lab.ping(count=10, interval=0.2)
    lab.expect(got == 10, f"{10 - got} of 10 pings lost")
    lab.figure("ping_ms", rtt)
    lab.figure("down_mbps", lab.iperf("-R", seconds=3))
    lab.figure("up_mbps", lab.iperf(seconds=3))
    lab.step(f"traffic: {lab.figures}")
    lab.show(lab.debugfs("stats"))
    lab.wpa_cli("disconnect")
    lab.wait(lambda: "Not connected" in lab.link(), "the end of the connection", 10)
    lab.stop(lab.wpa)
    lab.down()
    lab.unload("bes2600")
    lab.step("disconnected, driver unloaded")
