/// Takes out of a report what belongs to a person or company: each value by its kind, and every known personal text also
/// where it turns up inside another one.
struct Redactor {
  /// Personal texts with what stands for them, longest first.
  private var known: [(text: String, mask: String)] = []

  /// Names of accounts and computers, which are taken out only as whole words.
  private let personal: [String]

  /// As evidence names it.
  let publicPlatform: String?

  init(_ result: DiagnosisResult) {
    publicPlatform = result.publicPlatform?.text
    personal = result.personal.sorted { $0.count > $1.count }
    var texts: [String: String] = [:]
    for item in result.findings.flatMap({ [$0.finding] + $0.finding.steps.map(\.finding) }).flatMap(\.evidence) {
      let privacy = Self.privacy(item)
      guard [.name, .code, .serial].contains(privacy), Self.isTelling(item.value) else { continue }
      texts[item.value] = Self.mask(item.value, privacy)
      // A serial as printed may also stand without its colons.
      if privacy == .serial, item.value.contains(":") {
        texts[item.value.filter { $0 != ":" }] = Self.mask(item.value, .serial)
      }
    }
    known = texts.map { ($0.key, $0.value) }.sorted { $0.text.count > $1.text.count }
  }

  /// Whether a text is long enough to be looked for in others: two characters are a whole name in Chinese.
  private static func isTelling(_ text: String) -> Bool {
    text.count >= 3 || (text.count == 2 && !text.allSatisfy(\.isASCII))
  }

  /// Shortens what `row` took from `finding`, in the links inside it too.
  func clean(_ row: inout DiagnosisDocument.Row, _ finding: Finding) {
    row.fix = row.fix.map(cleanText)
    row.evidence = finding.evidence.map { DiagnosisDocument.Item(fact: $0.fact.rawValue, value: clean($0)) }
    for (index, link) in finding.steps.enumerated() where row.steps.indices.contains(index) {
      clean(&row.steps[index], link.finding)
    }
  }

  /// Text of a program or file: it may hold folders and addresses besides.
  func cleanText(_ text: String) -> String { clean(Self.maskAddress(Self.maskPath(text))) }

  /// Text that may contain personal data.
  func clean(_ text: String) -> String {
    var result = text
    for (personal, mask) in known { result = Self.replace(personal, in: result, by: mask) }
    for name in personal { result = Self.replace(name, in: result, by: "＊＊", whole: true) }
    return Self.maskNumbers(Self.maskHome(result))
  }

  /// `深…` of a name, the first and last two of a code, the last three of a serial.
  static func mask(_ value: String, _ privacy: Privacy) -> String {
    switch privacy {
    case .open, .text, .host, .address, .path: value
    case .name: value == "root" ? value : String(value.prefix(1)) + "＊＊"
    case .code: String(value.prefix(2)) + "＊＊" + String(value.suffix(2))
    case .serial: "…" + String(value.suffix(value.count > 6 ? 3 : 1))
    }
  }

  /// - Parameter whole: only where no letter or digit stands beside it.
  private static func replace(_ wanted: String, in text: String, by mask: String, whole: Bool = false) -> String {
    guard !wanted.isEmpty else { return text }
    func isWord(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }
    var result = ""
    var rest = text[...]
    while let first = wanted.first, let at = rest.firstIndex(of: first) {
      let before = at > text.startIndex ? text[text.index(before: at)] : nil
      if rest[at...].hasPrefix(wanted), case let after = rest.index(at, offsetBy: wanted.count),
        !whole || (!isWord(before) && !isWord(after < rest.endIndex ? rest[after] : nil))
      {
        result += rest[..<at] + mask
        rest = rest[after...]
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
