/// The devices; see ``KnownDevicesData``.
extension KnownDevicesData {
  static let devicesB = """
    [device 5448:0103]
    name = 海泰方圆 SM2 U-Key
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 5448:0203]
    name = 海泰方圆 SM2 U-Key
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 5448:0002]
    name = 海泰方圆 U-Key
    transport = unknown
    source = one public source
    confidence = low

    [device 1ea8:c001]
    name = 文鼎创 U-Key
    transport = unknown
    source = NETCA plug-in configuration (2019); netdebug/UKEY device table
    confidence = medium

    [device 163c:0406]
    name = 握奇 USB Key
    transport = ccid
    library = watchdata-export
    source = libccid supported_readers.txt
    confidence = high

    [device 163c:0407]
    name = 握奇 USB Key
    transport = ccid
    library = watchdata-export
    source = libccid supported_readers.txt
    confidence = high

    [device 163c:0417]
    name = 握奇 USB Key
    transport = ccid
    library = watchdata-export
    source = libccid supported_readers.txt
    confidence = high

    [device 163c:0418]
    name = 握奇 USB Key
    transport = ccid
    library = watchdata-export
    source = libccid supported_readers.txt
    confidence = high

    [device 163c:0401]
    name = 握奇 GDCA U-Key
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 163c:0415]
    name = 握奇 GDCA U-Key
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 163c:0423]
    name = 握奇 GDCA U-Key
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 6513:0089]
    name = 握奇 GDCA U-Key
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 163c:0a12]
    name = 握奇 U-Key
    transport = hid
    source = one public program
    confidence = low

    [device 1483:1200]
    name = 明华 eKey V3
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 04b4:1234]
    name = 明华 eKey V2
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 6588:1514]
    name = BJCA U-Key LG3073
    transport = unknown
    source = GDCA client script; netdebug/UKEY device table
    confidence = medium

    [device 22fb:1014]
    name = 中天信安 BJCA U-Key
    transport = unknown
    source = GDCA client script; netdebug/UKEY device table
    confidence = medium

    [device f02e:0101]
    name = 网证通 U-Key
    transport = unknown
    source = GDCA client script
    confidence = medium

    [device 1d99:0001]
    name = XS / KShield U-Key
    transport = unknown
    source = netdebug/UKEY device table; sources disagree
    confidence = low

    [device 4612:04b4]
    name = 渔翁 U-Key
    transport = unknown
    library = fisec
    source = kiran-authentication-devices (KylinSec) device.conf
    confidence = high

    [device 2fd0:1002]
    name = 纽创信安 U-Key
    transport = mass-storage
    source = one public source
    confidence = medium

    [device 1059:0017]
    name = G&D StarSign
    transport = ccid
    source = libccid supported_readers.txt
    confidence = high

    [device 1059:0019]
    name = G&D StarSign
    transport = ccid
    source = libccid supported_readers.txt
    confidence = high

    [device 1059:000c]
    name = G&D StarSign
    transport = ccid
    source = libccid supported_readers.txt
    confidence = high

    [device 1059:000d]
    name = G&D StarSign
    transport = ccid
    source = libccid supported_readers.txt
    confidence = high

    """
}
