import Base
import Glibc
import Testing

/// A folder of a test's own, gone with it.
final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/ukey-base-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  deinit {
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  var names: [String] {
    guard let listing = opendir(path) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

@Suite struct FilesTests {
  private let folder: Folder
  init() throws { folder = try Folder() }

  @Test func writtenWholeAndReadBack() throws {
    let path = folder.path + "/a"
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    #expect(writeFile(bytes, to: path, overwrite: false, mode: 0o600) == .written(path))
    #expect(try readFile(path, limit: bytes.count) == bytes)
    // Nothing else is left in the folder.
    #expect(folder.names == ["a"])
  }

  @Test func aTakenNameStaysUnlessAskedTo() throws {
    let path = folder.path + "/a"
    #expect(writeFile([1], to: path, overwrite: false, mode: 0o600) == .written(path))
    #expect(writeFile([2], to: path, overwrite: false, mode: 0o600) == .exists)
    #expect(try readFile(path, limit: 1) == [1])
    #expect(writeFile([2], to: path, overwrite: true, mode: 0o600) == .written(path))
    #expect(try readFile(path, limit: 1) == [2] && folder.names == ["a"])
  }

  @Test func aLinkIsReplacedNeverFollowed() throws {
    let (target, link) = (folder.path + "/target", folder.path + "/link")
    #expect(writeFile([1], to: target, overwrite: false, mode: 0o600) == .written(target))
    #expect(symlink(target, link) == 0)
    #expect(throws: SystemError("open", ELOOP, link)) { try readFile(link, limit: 10) }
    #expect(writeFile([2], to: link, overwrite: true, mode: 0o600) == .written(link))
    #expect(try readFile(target, limit: 1) == [1] && readFile(link, limit: 1) == [2])
  }

  @Test func tooLargeOrNoFileIsRefused() throws {
    let path = folder.path + "/a"
    #expect(writeFile([1, 2], to: path, overwrite: false, mode: 0o600) == .written(path))
    #expect(throws: SystemError("read", EFBIG, path)) { try readFile(path, limit: 1) }
    #expect(throws: SystemError("open", EINVAL, folder.path)) { try readFile(folder.path, limit: 1) }
    #expect(throws: SystemError("open", ENOENT, path + "x")) { try readFile(path + "x", limit: 1) }
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: SystemError("open", EINVAL, pipe)) { try readFile(pipe, limit: 1) }
  }

  @Test func aFolderIsNoFileToWrite() {
    #expect(
      writeFile([1], to: folder.path, overwrite: true, mode: 0o600) == .failed(SystemError("open", EISDIR, folder.path))
    )
    let missing = folder.path + "/none/a"
    #expect(
      writeFile([1], to: missing, overwrite: true, mode: 0o600)
        == .failed(SystemError("open", ENOENT, folder.path + "/none/")))
  }
}
