internal import Base
internal import LoginToken

/// A request as it came, before anybody looked at it.
package struct RawRequest: Sendable {
  package var method: String
  package var path: String
  /// What the route's pattern left open.
  package var parameters: [String: String] = [:]
  package var query: [UInt8] = []
  /// Names in lower case; of one that comes twice the first.
  package var headers: [String: String] = [:]
  package var body: [UInt8] = []
  /// Address of who is connected.
  package var address = ""

  package init(method: String, path: String) {
    self.method = method
    self.path = path
  }
}

/// What is answered.
package struct Reply: Sendable {
  package var status: Int
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  static func page(_ bytes: [UInt8], status: Int = 200) -> Reply {
    Reply(status: status, headers: [("content-type", "text/html; charset=utf-8")], body: bytes)
  }

  /// After a form: the browser asks for the next page, which can be read again without sending the form again.
  static func redirect(_ path: String) -> Reply { Reply(status: 303, headers: [("location", path)], body: []) }

  mutating func set(cookie name: String, _ value: String, seconds: Int64?, isOpen: Bool = false) {
    let age = seconds.map { "; Max-Age=\($0)" } ?? ""
    headers.append(
      ("set-cookie", "\(name)=\(value); Path=/; Secure\(isOpen ? "" : "; HttpOnly"); SameSite=Strict\(age)"))
  }
}

/// Which language a page is in.
enum PageLanguage: String, Sendable, CaseIterable {
  case zh
  case en

  /// The visitor's choice, else the first of the browser's list that there is, else Chinese.
  init(choice: String?, accepts: String?) {
    if let chosen = choice.flatMap(PageLanguage.init(rawValue:)) {
      self = chosen
      return
    }
    for part in (accepts ?? "").split(separator: ",") {
      let tag = part.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() } ?? ""
      if tag.hasPrefix("zh") { break }
      if tag.hasPrefix("en") {
        self = .en
        return
      }
    }
    self = .zh
  }

  /// The words of a page, both languages side by side: none is without the other.
  func callAsFunction(_ zh: String, _ en: String) -> String { self == .zh ? zh : en }

  var tag: String { self == .zh ? "zh-CN" : "en" }
}

/// A request with all that is known of who makes it.
struct Visit: Sendable {
  static let sessionCookie = "__Host-session"
  static let deviceCookie = "__Host-device"
  static let languageCookie = "__Host-language"

  var raw: RawRequest
  var query: FormData
  var form: FormData
  var language: PageLanguage
  /// Of the browser; a fresh one where it brought none.
  var token: String
  var isNewToken: Bool
  var session: Session?
  var now: Int64
  let site: Site
  let store: Store

  /// Under which a visitor's things are kept.
  var key: String { digestText(token) }
  /// What its forms have to bring back.
  var formToken: String { authenticationCode(site.formSecret, token) }
  var address: String { raw.address }
  /// Whom tries from there are counted for.
  var subscriber: String { NetworkAddress(raw.address)?.subscriber ?? raw.address }
  var agent: String {
    String((raw.headers["user-agent"] ?? "").unicodeScalars.filter(isPrinting).prefix(200).map(Character.init))
  }
  var device: String? { Self.cookie(Self.deviceCookie, raw) }

  func parameter(_ name: String) -> String { raw.parameters[name] ?? "" }

  static func cookie(_ name: String, _ raw: RawRequest) -> String? {
    for part in (raw.headers["cookie"] ?? "").split(separator: ";") {
      let pair = part.drop { $0 == " " }
      guard pair.hasPrefix(name + "=") else { continue }
      let value = pair.dropFirst(name.utf8.count + 1)
      guard (1...128).contains(value.utf8.count),
        value.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
      else { return nil }
      return String(value)
    }
    return nil
  }
}
