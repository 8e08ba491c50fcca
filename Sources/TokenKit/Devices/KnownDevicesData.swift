/// The built-in list, in the format of ``KnownDevices``. Facts only, each with its source; what is not documented stands as
/// `unknown`. Ids that several certificate authorities hand out are named by their maker.
enum KnownDevicesData {
  static let text = libraries + devices

  static let libraries = """
    [library longmai-gm3000]
    interface = skf
    maker = 龙脉科技
    file = /opt/apps/com.longmai.gm3000user/files/lib/libgm3000.1.0.so
    file = /opt/lm-gm3000/lib/libgm3000.1.0.so
    file = /opt/lm-gm3000admin/lib/libgm3000.1.0.so
    file = libgm3000.1.0.so
    file = libmtoken_gm3000.so
    source = Longmai GM3000 packages for UOS and Kylin
    confidence = high

    [library longmai-gm3000-p11]
    interface = pkcs11
    maker = 龙脉科技
    file = /opt/apps/com.longmai.gm3000user/files/lib/libgm3000_pkcs11.so
    file = /opt/lm-gm3000/lib/libgm3000_pkcs11.so
    file = libgm3000_pkcs11.so
    source = Longmai GM3000 packages for UOS and Kylin
    confidence = high

    [library feitian-3000gm]
    interface = skf
    maker = 飞天诚信
    file = libes_3000gm.so
    file = libes_3000gm.so.1.0.0
    source = kiran-authentication-devices driver.conf; ePass3000GM-linux-20190117
    confidence = high

    [library feitian-castle]
    interface = pkcs11
    maker = 飞天诚信
    file = libcastle.so.1.0.0
    file = libcastle_v2.so.1.0.0
    file = /usr/lib/ePass2003-Linux-x64/x86_64/redist/libcastle.so.1.0.0
    source = OpenSC/OpenSC#2424
    confidence = medium

    [library fisec]
    interface = skf
    maker = 渔翁信息
    file = libGDBapi.so
    source = kiran-authentication-devices driver.conf
    confidence = high

    [library watchdata-export]
    interface = pkcs11
    maker = 握奇
    file = /usr/lib/watchdata/ICP/lib/libwdpkcs_icp.so
    file = /usr/lib/watchdata/lib/libwdpkcs.so
    file = /opt/watchdata/lib64/libwdpkcs.so
    file = /usr/lib/WatchData/ProxKey/lib/libwdpkcs_SignatureP11.so
    source = public installation notes (Brazil, India)
    confidence = medium

    [library opensc]
    interface = pkcs11
    maker = OpenSC
    file = opensc-pkcs11.so
    keys = pcsc
    source = Debian package opensc-pkcs11
    confidence = high


    """
}
