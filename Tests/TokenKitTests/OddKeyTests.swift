import CertificateKit
import Failures
import SmartCard
import SoftToken
import Synchronization
import Testing

@testable import TokenKit

/// A module with one certificate and private keys, whose attributes and mechanisms a test sets.
private final class ObjectModule: LibraryCaller {
  struct Object: Sendable {
    var kind: UInt64
    /// An attribute that is missing is answered by CKR_ATTRIBUTE_TYPE_INVALID.
    var attributes: [UInt64: [UInt8]]
  }

  let library = LibraryFile(path: "/nowhere/module.so", kind: .pkcs11)
  private let objects: [Object]
  private let mechanisms: [UInt64]
  private let refusals: [P11Function: [UInt64]]
  private let state = Mutex<[P11Function]>([])

  /// - Parameter refusals: what a function returns, in turn.
  init(_ objects: [Object], mechanisms: [UInt64] = [CK.ecdsa], refusals: [P11Function: [UInt64]] = [:]) {
    self.objects = objects
    self.mechanisms = mechanisms
    self.refusals = refusals
  }

  var calls: [P11Function] { state.withLock { $0 } }
  var restarts: Int { 0 }
  var run: Int? { 0 }
  func greeting() throws(Failure) -> HostReply { HostReply(.loaded) }
  func acquire() throws(Failure) {}
  func release() {}
  func discard() {}
  func abandon() {}

  func exchange(
    _ request: HostRequest, secrets: [UnsafeRawBufferPointer], name: String, takesTime: Bool
  ) -> HostProcess.Exchange {
    guard let function = P11Function(rawValue: request.function) else { return .reply(HostReply(.badRequest)) }
    let before = state.withLock { calls in
      calls.append(function)
      return calls.filter { $0 == function }.count - 1
    }
    if let codes = refusals[function], codes.indices.contains(before), codes[before] != 0 {
      return .reply(HostReply(.returned, code: codes[before]))
    }
    var data: [UInt8] = []
    switch function {
    case .getTokenInfo:
      data = [UInt8](repeating: 0x20, count: 96)
      data.append(littleEndian: UInt64(0x408))
      data += [UInt8](repeating: 0, count: 112)
    case .getMechanismList: for mechanism in mechanisms { data.append(littleEndian: mechanism) }
    case .findObjects:
      for (index, object) in objects.enumerated() where object.kind == request.number {
        data.append(littleEndian: UInt64(index))
      }
    case .getAttributeValue:
      var reader = ByteReader(request.data)
      let type = reader.integer(UInt64.self) ?? .max
      guard let value = objects[Int(request.number)].attributes[type] else {
        return .reply(HostReply(.returned, code: 0x12))
      }
      data = value
    case .sign: data = [UInt8](repeating: 1, count: 64)
    default: break
    }
    return .reply(HostReply(.returned, code: 0, numbers: [7], data: data))
  }
}

/// Keys and modules that say less than they could, or something that cannot be: nothing false is made of it.
@Suite("Keys that answer unusually")
struct OddKeyTests {
  private static let certificate: Result<[UInt8], any Error> = Result {
    let ca = try TestCA.make(kind: .p256)
    return try ca.issue(
      TestCertificate.organization(
        name: "深圳市示例建设工程有限公司", uscc: "9144030071526726XG", keyKind: .p256, usage: .signature, notBefore: 1_790_000_000,
        notAfter: 1_890_000_000)
    ).certificate
  }

  private func certificate(type: [UInt8]? = [UInt8](repeating: 0, count: 8)) throws -> ObjectModule.Object {
    var attributes = [CK.attributeValue: try Self.certificate.get(), CK.attributeID: [1]]
    attributes[CK.attributeCertificateType] = type
    return ObjectModule.Object(kind: CK.classCertificate, attributes: attributes)
  }

  private func key(_ id: [UInt8]?) -> ObjectModule.Object {
    ObjectModule.Object(kind: CK.classPrivateKey, attributes: id.map { [CK.attributeID: $0] } ?? [:])
  }

  private func token(_ module: ObjectModule) -> P11Token {
    P11Token(source: TokenSource(provider: "pkcs11:/nowhere/module.so", reader: "A"), caller: module, slot: 1)
  }

  private func pin() throws -> PIN {
    var pin = try PIN()
    for byte in "123456".utf8 { _ = pin.append(byte) }
    return pin
  }

  /// What signing ended with, by the certificate of the module.
  private func signing(_ module: ObjectModule) throws -> Failure? {
    let token = token(module)
    let place = try #require(try token.read(ReadOptions(), progress: { _ in }).loginCertificate())
    let outcome = token.sign([1, 2, 3], with: try #require(place.signingKey), pin: try pin(), consent: .normal)
    guard case .pin(.refused(let failure)) = outcome else {
      Issue.record("\(outcome)")
      return nil
    }
    return failure
  }

  @Test(arguments: [nil, [UInt8](repeating: 0xFF, count: 8), []] as [[UInt8]?])
  func aCertificateOfNoToldTypeIsRead(_ type: [UInt8]?) throws {
    let module = ObjectModule([try certificate(type: type)])
    #expect(try token(module).read(ReadOptions(), progress: { _ in }).mainCertificate != nil)
  }

  @Test func aCertificateOfAnotherTypeIsNot() throws {
    let module = ObjectModule([try certificate(type: [2] + [UInt8](repeating: 0, count: 7))])
    #expect(try token(module).read(ReadOptions(), progress: { _ in }).mainCertificate == nil)
  }

  /// The signature of this module fits nothing: what is looked at is that it was asked for one.
  @Test func aKeyWithoutItsIdentifierHidesNoOther() throws {
    let module = ObjectModule([try certificate(), key(nil), key([1])])
    #expect(try signing(module)?.code == .signatureInvalid)
    #expect(module.calls.contains(.sign))
  }

  /// Where no private key tells which it is, none is "not on the key": one alone is tried, of several it is not known.
  @Test func keysWithoutIdentifierAreNotMissing() throws {
    let alone = ObjectModule([try certificate(), key([2]), key(nil)])
    #expect(try signing(alone)?.code == .signatureInvalid && alone.calls.contains(.sign))
    #expect(try signing(ObjectModule([try certificate(), key(nil), key(nil)]))?.code == .libraryRefused)
    #expect(try signing(ObjectModule([try certificate(), key([2])]))?.code == .privateKeyMissing)
  }

  /// The PIN once more for the signature (CKA_ALWAYS_AUTHENTICATE): what fails there is not the login that was accepted.
  @Test func aSecondLoginThatFailsIsTheSignatures() throws {
    var again = key([1])
    again.attributes[CK.attributeAlwaysAuthenticate] = [1]
    let failure = try #require(
      try signing(ObjectModule([try certificate(), again], refusals: [.login: [0, 0x91]])))
    #expect(!failure.isOfLogin && failure.number == .ckr(0x91))
  }

  @Test func anEmptyListOfMechanismsSaysNothing() throws {
    let module = ObjectModule([try certificate(), key([1])], mechanisms: [])
    #expect(try signing(module)?.code == .signatureInvalid)
    let other = ObjectModule([try certificate(), key([1])], mechanisms: [CK.rsaPKCS])
    #expect(try signing(other)?.code == .keyKindUnusable && !other.calls.contains(.signInit))
  }

  /// GM/T 0017 and 0016 sign with SM2 and RSA: of another key it is said before a PIN is asked for.
  @Test func whatCannotSignIsToldBeforeThePIN() throws {
    func obstacle(_ key: PublicKey, _ role: ContainerSnapshot.Role = .signature) throws -> FailureCode? {
      var certificate = try Certificate(der: try Self.certificate.get())
      certificate.publicKey = key
      return Failure.ofGMT(signing: [.init(role: role, certificate: .value(certificate))], "f")?.code
    }
    #expect(try obstacle(.sm2) == nil && obstacle(.rsa(bits: 2048)) == nil)
    #expect(try obstacle(.ec(curve: "prime256v1", bits: 256)) == .keyKindUnusable)
    #expect(try obstacle(.other(oid: "1.3.101.112")) == .keyKindUnusable)
    #expect(try obstacle(.ec(curve: "prime256v1", bits: 256), .encryption) == nil)
  }

  /// Zero of zero, or more than the maximum: no count, and nothing is sent on its word. As of an SKF library.
  @Test(arguments: [[0, 0], [0, 5], [3, 10]] as [[UInt8]]) func aCountThatCannotBeIsNone(_ told: [UInt8]) throws {
    let card = CountingCard(try GMCard.demo(behaviour: .aLM), told)
    let token = CardToken(source: TokenSource(provider: "test", reader: "R"), link: InProcessLink(card))
    let snapshot = try token.read(ReadOptions(), progress: { _ in })
    let application = try #require(snapshot.applications.value?.first)
    #expect(application.userPIN.failure?.code == .answerMalformed)
    let outcome = token.verify(
      try pin(), PINReference(application: application.name, role: .user), consent: .last)
    guard case .notSent(.failure(let failure)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.code == .answerMalformed && card.verified == 0)
  }

  /// A GM/T 0017 card that tells of its PINs what a test says.
  private final class CountingCard: SoftCard {
    private let card: GMCard
    private let told: [UInt8]
    private(set) var verified = 0

    init(_ card: GMCard, _ told: [UInt8]) {
      self.card = card
      self.told = told
    }

    var atr: [UInt8] { card.atr }
    func reset() { card.reset() }

    func process(_ command: [UInt8]) -> [UInt8] {
      if command.starts(with: [0x80, 0x18]) { verified += 1 }
      return command.starts(with: [0x80, 0x14]) ? told + [0x00, 0x90, 0x00] : card.process(command)
    }
  }
}
