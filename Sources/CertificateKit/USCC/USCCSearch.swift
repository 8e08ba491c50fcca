/// Finds the 统一社会信用代码 of a certificate. Every CA keeps it elsewhere; the order goes from the fields made for it
/// to those that merely may hold it, so that the source shown with the code also says how much to trust it.
enum USCCSearch {
  private struct Field {
    var source: String
    var texts: [String]
    /// Made for the code, so that a code with a letter outside the alphabet is still taken for one.
    var isDedicated: Bool
  }

  static func find(subject: DistinguishedName, extensions: ExtensionList) -> USCCFinding? {
    let fields = self.fields(subject: subject, extensions: extensions)
    for field in fields {
      for text in field.texts {
        if let code = code(in: text, isDedicated: field.isDedicated) {
          let check: USCCFinding.Check = USCC.validate(code) == .valid ? .valid : .checkDigitWrong
          return USCCFinding(code: code, source: field.source, check: check)
        }
      }
    }
    for field in fields {
      for text in field.texts {
        if let code = organizationCode(in: text, isDedicated: field.isDedicated) {
          return USCCFinding(code: code, source: field.source, check: .organizationCodeOnly)
        }
      }
    }
    return nil
  }

  private static func fields(subject: DistinguishedName, extensions: ExtensionList) -> [Field] {
    let oids = [
      // OrganizationCode of GM/T 0015, which in practice carries the USCC.
      "1.2.156.10260.4.1.4",
      // SZCA; the second is the first as some tables write it.
      "1.2.86.11.7.7550243.1", "1.2.86.11.7.755024301", "1.2.86.11.7.7550205",
      // Entity identifier of Shenzhen, shared by its CAs.
      "2.16.156.112548",
      // Older arcs of Guangdong CAs.
      "1.2.86.11.7.4", "1.2.86.11.7.3",
      // The 2023 edition of GM/T 0015; public sources disagree which of the two it is.
      "1.2.156.10260.4.4", "1.2.156.10260.4.4.4",
    ]
    var fields = oids.compactMap { oid -> Field? in
      let texts = extensions.values(oid).flatMap(ExtensionText.candidates)
      return texts.isEmpty ? nil : Field(source: oid, texts: texts.compactMap(unwrapped), isDedicated: true)
    }
    for (oid, name, isDedicated) in [
      ("2.5.4.97", "2.5.4.97", true), ("2.5.4.5", "serialNumber", false), ("2.5.4.11", "OU", false),
    ] {
      let texts = subject.attributes.filter { $0.oid == oid }.compactMap { unwrapped($0.value) }
      fields.append(Field(source: "subject " + name, texts: texts, isDedicated: isDedicated))
    }
    return fields
  }

  /// Strips an entity identifier or `NTRCN-` (ETSI EN 319 412-1 §5.1.4) from around the code; `nil` when the text
  /// identifies a person or something else.
  private static func unwrapped(_ text: String) -> String? {
    if let entity = EntityIdentifier(text) { return entity.type == "JJ" ? entity.value : nil }
    let normal = USCC.normalized(text)
    return normal.hasPrefix("NTRCN-") ? String(normal.dropFirst(6)) : text
  }

  private static func code(in text: String, isDedicated: Bool) -> String? {
    let runs = self.runs(text, keepingHyphen: false)
    for run in runs where run.utf8.count == 18 && isCode(run, isDedicated: isDedicated) { return run }
    guard isDedicated else { return nil }
    // Stray bytes before the value may be letters or digits too; there only a code that checks is believed.
    for run in runs where (19...24).contains(run.utf8.count) {
      let characters = Array(run.utf8)
      for start in 0...(characters.count - 18) {
        let window = String(decoding: characters[start..<(start + 18)], as: UTF8.self)
        if USCC.validate(window) == .valid { return window }
      }
    }
    return nil
  }

  private static func isCode(_ text: String, isDedicated: Bool) -> Bool {
    switch USCC.validate(text) {
    case .valid: return true
    case .checkDigitWrong: return !USCC.isResidentNumber(text)
    case .malformed: return isDedicated && Array(text.utf8)[2..<8].allSatisfy(USCC.isDigit)
    }
  }

  private static func organizationCode(in text: String, isDedicated: Bool) -> String? {
    for run in runs(text, keepingHyphen: true) {
      guard let code = USCC.organizationCodeShape(run) else { continue }
      let hasHyphen = run.utf8.count == 10
      // Nine characters anywhere else are too likely something else.
      if isDedicated ? hasHyphen || USCC.isOrganizationCode(code) : hasHyphen && USCC.isOrganizationCode(code) {
        return code
      }
    }
    return nil
  }

  /// The unbroken runs of ASCII letters and digits, normalised.
  private static func runs(_ text: String, keepingHyphen: Bool) -> [String] {
    USCC.normalized(text).utf8.split { byte in
      let isPart =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || keepingHyphen && byte == UInt8(ascii: "-")
      return !isPart
    }.map { String(Substring($0)) }
  }
}
