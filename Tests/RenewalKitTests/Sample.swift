import CertificateKit
import Failures
import Foundation
import Glibc
import SmartCard
import SoftToken
import Synchronization
import TokenKit
import UnlockKit

@testable import RenewalKit

/// Two certificates of somebody invented.
struct Sample {
  let signature: [UInt8]
  let encryption: [UInt8]

  init() throws {
    let authority = try TestCA.make()
    let now = Int64(Date().timeIntervalSince1970)
    func issue(_ usage: TestCertificate.Usage) throws -> [UInt8] {
      try authority.issue(
        .organization(
          name: GMSample.company, uscc: GMSample.companyCode, usage: usage, notBefore: now - 60,
          notAfter: now + 86_400)
      ).certificate
    }
    signature = try issue(.signature)
    encryption = try issue(.encryption)
  }
}

/// A directory that goes with it.
final class Scratch: Sendable {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/ukey-renewal-\(UUID().uuidString)"
    mkdir(path, 0o700)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var state: StateDirectory { StateDirectory(path: path + "/state") }
}

func pin(_ text: String) throws -> PIN {
  var pin = try PIN()
  for byte in text.utf8 { _ = pin.append(byte) }
  return pin
}

/// A software token whose memory outlives its power, put in as often as wanted.
final class Key {
  let behaviour: GMCardBehaviour
  let memory: MemoryStore
  /// A card as issued, by the name of its behaviour: making one takes longer than all that is done with it.
  private static let issued = Mutex<[String: [UInt8]]>([:])
  let application: TokenName = "SZCA-DEMO"
  /// The latest insertion.
  private(set) var card: FaultCard

  init(_ behaviour: GMCardBehaviour = .aLM) throws {
    self.behaviour = behaviour
    memory = MemoryStore(try Self.block(behaviour))
    card = FaultCard(try GMCard.demo(.containers(1), behaviour: behaviour, store: memory))
  }

  private static func block(_ behaviour: GMCardBehaviour) throws -> [UInt8]? {
    if let known = issued.withLock({ $0[behaviour.name] }) { return known }
    let store = MemoryStore()
    _ = try GMCard.demo(.containers(1), behaviour: behaviour, store: store)
    let block = try store.load()
    issued.withLock { $0[behaviour.name] = block }
    return block
  }

  /// Puts it in anew.
  ///
  /// - Parameter rules: what goes wrong this time.
  func insert(_ rules: [FaultRule] = []) throws -> any Token {
    let store = CuttingStore(memory)
    card = FaultCard(try GMCard.demo(behaviour: behaviour, store: store))
    card.rules = rules
    card.power = store
    store.arm(rules)
    let provider = try CardTokenProvider(name: "demo", service: DemoReaders(cards: [("R", card)]))
    return try provider.open("R")
  }

  func snapshot() throws -> TokenSnapshot { try insert().read(ReadOptions(), progress: { _ in }) }

  var user: PINReference { PINReference(application: application, role: .user, keySerial: "DEMO-GM-00412") }

  func old() throws -> SigningKey {
    let snapshot = try snapshot()
    guard let place = snapshot.subjects.first, let certificate = place.certificate.value else {
      throw Failure(.certificateMissing)
    }
    return SigningKey(
      application: application, container: place.container.name, certificate: certificate,
      keySerial: snapshot.device.serial.value)
  }
}

/// What a session for a renewal gave.
func value<Value>(_ end: RenewalEnd<Value>) throws -> Value {
  switch end {
  case .done(let value): return value
  case .failed(let failure): throw failure
  case .pin(let outcome): throw Failure(.pinUnknown, context: "\(outcome)")
  }
}
