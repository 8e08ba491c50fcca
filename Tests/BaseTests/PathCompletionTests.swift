import Foundation
import Testing

@testable import Base

@Suite struct PathCompletionTests {
  private func withFolder(_ names: [String], _ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "ukey-completion-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in names {
      if name.hasSuffix("/") {
        try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
      } else {
        #expect(FileManager.default.createFile(atPath: folder + "/" + name, contents: nil))
      }
    }
    try body(folder)
  }

  @Test func goesOnAsFarAsThereIsOneWay() throws {
    try withFolder(["申请-1.ukreq", "申请-2.ukreq", "回执.ukresp", "folder/", ".hidden"]) { folder in
      #expect(completePath(folder + "/申").text == folder + "/申请-")
      #expect(completePath(folder + "/申").choices == ["申请-1.ukreq", "申请-2.ukreq"])
      #expect(completePath(folder + "/f") == PathCompletion(text: folder + "/folder/", choices: []))
      #expect(completePath(folder + "/.h") == PathCompletion(text: folder + "/.hidden", choices: []))
      #expect(completePath(folder + "/回执.ukresp") == PathCompletion(text: folder + "/回执.ukresp", choices: []))
      // In quotes, as it may have been dropped.
      #expect(completePath("'" + folder + "/回").text == "'" + folder + "/回")
      #expect(completePath("'" + folder + "/回'").text == folder + "/回执.ukresp")
      // What is wanted goes before what is not.
      #expect(completePath(folder + "/", ending: ".ukresp").choices == ["folder/", "回执.ukresp"])
    }
  }

  @Test func nothingThereChangesNothing() throws {
    try withFolder([]) { folder in
      for text in [folder + "/x", folder + "/x/y", "", "/nowhere/at/all"] {
        #expect(completePath(text).text == text || text.isEmpty)
      }
    }
  }

  /// A name that would mean another path once it is in the field, or that hides what it is, is not proposed.
  @Test func hostileNamesAreNotProposed() throws {
    try withFolder(["ab\u{1B}[2J", "ab\u{202E}c", "ab'c", "ab\\c", "ab ", "abok"]) { folder in
      #expect(completePath(folder + "/ab") == PathCompletion(text: folder + "/abok", choices: []))
    }
  }
}
