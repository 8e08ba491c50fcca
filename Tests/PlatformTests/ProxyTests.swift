import Testing

@testable import Platform

/// Who is behind a reverse proxy, and that nobody else says so.
@Suite struct ProxyTests {
  @Test(
    arguments: [
      // Nobody is trusted: what a visitor writes is nothing.
      ("", "192.0.2.7", ["203.0.113.9"], "192.0.2.7"),
      // Not from the proxy.
      ("10.0.0.1", "192.0.2.7", ["203.0.113.9"], "192.0.2.7"),
      ("10.0.0.1", "10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
      // The visitor has written the first; the proxy added the last.
      ("10.0.0.1", "10.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
      ("10.0.0.1", "10.0.0.1", ["10.0.0.1, 203.0.113.9"], "203.0.113.9"),
      // In a header of its own.
      ("10.0.0.1", "10.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
      // Two proxies, one behind the other.
      ("10.0.0.0/8 fd00::/8", "fd00::1", ["198.51.100.1, 203.0.113.9, 10.9.8.7"], "203.0.113.9"),
      ("10.0.0.0/8", "10.0.0.1", ["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
      ("10.0.0.0/8", "11.0.0.1", ["203.0.113.9"], "11.0.0.1"),
      ("10.0.0.0/9", "10.128.0.1", ["203.0.113.9"], "10.128.0.1"),
      // Nothing was added, or what cannot be read: the proxy itself.
      ("10.0.0.1", "10.0.0.1", [], "10.0.0.1"),
      ("10.0.0.1", "10.0.0.1", ["203.0.113.9, unknown"], "10.0.0.1"),
      ("10.0.0.1", "10.0.0.1", ["203.0.113.9,"], "10.0.0.1"),
      ("10.0.0.1", "10.0.0.1", ["010.1.1.1"], "10.0.0.1"),
      ("10.0.0.1", "10.0.0.1", ["203.0.113.9' OR 1=1"], "10.0.0.1"),
      // However an address is written it is one; ports are not part of it.
      ("10.0.0.1", "::ffff:10.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
      ("10.0.0.1", "10.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
      ("::1", "::1", ["[2001:DB8:0::9]:4711"], "2001:db8::9"),
      ("::1", "::1", [" 2001:db8::9\t"], "2001:db8::9"),
      ("::1", "::1", ["[2001:db8::9"], "::1"),
    ] as [(String, String, [String], String)])
  func visitorBehindProxies(_ trusted: String, _ peer: String, _ values: [String], _ wanted: String) throws {
    #expect(try require(TrustedProxies(trusted)).visitor(peer: peer, values) == wanted)
  }

  @Test(
    arguments: [
      (["for=203.0.113.9;proto=https;by=10.0.0.1"], "203.0.113.9"),
      ([#"for=198.51.100.1, For="[2001:db8::9]:4711""#], "2001:db8::9"), (["for=_hidden"], "10.0.0.1"),
      (["by=203.0.113.9"], "10.0.0.1"), (["203.0.113.9"], "10.0.0.1"),
    ] as [([String], String)])
  func forwardedOfTheStandard(_ values: [String], _ wanted: String) throws {
    var proxies = try require(TrustedProxies("10.0.0.1"))
    proxies.header = .forwarded
    #expect(proxies.visitor(peer: "10.0.0.1", values) == wanted)
  }

  /// A subscriber of IPv6 has 2⁶⁴ addresses, and one count.
  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2::1", "2001:db8:1:2::/64"), ("2001:db8:1:3::1", "2001:db8:1:3::/64"), ("::1", "::/64"),
  ])
  func whomTriesAreCountedFor(_ address: String, _ subscriber: String) throws {
    #expect(try require(NetworkAddress(address)).subscriber == subscriber)
  }

  @Test func anotherAddressOfTheSameSubscriberIsCountedToo() throws {
    let world = try World()
    func tries(_ address: String) throws -> String? {
      let browser = Browser(world)
      browser.address = address
      try browser.get("/login")
      try browser.post("/login/certificate", [("token", "{}")])
      return browser.refused
    }
    for number in 0..<Throttle.address.count { #expect(try tries("2001:db8:1:2::\(number + 1)") == "malformed") }
    #expect(try tries("2001:db8:1:2:ffff::1") == "too-many")
    #expect(try tries("2001:db8:1:3::1") == "malformed")
  }

  @Test(arguments: [
    "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/08", "proxy.example", "10.0.0.1/8/8", "::/129", "10.0.0.1,", "/8",
  ])
  func whatIsNoNetwork(_ text: String) { #expect(TrustedProxies(text) == nil) }
}
