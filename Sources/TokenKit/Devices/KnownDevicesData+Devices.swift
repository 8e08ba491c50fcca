/// The devices; see ``KnownDevicesData``.
extension KnownDevicesData {
  static let devices = devicesA + devicesB

  static let devicesA = """
    [device 096e:0309]
    name = 飞天诚信 ePass3000GM（深圳CA、陕西CA 等）
    transport = unknown
    library = feitian-3000gm
    source = NETCA plug-in configuration (2019); GDCA client script; kiran-authentication-devices (KylinSec) device.conf. Transport not documented
    confidence = high

    [device 096e:0401]
    name = 飞天诚信 U-Key
    transport = unknown
    library = feitian-3000gm
    source = netdebug/UKEY device table
    confidence = medium

    [device 096e:0303]
    name = 飞天诚信 SM2 U-Key
    transport = unknown
    library = feitian-3000gm
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 096e:0314]
    name = 飞天诚信 SM2 U-Key
    transport = unknown
    library = feitian-3000gm
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 096e:0316]
    name = 飞天诚信 SM2 U-Key
    transport = unknown
    library = feitian-3000gm
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 096e:031e]
    name = 飞天诚信 SM2 U-Key
    transport = unknown
    library = feitian-3000gm
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 096e:0312]
    name = 飞天诚信 SM2 U-Key
    transport = unknown
    library = feitian-3000gm
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 096e:0319]
    name = 飞天诚信 SM2 U-Key
    transport = unknown
    library = feitian-3000gm
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 096e:0702]
    name = 飞天诚信 ePass3003
    transport = unknown
    source = NETCA plug-in configuration (2019); OpenSC/OpenSC#2161
    confidence = medium

    [device 096e:0703]
    name = 飞天诚信 ePass3003Auto
    transport = unknown
    source = NETCA plug-in configuration (2019); OpenSC/OpenSC#2161
    confidence = medium

    [device 096e:0803]
    name = 网证通 Weepal
    transport = unknown
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 096e:0807]
    name = 飞天诚信 ePass2003
    transport = ccid
    library = feitian-castle
    source = libccid supported_readers.txt
    confidence = high

    [device 096e:080a]
    name = 飞天诚信 ePass2003Auto
    transport = ccid
    library = feitian-castle
    source = libccid supported_readers.txt
    confidence = high

    [device 096e:080f]
    name = 飞天诚信 eJAVA Token
    transport = ccid
    source = libccid supported_readers.txt
    confidence = high

    [device 055c:e618]
    name = 龙脉 GM3000（含 BJCA GM3000）
    transport = hid
    library = longmai-gm3000
    library = longmai-gm3000-p11
    source = harukiiiiiiiii/bjca-macos; NETCA plug-in configuration (2019)
    confidence = high

    [device 055c:db08]
    name = 龙脉 GM3000（旧款，光盘方式）
    transport = mass-storage
    library = longmai-gm3000
    library = longmai-gm3000-p11
    source = GDCA client script
    confidence = medium

    [device 055c:e508]
    name = 龙脉 GM3000 / OTG
    transport = unknown
    library = longmai-gm3000
    source = Longmai filter string in public code
    confidence = medium

    [device 055c:e917]
    name = 龙脉 GM3000 / OTG
    transport = unknown
    library = longmai-gm3000
    source = Longmai filter string in public code
    confidence = medium

    [device 055c:2205]
    name = 龙脉 GM3000 / OTG
    transport = unknown
    library = longmai-gm3000
    source = Longmai filter string in public code
    confidence = medium

    [device 055c:f603]
    name = 龙脉 GM3000 / OTG
    transport = unknown
    library = longmai-gm3000
    source = Longmai filter string in public code
    confidence = medium

    [device 055c:e425]
    name = 龙脉 蓝牙 U-Key
    transport = unknown
    library = longmai-gm3000
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 055c:e623]
    name = 龙脉 蓝牙 U-Key
    transport = unknown
    library = longmai-gm3000
    source = NETCA plug-in configuration (2019)
    confidence = medium

    [device 5448:0003]
    name = 海泰方圆 HaiKey（含深圳CA 海泰）
    transport = unknown
    source = NETCA plug-in configuration (2019); GDCA client script; netdebug/UKEY device table
    confidence = high

    [device 5448:0001]
    name = 海泰方圆 HaiKey
    transport = unknown
    source = NETCA plug-in configuration (2019); GDCA client script
    confidence = high

    [device 5448:0004]
    name = 海泰方圆 HaiKey
    transport = unknown
    source = NETCA plug-in configuration (2019); GDCA client script; netdebug/UKEY device table
    confidence = high


    """
}
