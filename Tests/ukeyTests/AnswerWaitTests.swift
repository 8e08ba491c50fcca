import Failures
import Glibc
import SmartCard
import Synchronization
import Testing
import TokenKit

@testable import ukey

/// Waiting for a response file: it counts once it is whole.
final class AnswerWaitTests {
  private let folder: String

  init() throws {
    var template = Array("/tmp/ukey-answer-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(.internalError, function: "mkdtemp", number: .errno(errno)) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in ["answer", "part"] { unlink(folder + "/" + name) }
    rmdir(folder)
  }

  private func create(_ name: String, _ bytes: [UInt8]) -> Int32 {
    let file = open(folder + "/" + name, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    _ = write(file, bytes, bytes.count)
    return file
  }

  private let source = TokenSource(provider: "none", reader: "none")

  private func isFile(_ event: AnswerWait.Event) -> Bool { if case .file = event { true } else { false } }

  @Test func aFileThatIsThereIsTakenAtOnce() throws {
    close(create("answer", [1, 2, 3]))
    #expect(isFile(try AnswerWait(source, providers: []).next(file: folder + "/answer", typing: false, until: .max)))
  }

  @Test func aFileThatIsMovedThereIsTaken() async throws {
    let wait = try AnswerWait(source, providers: [])
    let path = folder + "/answer"
    let event = Task.detached { try wait.next(file: path, typing: false, until: .max) }
    close(create("part", [1]))
    #expect(rename(folder + "/part", path) == 0)
    #expect(isFile(try await event.value))
  }

  @Test func aFolderThatIsNotThereIsSaid() throws {
    let wait = try AnswerWait(source, providers: [])
    do throws(Failure) {
      _ = try wait.next(file: folder + "/none/answer", typing: false, until: .max)
      Issue.record("waited in a folder that is not there")
    } catch {
      #expect(error.code == .fileRead)
    }
  }

  @Test func theEndOfTheKeyEndsTheWait() throws {
    let provider = GoneAtOnce()
    let wait = try AnswerWait(TokenSource(provider: provider.name, reader: "R"), providers: [provider])
    guard case .keyGone = try wait.next(file: folder + "/answer", typing: false, until: .max) else {
      Issue.record("something else ended the wait")
      return
    }
  }
}

/// A place of keys whose only key is taken out as soon as someone watches.
private final class GoneAtOnce: TokenProvider {
  let name = "gone"
  let isEmbedded = true

  func slots() throws(Failure) -> [TokenSlot] { [] }
  func open(_ reader: String) throws(Failure) -> any Token { throw Failure(.cardRemoved) }
  func watch(_ deliver: (ReaderEvent) -> Void) {
    deliver(.cardInserted(reader: "R", atr: []))
    deliver(.cardRemoved(reader: "Other"))
    deliver(.cardRemoved(reader: "R"))
  }
  func retry() {}
  func stop() {}
}
