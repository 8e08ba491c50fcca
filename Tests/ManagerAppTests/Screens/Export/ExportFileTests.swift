import CertificateKit
import Failures
import Foundation
import Testing

@testable import ManagerApp

@Suite struct ExportFileTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ukey-export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func job(_ file: URL, overwrite: Bool = false, format: ExportFormat = .der) -> ExportJob {
    ExportJob(
      certificate: Samples.certificate(), format: format, path: file.path(percentEncoded: false), overwrite: overwrite)
  }

  @Test func writesWholeFilesAndLeavesNothingElse() throws {
    try withFolder { folder in
      let file = folder.appending(path: "证书.cer")
      #expect(writeExport(job(file)) == .written(file.path(percentEncoded: false)))
      #expect(try Data(contentsOf: file) == Data(Samples.certificate().der))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
      let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
      #expect((mode ?? 0) & ~0o644 == 0)
      #expect(writeExport(job(file, format: .pem)) == .exists)
      #expect(try Data(contentsOf: file) == Data(Samples.certificate().der))
      #expect(writeExport(job(file, overwrite: true, format: .pem)) == .written(file.path(percentEncoded: false)))
      #expect(try String(contentsOf: file, encoding: .utf8).hasPrefix("-----BEGIN CERTIFICATE-----\n"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }
  }

  @Test func aSymbolicLinkIsNeverFollowed() throws {
    try withFolder { folder in
      let target = folder.appending(path: "target")
      try Data("precious".utf8).write(to: target)
      for (name, destination) in [("link", target), ("dangling", folder.appending(path: "nowhere"))] {
        let link = folder.appending(path: name)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: destination)
        #expect(writeExport(job(link)) == .exists)
        #expect(writeExport(job(link, overwrite: true)) == .written(link.path(percentEncoded: false)))
      }
      #expect(try Data(contentsOf: target) == Data("precious".utf8))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "nowhere").path))
    }
  }

  @Test func whatCannotBeWrittenIsToldWithItsNumber() throws {
    try withFolder { folder in
      func number(_ file: URL, overwrite: Bool = false) -> Failure.Number? {
        guard case .failed(let failure) = writeExport(job(file, overwrite: overwrite)) else { return nil }
        #expect(failure.code == .fileWrite)
        return failure.number
      }
      #expect(number(folder.appending(path: "no/such/file")) == .errno(ENOENT))
      #expect(number(folder, overwrite: true) == .errno(EISDIR))
      #expect(number(folder.appending(path: String(repeating: "x", count: 300))) == .errno(ENAMETOOLONG))
    }
  }
}
