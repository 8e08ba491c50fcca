import Failures
import Glibc

/// Gathers the certificates of a directory, and what was wrong with the rest.
struct TrustLoader {
  private(set) var certificates: [Certificate] = []
  private(set) var handles: [X509Handle] = []
  private(set) var failures: [Failure] = []
  private var known: Set<[UInt8]> = []

  mutating func load(directory path: String) {
    guard let directory = opendir(path) else {
      failures.append(
        Failure(.trustDirectory, function: "opendir", number: .errno(errno), context: displaySafe(path)))
      return
    }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      let lower = name.lowercased()
      if [".pem", ".crt", ".cer", ".der"].contains(where: lower.hasSuffix) { names.append(name) }
    }
    closedir(directory)
    for name in names.sorted() { load(file: path + "/" + name, name: name) }
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
    func failure(_ function: String, _ number: Int32?) -> Failure {
      Failure(.trustDirectory, function: function, number: number.map { .errno($0) }, context: displaySafe(name))
    }
    // Without O_NONBLOCK a FIFO of that name would hold us for ever.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure("open", errno) }
    defer { close(file) }
    var information = stat()
    guard fstat(file, &information) == 0 else { throw failure("fstat", errno) }
    guard information.st_mode & S_IFMT == S_IFREG else { throw failure("not a regular file", nil) }
    guard information.st_size <= TrustDirectory.fileLimit else { throw failure("fstat", EFBIG) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= TrustDirectory.fileLimit {
      let count = read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", errno) }
      if count == 0 { break }
      bytes += buffer.prefix(count)
    }
    return bytes
  }
}
