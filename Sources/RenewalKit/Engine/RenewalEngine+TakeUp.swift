package import Failures
package import TokenKit
package import UnlockKit

extension RenewalEngine {
  /// Goes on with the order for this certificate that has no answer yet, or begins one. Nothing is on the key by that.
  ///
  /// - Parameters:
  ///   - old: the certificate that is renewed; `nil` on a key that has none.
  ///   - subject: `Name`, DER, to ask for where there is no old one.
  ///   - request: SM3 of the request for the business; `nil`: what an order that is there has.
  ///   - file: where the order is to be written; an absolute path.
  ///   - isNew: begin one though there is another.
  /// - Throws: as ``begin(_:keySerial:application:old:subject:offer:request:in:now:)``; `UK-535` without a serial.
  package static func takeUp(
    _ kind: UnlockKind, on key: TokenSnapshot, application: TokenName, old: CertificatePlace?, subject: [UInt8]? = nil,
    offer: RenewalOffer, request: [UInt8]?, file: String, isNew: Bool, in directory: StateDirectory, now: Int64
  ) throws(Failure) -> (engine: RenewalEngine, isResumed: Bool) {
    guard let serial = key.device.serial.value, !serial.isEmpty else {
      throw Failure(.renewalNotOffered, context: "serial")
    }
    let certificate = old?.certificate.value
    if !isNew,
      let found = RenewalJournal.unfinished(kind, keySerial: serial.text, old: certificate?.der, in: directory)
    {
      var engine = RenewalEngine(found, in: directory)
      try engine.keep {
        $0.request = request ?? found.request
        $0.file = file
      }
      return (engine, true)
    }
    let signing = old.flatMap { place in
      certificate.map {
        SigningKey(application: application, container: place.container.name, certificate: $0, keySerial: serial)
      }
    }
    var engine = try begin(
      kind, keySerial: serial.text, application: application, old: signing, subject: subject, offer: offer,
      request: request, in: directory, now: now)
    try engine.keep { $0.file = file }
    return (engine, false)
  }
}
