internal import StrictJSON

/// This program's own interface, version 1: JSON by POST or WebSocket. Described in Docs/key-service.md.
///
/// `{"id", "function", …}` → `{"id", "result"}` or `{"id", "error": {"name", "message", …}}`.
package struct UKey1: Adapter {
  package static let port: UInt16 = 21517

  package let name = "ukey"
  package let family = "ukey"
  package let ports = [AdapterPort(UKey1.port)]
  package let transport: AdapterTransport = [.post, .socket]
  package let paths = ["/ukey/1"]
  package let wants: Permissions = [.read, .login]
  package let subprotocols = ["ukey.1"]

  let words: RefusalTexts

  package init(_ words: RefusalTexts) { self.words = words }

  package func call(_ message: [UInt8]) -> AdapterCall {
    let request: JSONValue
    do throws(JSONError) {
      request = try JSONValue(parsing: message, limits: JSONArguments.limits)
    } catch {
      return AdapterCall("?", .refuse(.malformed)) { answer(.null, $0) }
    }
    let id: JSONValue =
      switch request["id"] {
      case .string(let text) where text.utf8.count <= 128: .string(text)
      case .int(let number): .int(number)
      default: .null
      }
    guard let name = request["function"]?.stringValue, let make = Self.functions[name] else {
      return AdapterCall(request["function"]?.stringValue ?? "?", .refuse(.unknownFunction)) { answer(id, $0) }
    }
    let arguments = JSONArguments(value: request)
    let listens: Bool? = name == "listen" ? true : nil
    return AdapterCall(name, operation { () throws(Refusal) in try make(arguments) }, listens: listens) {
      answer(id, $0)
    }
  }

  package func push(_ change: KeyShelf.Change) -> [UInt8]? {
    let (event, key) =
      switch change {
      case .arrived(_, let key): ("keyArrived", key)
      case .left(_, let key): ("keyLeft", key)
      }
    return Texts.ascii(.object([("event", .string(event)), ("key", .string(key))]))
  }

  private func answer(_ id: JSONValue, _ outcome: Outcome) -> [UInt8] {
    guard let refusal = outcome.refusal else {
      return Texts.ascii(.object([("id", id), ("result", Self.result(outcome))]))
    }
    return Texts.ascii(.object([("id", id), ("error", error(refusal))]))
  }

  private func error(_ refusal: Refusal) -> JSONValue {
    let seconds: Int? = if case .coolingDown(let value) = refusal { value } else { nil }
    let tries: Int? =
      switch refusal {
      case .pinWrong(let left), .fewTries(let left): left
      default: nil
      }
    return .object([
      ("name", .string(refusal.name)), ("message", .string(words.chinese(refusal))),
      ("messageEN", .string(words.english(refusal))), ("retryAfter", seconds.map { .int($0) }),
      ("triesLeft", tries.map { .int($0) }),
    ])
  }
}
