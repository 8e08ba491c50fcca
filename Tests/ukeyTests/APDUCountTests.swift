import DiagnosisKit
import Failures
import Glibc
import SoftToken
import Testing
import TokenKit
import Wording

@testable import ukey

/// How many commands a PIV card with short APDUs and four certificates gets: ceilings, so that none creeps in again.
struct APDUCountTests {
  private func card(_ settings: String = "") throws -> (card: FaultCard, providers: [any TokenProvider]) {
    let settings = try #require(PIVCardSettings(text: "extended=no,tries=5," + settings))
    let card = FaultCard(try PIVCard.demo(settings: settings, directory: nil, now: 1_800_000_000))
    let readers = DemoReaders(cards: [(reader: "R", card: card)])
    return (card, [try CardTokenProvider(name: ProviderKind.pcsc.rawValue, service: readers, profile: nil)])
  }

  private func asking(_ pin: String, _ body: (PINOptions) throws -> PINOutcome) throws -> PINOutcome {
    let descriptor = try Sample.descriptor(pin + "\n")
    defer { close(descriptor) }
    return try body(try PINOptions.parse(["--pin-fd", "\(descriptor)"]))
  }

  private func change(_ providers: [any TokenProvider], _ old: String, _ new: String) throws -> PINOutcome {
    let key = try OneKey.find(KeySelection(), among: providers, .pins)
    let other = try Sample.descriptor(new + "\n")
    defer { close(other) }
    return try asking(old) { asking in
      try PINChange(
        key: key, asking: asking, newPinFd: other, common: try CommonOptions.parse(["--lang", "en"]),
        snapshot: key.snapshot
      ).run(try key.reference(nil, admin: false))
    }
  }

  @Test func thePINsStateTakesFour() throws {
    let (card, providers) = try card()
    let reports = try KeyCollector(providers: providers, options: ReadOptions(extent: .pins)).collect()
    #expect(reports.first?.snapshot?.applications.value?.first?.userPIN.value?.triesLeft == 5)
    #expect(card.count <= 4)
  }

  /// Of one slot only what is in it: as few as yubico-piv-tool takes. A name is taken in either case.
  @Test(arguments: ["9a", "9C"]) func oneCertificateTakesSeven(_ slot: String) throws {
    let (card, providers) = try card()
    let selection = try CertificateCommand.Selection.parse(["--container", slot])
    let reports = try KeyCollector(providers: providers, options: selection.options).collect()
    let taken = card.count
    let places = try #require(reports.first?.snapshot).filledPlaces.filter(selection.matches)
    #expect(places.map(\.container.name.text) == [slot.uppercased()] && taken <= 7)
    #expect(places.first?.certificate.value != nil)
  }

  /// All certificates, and nothing of PINs and serial.
  @Test func certificatesAloneTakeFewerThanTheKey() throws {
    let (first, some) = try card()
    _ = try KeyCollector(providers: some, options: ReadOptions(extent: .certificates(container: nil))).collect()
    let (second, whole) = try card()
    _ = try KeyCollector(providers: whole, options: ReadOptions()).collect()
    #expect(first.count < second.count)
  }

  @Test func changingThePINTakesNine() throws {
    let (card, providers) = try card()
    #expect(try change(providers, "123456", "918273") == .changed)
    #expect(card.count <= 9)
  }

  @Test func checkingThePINTakesNine() throws {
    let (card, providers) = try card()
    let key = try OneKey.find(KeySelection(), among: providers, .pins)
    let outcome = try asking("123456") { asking in
      let session = PINSession(
        token: key.token, words: PINWords[.en], asking: asking, common: try CommonOptions.parse(["--lang", "en"]),
        snapshot: key.snapshot)
      let reference = try key.reference(nil, admin: false)
      guard case .ready(let policy, let consent) = try session.begin(reference) else { return .locked }
      let pin = try session.pin("PIN", policy)
      return key.token.verify(pin, reference, consent: consent)
    }
    #expect(outcome == .verified)
    #expect(card.count <= 9)
  }

  /// VERIFY with P1 = FF answered as the empty VERIFY is: the card has forgotten, and other programs keep their session.
  @Test func aLogoutAnsweredWithTheTriesResetsNobodysCard() throws {
    let (usual, other) = (try card(), try card("logout=63CX"))
    for each in [usual, other] { #expect(try change(each.providers, "123456", "918273") == .changed) }
    #expect(other.card.resets == usual.card.resets)
    #expect(other.card.count <= 9)
  }

  /// The whole login: found, read, PIN, signature, verified. On a real key a command takes 10 to 30 ms.
  private func logIn(_ card: FaultCard, _ pin: String, container: String? = nil) throws -> DiagnosisResult {
    let readers = DemoReaders(cards: [(reader: "R", card: card)])
    let providers = [try CardTokenProvider(name: ProviderKind.demo.rawValue, service: readers, profile: nil)]
    let descriptor = try Sample.descriptor(pin + "\n")
    defer {
      close(descriptor)
      PINSession.releaseSignals()
    }
    let options = try LoginTestCommand.options(
      KeySelection(demo: true), providers, try PINOptions.parse(["--pin-fd", "\(descriptor)"]),
      try CommonOptions.parse(["--lang", "en"]), container: container)
    return Diagnosis(options: options, providers: providers).run()
  }

  private func link(_ result: DiagnosisResult) -> Finding? { result[.login] }

  @Test(arguments: [nil, "9A"]) func aLoginTestTakesTwenty(_ container: String?) throws {
    let card = FaultCard(
      try PIVCard.demo(
        settings: try #require(PIVCardSettings(text: "extended=no,tries=5")), directory: nil, now: Int64(time(nil))))
    let result = try logIn(card, "123456", container: container)
    #expect(result.first == nil && link(result)?.verdict == .ok)
    #expect(card.count <= 20)
  }

  @Test func aLoginTestOnAGMTokenTakesSixty() throws {
    let card = FaultCard(try GMCard.demo())
    let result = try logIn(card, "123456")
    #expect(result.first?.finding.verdict != .fault && link(result)?.holds == true)
    #expect(card.count <= 60)
  }

  /// A card that tells more by GET METADATA is asked by that alone.
  @Test func aCardWithMetadataTakesNoMore() throws {
    let (card, providers) = try card("metadata=yes,serial=7654321")
    #expect(try change(providers, "123456", "918273") == .changed)
    #expect(card.count <= 9)
  }
}
