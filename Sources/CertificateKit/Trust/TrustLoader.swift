import Base
import Failures

/// Gathers the certificates of a directory, and what was wrong with the rest.
struct TrustLoader {
  private(set) var certificates: [Certificate] = []
  private(set) var handles: [X509Handle] = []
  private(set) var failures: [Failure] = []
  private var known: Set<[UInt8]> = []

  mutating func load(directory path: String) {
    do throws(Failure) {
      try Failure.checkTrust(path, missing: .trustDirectory)
    } catch {
      failures.append(error)
      return
    }
    let names: [String]
    do throws(SystemError) {
      names = try listFolder(path, limit: 65_536)
    } catch {
      failures.append(Failure(.trustDirectory, error))
      return
    }
    let certificates = names.filter { name in
      let lower = name.lowercased()
      return [".pem", ".crt", ".cer", ".der"].contains(where: lower.hasSuffix)
    }
    for name in certificates.sorted() { load(file: path + "/" + name, name: name) }
  }

  /// - Parameter origin: where it came from, for the failure.
  mutating func add(_ der: [UInt8], origin: String) {
    guard certificates.count < TrustDirectory.certificateLimit else {
      if certificates.count == TrustDirectory.certificateLimit, failures.last?.context != "limit" {
        failures.append(Failure(.trustDirectory, context: "limit"))
      }
      return
    }
    do {
      let handle = try X509Handle(der: der)
      let certificate = try Certificate(handle, encoded: der)
      guard known.insert(certificate.der).inserted else { return }
      certificates.append(certificate)
      handles.append(handle)
    } catch {
      failures.append(Failure(.trustDirectory, context: displaySafe(origin), causes: [error]))
    }
  }

  private mutating func load(file path: String, name: String) {
    let bytes: [UInt8]
    do {
      bytes = try contents(path, name: name)
    } catch {
      failures.append(error)
      return
    }
    // DER begins with a SEQUENCE; a PEM file with text.
    if bytes.first == 0x30 {
      add(bytes, origin: name)
      return
    }
    let blocks = PEM.certificates(in: bytes)
    if blocks.isEmpty { failures.append(Failure(.trustDirectory, function: "PEM", context: displaySafe(name))) }
    for (index, block) in blocks.enumerated() {
      let origin = blocks.count == 1 ? name : "\(name) #\(index + 1)"
      if let block {
        add(block, origin: origin)
      } else {
        failures.append(Failure(.trustDirectory, function: "PEM", context: displaySafe(origin)))
      }
    }
  }

  private func contents(_ path: String, name: String) throws(Failure) -> [UInt8] {
    try Failure.checkTrust(path, missing: .trustDirectory)
    do throws(SystemError) {
      return try readFile(path, limit: TrustDirectory.fileLimit, followsLinks: true)
    } catch {
      throw Failure(
        .trustDirectory, function: error.function, number: .errno(error.number), context: displaySafe(name))
    }
  }
}
