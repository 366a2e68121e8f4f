# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest with Debian's own kernel, under QEMU: two processors, real time, modules by their aliases."""
import functools
import lzma
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

from kernels import ROOT, BuildError, compile_modules

KIND = "debian"
# What differs between the machines that the chamber may run on; the guest is of the same architecture
Machine = namedtuple("Machine", "program options kernels console")
HOSTS = {
    "x86_64": Machine("qemu-system-x86_64", [], "amd64", "ttyS0"),
    "aarch64": Machine("qemu-system-aarch64", ["-M", "virt"], "arm64", "ttyAMA0"),
}
KVM_LIMIT = 20      # s; where KVM works a kernel takes 2 s to find that it has no root
FIRST = ("virtio_pci", "9pnet_virtio", "9p", "overlay")     # to reach the host's root
# 'slub_debug': red zones and poison, the stock kernel has no KFENCE unless its configuration says so.
# A busy machine is no defect of the guest: more patience than the kernel has by itself.
APPEND = ("loglevel=5 panic=-1 no_timer_check mitigations=off slub_debug=FZP watchdog_thresh=60 "
          "rcupdate.rcu_cpu_stall_timeout=120")


def host(machine=None):
    """This machine's line of the table."""
    machine = machine or platform.machine()
    if machine not in HOSTS:
        raise BuildError(f"no guest with Debian's kernel is known for {machine}, only for {', '.join(HOSTS)}")
    return HOSTS[machine]


def version():
    """The newest installed Debian kernel that has its headers."""
    names = [p.name for p in Path("/lib/modules").glob(f"*-{host().kernels}")
             if (p / "build/Makefile").exists() and Path(f"/boot/vmlinuz-{p.name}").exists()]
    if not names:
        raise BuildError("Debian's kernel or its headers are missing: lab/setup.sh debian installs them")
    return max(names, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])


def kfence(release):
    """Boot options that turn KFENCE on, where the kernel has it."""
    have = "CONFIG_KFENCE=y" in Path(f"/boot/config-{release}").read_text()
    return "kfence.sample_interval=10" if have else ""


def _depmod(work, release):
    """A module folder with Debian's modules and ours, for /lib/modules of the guest."""
    stock, folder = Path("/lib/modules", release), work / "root/lib/modules" / release
    shutil.rmtree(work / "root", ignore_errors=True)
    (folder / "updates").mkdir(parents=True)
    (folder / "kernel").symlink_to(stock / "kernel")
    for path in stock.glob("modules.*"):
        if path.name == "modules.order" or path.name.startswith("modules.builtin"):
            shutil.copy(path, folder)
    for ko in work.glob("*.ko"):
        shutil.copy(ko, folder / "updates")
    subprocess.run(["/sbin/depmod", "-b", work / "root", release], check=True)


def modules():
    """Builds both modules for that kernel; returns the directory of the .ko files."""
    release = version()
    work = compile_modules(KIND, ["make", "-C", f"/lib/modules/{release}/build"])
    for ko in work.glob("*.ko"):
        subprocess.run(["strip", "-g", ko], check=True)
    _depmod(work, release)
    return work


def _first_modules(release):
    """Their files, in the order in which they are loaded."""
    files = []
    for name in FIRST:
        text = subprocess.run(["/sbin/modprobe", "-S", release, "--show-depends", name],
                              capture_output=True, text=True, check=True).stdout
        for line in text.splitlines():
            words = line.split()
            if words[0] == "insmod" and words[1] not in files:
                files.append(words[1])
    return files


def initrd(out, release):
    """busybox and what reaches the host's root; returns the archive."""
    root = out / "initrd"
    for name in ("bin", "proc", "sys", "dev", "mod", "lower", "up", "newroot"):
        (root / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin")
    shutil.copy(ROOT / "lab/guest/initrd.sh", root / "init")
    order = []
    for path in map(Path, _first_modules(release)):
        data = path.read_bytes()
        name = path.name.removesuffix(".xz")
        (root / "mod" / name).write_bytes(lzma.decompress(data) if path.suffix == ".xz" else data)
        order.append(name)
    (root / "mod/order").write_text("\n".join(order) + "\n")
    archive = out / "initrd.gz"
    subprocess.run(f"find . | cpio -o -H newc --quiet | gzip -1 > '{archive}'", shell=True, cwd=root, check=True)
    shutil.rmtree(root)
    return archive


def emulate(accel):
    """Options of that accelerator."""
    return ["-accel", "kvm", "-cpu", "host"] if accel == "kvm" else ["-accel", "tcg,thread=multi", "-cpu", "max"]


def machine(accel, this):
    return [this.program, *this.options, *emulate(accel), "-nographic", "-no-reboot", "-nic", "none"]


def kvm_works(kernel, this, limit=KVM_LIMIT):
    """A kernel without a root panics and ends; with a KVM that does not work QEMU says so, or neither ends."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    with tempfile.TemporaryFile() as console:
        try:
            p = subprocess.run([*machine("kvm", this), "-m", "512", "-kernel", kernel, "-append",
                                f"console={this.console} panic=-1"], stdin=subprocess.DEVNULL, stdout=console,
                               stderr=console, timeout=limit)
        except subprocess.TimeoutExpired:
            return False
        console.seek(0)
        return not p.returncode and b"Kernel panic" in console.read()


@functools.lru_cache
def accelerator():
    """"kvm" where it works, else "tcg"; asked once."""
    return "kvm" if kvm_works(f"/boot/vmlinuz-{version()}", host()) else "tcg"


def command(out, extra=""):
    """The guest that runs what is in the result directory."""
    release, this = version(), host()
    append = (f"console={this.console} {APPEND} {kfence(release)} anechoic_init={ROOT}/lab/guest/init.sh "
              f"anechoic={out} {extra}")
    return [*machine(accelerator(), this), "-m", "2048", "-smp", "2", "-kernel", f"/boot/vmlinuz-{release}",
            "-initrd", initrd(out, release), "-append", append,
            "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
            "-virtfs", f"local,path={out}/guest,mount_tag=out,security_model=none"]
