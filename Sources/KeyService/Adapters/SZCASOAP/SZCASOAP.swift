internal import CertificateKit

/// SZCA's SOAP service. Pages post to `/Service1.asmx` and read the text of one element of the answer.
package struct SZCASOAP: Adapter {
  package let name = "szca-soap"
  package let family = "szca"
  package let ports = [AdapterPort(9528), AdapterPort(21317), AdapterPort(18981, isTLS: true)]
  package let transport = AdapterTransport.post
  package let paths = ["/service1.asmx"]
  package let wants: Permissions = [.read, .sign]
  package let contentType = "text/xml; charset=utf-8"

  let words: RefusalTexts

  package init(_ words: RefusalTexts) { self.words = words }

  package func call(_ message: [UInt8]) -> AdapterCall {
    guard let request = SOAPMessage(message) else {
      return AdapterCall("?", .refuse(.malformed)) { _ in Self.fault }
    }
    // The element, not the header SOAPAction, which one of the script's functions has wrong.
    guard let function = Self.functions[request.function] else {
      return AdapterCall(request.function, .refuse(.unknownFunction)) { _ in Self.fault }
    }
    let arguments = SOAPArguments(request.arguments)
    return AdapterCall(request.function, operation { () throws(Refusal) in try function.make(arguments) }) { outcome in
      Self.envelope(request.function, function.element, function.form.text(of: outcome, words))
    }
  }

  private static func envelope(_ function: String, _ element: String, _ value: String) -> [UInt8] {
    let body =
      "<\(function)Response xmlns=\"http://tempuri.org/\"><\(element)>\(escaped(value))</\(element)></\(function)Response>"
    return Array((head + body + tail).utf8)
  }

  private static let fault = Array(
    (head + "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>unknown-function</faultstring></soap:Fault>"
      + tail).utf8)
  private static let head = """
    <?xml version="1.0" encoding="utf-8"?><soap:Envelope \
    xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
    """
  private static let tail = "</soap:Body></soap:Envelope>"

  /// Characters that XML does not allow at all are left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: if scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}

/// How a value of the answer is written.
enum SOAPForm: Sendable {
  /// 1 when done, else 0.
  case one
  /// 0 when done, else 1: two functions of the script count so.
  case zero
  case plain
  /// The script loses the last byte of what it decodes: base64 of the text and one zero byte.
  case n64
  /// `CN#serial#issuer;` for each certificate, as ``n64``.
  case list
  /// Why the last operation was refused, as ``n64``.
  case errorText
  /// 0 when the last operation was not refused.
  case errorNumber
  /// GM/T 0006: SGD_SM2_1 or SGD_RSA, by the name of the key's algorithm.
  case algorithm

  func text(of outcome: Outcome, _ words: RefusalTexts) -> String {
    switch self {
    case .one: outcome.isSuccess ? "1" : "0"
    case .zero: outcome.isSuccess ? "0" : "1"
    case .plain: Texts.plain(outcome)
    case .n64: Self.n64(Self.carried(outcome))
    case .list: Self.n64(Self.list(outcome))
    case .errorText: if case .last(let refusal) = outcome { Self.n64(words.both(refusal)) } else { "" }
    case .errorNumber: outcome == .last(nil) ? "0" : "1"
    case .algorithm: outcome.isSuccess ? (Texts.plain(outcome) == "SM2" ? "131584" : "65536") : "0"
    }
  }

  private static func n64(_ text: String) -> String {
    text.isEmpty ? "" : Base64.encode(Array(text.utf8) + [0])
  }

  /// Bytes inside an ``n64`` are text where they can be, else base64.
  private static func carried(_ outcome: Outcome) -> String {
    guard case .bytes(let bytes) = outcome else { return Texts.plain(outcome) }
    return String(validating: bytes, as: UTF8.self) ?? Base64.encode(bytes)
  }

  /// The separators cannot stand in a name.
  private static func list(_ outcome: Outcome) -> String {
    guard case .certificates(let certificates) = outcome else { return "" }
    func part(_ text: String) -> String { text.replacing("#", with: "＃").replacing(";", with: "；") }
    return certificates.map { found in
      let issuer = found.certificate.issuer.displayName
      return part(found.certificate.owner) + "#" + found.serial + "#" + part(issuer) + ";"
    }.joined()
  }
}
