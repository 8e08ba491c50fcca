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

  /// Why it cannot be written, as far as can be told before. `nil`: nothing stands in its way. A disk that does not answer
  /// does.
  var obstacle: Failure? {
    inTime(.seconds(2), look) ?? Failure(.fileWrite, SystemError("lstat", ETIMEDOUT, path))
  }

  private func look() -> Failure? {
    var status = stat()
    if lstat(path, &status) == 0 { return overwrite ? nil : Failure(.fileExists, context: path) }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard access(folder, W_OK | X_OK) != 0 else { return nil }
    return Failure(.fileWrite, SystemError("access", errno, folder))
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
    // One byte more than may be: what is larger is for the document to refuse.
    let bytes = try Failure.mapping(.fileRead, try readBeginning(of: path, limit: DiagnosisDocument.sizeLimit + 1))
    return try DiagnosisDocument(parsing: bytes)
  }
}
