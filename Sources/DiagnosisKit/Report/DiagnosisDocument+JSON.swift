internal import Base
package import Failures
package import StrictJSON

extension DiagnosisDocument {
  package static let schema = "ukey.doctor/1"
  static let end = "end-of-report"

  /// The words that stand beside the ids of a link, for whoever reads the file without this program.
  package struct RowWords {
    package var title: String
    package var message: String?
    package var remedy: String?

    package init(title: String, message: String?, remedy: String?) {
      self.title = title
      self.message = message
      self.remedy = remedy
    }
  }

  /// `ukey.doctor/1`: fields are only ever added.
  package func json(words: (Row) -> RowWords) -> JSONValue {
    .object([
      ("schema", .string(Self.schema)), ("demo", isDemo ? .bool(true) : nil), ("redacted", .bool(isRedacted)),
      ("version", .string(programVersion)), ("time", .int(Int(clamping: time))), ("timeText", .string(timeText)),
      ("isoTime", .string(isoTime(time))),
      ("microseconds", .int(microseconds)), ("symptom", symptom.map { .string($0) }),
      ("first", first.map { $0.json(words) } ?? .null),
      ("unknown", .array(unknown.map { .string($0.id) })),
      ("checks", .array(rows.map { $0.json(words) })), ("end", .string(Self.end)),
    ])
  }

  /// Reads a report back. Hostile input: strict JSON, capped, ids of another version kept as text.
  ///
  /// - Throws: `UK-613` when it is no such report, or cut off.
  package init(parsing bytes: [UInt8]) throws(Failure) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes, limits: JSONLimits(size: Self.sizeLimit, depth: 8))
    } catch {
      throw Failure(.reportMalformed, function: "JSON", context: error.description)
    }
    guard value["schema"]?.stringValue == Self.schema else { throw Failure(.reportMalformed, context: "schema") }
    guard value["end"]?.stringValue == Self.end else { throw Failure(.reportMalformed, context: "end") }
    guard let checks = value["checks"]?.arrayValue, checks.count <= 256 else {
      throw Failure(.reportMalformed, context: "checks")
    }
    var rows: [Row] = []
    for check in checks {
      guard let row = Row(check) else { throw Failure(.reportMalformed, context: "checks[\(rows.count)]") }
      rows.append(row)
    }
    self.init(
      rows: rows, microseconds: value["microseconds"]?.intValue ?? 0, isDemo: value["demo"]?.boolValue ?? false,
      isRedacted: value["redacted"]?.boolValue ?? false, time: Int64(value["time"]?.intValue ?? 0),
      programVersion: String((value["version"]?.stringValue ?? "").prefix(40)),
      symptom: value["symptom"]?.stringValue.flatMap(Symptom.init(rawValue:))?.rawValue)
  }

  /// Bytes of a report that are read.
  package static let sizeLimit = 1 << 20
}

extension DiagnosisDocument.Row {
  func json(_ words: (Self) -> DiagnosisDocument.RowWords) -> JSONValue {
    let own = words(self)
    return .object([
      ("id", .string(id)), ("title", .string(own.title)), ("verdict", .string(verdict.rawValue)),
      ("cause", cause.map { .string($0) }), ("because", because.map { .string($0) }),
      ("message", own.message.map { .string($0) }), ("remedy", own.remedy.map { .string($0) }),
      (
        "fix",
        fix.map { .object([("command", .string($0)), ("needsRoot", .bool(fixNeedsRoot))]) }
      ), ("documentation", section.map { .string($0) }), ("microseconds", .int(microseconds)),
      (
        "evidence",
        evidence.isEmpty
          ? nil : .array(evidence.map { .object([("name", .string($0.fact)), ("value", .string($0.value))]) })
      ), ("steps", steps.isEmpty ? nil : .array(steps.map { $0.json(words) })),
    ])
  }

  /// `nil` when a field has the wrong form. Words and commands in the file are not taken: they are made anew
  /// from the ids.
  ///
  /// - Parameter hasSteps: may have links inside; those have none.
  fileprivate init?(_ json: JSONValue, hasSteps: Bool = true) {
    // Ids are words of ours; whatever else stands there is made harmless before anyone shows it.
    func text(_ key: String, _ limit: Int) -> String? {
      json[key]?.stringValue.map { displaySafe(String($0.prefix(limit))) }
    }
    guard let id = text("id", 80), let verdict = json["verdict"]?.stringValue.flatMap(Verdict.init(rawValue:)) else {
      return nil
    }
    let items = json["evidence"]?.arrayValue ?? []
    guard items.count <= 256 else { return nil }
    var evidence: [DiagnosisDocument.Item] = []
    for item in items {
      guard let name = item["name"]?.stringValue, let value = item["value"]?.stringValue else { return nil }
      evidence.append(
        DiagnosisDocument.Item(fact: displaySafe(String(name.prefix(80))), value: String(value.prefix(2000))))
    }
    let inside = hasSteps ? json["steps"]?.arrayValue ?? [] : []
    guard inside.count <= 64 else { return nil }
    var steps: [Self] = []
    for value in inside {
      guard let step = Self(value, hasSteps: false) else { return nil }
      steps.append(step)
    }
    let cause = text("cause", 80)
    let fix = json["fix"]?["command"]?.stringValue.flatMap { said in
      cause.flatMap(Cause.init(rawValue:)).flatMap { Fix.known($0, said: said) }
    }
    self.init(
      id: id, verdict: verdict, cause: cause, because: text("because", 80), evidence: evidence, fix: fix?.command,
      fixNeedsRoot: fix?.needsRoot ?? false, microseconds: json["microseconds"]?.intValue ?? 0,
      steps: steps)
  }
}
