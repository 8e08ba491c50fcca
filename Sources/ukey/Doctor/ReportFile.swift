import Base
import DiagnosisKit
import Failures
import Glibc
import Wording

/// Where a report goes, and in which form: by the end of its name.
struct ReportFile {
  enum Form: String, CaseIterable {
    case json
    case md
    case html
  }

  var path: String
  var form: Form
  /// Keeps names, codes and serials.
  var full: Bool
  var overwrite: Bool

  init?(path: String, full: Bool, overwrite: Bool) {
    guard let form = Form.allCases.first(where: { path.lowercased().hasSuffix("." + $0.rawValue) }) else { return nil }
    self.path = path
    self.form = form
    self.full = full
    self.overwrite = overwrite
  }

  /// Whole or not at all, readable by its owner only. - Throws: `UK-610`, `UK-611`.
  func write(_ document: DiagnosisDocument, _ language: Language) throws(Failure) {
    let text =
      switch form {
      case .json: document.json(language).text + "\n"
      case .md: document.markdown(language)
      case .html: document.html(language)
      }
    switch writeFile(Array(text.utf8), to: path, overwrite: overwrite, mode: 0o600) {
    case .written: return
    case .exists: throw Failure(.fileExists, context: path)
    case .failed(let error): throw Failure(.fileWrite, error)
    }
  }

  /// - Throws: `UK-612`, `UK-613`.
  static func read(_ path: String) throws(Failure) -> DiagnosisDocument {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw Failure(.fileRead, function: "open", number: .errno(errno), context: path) }
    defer { close(file) }
    var information = stat()
    guard fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.fileRead, function: "fstat", context: path)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= DiagnosisDocument.sizeLimit {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return try DiagnosisDocument(parsing: bytes)
  }
}
