import CertificateKit
import Failures
import StrictJSON
import Testing
import TokenKit
import Wording

@testable import ukey

/// What `ukey status` says of a key, for scripts and for people.
struct StatusOutputTests {
  private func json(_ language: Language = .en) -> StatusJSON {
    StatusJSON(now: Sample.now, reminderDays: 60, language: language, trust: nil)
  }

  private func text(_ language: Language) -> StatusText {
    StatusText(now: Sample.now, reminderDays: 60, language: language, trust: nil)
  }

  @Test func aDocumentHasItsSchemaAndSaysWhenItIsOfTheDemoKey() throws {
    let real = json().document([], isDemo: false)
    #expect(real.keys == ["schema", "time", "readers"] && real["schema"] == "ukey.status/1")
    let demo = json().document([Sample.report(try Sample.demo().snapshot)], isDemo: true)
    #expect(demo["demo"] == .bool(true))
    #expect(demo["readers"]?.arrayValue?.first?["key"]?["serial"] == "DEMO-GM-00412")
  }

  @Test func aReaderIsEmptyHoldsAKeyOrSaysWhyNot() {
    let empty = json().reader(Sample.report(.empty))
    #expect(empty["present"] == .bool(false) && empty["key"] == nil && empty["error"] == nil)
    let mute = json().reader(Sample.report(.failed(Failure(.cardMute))))
    #expect(mute["present"] == .bool(true) && mute["error"]?["code"] == "UK-121" && mute["key"] == nil)
    let key = json().reader(Sample.report(Sample.key([])))
    #expect(key["present"] == .bool(true) && key["key"]?["family"] == "gmt0017" && key["error"] == nil)
  }

  @Test func whatAKeyDoesNotOfferIsLeftOutAndWhatFailsIsAnError() {
    let key = json().key(Sample.key([], serial: .failed(Failure(.commandRefused))))
    #expect(key["label"] == nil && key["profile"] == nil && key["alsoSeen"] == nil && key["libraryRestarts"] == nil)
    #expect(key["serial"]?["error"]?["code"]?.stringValue == FailureCode.commandRefused.rawValue)
  }

  @Test(arguments: [(400, "valid", 400), (59, "expiring", 59), (-2, "expired", -2)])
  func theStateOfACertificateIsInWordsAndDays(_ days: Int64, _ state: String, _ left: Int) {
    let value = json().certificate(Sample.certificate(days: days), role: "signature")
    #expect(value["state"]?.stringValue == state && value["daysLeft"]?.intValue == left)
    #expect(value["role"] == "signature" && value["serial"] == "35:01" && value["usage"] == "signature")
    #expect(value["chain"] == nil && value["uscc"] == nil)
  }

  @Test func aPINTellsOnlyWhatTheKeyTold() {
    let known = PINStatus(triesMax: 10, triesLeft: 3, isLocked: false, isDefault: true)
    #expect(json().pin(.value(known))?.keys == ["triesLeft", "triesMax", "locked", "default"])
    let verified = PINStatus(triesMax: nil, triesLeft: nil, isLocked: false, isDefault: nil, isVerified: true)
    #expect(json().pin(.value(verified))?.keys == ["locked", "verified"])
    #expect(json().pin(.notOffered) == nil)
  }

  @Test func theDocumentReadsBackAsItWasWritten() throws {
    let document = json(.zh).document([Sample.report(try Sample.demo().snapshot)], isDemo: true)
    #expect(try JSONValue(parsing: Array(document.text.utf8), limits: .init()) == document)
  }

  @Test(arguments: [Language.zh, .en])
  func forPeopleThereAreNoControlCharacters(_ language: Language) throws {
    var key = try Sample.demo().snapshot
    key.device.label = .value("evil\u{1B}[2J\u{7}label")
    let said = text(language).document([Sample.report(key)], isDemo: false)
    #expect(said.contains("深圳市示例建设工程有限公司") && said.contains("DEMO-GM-00412"))
    #expect(said.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F })
  }

  @Test func theDemoKeyIsNamedAsSuch() throws {
    let report = Sample.report(try Sample.demo().snapshot)
    #expect(text(.zh).document([report], isDemo: true).hasPrefix("演示"))
    #expect(!text(.zh).document([report], isDemo: false).hasPrefix("演示"))
  }

  @Test func aLockedPINNamesTheWayOut() {
    let said = text(.en).pins(Sample.key([], left: 0))
    #expect(said.contains("✕") && said.contains("ukey unlock"))
    #expect(text(.en).pins(Sample.key([], left: 7)).contains("7"))
  }

  @Test func withoutAReaderItSaysWhatToDo() {
    #expect(text(.en).document([], isDemo: false).contains("UK-110"))
  }
}
