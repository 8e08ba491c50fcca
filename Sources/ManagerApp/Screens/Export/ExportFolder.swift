import Base
package import CertificateKit
package import Failures
import Glibc
package import TokenKit
package import Wording

/// Certificates to be written into a folder, a file each under a name that cannot lead elsewhere.
package struct ExportFolder: Sendable {
  package struct Item: Sendable {
    package var name: String
    package var place: CertificatePlace
    package var certificate: Certificate
  }

  /// The file that says which file holds what.
  package static let list = "certificates.csv"

  package let items: [Item]
  private let format: ExportFormat

  /// One name each; a certificate that several places hold is written once, and what could not be read not at all.
  package init(_ places: [CertificatePlace], format: ExportFormat, language: Language) {
    self.format = format
    let words = Words[language]
    var taken: Set<String> = []
    var seen: Set<[UInt8]> = []
    items = places.compactMap { place in
      guard let certificate = place.certificate.value, seen.insert(certificate.der).inserted else { return nil }
      let stem = exportName(certificate, role: words.roleShort(place.role))
      let ending = "." + format.fileExtension
      var name = stem + ending
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(stem)-\(number)" + ending
        number += 1
      }
      return Item(name: name, place: place, certificate: certificate)
    }
  }

  /// Writes them; the folder is made where it is missing. Blocks; not for the UI loop.
  ///
  /// - Parameters:
  ///   - list: what stands beside them in ``list``; `nil`: no list.
  ///   - goesOn: asked before each file.
  ///   - written: told of each file.
  /// - Returns: the folder's absolute path.
  /// - Throws: `UK-610` when a name is taken and may not be overwritten, `UK-611`, `UK-902` (how many of how many) after the first no.
  package func write(
    to folder: String, overwrite: Bool, list: String?, goesOn: () -> Bool = { true },
    written: (Item, _ folder: String) -> Void = { _, _ in }
  ) throws(Failure) -> String {
    let path = absolutePath(folder)
    if mkdir(path, 0o755) != 0, errno != EEXIST {
      throw Failure(.fileWrite, function: "mkdir", number: .errno(errno), context: displaySafe(path))
    }
    let output = try Failure.mapping(.fileWrite, try OutputFolder(path))
    func put(_ bytes: [UInt8], _ name: String) throws(Failure) {
      switch output.write(bytes, name: name, overwrite: overwrite, mode: 0o644, durable: false) {
      case .written: return
      case .exists: throw Failure(.fileExists, context: displaySafe(path + "/" + name))
      case .failed(let error): throw Failure(.fileWrite, error)
      }
    }
    if !overwrite {
      // Before anything is written: half of it beside what was there would be neither.
      var status = stat()
      let names = items.map(\.name) + (list == nil ? [] : [Self.list])
      if let taken = names.first(where: { lstat(path + "/" + $0, &status) == 0 }) {
        throw Failure(.fileExists, context: displaySafe(path + "/" + taken))
      }
    }
    for (index, item) in items.enumerated() {
      guard goesOn() else { throw Failure(.cancelled, context: "\(index)/\(items.count)") }
      try put(format == .pem ? Array(item.certificate.pem.utf8) : item.certificate.der, item.name)
      written(item, path)
    }
    if let list { try put(Array(list.utf8), Self.list) }
    syncDirectory(path)
    return path
  }
}

/// A list of certificates as text.
package enum ListForm: Sendable, CaseIterable {
  case csv
  case json
}

/// Several certificates, or a list, to be written.
struct ExportManyJob: Sendable, Equatable {
  var snapshots: [TokenSnapshot]
  /// Only this certificate of them.
  var only: CertificatePlace?
  var form: ExportForm
  var language: Language
  /// Of the file, or of the folder.
  var path: String
  var overwrite: Bool

  /// - Parameter list: makes the text of a list.
  func carryOut(list: @Sendable ([TokenSnapshot], CertificatePlace?, ListForm) -> String) -> ExportOutcome {
    switch form {
    case .pem, .der:
      let folder = ExportFolder(
        snapshots.flatMap(\.filledPlaces), format: form == .pem ? .pem : .der, language: language)
      do throws(Failure) {
        return .written(
          try folder.write(to: typedPath(path), overwrite: overwrite, list: list(snapshots, only, .csv)))
      } catch {
        return error.code == .fileExists ? .exists : .failed(error)
      }
    case .csv, .json:
      let text = list(snapshots, only, form == .csv ? .csv : .json)
      switch writeFile(Array(text.utf8), to: typedPath(path), overwrite: overwrite, mode: 0o644) {
      case .written(let path): return .written(path)
      case .exists: return .exists
      case .failed(let error): return .failed(Failure(.fileWrite, error))
      }
    }
  }
}
