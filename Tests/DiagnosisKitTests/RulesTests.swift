import Glibc
import Testing

@testable import DiagnosisKit

/// The rules that judge what other programs, files and machines say.
struct RulesTests {
  @Test(arguments: [
    ("http://clerk:secret@proxy.example:8080/", ProxySetting.Kind.http, "proxy.example", 8080),
    ("proxy.example", .http, "proxy.example", 80), ("socks5h://10.0.0.1", .socks, "10.0.0.1", 1080),
    ("[::1]:3128", .http, "::1", 3128),
  ])
  func aProxyIsReadWithoutItsLogin(_ text: String, _ kind: ProxySetting.Kind, _ host: String, _ port: UInt16) throws {
    let setting = try #require(ProxySetting(text, source: "x"))
    #expect(setting == ProxySetting(kind: kind, host: host, port: port, source: "x"))
    #expect(!setting.text.contains("secret"))
  }

  @Test(arguments: ["", "ftp://a:1", "http://", "http://a:b:c"])
  func whatIsNoProxyIsNone(_ text: String) { #expect(ProxySetting(text, source: "x") == nil) }

  @Test func exceptionsCoverANameAndWhatLiesBelowIt() {
    #expect(isException("szwb.sz.gov.cn", in: ["localhost", ".gov.cn"]))
    #expect(isException("10.1.2.3", in: ["10.0.0.0/8"]) && !isException("11.1.2.3", in: ["10.0.0.0/8"]))
    #expect(isException("a.b", port: 443, in: ["a.b:443"]) && !isException("a.b", port: 28_021, in: ["a.b:443"]))
    #expect(isException("a.b", in: ["*.b"]) && isException("a.b", in: ["*"]) && isException("A.b", in: ["a.B"]))
    #expect(!isException("agov.cn", in: ["gov.cn"]) && !isException("a.b", in: []) && !isException("a.b", in: [""]))
  }

  @Test func theProfileThatFirefoxOpensIsTheInstallationsOwn() {
    let profiles = "[Profile1]\nName=old\nPath=old.default\nDefault=1\n\n[Profile0]\nPath=new.esr\n"
    #expect(FirefoxProfile.opened(in: "[Install1]\nDefault=new.esr\nLocked=1\n\n" + profiles) == ["new.esr"])
    #expect(FirefoxProfile.opened(in: profiles) == ["old.default"])
    #expect(FirefoxProfile.opened(in: "[Profile0]\nPath=one\n") == ["one"] && FirefoxProfile.opened(in: "").isEmpty)
  }

  @Test func aServersDateIsRead() {
    #expect(HTTPDate.time(" Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    #expect(HTTPDate.inAnswer(Array("HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 1970 00:00:01 GMT\r\n\r\n".utf8)) == 1)
    for text in ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 8:9 GMT"] {
      #expect(HTTPDate.time(text) == nil)
    }
  }

  @Test(arguments: [
    ("libx.so: cannot open shared object file: No such file or directory", Cause.libraryDependency),
    ("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /opt/l.so)", .libraryGlibc),
    ("/opt/l.so: failed to map segment from shared object", .libraryNoexec),
    ("/opt/l.so: file too short", .libraryTruncated), ("/opt/l.so: undefined symbol: f", .libraryLoad),
    ("/opt/l.so: cannot open shared object file: Permission denied", .libraryDenied), ("", .libraryLoad),
  ])
  func theLoadersWordsNameTheCause(_ words: String, _ cause: Cause) { #expect(LoaderWords.cause(words) == cause) }

  @Test(arguments: [
    ("127.0.0.1", true, false), ("127.9.9.9", true, false), ("0.0.0.0", true, false), ("::1", true, false),
    ("::", true, false), ("198.18.0.7", false, true), ("198.19.255.1", false, true), ("198.20.0.1", false, false),
    ("192.0.2.1", false, false), ("2001:db8::1", false, false),
  ])
  func addressesOfNoPlatformAreKnown(_ text: String, _ isOwn: Bool, _ isStandIn: Bool) {
    let address = ResolvedAddress(bytes: [], family: AF_INET, text: text)
    #expect(address.isOwn == isOwn && address.isStandIn == isStandIn)
  }

  @Test func aListenersLineTellsPlaceOwnerAndQueue() throws {
    let rest = " 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0"
    let port = try #require(ListeningPort(line: "0: 0100007F:C823" + rest))
    #expect((port.port, port.place, port.user, port.inode, port.waiting) == (51235, .ipv4, 1000, 4711, 3))
    let six = "0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000"
    #expect(ListeningPort(line: six + rest.dropFirst(14))?.place == .ipv6)
    #expect(ListeningPort(line: "0: 0200A8C0:0050" + rest)?.place == .elsewhere)
    #expect(ListeningPort(line: "sl local_address") == nil)
  }

  @Test func aServiceIsJudgedByItsAnswer() {
    func judge(_ text: String, _ kind: KnownService.Kind) -> Cause? { Context.judge(Array(text.utf8), kind).0 }
    #expect(judge("HTTP/1.1 101 Switching Protocols\r\n", .webSocket(path: "/")) == nil)
    #expect(judge("HTTP/1.1 403 Forbidden\r\n", .webSocket(path: "/")) == nil)
    #expect(judge("HTTP/1.1 200 OK\r\n", .webSocket(path: "/")) == .keyServiceForeign)
    #expect(judge("HTTP/1.1 404 Not Found\r\n", .http(path: "/alpha")) == .keyServiceForeign)
    #expect(
      judge("SSH-2.0-x", .any(path: "/")) == .keyServiceForeign && judge("HTTP/1.1 500 x", .any(path: "/")) == nil)
  }
}
