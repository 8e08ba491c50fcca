internal import Base
package import Failures
package import UnlockKit

/// The files of an order: beside the request for the business, under its name.
extension RenewalOrder {
  /// The endings of the files beside a request: the order, and the PKCS#10.
  package static let endings = [ending, csrEnding]
  package static let csrEnding = ".csr"

  package static func fileName(beside request: String) -> String {
    (request.hasSuffix(".ukreq") ? String(request.dropLast(6)) : request) + ending
  }

  package static func csrName(beside order: String) -> String {
    (order.hasSuffix(ending) ? String(order.dropLast(ending.count)) : order) + csrEnding
  }

  /// Writes the order and, where a name is given, the PKCS#10 in PEM.
  ///
  /// - Throws: `UK-610` when a name is taken, `UK-611`, `UK-901`.
  package func write(to file: String, csr csrFile: String?, overwrites: Bool) throws(Failure) -> SealedDocument {
    let document = try sealed()
    try Self.write(document.bytes, file, overwrites)
    if let csrFile { try Self.write(Array(csr.pem.utf8), csrFile, overwrites) }
    return document
  }

  private static func write(_ bytes: [UInt8], _ path: String, _ overwrites: Bool) throws(Failure) {
    switch writeFile(bytes, to: path, overwrite: overwrites, mode: 0o600) {
    case .written: return
    case .exists: throw Failure(.fileExists, context: displaySafe(path))
    case .failed(let error): throw Failure(.fileWrite, error)
    }
  }

  /// Whether what lies there is this order, written before.
  package static func isThere(_ number: [UInt8], in file: String) -> Bool {
    guard let bytes = try? readFile(file, limit: SealedDocument.limit), let found = try? parse(bytes) else {
      return false
    }
    return found.order.number == number
  }
}
