import Testing
import Wording

@testable import DiagnosisKit

/// Personal texts in every place that a report draws from: none is in what is handed on.
struct RedactionTests {
  /// What was planted, and what of it must not be found.
  private static let planted: [(Evidence, secret: String)] = [
    (Evidence(.certificate, "深圳市示例建设工程有限公司", .name), "示例建设"),
    (Evidence(.organization, "深圳市样板市政工程有限公司"), "样板市政"),
    (Evidence(.uscc, "9144030071526726XG"), "440300715267"),
    (Evidence(.serial, "35:A1:09:7F:10"), "A1:09:7F"),
    (Evidence(.keySerial, "HT20249876543"), "20249876"),
    (Evidence(.label, "王梅 13812345678 K", .text), "王梅"),
    (Evidence(.keyContainer, "李小龙-2026", .text), "小龙"),
    (Evidence(.owner, "lixiaolong"), "xiaolong"),
    (Evidence(.otherUser, "zhaoyun (uid 1003)"), "zhaoyun"),
    (Evidence(.reader, "Feitian ePass2003 [CCID] (4403019988) 00 00", .text), "4403019988"),
    (Evidence(.path, "/home/wangmei/投标-深圳市示例/libgone.so", .path), "wangmei"),
    (Evidence(.file, "/home/wangmei/投标-深圳市示例/libgone.so", .text), "投标"),
    (Evidence(.module, "/opt/某某公司/lib/libskf.so", .text), "某某公司"),
    (Evidence(.store, "Firefox k3j2.wangmei", .text), "wangmei"),
    (Evidence(.store, "Firefox (snap) a1.zhaoyun: yes", .text), "zhaoyun"),
    (Evidence(.permission, "Firefox b.lixiaolong: no", .text), "lixiaolong"),
    (Evidence(.address, "10.88.0.2", .address), "10.88.0.2"),
    (Evidence(.address, "2001:db8:77::5", .address), "db8:77"),
    (Evidence(.nameServer, "192.168.77.5", .address), "77.5"),
    (Evidence(.proxy, "https_proxy: http://proxy.example-corp.cn:3128", .address), "example-corp"),
    (Evidence(.proxy, "GNOME: http://squid01:3128", .address), "squid01"),
    (Evidence(.proxy, "Firefox c9.wangmei: PAC http://wpad.example-corp.cn/p.dat", .address), "wpad"),
    (Evidence(.noProxy, "intranet.example-corp.cn,10.1.2.3"), "intranet"),
    (Evidence(.host, "oa.example-corp.cn:8443", .host), "example-corp"),
    (Evidence(.host, "fileserver:443"), "fileserver"),
    (Evidence(.answer, "HTTP/1.1 403 Wang Mei 440301199001011234", .text), "Wang"),
    (Evidence(.answer, "Location: http://login.example-corp.cn/?user=wangmei", .text), "wangmei"),
    (Evidence(.error, "cannot open /home/wangmei/x: 13812345678"), "13812345678"),
    (Evidence(.error, "no route to 172.16.9.8"), "9.8"),
    (Evidence(.error, "certificate of 深圳市示例建设工程有限公司 35A1097F10"), "示例建设"),
    (Evidence(.clockReference, "2026-11-28 12:00:03  ntp.example-corp.cn", .text), "example-corp"),
    (Evidence(.otherDevices, "05ac:12a8 王梅的iPhone", .text), "iPhone"),
    (Evidence(.device, "王梅的读卡器", .name), "的读卡器"),
    (Evidence(.issuer, "示例集团内网网关 CA", .name), "内网网关"),
    (Evidence(.process, "backup-wangmei (pid 12)"), "wangmei"),
    (Evidence(.listener, "sshd: lixiaolong (pid 7)"), "lixiaolong"),
    (Evidence(.service, "https://wangmei-pc:9443/sign"), "wangmei"),
    (Evidence(.otherPort, "8080 wangmei-web (pid 4)", .text), "wangmei"),
    (Evidence(.call, "http://127.0.0.1:9528/home/wangmei/x  SZCA", .text), "wangmei"),
    (Evidence(.model, "制造商 13812345678"), "13812345678"),
    (Evidence(.application, "APP-9144030071526726XG", .text), "9144030071526726XG"),
    (Evidence(.kernel, "6.1.0-wangmei"), "wangmei"),
  ]

  private var result: DiagnosisResult {
    var options = DiagnosisOptions(now: 1_800_000_000)
    options.environment = [
      "USER": "wangmei", "HOME": "/home/lixiaolong", "SUDO_USER": "zhaoyun", "HOSTNAME": "caiwu-pc-03",
    ]
    let places = CheckID.allCases.dropLast()
    var findings: [CheckID: Finding] = [:]
    for (index, item) in Self.planted.enumerated() {
      let id = places[places.index(places.startIndex, offsetBy: index % places.count)]
      findings[id, default: Finding(.warning, .certificateBroken)].evidence.append(item.0)
    }
    findings[.system]?.evidence.append(Evidence(.session, "on caiwu-pc-03"))
    return DiagnosisResult(findings: findings, only: nil, options: options, microseconds: 1)
  }

  @Test(arguments: Language.allCases)
  func nothingOfFortyTextsIsHandedOn(language: Language) {
    #expect(Self.planted.count >= 40)
    let document = DiagnosisDocument(result, full: false)
    let papers = [
      document.json(language).text, document.markdown(language), document.html(language),
      DiagnosisText(language).document(document),
    ]
    let whole = DiagnosisDocument(result, full: true).json(language).text
    for (item, secret) in Self.planted + [(Evidence(.session, ""), "caiwu-pc-03")] {
      #expect(whole.contains(secret), "\(secret) was not planted")
      for paper in papers { #expect(!paper.contains(secret), "\(item.fact.rawValue): \(secret)") }
    }
  }

  @Test func whatADiagnosisNeedsStays() {
    let kept = [
      Evidence(.usbID, "096e:0309"), Evidence(.error, "Connection refused (errno 111)"), Evidence(.port, "51245"),
      Evidence(.path, "/run/pcscd/pcscd.comm", .path), Evidence(.clockNow, "2026-11-28 12:00:03"),
      Evidence(.call, "ws://127.0.0.1:23838", .text), Evidence(.host, "platform.example:28021", .host),
      Evidence(.listener, "pcscd (pid 812)"), Evidence(.file, "/usr/lib/libgm3000.1.0.so", .text),
      Evidence(.address, "127.0.0.1:443", .address), Evidence(.unit, "pcscd.socket: enabled, active"),
    ]
    var options = DiagnosisOptions(now: 0)
    // That of the settings is the same for everybody.
    options.publicPlatform = Endpoint("platform.example:28021")
    let document = DiagnosisDocument(
      DiagnosisResult(findings: [.system: .ok(kept)], only: nil, options: options, microseconds: 1), full: false)
    #expect(document.rows[0].evidence.map(\.value) == kept.map(\.value))
  }
}
