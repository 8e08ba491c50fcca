/// Takes out of a report what belongs to a person or company: each value by its kind, and every known personal text also
/// where it turns up inside another one.
struct Redactor {
  /// Personal texts with what stands for them, longest first.
  private var known: [(text: String, mask: String)] = []

  init(_ result: DiagnosisResult) {
    var texts: [String: String] = [:]
    for item in result.findings.flatMap(\.finding.evidence) where item.privacy != .open && item.privacy != .text {
      let value = item.value
      guard value.count >= 3 else { continue }
      texts[value] = Self.mask(value, item.privacy)
      // A serial as printed may also stand without its colons.
      if item.privacy == .serial, value.contains(":") {
        texts[value.filter { $0 != ":" }] = Self.mask(value, .serial)
      }
    }
    known = texts.map { ($0.key, $0.value) }.sorted { $0.text.count > $1.text.count }
  }

  func clean(_ item: Evidence) -> String {
    switch item.privacy {
    case .open, .text: clean(item.value)
    case .name, .code, .serial: Self.mask(item.value, item.privacy)
    }
  }

  /// Shortens what `row` took from `finding`, in the links inside it too.
  func clean(_ row: inout DiagnosisDocument.Row, _ finding: Finding) {
    row.fix = row.fix.map(clean)
    row.evidence = finding.evidence.map { DiagnosisDocument.Item(fact: $0.fact.rawValue, value: clean($0)) }
    for (index, link) in finding.steps.enumerated() where row.steps.indices.contains(index) {
      clean(&row.steps[index], link.finding)
    }
  }

  /// Text that may contain personal data.
  func clean(_ text: String) -> String {
    var result = text
    for (personal, mask) in known { result = Self.replace(personal, in: result, by: mask) }
    return Self.maskNumbers(Self.maskHome(result))
  }

  /// `深…` of a name, the first and last two of a code, the last three of a serial.
  static func mask(_ value: String, _ privacy: Privacy) -> String {
    switch privacy {
    case .open, .text: value
    case .name: value == "root" ? value : String(value.prefix(1)) + "＊＊"
    case .code: String(value.prefix(2)) + "＊＊" + String(value.suffix(2))
    case .serial: "…" + String(value.suffix(value.count > 6 ? 3 : 1))
    }
  }

  private static func replace(_ wanted: String, in text: String, by mask: String) -> String {
    guard !wanted.isEmpty else { return text }
    var result = ""
    var rest = text[...]
    while let first = wanted.first, let at = rest.firstIndex(of: first) {
      if rest[at...].hasPrefix(wanted) {
        result += rest[..<at] + mask
        rest = rest[rest.index(at, offsetBy: wanted.count)...]
      } else {
        let next = rest.index(after: at)
        result += rest[..<next]
        rest = rest[next...]
      }
    }
    return result + rest
  }

  /// The account in a path: `/home/NAME/…`.
  private static func maskHome(_ text: String) -> String {
    guard text.contains("/home/") else { return text }
    var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices.dropLast() where parts[index] == "home" { parts[index + 1] = "＊＊" }
    return parts.joined(separator: "/")
  }

  /// Phone numbers (11 digits), official codes (18 letters and digits) and resident ids wherever they stand.
  static func maskNumbers(_ text: String) -> String {
    var result = ""
    var run = ""
    func flush() {
      let digits = run.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }.count
      let isCode = run.utf8.count == 18 && digits >= 8
      let isPhone = run.utf8.count == 11 && digits == 11 && run.hasPrefix("1")
      result += isCode || isPhone ? mask(run, .code) : run
      run = ""
    }
    for character in text {
      if character.isASCII, character.isLetter || character.isNumber {
        run.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}
