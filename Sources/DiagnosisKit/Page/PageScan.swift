/// What a page and its scripts call on this computer, found by reading their text.
struct PageScan: Equatable {
  /// A service of this computer that is called.
  struct Call: Hashable {
    /// `nil`: the page does not say.
    var scheme: String?
    var port: UInt16
    var path: String

    var text: String { (scheme.map { $0 + "://" } ?? "") + "127.0.0.1:\(port)" + path }
    var tls: Bool { scheme == "https" || scheme == "wss" }
  }

  /// Each once, in the order in which they stand.
  var calls: [Call] = []
  /// Functions of known services that are named.
  var functions: [String] = []
  /// Extensions of Chromium's kin that are called by their ids.
  var extensions: [String] = []
  /// It asks for a control of Internet Explorer, which no browser here has.
  var asksForActiveX = false

  init(_ texts: [String]) {
    for text in texts {
      let bytes = Array(text.utf8)
      scan(bytes, callsExtensions: Self.extensionCalls.contains { text.contains($0) })
      asksForActiveX =
        asksForActiveX || text.contains("ActiveXObject")
        || (text.lowercased().contains("classid=") && text.lowercased().contains("clsid:"))
    }
    calls = Array(calls.prefix(32))
    functions = Array(functions.prefix(40))
    extensions = Array(extensions.prefix(8))
  }

  private mutating func note(_ call: Call) { if !calls.contains(call) { calls.append(call) } }

  private static let extensionCalls = ["chrome-extension://", "runtime.sendMessage", "runtime.connect"]

  private mutating func scan(_ bytes: [UInt8], callsExtensions: Bool) {
    var numbers: [UInt16] = []
    var isUnfinished = false
    var place = 0
    while place < bytes.count {
      if let length = Self.loopback(bytes, place) {
        let end = place + length
        if let (port, after) = Self.port(bytes, end) {
          note(Call(scheme: Self.scheme(bytes, before: place), port: port, path: Self.path(bytes, after)))
          place = after
        } else {
          // The port is put together elsewhere: the known ones that stand in the same text are taken for it.
          isUnfinished = true
          place = end
        }
      } else if Self.isWord(bytes[place]), place == 0 || !Self.isWord(bytes[place - 1]) {
        var end = place
        while end < bytes.count, end - place < 64, Self.isWord(bytes[end]) { end += 1 }
        let word = String(decoding: bytes[place..<end], as: UTF8.self)
        if let number = UInt16(word) { numbers.append(number) }
        if Self.isFunction(word), !functions.contains(word) { functions.append(word) }
        if callsExtensions, Self.isExtension(word), !extensions.contains(word) { extensions.append(word) }
        place = end
      } else {
        place += 1
      }
    }
    guard isUnfinished else { return }
    for service in KnownService.all
    where numbers.contains(service.port) && !calls.contains(where: { $0.port == service.port }) {
      note(Call(scheme: nil, port: service.port, path: service.path))
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x5F
  }

  /// An id is the hash of the extension's key, written with the letters a to p.
  private static func isExtension(_ word: String) -> Bool {
    word.utf8.count == 32 && word.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x70 }
  }

  private static func loopback(_ bytes: [UInt8], _ place: Int) -> Int? {
    guard [0x31, 0x6C, 0x5B].contains(bytes[place]) else { return nil }
    for name in loopbackNames where bytes[place...].starts(with: name) {
      // 127.0.0.11 and mylocalhost are others.
      if place > 0, isWord(bytes[place - 1]) || bytes[place - 1] == 0x2E { return nil }
      let end = place + name.count
      if end < bytes.count, isWord(bytes[end]) { return nil }
      return name.count
    }
    return nil
  }

  private static let loopbackNames = ["127.0.0.1", "localhost", "[::1]"].map { Array($0.utf8) }

  private static func port(_ bytes: [UInt8], _ place: Int) -> (UInt16, Int)? {
    guard place < bytes.count, bytes[place] == 0x3A else { return nil }
    var end = place + 1
    while end < bytes.count, end - place <= 6, bytes[end] >= 0x30, bytes[end] <= 0x39 { end += 1 }
    guard let port = UInt16(String(decoding: bytes[(place + 1)..<end], as: UTF8.self)), port > 0 else { return nil }
    return (port, end)
  }

  private static func scheme(_ bytes: [UInt8], before place: Int) -> String? {
    let head = String(decoding: bytes[max(0, place - 8)..<place], as: UTF8.self).lowercased()
    return ["https", "http", "wss", "ws"].first { head.hasSuffix($0 + "://") }
  }

  private static func path(_ bytes: [UInt8], _ place: Int) -> String {
    var end = place
    while end < bytes.count, end - place < 120, isWord(bytes[end]) || [0x2F, 0x2E, 0x2D].contains(bytes[end]) {
      end += 1
    }
    return String(decoding: bytes[place..<end], as: UTF8.self)
  }

  /// `SOF_…` of GM/T 0020 and the libraries after it, `SZCA…` of Shenzhen CA's SOAP service, and the words of its
  /// WebSocket service and of ours.
  private static func isFunction(_ word: String) -> Bool {
    if word.hasPrefix("SOF_") { return word.utf8.count > 4 }
    if word.hasPrefix("SZCA"), let next = word.dropFirst(4).first { return next.isUppercase }
    return words.contains(word)
  }

  private static let words: Set<String> = [
    "createApply", "destroyApply", "enumKey", "analyseCert", "loginKey", "signP1", "signP7", "setCurrentCert",
    "xtx_func_name", "RS_GetUserList", "RS_CertLogin", "GetCertStringAttribute", "SignedDataSign", "VerifyKeyPwd",
  ]

  /// The addresses of a page's scripts: `src` of each `script`.
  static func scripts(in page: String) -> [String] {
    let bytes = Array(page.utf8)
    let lower = bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    let tag = Array("<script".utf8)
    let name = Array("src".utf8)
    var found: [String] = []
    var place = 0
    while place + tag.count < lower.count, found.count < PageReader.scriptLimit * 4 {
      guard lower[place] == 0x3C, lower[place...].starts(with: tag) else {
        place += 1
        continue
      }
      let end = lower[place...].firstIndex(of: 0x3E) ?? lower.count
      var at = place + tag.count
      while at < end {
        guard lower[at...].starts(with: name), at > 0, lower[at - 1] <= 0x20 else {
          at += 1
          continue
        }
        if let value = value(bytes, at + name.count, end) { found.append(value) }
        break
      }
      place = end
    }
    return found
  }

  /// `="…"`, `='…'` or `=…` from here.
  private static func value(_ bytes: [UInt8], _ start: Int, _ end: Int) -> String? {
    var place = start
    while place < end, bytes[place] <= 0x20 { place += 1 }
    guard place < end, bytes[place] == 0x3D else { return nil }
    place += 1
    while place < end, bytes[place] <= 0x20 { place += 1 }
    guard place < end else { return nil }
    let quote = bytes[place]
    let isQuoted = quote == 0x22 || quote == 0x27
    let rest = bytes[(isQuoted ? place + 1 : place)..<end]
    let text = rest.prefix { isQuoted ? $0 != quote : $0 > 0x20 }
    let value = String(decoding: text, as: UTF8.self)
    return value.isEmpty || value.utf8.count > 2048 ? nil : value
  }
}
