import Testing
import TokenKit

@testable import DiagnosisKit

struct SystemTests {
  @Test func endpointsAreParsed() {
    #expect(Endpoint("szwb.sz.gov.cn:28021") == Endpoint(host: "szwb.sz.gov.cn", port: 28021))
    #expect(Endpoint("[::1]:80") == Endpoint(host: "::1", port: 80))
    for text in ["", ":", "a:", ":1", "a:0", "a:65536", "a b:1", "a"] { #expect(Endpoint(text) == nil) }
    #expect(KnownService("mtoken")?.port == 51235)
    #expect(KnownService("wss://127.0.0.1:9000/x")?.kind == .webSocket(path: "/x"))
    #expect(KnownService("https://example.com:443") == nil)
  }

  @Test func infoPlistPairsAreFound() {
    let plist = """
      <key>ifdVendorID</key><array><string>0x096E</string><string>0x163C</string></array>
      <key>ifdProductID</key><array><string>0x0807</string><string>0x0417</string></array>
      """
    #expect(Context.listedDevices(plist) == ["096e:0807", "163c:0417"])
    #expect(Context.listedDevices("") == [])
  }

  @Test func shellWordsAreQuoted() {
    #expect(shellWord("/home/a/.pki") == "/home/a/.pki")
    #expect(shellWord("a b'c;$(x)") == "'a b'\\''c;$(x)'")
    #expect(shellWord("") == "''")
  }

  @Test func builtInDevicesAreWellFormed() {
    let list = KnownDevices.builtIn
    #expect(list.mistakes == [])
    #expect(list.devices.count > 40)
    #expect(list.device(vendor: 0x096E, product: 0x0309)?.libraries == ["feitian-3000gm"])
    for device in list.devices {
      #expect(!device.name.isEmpty && !device.source.isEmpty)
      #expect(device.libraries.allSatisfy { list.library($0) != nil })
    }
  }

  @Test func usersExtendTheList() {
    var list = KnownDevices.builtIn
    list.add(
      "[device 1234:ABCD]\nname = 新\ntransport = hid\n\n[device 096e:0309]\nname = 换\nnonsense\n[what]\n", name: "u")
    #expect(list.device(vendor: 0x1234, product: 0xABCD)?.transport == .hid)
    #expect(list.device(vendor: 0x096E, product: 0x0309)?.name == "换")
    #expect(list.mistakes.map(\.description) == ["u:7:1: nonsense", "u:8:1: [what]"])
  }

  @Test func linesEndInAnyWay() {
    var list = KnownDevices()
    list.add("\r\n \t[library \t 库]\r\n\tfile\t=  /opt/a b.so \r\n# c\r\nfile=libx.so\nmaker = =甲=", name: "u")
    #expect(list.mistakes == [])
    #expect(list.library("库")?.files == ["/opt/a b.so", "libx.so"])
    #expect(list.library("库")?.maker == "=甲=")
  }
}
