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

  var names: [String] { ((try? listFolder(path)) ?? []).sorted() }
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

  @Test func theBeginningIsReadThroughLinksAndOfProc() throws {
    let (target, link) = (folder.path + "/target", folder.path + "/link")
    #expect(writeFile([1, 2, 3], to: target, overwrite: false, mode: 0o600) == .written(target))
    #expect(symlink(target, link) == 0)
    #expect(try readBeginning(of: link, limit: 2) == [1, 2] && readBeginning(of: link, limit: 9) == [1, 2, 3])
    #expect(try readFile(link, limit: 3, followsLinks: true) == [1, 2, 3])
    #expect(try readBeginning(of: "/proc/self/status", limit: 4) == Array("Name".utf8))
    #expect(throws: SystemError("open", EINVAL, "/dev/zero")) { try readBeginning(of: "/dev/zero", limit: 9) }
  }

  @Test func aFolderIsListedUpToALimit() throws {
    for name in ["a", "b", ".c"] {
      #expect(writeFile([], to: folder.path + "/" + name, overwrite: false, mode: 0o600) != .exists)
    }
    #expect(try listFolder(folder.path).sorted() == [".c", "a", "b"] && listFolder(folder.path, limit: 2).count == 2)
    #expect(throws: SystemError("opendir", ENOENT, folder.path + "/x")) { try listFolder(folder.path + "/x") }
  }
}
