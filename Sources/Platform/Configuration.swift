package import Base
package import LoginToken

/// The settings file of the platform: `key = value`, sections are not used. Docs/platform.md has each key.
package struct PlatformSettings: Sendable, Equatable {
  package var listenHost = "127.0.0.1"
  package var listenPort = 28021
  package var origin: WebOrigin?
  package var certificate: String?
  package var key: String?
  package var trust: String?
  /// A server's, in place of the file in the data folder. It may hold a password: shown nowhere.
  package var database: String?
  package var titleZH: String?
  package var titleEN: String?
  package var hotline: String?
  package var keyService: String?
  package var szcaServices: [String]?
  package var proxies = TrustedProxies()
  package var smsURL: String?
  /// PEM file of the CAs that the gateway's certificate is measured against, instead of the system's.
  package var smsAuthority: String?
  package var smsSeconds = 15
  package var smsType = "application/json"
  package var smsBody = #"{"mobile":"{mobile}","text":"{text}"}"#
  package var smsHeader: String?
  package var smsOK = ""

  package init() {}

  /// - Returns: what was not understood, by line.
  package mutating func read(_ bytes: [UInt8], file: String) -> [SettingsMistake] {
    var mistakes: [SettingsMistake] = []
    bytes.withUnsafeBufferPointer { buffer in
      readSettings(buffer) { line in
        guard case .entry(let key, let value) = line.content, set(key.string, value.string) else {
          // The key alone: a value may be a password.
          mistakes.append(line.mistake(in: file) { String($0.prefix { $0 != "=" }) })
          return
        }
      }
    }
    return mistakes
  }

  private mutating func set(_ key: String, _ value: String) -> Bool {
    switch key {
    case "listen":
      guard let colon = value.lastIndex(of: ":"), let port = Int(value[value.index(after: colon)...]),
        (0...65_535).contains(port), colon > value.startIndex
      else { return false }
      listenHost = String(value[..<colon])
      listenPort = port
    case "origin":
      guard let given = WebOrigin(value) else { return false }
      origin = given
    case "certificate": certificate = value
    case "key": self.key = value
    case "trust": trust = value
    case "database":
      guard DatabasePlace.isServer(value) else { return false }
      database = value
    case "title-zh": titleZH = value
    case "title-en": titleEN = value
    case "hotline": hotline = value
    case "key-service":
      guard Self.isAddress(value) else { return false }
      keyService = value
    case "szca-services":
      let all = value.split(separator: " ").map(String.init)
      guard all.allSatisfy(Self.isAddress) else { return false }
      szcaServices = all
    case "trusted-proxies":
      guard var given = TrustedProxies(value) else { return false }
      given.header = proxies.header
      proxies = given
    case "proxy-header":
      guard let given = TrustedProxies.Header(rawValue: value.lowercased()) else { return false }
      proxies.header = given
    case "sms-url": smsURL = value
    case "sms-authority": smsAuthority = value
    case "sms-seconds":
      guard let given = Int(value), (1...120).contains(given) else { return false }
      smsSeconds = given
    case "sms-type": smsType = value
    case "sms-body": smsBody = value
    case "sms-header": smsHeader = value
    case "sms-ok": smsOK = value
    default: return false
    }
    return true
  }

  /// Of this machine, with nothing behind the port: it goes into a header.
  private static func isAddress(_ text: String) -> Bool { WebOrigin(text)?.isThisMachine ?? false }

  /// Who sends messages: the gateway that is configured, else files in `folder`; `nil` for a gateway that is badly named.
  package func sender(folder: String) -> (any MessageSender)? {
    guard let smsURL else { return FolderSender(folder: folder) }
    var sender = HTTPSender(url: smsURL, type: smsType, body: smsBody, header: smsHeader, ok: smsOK)
    sender?.authority = smsAuthority
    sender?.seconds = smsSeconds
    return sender
  }

  /// The server that is configured, else `file`.
  package func place(file: String) -> DatabasePlace { database.map { .postgresql($0) } ?? .sqlite(file) }

  /// Whether the file that this was read from has to be closed to others.
  package var holdsPassword: Bool { database.map(PostgreSQLAddress.hasPassword) ?? false }

  package func apply(to configuration: inout SiteConfiguration) {
    configuration.proxies = proxies
    configuration.trustFolder = trust ?? configuration.trustFolder
    configuration.titleZH = titleZH ?? configuration.titleZH
    configuration.titleEN = titleEN ?? configuration.titleEN
    configuration.hotline = hotline ?? configuration.hotline
    configuration.keyService = keyService ?? configuration.keyService
    configuration.szcaServices = szcaServices ?? configuration.szcaServices
  }
}
