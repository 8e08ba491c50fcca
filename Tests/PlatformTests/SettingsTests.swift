import Testing

@testable import Platform

@Suite struct SettingsTests {
  @Test func everyKey() throws {
    var settings = PlatformSettings()
    let text = """
      # a comment
      listen = 0.0.0.0:443
      origin = https://platform.example
      certificate = /etc/platform/chain.pem
      key = /etc/platform/key.pem
      trust = /etc/platform/ca
      database = postgresql://ukey@db.example/ukey?sslmode=verify-full
      title-zh = 某市平台
      title-en = A platform
      hotline = 12345
      key-service = http://127.0.0.1:1
      szca-services = http://127.0.0.1:2 https://127.0.0.1:3
      sms-url = https://sms.example/send
      sms-type = application/x-www-form-urlencoded
      sms-body = to={mobile}&text={text}
      sms-header = Authorization: Bearer x
      sms-ok = "code":0
      sms-authority = /etc/platform/sms.pem
      sms-seconds = 5
      trusted-proxies = 10.0.0.0/8 ::1
      proxy-header = Forwarded
      """
    #expect(settings.read(Array(text.utf8), file: "f").isEmpty)
    #expect(settings.listenHost == "0.0.0.0" && settings.listenPort == 443 && settings.trust == "/etc/platform/ca")
    #expect(
      settings.place(file: "f") == .postgresql("postgresql://ukey@db.example/ukey?sslmode=verify-full")
        && PlatformSettings().place(file: "f") == .sqlite("f") && !settings.holdsPassword)
    var configuration = SiteConfiguration(origin: try require(settings.origin))
    settings.apply(to: &configuration)
    #expect(
      configuration.titleZH == "某市平台" && configuration.szcaServices.count == 2 && configuration.hotline == "12345")
    let sender = try require(settings.sender(folder: "/") as? HTTPSender)
    #expect(sender.authority == "/etc/platform/sms.pem" && sender.seconds == 5)
    #expect(configuration.proxies.visitor(peer: "::1", ["for=192.0.2.7, for=10.1.2.3"]) == "192.0.2.7")
    settings.smsURL = "http://sms.example/"
    #expect(settings.sender(folder: "/") == nil)
  }

  @Test(arguments: [
    "listen = 443", "listen = :443", "listen = a:70000", "origin = https://a/b", "origin = http://a.example",
    "key-service = http://10.0.0.1:1", "key-service = http://127.0.0.1:1; script-src *", "unknown = 1", "[section]",
    "text", "database = mysql://u:geheim@h/x", "databse = postgresql://u:geheim@h/x",
    "trusted-proxies = proxy.example", "proxy-header = x-real-ip", "sms-seconds = 0",
  ]) func whatIsNotUnderstood(_ line: String) {
    var settings = PlatformSettings()
    let mistakes = settings.read(Array(("hotline = 1\n" + line).utf8), file: "f")
    #expect(mistakes.map(\.line) == [2] && mistakes.allSatisfy { !$0.description.contains("geheim") })
  }

  private func message(_ body: String) -> OutboxMessage {
    OutboxMessage(id: "1", kind: .notice, about: "a", recipient: "138", body: body, created: 0, tries: 1)
  }

  @Test(arguments: [
    ("application/json", #"{"m":"{mobile}","t":"{text}"}"#, #"{"m":"138","t":"a\"b{mobile}"}"#),
    ("application/x-www-form-urlencoded", "m={mobile}&t={text}&u={", "m=138&t=a%22b%7Bmobile%7D&u={"),
    ("text/plain", "{text} {other}", #"a"b{mobile} {other}"#),
  ]) func templates(_ type: String, _ template: String, _ wanted: String) throws {
    let sender = try require(HTTPSender(url: "http://127.0.0.1:1/x", type: type, body: template, header: nil, ok: ""))
    #expect(sender.content(message(#"a"b{mobile}"#)) == wanted)
    // Nobody listens there.
    #expect(sender.send(message("a")) != nil)
  }
}
