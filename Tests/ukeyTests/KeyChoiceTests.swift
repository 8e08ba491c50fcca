import CertificateKit
import Failures
import Testing
import TokenKit

@testable import ukey

/// Which key a command means: never a guess.
struct KeyChoiceTests {
  @Test func demoIsTheEmbeddedKeyAlone() throws {
    let reports = try KeySelection(demo: true).collect()
    #expect(reports.map(\.source.provider) == ["demo"] && reports.first?.snapshot?.isComplete == true)
  }

  @Test func theWordsOfProviderAreTakenInTheirOrder() throws {
    let named = try KeySelection(provider: ["pkcs11:/nowhere/a.so", "pcsc", "skf:/nowhere/b.so"]).providers()
    #expect(named.map(\.name) == ["pkcs11:/nowhere/a.so", "pcsc", "skf:/nowhere/b.so"])
    #expect(named.map(\.isService) == [false, true, false])
    #expect(throws: Failure.self) { try KeySelection(provider: ["no such thing"]).providers() }
  }

  @Test func aReaderThatIsNotThereIsSaid() {
    do {
      _ = try KeySelection(reader: "no such reader", demo: true).collect()
      Issue.record("found")
    } catch {
      #expect(error.code == .readerUnknown)
    }
  }

  @Test func oneKeySeenInTwoWaysIsOneReport() {
    let certificate = Reading.value(Sample.certificate(days: 400))
    let card = Sample.report(Sample.key([certificate]))
    let module = Sample.report(Sample.key([certificate], reader: "Slot 0", provider: "pkcs11:/x.so"))
    let merged = KeyCollector.merged([module, card])
    #expect(merged.count == 1 && merged.first?.snapshot?.alsoSeen.count == 1)
  }

  @Test func twoKeysStayTwo() {
    let one = Sample.report(Sample.key([.value(Sample.certificate(days: 400))]))
    let other = Sample.key(
      [.value(Sample.certificate(days: 30, serial: 2))], reader: "Reader 01", serial: .value("KEY-2"))
    #expect(KeyCollector.merged([one, Sample.report(other)]).count == 2)
  }

  @Test func emptySlotsOfModulesAreLeftOutBesideWhatWasFound() {
    let empty = Sample.report(.empty, provider: "pkcs11:/x.so")
    #expect(KeyCollector.merged([empty]).count == 1)
    #expect(KeyCollector.merged([Sample.report(.empty), empty]).map(\.source.provider) == ["pcsc"])
  }

  /// A module over PC/SC names its slot as the reader: the card that the program itself does not know is that key.
  @Test func anUnknownCardThatAModuleReadsIsOneKey() {
    let stranger = Sample.report(.failed(Failure(.tokenForeign, context: "CAC")))
    let same = Sample.report(Sample.key([], reader: "Reader 01", provider: "pkcs11:/x.so"))
    let other = Sample.report(Sample.key([], reader: "Reader 02", provider: "pkcs11:/x.so"))
    #expect(KeyCollector.merged([stranger, same]).map(\.source.provider) == ["pkcs11:/x.so"])
    #expect(KeyCollector.merged([stranger, other]).count == 2)
    let broken = Sample.report(.failed(Failure(.cardMute)))
    #expect(KeyCollector.merged([broken, same]).count == 2)
  }

  @Test func anApplicationIsTheNamedOneElseTheOneWithACertificate() throws {
    let key = try Sample.demo()
    let main = try key.snapshot.application(nil)
    #expect(main.containers.value?.isEmpty == false)
    #expect(try key.snapshot.application(named: main.name) == main)
    do {
      _ = try key.snapshot.application("NO-SUCH")
      Issue.record("found")
    } catch {
      #expect(error.code == .applicationMissing)
    }
  }

  @Test func aReferenceIsBoundToTheKeyThatWasShown() throws {
    let key = try Sample.demo()
    #expect(try key.reference(nil, admin: false).keySerial == "DEMO-GM-00412")
    #expect(try key.reference(nil, admin: true).role == .admin)
    #expect(key.identities.contains("DEMO-GM-00412") && key.identities.contains("9144030071526726XG"))
  }
}
