internal import CertificateKit
internal import StrictJSON

/// Longmai's mToken service: a form with JSON, posted to `/alpha`, and JSON back that the page evaluates.
package struct MToken: Adapter {
  package let name = "mtoken"
  package let family = "mtoken"
  package let ports = [AdapterPort(51235), AdapterPort(51245, isTLS: true)]
  package let transport = AdapterTransport.post
  package let paths = ["/alpha"]
  package let wants: Permissions = [.read, .sign]

  let words: RefusalTexts

  package init(_ words: RefusalTexts) { self.words = words }

  package func call(_ message: [UInt8]) -> AdapterCall {
    guard let text = FormMessage.json(message) else { return malformed }
    let request: JSONValue
    do throws(JSONError) {
      request = try JSONValue(parsing: text, limits: JSONArguments.limits)
    } catch {
      return malformed
    }
    guard let name = request["function"]?.stringValue, let function = Self.functions[name] else {
      return AdapterCall(request["function"]?.stringValue ?? "?", .refuse(.unknownFunction)) {
        answer($0, "", .null)
      }
    }
    return AdapterCall(
      name, operation { () throws(Refusal) in try function.make(JSONArguments(value: request)) }
    ) { answer($0, function.member, function.value($0)) }
  }

  private var malformed: AdapterCall { AdapterCall("?", .refuse(.malformed)) { answer($0, "", .null) } }

  /// Pages read `rtn`, some `errorCode`: both say the same.
  private func answer(_ outcome: Outcome, _ member: String, _ value: JSONValue) -> [UInt8] {
    let code = SARCode.number(outcome)
    return Texts.ascii(
      .object([
        ("rtn", .int(code)), ("errorCode", .int(code)),
        member.isEmpty || outcome.refusal != nil
          ? ("errorMsg", .string(words.both(outcome.refusal)))
          : (member, value),
      ]))
  }
}

/// Return codes of GM/T 0016 appendix A, in which this service speaks.
enum SARCode {
  static let notSupported = 0x0A00_0003

  /// What the last operation would have returned, for the function that asks for it.
  static func last(_ outcome: Outcome) -> Int {
    if case .last(let refusal?) = outcome { number(refusal) } else { 0 }
  }

  static func number(_ outcome: Outcome) -> Int {
    switch outcome {
    case .refused(let refusal): number(refusal)
    case .flag(false): 0x0A00_0001
    default: 0
    }
  }

  private static func number(_ refusal: Refusal) -> Int {
    switch refusal {
    case .malformed: 0x0A00_0006
    case .unknownFunction, .forbidden, .notSupported, .data: notSupported
    case .pinWrong: 0x0A00_0024
    case .pinLocked, .fewTries: 0x0A00_0025
    case .keyMissing, .disconnected: 0x0A00_0023
    case .certificateMissing: 0x0A00_001C
    case .notPermitted, .promptBusy, .coolingDown, .noPrompt, .cancelled, .timedOut: 0x0A00_0001
    case .noProfile, .keyFailed, .outcomeUnknown: 0x0A00_0001
    }
  }
}
