/// The entity identifier of Guangdong CAs and BJCA: `<serial>@<CA><type><flag><value>`, also without what stands
/// before the type. Type `JJ` is an organisation code or USCC, `SF` a person's number, `PO` anything; flag `1` means
/// that the value is base64 of UTF-8, `0` that it is plain. Shapes: `00011@0006PO1<base64>`, `1@5009JJ0<code>`.
struct EntityIdentifier {
  var type: String
  var value: String

  init?(_ text: String) {
    var body = text.drop { !$0.isASCII || ($0.asciiValue ?? 0) <= 0x20 }
    if let at = body.firstIndex(of: "@") {
      // Four characters of CA code stand between @ and the type.
      body = body[at...].dropFirst(5)
    }
    let type = body.prefix(2).uppercased()
    guard ["JJ", "SF", "PO"].contains(type), let flag = body.dropFirst(2).first, flag == "0" || flag == "1" else {
      return nil
    }
    let rest = body.dropFirst(3)
    self.type = type
    if flag == "0" {
      value = String(rest)
    } else {
      guard let decoded = Base64.decode(rest.utf8) else { return nil }
      value = String(decoding: decoded, as: UTF8.self)
    }
  }
}
