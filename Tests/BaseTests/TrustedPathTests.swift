import Base
import Glibc
import Testing

/// Whose files are used. Owners other than our own take root to make: Tests/EndToEnd/test_trusted_files.py.
@Suite final class TrustedPathTests {
  private let root: String

  init() throws {
    var template = Array("/tmp/ukey-trust-XXXXXX".utf8CString)
    root = String(cString: try #require(mkdtemp(&template)))
    #expect(mkdir(root + "/folder", 0o755) == 0)
    #expect(writeFile([1], to: root + "/folder/file", overwrite: false, mode: 0o644) == .written(root + "/folder/file"))
  }

  deinit {
    for name in ["/open/in", "/folder/out", "/folder/near", "/folder/file", "/loop"] { unlink(root + name) }
    for name in ["/open", "/folder", ""] { rmdir(root + name) }
  }

  private func refusal(_ path: String) -> SystemError? {
    do throws(SystemError) {
      try TrustedPath.check(path)
      return nil
    } catch {
      return error
    }
  }

  @Test func ownFilesBelowASharedFolderAreTrusted() throws {
    // /tmp may be written to by all, and is sticky.
    #expect(refusal(root + "/folder/file") == nil)
    #expect(refusal(root + "/./folder/../folder//file") == nil)
    #expect(refusal("/usr/bin/env") == nil)
  }

  @Test(arguments: [0o646, 0o602]) func aFileThatOthersMayWriteIsNone(mode: UInt32) {
    let file = root + "/folder/file"
    #expect(chmod(file, mode) == 0)
    #expect(refusal(file) == SystemError("lstat", EPERM, file))
  }

  @Test func norIsOneInAFolderThatOthersMayWrite() {
    #expect(chmod(root + "/folder", 0o777) == 0)
    #expect(refusal(root + "/folder/file") == SystemError("lstat", EPERM, root + "/folder"))
    #expect(refusal(root + "/folder/file")?.isUntrusted == true)
    #expect(chmod(root + "/folder", 0o1777) == 0)
    #expect(refusal(root + "/folder/file") == nil)
  }

  /// A link is looked at where it stands and where it leads.
  @Test func aLinkIsFollowedThroughFoldersOfItsOwn() {
    #expect(mkdir(root + "/open", 0o777) == 0 && chmod(root + "/open", 0o777) == 0)
    #expect(symlink(root + "/folder/file", root + "/open/in") == 0)
    #expect(symlink("../open/in", root + "/folder/out") == 0)
    #expect(symlink("file", root + "/folder/near") == 0)
    #expect(refusal(root + "/folder/near") == nil)
    #expect(refusal(root + "/open/in") == SystemError("lstat", EPERM, root + "/open"))
    #expect(refusal(root + "/folder/out") == SystemError("lstat", EPERM, root + "/open"))
  }

  @Test func whatIsNotThereIsSaidAsSuch() {
    #expect(symlink("loop", root + "/loop") == 0)
    #expect(refusal(root + "/none/file") == SystemError("lstat", ENOENT, root + "/none"))
    #expect(refusal(root + "/loop")?.number == ELOOP)
    #expect(refusal("a\u{0}b")?.number == EINVAL)
    #expect(refusal(root + "/none")?.isUntrusted == false)
  }
}
