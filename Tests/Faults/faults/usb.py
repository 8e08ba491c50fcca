"""Faults on USB, in a recorded tree: the ids and interface classes are those of documented real devices."""

from . import Run, fault

LONGMAI = dict(vendor="055c", product="e618", name="Longmai GM3000", interfaces=[("03", "usbhid")])
HAITAI = dict(vendor="5448", product="0003", name="HaiKey", interfaces=[("03", "usbhid")])
EPASS = dict(vendor="096e", product="0807", name="ePass2003", interfaces=[("0b", None)])
NFC = dict(vendor="072f", product="2200", name="ACR122U", interfaces=[("0b", "pn533_usb")])
YUBIKEY = dict(vendor="1050", product="0402", name="YubiKey FIDO", interfaces=[("03", "usbhid")])
BUNDLE = "usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist"
LISTED = "<key>ifdVendorID</key><array><string>0x096E</string></array><key>ifdProductID</key><array><string>0x0807</string></array>"


@fault("nothing plugged in · 没有插入 U-Key", "usb.device", "nothing-plugged-in", code=5)
def nothing_plugged_in(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree()])


@fault("key's smart-card interface switched off · 智能卡接口被关闭", "usb.device", "smart-card-part-off")
def interface_off(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(YUBIKEY)], evidence=["1050:0402"])


@fault("no permission on a HID key · 无权访问 USB 设备", "usb.permission", "usb-node-denied", needs_users=True)
def node_denied(world):
    world.fixture("readers")(0)
    root = world.tree(dict(LONGMAI, mode=0o600))
    yield Run(
        ["--sysroot", root], prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], evidence=["0600"])


@fault("USB device without node · 没有设备节点", "usb.permission", "usb-node-missing")
def node_missing(world):
    world.fixture("readers")(0)
    root = world.tree(LONGMAI)
    (root / "dev/bus/usb/001/004").unlink()
    yield Run(["--sysroot", root])


@fault("kernel NFC driver has the reader · NFC 驱动占用读卡器", "usb.driver", "nfc-driver")
def nfc_driver(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(NFC, files=[(BUNDLE, LISTED)])], evidence=["pn533_usb"])


@fault("libccid missing · 没有安装 libccid", "pcscd.driver", "ccid-driver-missing")
def bundle_missing(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(EPASS)], evidence=["096e:0807"])


@fault("reader on USB, pcscd has not noticed · 读卡服务没有发现设备", "reader.present", "reader-not-noticed")
def reader_not_noticed(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(EPASS, files=[(BUNDLE, LISTED)])], evidence=["096e:0807"])


KEEPER = """
import ctypes, sys, time
ctypes.CDLL(None).prctl(15, sys.argv[2].encode(), 0, 0, 0)
node = open(sys.argv[1])
print("ready", flush=True)
time.sleep(600)
"""


@fault("gpg's scdaemon has the reader on USB by itself · scdaemon 直接占用 USB 设备", "reader.present", "usb-device-held")
def reader_held_scdaemon(world):
    world.fixture("readers")(0)
    root = world.tree(EPASS, files=[(BUNDLE, LISTED)])
    process = world.python(KEEPER, root / "dev/bus/usb/001/004", "scdaemon")
    # An ordinary user is not shown what root's program has open.
    yield Run(
        ["--sysroot", root], evidence=["/dev/bus/usb/001/004", f"scdaemon (pid {process.pid})"], user=False,
        repair="it is not gpg's own daemon that holds it here")


@fault("another program has the reader on USB by itself · 其他程序直接占用 USB 设备", "reader.present", "usb-device-held")
def reader_held_other(world):
    world.fixture("readers")(0)
    root = world.tree(EPASS, files=[(BUNDLE, LISTED)])
    process = world.python(KEEPER, root / "dev/bus/usb/001/004", "vmware-vmx")
    yield Run(["--sysroot", root], evidence=[f"vmware-vmx (pid {process.pid})"], user=False)


@fault("HID key without its maker's library · 缺厂商动态库", "vendor.library", "library-missing")
def library_missing_for_key(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(LONGMAI)], evidence=["libgm3000.1.0.so"])


@fault("HID key without any known Linux library · 无已知 Linux 动态库", "vendor.library", "library-not-known")
def library_not_known(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(HAITAI)], evidence=["5448:0003"])


def unauthorized(world, device):
    root = world.tree(dict(device, interfaces=[]))
    for folder in (root / "sys/bus/usb/devices").iterdir():
        if (folder / "idVendor").exists() and (folder / "idVendor").read_text().strip() == device["vendor"]:
            (folder / "authorized").write_text("0\n")
    return root


@fault("USB device not authorized · USB 设备未授权", "usb.device", "usb-device-blocked")
def device_blocked(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", unauthorized(world, EPASS)], evidence=["096e:0807"])


@fault("HID key not authorized · HID U-Key 未授权", "usb.device", "usb-device-blocked")
def device_blocked_hid(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", unauthorized(world, LONGMAI)], evidence=["055c:e618"])


@fault("a live service of elsewhere without a key · 远程的读卡服务，没有 U-Key", "usb.device", "pcscd-socket-elsewhere")
def socket_elsewhere(world):
    # One and the same service by another name: what tells them apart is only the variable.
    world.fixture("readers")(0)
    name = world.tmp / "remote.comm"
    name.symlink_to("/run/pcscd/pcscd.comm")
    yield Run(["--sysroot", world.tree()], env={"PCSCLITE_CSOCK_NAME": str(name)}, evidence=["PCSCLITE_CSOCK_NAME"])


@fault("another maker's key with its card part off · 其他厂商的智能卡接口被关闭", "usb.device", "smart-card-part-off")
def interface_off_keyboard(world):
    world.fixture("readers")(0)
    key = dict(YUBIKEY, product="0407", interfaces=[("03", "usbhid"), ("03", "usbhid")])
    yield Run(["--sysroot", world.tree(key)], evidence=["1050:0407"])


@fault("another kernel driver has the reader · 其他内核驱动占用读卡器", "usb.driver", "other-kernel-driver")
def other_driver(world):
    world.fixture("readers")(0)
    key = dict(EPASS, interfaces=[("0b", "vendorcard")])
    yield Run(["--sysroot", world.tree(key, files=[(BUNDLE, LISTED)])], evidence=["vendorcard"])


@fault("key blocked by USBGuard · USBGuard 阻止 U-Key", "usb.device", "usb-device-blocked")
def device_blocked_usbguard(world):
    world.fixture("readers")(0)
    root = unauthorized(world, EPASS)
    (root / "etc/usbguard").mkdir(parents=True)
    (root / "etc/usbguard/usbguard-daemon.conf").write_text("RuleFile=/etc/usbguard/rules.conf\n")
    yield Run(["--sysroot", root], evidence=["096e:0807", "usbguard"])


@fault("key blocked by the system's device control · 系统外设管控阻止 U-Key", "usb.device", "usb-device-blocked")
def device_blocked_kylin(world):
    world.fixture("readers")(0)
    root = unauthorized(world, HAITAI)
    (root / "usr/sbin").mkdir(parents=True, exist_ok=True)
    (root / "usr/sbin/kysec_monitor").write_text("")
    yield Run(["--sysroot", root], evidence=["kysec_monitor"])


@fault("another NFC driver has the reader · port100 占用读卡器", "usb.driver", "nfc-driver")
def nfc_driver_other(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(dict(NFC, interfaces=[("0b", "port100")]), files=[(BUNDLE, LISTED)])], evidence=["port100"])


@fault("only other devices plugged in · 只插着别的设备", "usb.device", "nothing-plugged-in", code=5)
def others_plugged_in(world):
    world.fixture("readers")(0)
    mouse = dict(vendor="046d", product="c077", name="USB Mouse", interfaces=[("03", "usbhid")])
    yield Run(["--sysroot", world.tree(mouse)], evidence=["046d:c077"])


BUILT_IN = dict(vendor="0a5c", product="5843", name="Broadcom 58200", interfaces=[("0b", None)])
SECURITY_KEY = dict(vendor="1050", product="0402", name="Security Key NFC by Yubico", interfaces=[("03", "usbhid")])


@fault("HID key beside a built-in reader that is empty · 内置读卡器为空，HID U-Key 缺动态库", "vendor.library", "library-missing")
def hid_beside_built_in_reader(world):
    world.fixture("readers")(1)
    yield Run(["--sysroot", world.tree(LONGMAI, BUILT_IN, files=[(BUNDLE, LISTED)])], evidence=["055c:e618"])


@fault("HID key, a built-in reader, and no reader service · 没有读卡服务，内置读卡器和 HID U-Key", "vendor.library", "library-missing")
def hid_beside_built_in_reader_alone(world):
    world.fixture("pcscd").stop()
    yield Run(["--sysroot", world.tree(LONGMAI, dict(BUILT_IN, removable="fixed"))], evidence=["055c:e618"])


@fault("HID key beside a key without a card · 旁边的安全密钥没有智能卡，HID U-Key 缺动态库", "vendor.library", "library-missing")
def hid_beside_card_part_off(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(YUBIKEY, LONGMAI)], evidence=["055c:e618"])


@fault("only a security key that never had a card · 只插着没有智能卡的安全密钥", "usb.device", "nothing-plugged-in", code=5)
def security_key(world):
    world.fixture("readers")(0)
    yield Run(["--sysroot", world.tree(SECURITY_KEY)], evidence=["1050:0402"])


@fault("key that gets too little power · 供电不足的 U-Key", "usb.device", "usb-device-off")
def too_little_power(world):
    world.fixture("readers")(0)
    root = world.tree(dict(EPASS, interfaces=[]))
    (root / "sys/bus/usb/devices/1-1/bConfigurationValue").write_text("\n")
    yield Run(["--sysroot", root], evidence=["096e:0807"])


@fault("a second key without its maker's library · 另一个 U-Key 缺动态库", "vendor.library", "library-missing", "warning")
def second_key(world):
    world.key()
    root = world.tree(EPASS, LONGMAI, files=[(BUNDLE, LISTED), ("usr/bin/firefox", "\x7fELF")])
    yield Run(["--sysroot", root], evidence=["055c:e618"])


@fault("a reader that an unseen program has on USB by itself · 看不见的程序占用 USB 设备", "reader.present", "usb-device-held")
def reader_held_unseen(world):
    world.fixture("readers")(0)
    key = dict(EPASS, interfaces=[("0b", "usbfs")])
    yield Run(["--sysroot", world.tree(key, files=[(BUNDLE, LISTED)])], evidence=["usbfs"])
