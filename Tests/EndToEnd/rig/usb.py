"""A recorded tree with USB devices in it, as /sys and /dev show them."""

import shutil
from pathlib import Path


class Bus:
    """`plug(dict(vendor, product, interfaces=[(class, driver)], name, subclass, mode))`, `unplug(number)`."""

    def __init__(self, root):
        self.root = Path(root)
        self.base = self.root / "sys/bus/usb/devices"
        self.base.mkdir(parents=True, exist_ok=True)
        self.nodes = self.root / "dev/bus/usb/001"
        self.nodes.mkdir(parents=True, exist_ok=True)
        self._count = 0

    def plug(self, device):
        """Its attributes, its interfaces, then its node: the node is what programs are told of. Returns its number."""
        self._count += 1
        number = self._count
        place = self.base / f"1-{number}"
        place.mkdir()
        values = dict(
            idVendor=device["vendor"], idProduct=device["product"], bDeviceClass="00", busnum="1", devnum=str(number + 3),
            product=device.get("name", ""), manufacturer="", serial=device.get("serial", ""),
            removable=device.get("removable", "unknown"))
        for key, value in values.items():
            (place / key).write_text(value + "\n")
        for index, (kind, driver) in enumerate(device["interfaces"]):
            interface = self.base / f"1-{number}:1.{index}"
            interface.mkdir()
            (interface / "bInterfaceClass").write_text(kind + "\n")
            (interface / "bInterfaceSubClass").write_text(device.get("subclass", "00") + "\n")
            if driver:
                (interface / "driver").symlink_to(f"../../../../bus/usb/drivers/{driver}")
        node = self.nodes / f"{number + 3:03d}"
        node.write_text("")
        node.chmod(device.get("mode", 0o666))
        return number

    def unplug(self, number):
        for place in [*self.base.glob(f"1-{number}:*"), self.base / f"1-{number}"]:
            shutil.rmtree(place)
        (self.nodes / f"{number + 3:03d}").unlink()
