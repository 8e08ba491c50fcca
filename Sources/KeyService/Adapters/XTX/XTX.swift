internal import StrictJSON

/// BJCA's XTX service: `{"xtx_func_name", "call_cmd_id", "param": […]}` → `{"call_cmd_id", "retVal"}`, everything text.
package struct XTX: Adapter {
  package let name = "xtx"
  package let family = "xtx"
  package let ports = [AdapterPort(21051), AdapterPort(21061, isTLS: true)]
  package let transport = AdapterTransport.socket
  package let paths = ["/xtxapp"]
  package let wants: Permissions = [.read, .sign]
  package let subprotocols = ["cryptokit-kdets-protocol"]
  package let listensUnasked = true

  let words: RefusalTexts

  package init(_ words: RefusalTexts) { self.words = words }

  package func call(_ message: [UInt8]) -> AdapterCall {
    let request: JSONValue
    do throws(JSONError) {
      request = try JSONValue(parsing: message, limits: JSONArguments.limits)
    } catch {
      return AdapterCall("?", .refuse(.malformed)) { _ in answer(nil, "") }
    }
    let id = request["call_cmd_id"]?.stringValue
    guard let name = request["xtx_func_name"]?.stringValue, let function = Self.functions[name] else {
      return AdapterCall(request["xtx_func_name"]?.stringValue ?? "?", .refuse(.unknownFunction)) { _ in
        answer(id, "")
      }
    }
    let arguments = XTXArguments(request["param"]?.arrayValue ?? [])
    return AdapterCall(name, operation { () throws(Refusal) in try function.make(arguments) }) { outcome in
      answer(id, function.value(outcome), outcome.refusal)
    }
  }

  package func push(_ change: KeyShelf.Change) -> [UInt8]? { Texts.ascii(.object([("call_cmd_id", "onUsbkeyChange")])) }

  /// A `loginError` is shown by the page; nothing else of the refusal is.
  private func answer(_ id: String?, _ value: String, _ refusal: Refusal? = nil) -> [UInt8] {
    Texts.ascii(
      .object([
        ("call_cmd_id", .string(id ?? "")), ("retVal", .string(value)),
        ("loginError", refusal.map { .string(words.both($0)) }),
      ]))
  }
}

/// The parameters by their places.
struct XTXArguments: Sendable {
  private let values: [JSONValue]

  init(_ values: [JSONValue]) { self.values = values }

  var count: Int { values.count }

  func text(_ place: Int) throws(Refusal) -> String {
    guard values.indices.contains(place) else { throw .malformed }
    return try Texts.required(values[place].stringValue)
  }

  func number(_ place: Int) throws(Refusal) -> Int {
    try Texts.number(values.indices.contains(place) ? values[place] : nil)
  }

  func data(_ place: Int) throws(Refusal) -> [UInt8] { try Texts.base64(try text(place)) }

  /// A certificate by its id; of any page that names none, the session's.
  func selector(_ place: Int = 0, isEncryption: Bool = false) throws(Refusal) -> CertificateSelector {
    CertificateSelector(.id(try text(place)), isEncryption: isEncryption)
  }
}
