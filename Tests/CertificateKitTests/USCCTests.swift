import CertificateKit
import Foundation
import Testing

@Suite struct USCCTests {
  static let valid = [
    "914403001922038216", "9144030071526726XG", "91440300192181490G", "91330100716105852F", "91110108MA01R70K8D",
    "91440300708461136T", "9144030010001686XA", "91440300100012316L", "91440300192317458F", "9144030027939873X7",
    "91110000710935003U", "91110000802100433B", "91110108551385082Q", "91440400192548256N", "91440606722473344C",
    "91100000100003962T", "91350100M000100Y43",
  ]
  static let pilot = ["91350100M0001TGQXM", "91350211M0000XUF46", "91350203M0001FUE2P"]

  @Test(arguments: valid) func acceptsRealCodes(_ code: String) {
    #expect(USCC.validate(code) == .valid)
    #expect(USCC.isOrganizationCode(String(code.dropFirst(8).prefix(9))))
  }

  @Test(arguments: valid) func noticesAnyOtherLastCharacter(_ code: String) {
    for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" where last != code.last {
      #expect(
        USCC.validate(code.dropLast() + String(last)) == .checkDigitWrong(organizationCode: false, last: true))
    }
  }

  @Test(arguments: pilot) func warnsOfPilotCodes(_ code: String) {
    #expect(USCC.validate(code) == .checkDigitWrong(organizationCode: false, last: true))
  }

  @Test(arguments: [
    "", "91350100M000100Y4Z", "9135010", "9144030071526726XGX", "91AB030071526726XG", "深圳市示例建设工程有限公司深圳市示例",
  ])
  func saysWhatIsNone(_ text: String) { #expect(USCC.validate(text) == .malformed) }

  @Test func normalises() {
    #expect(USCC.normalized("\u{3000} ９１４４０３００７１５２６７２６ｘｇ\n\0") == "9144030071526726XG")
    #expect(USCC.normalized("9144030071526726xg") == "9144030071526726XG")
    #expect(USCC.normalized(" \0\u{3000}") == "")
    #expect(USCC.validate("９１４４０３００７１５２６７２６ｘｇ") == .valid)
  }

  @Test func takesNoLetterForADigit() {
    #expect(USCC.validate("9I44O30071526726XG") == .malformed)
  }

  @Test func checksOrganizationCodes() {
    #expect(USCC.isOrganizationCode("71526726-X"))
    #expect(USCC.isOrganizationCode("MA01R70K8"))
    #expect(!USCC.isOrganizationCode("71526726-1"))
    #expect(!USCC.isOrganizationCode("7152672"))
  }
}

/// Where the code is found: each encoding met in the field, and the order of the fields.
@Suite struct USCCSearchTests {
  private let code = "9144030071526726XG"
  private let other = "91440300192181490G"

  private func find(
    _ extensions: [(oid: String, value: [UInt8])] = [], subject: [(oid: String, value: [UInt8])] = []
  ) throws -> USCCFinding? {
    var builder = CertificateBuilder()
    builder.extensions = extensions
    builder.subject += subject
    return try Certificate(der: builder.der).uscc
  }

  private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

  @Test func readsEveryEncoding() throws {
    let ascii = Array(code.utf8)
    let encodings: [[UInt8]] = [
      [0x0C, 0x12] + ascii, [0x13, 0x12] + ascii, [0x16, 0x12] + ascii, [0x04, 0x12] + ascii, DER.bmp(code),
      [0x80, 0x12] + ascii, [0xA0, 0x14, 0x13, 0x12] + ascii, [0xA2, 0x16, 0xA1, 0x14, 0x0C, 0x12] + ascii,
      DER.sequence(DER.oid("1.2.3"), DER.utf8(code)), DER.element(0x04, DER.utf8(code)),
      DER.element(0x31, DER.printable(code)), ascii, [0x01, 0x12] + ascii, Array("AB".utf8) + ascii,
      DER.utf8("９１４４０３００７１５２６７２６ｘｇ"), DER.utf8(" 9144030071526726xg "), DER.utf8("统一社会信用代码：\(code)"),
    ]
    for encoding in encodings {
      let found = try find([("1.2.156.10260.4.1.4", encoding)])
      #expect(found == USCCFinding(code: code, source: "1.2.156.10260.4.1.4", check: .valid), "\(encoding)")
    }
  }

  @Test func goesByTheOrder() throws {
    var extensions: [(oid: String, value: [UInt8])] = []
    var subject: [(oid: String, value: [UInt8])] = []
    // From the last to the first: each one added takes precedence over all before it.
    subject.append(("2.5.4.11", DER.utf8(code)))
    #expect(try find(subject: subject)?.source == "subject OU")
    subject.append(("2.5.4.5", DER.printable(code)))
    #expect(try find(subject: subject)?.source == "subject serialNumber")
    subject.append(("2.5.4.97", DER.utf8("NTRCN-\(code)")))
    #expect(try find(subject: subject)?.source == "subject 2.5.4.97")
    for oid in [
      "1.2.156.10260.4.4.4", "1.2.156.10260.4.4", "1.2.86.11.7.3", "1.2.86.11.7.4", "2.16.156.112548",
      "1.2.86.11.7.7550205", "1.2.86.11.7.7550243.1", "1.2.156.10260.4.1.4",
    ] {
      extensions.append((oid, DER.utf8(oid == "2.16.156.112548" ? "1@5009JJ0\(code)" : code)))
      #expect(try find(extensions, subject: subject) == USCCFinding(code: code, source: oid, check: .valid))
    }
  }

  @Test func readsEntityIdentifiers() throws {
    for text in [
      "1@5009JJ0\(code)", "00011@0006JJ1\(base64(code))", "JJ0\(code)", "JJ1\(base64(code))",
      "440300@5009JJ1\(base64(code).replacing("=", with: ""))",
    ] {
      for value in [DER.utf8(text), DER.printable(text), Array(text.utf8)] {
        let found = try find([("2.16.156.112548", value)])
        #expect(found == USCCFinding(code: code, source: "2.16.156.112548", check: .valid), "\(text)")
      }
    }
  }

  @Test func neverShowsAPersonsNumberAsACompanys() throws {
    // The invented sample of GB 11643; a company's field may carry its agent's number.
    let person = "11010519491231002X"
    #expect(try find([("2.16.156.112548", DER.utf8("1@5009SF0\(person)"))]) == nil)
    #expect(try find([("2.16.156.112548", DER.utf8("1@5009SF1\(base64(person))"))]) == nil)
    #expect(try find([("1.2.86.11.7.7550205", DER.utf8(person))]) == nil)
    #expect(try find(subject: [("2.5.4.5", DER.printable(person))]) == nil)
    #expect(try find([("1.2.156.10260.4.1.1", DER.utf8(code))]) == nil)
  }

  @Test(arguments: USCCTests.pilot) func warnsOfPilotCodes(_ code: String) throws {
    #expect(try find(subject: [("2.5.4.11", DER.utf8(code))])?.check == .checkDigitWrong)
    #expect(try find([("1.2.156.10260.4.1.4", DER.utf8(code))])?.check == .checkDigitWrong)
  }

  @Test func aLetterOutsideTheAlphabetIsAWarningInItsOwnField() throws {
    let odd = "91350100M000100Y4Z"
    #expect(
      try find([("1.2.156.10260.4.1.4", DER.utf8(odd))])
        == USCCFinding(code: odd, source: "1.2.156.10260.4.1.4", check: .checkDigitWrong))
    #expect(try find(subject: [("2.5.4.11", DER.utf8(odd))]) == nil)
  }

  @Test func fallsBackToTheOrganizationCode() throws {
    let expected = USCCFinding(code: "71526726X", source: "1.2.156.10260.4.1.4", check: .organizationCodeOnly)
    #expect(try find([("1.2.156.10260.4.1.4", [0x0C, 0x0A] + Array("71526726-X".utf8))]) == expected)
    #expect(try find([("1.2.156.10260.4.1.4", DER.printable("71526726X"))]) == expected)
    // A whole code in a later field is better than a part in an earlier one.
    let whole = try find([("1.2.156.10260.4.1.4", DER.utf8("71526726-X"))], subject: [("2.5.4.11", DER.utf8(other))])
    #expect(whole == USCCFinding(code: other, source: "subject OU", check: .valid))
  }

  @Test func findsNoneWhereThereIsNone() throws {
    #expect(try find() == nil)
    #expect(try find(subject: [("2.5.4.11", DER.utf8("工程部")), ("2.5.4.11", DER.utf8("123456789"))]) == nil)
    #expect(try find(subject: [("2.5.4.3", DER.utf8(code))]) == nil)
  }

  @Test func looksAtEveryOrganizationalUnit() throws {
    let found = try find(subject: [("2.5.4.11", DER.utf8("工程部")), ("2.5.4.11", DER.utf8(code))])
    #expect(found?.code == code)
  }
}
