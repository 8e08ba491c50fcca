internal import CertificateKit
internal import StrictJSON

/// SZCA's WebSocket service: `{"fun", "arguments": {"requestID", …}}` → `{"requestID", "code", "msg", "data"}`.
package struct SZCASocket: Adapter {
  package let name = "szca-socket"
  package let family = "szca"
  package let ports = [AdapterPort(23838), AdapterPort(23939, isTLS: true)]
  package let transport = AdapterTransport.socket
  package let paths = [""]
  package let wants: Permissions = [.read, .sign]

  let words: RefusalTexts

  package init(_ words: RefusalTexts) { self.words = words }

  package func call(_ message: [UInt8]) -> AdapterCall {
    let request: JSONValue
    do throws(JSONError) {
      request = try JSONValue(parsing: message, limits: JSONArguments.limits)
    } catch {
      return AdapterCall("?", .refuse(.malformed)) { answer(nil, $0, .null) }
    }
    let arguments = JSONArguments(value: request["arguments"] ?? .object([]))
    let id = arguments.value["requestID"]?.stringValue
    guard let name = request["fun"]?.stringValue, let function = Self.functions[name] else {
      return AdapterCall(request["fun"]?.stringValue ?? "?", .refuse(.unknownFunction)) { answer(id, $0, .null) }
    }
    let listens: Bool? = name == "registListener" ? arguments.flag("enabled") : nil
    return AdapterCall(
      name, operation { () throws(Refusal) in try function.make(arguments) }, listens: listens
    ) { answer(id, $0, function.data($0)) }
  }

  package func push(_ change: KeyShelf.Change) -> [UInt8]? {
    let (event, key) =
      switch change {
      case .arrived(_, let key): ("insert", key)
      case .left(_, let key): ("remove", key)
      }
    return Texts.ascii(
      .object([
        ("fun", "tokenEvent"), ("arguments", .object([("event", .string(event)), ("keyID", .string(key))])),
      ]))
  }

  /// A code other than 0 makes the page show the message and drop the call.
  private func answer(_ id: String?, _ outcome: Outcome, _ data: JSONValue) -> [UInt8] {
    let refusal = outcome.refusal
    return Texts.ascii(
      .object([
        ("requestID", .string(id ?? "")), ("code", .int(refusal == nil ? 0 : 1)),
        ("msg", .string(words.both(refusal))), ("data", refusal == nil ? data : .null),
      ]))
  }
}
