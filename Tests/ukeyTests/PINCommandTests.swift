import ArgumentParser
import Failures
import Glibc
import Testing
import TokenKit
import Wording

@testable import ukey

/// PINs from descriptors, what the flags agree to, and changing the demo key's PIN without a terminal.
struct PINCommandTests {
  @Test func theFlagsAgreeToFewTriesAndToTheLast() throws {
    #expect(try PINOptions.parse([]).consent == .normal)
    #expect(try PINOptions.parse(["--low-tries"]).consent == .low)
    #expect(try PINOptions.parse(["--last-try"]).consent == .last)
    #expect(try PINOptions.parse(["--low-tries", "--last-try"]).consent == .last)
  }

  @Test(arguments: [
    ("123456\n", "123456"), ("123456\r\n", "123456"), ("123456", "123456"), ("12 34\t\nrest", "12 34\t"), ("\n", ""),
    ("", ""), ("密码\n", "密码"),
  ])
  func aDescriptorGivesItsFirstLine(_ text: String, _ wanted: String) throws {
    let descriptor = try Sample.descriptor(text)
    defer { close(descriptor) }
    let pin = try PINPrompt.read(fd: descriptor)
    #expect(pin.withBytes { Array($0) } == Array(wanted.utf8))
  }

  @Test func twoLinesOfOneDescriptorAreTwoPINs() throws {
    let descriptor = try Sample.descriptor("123456\n7g2K9q\n")
    defer { close(descriptor) }
    let old = try PINPrompt.read(fd: descriptor)
    let new = try PINPrompt.read(fd: descriptor)
    #expect(old.withBytes { Array($0) } == Array("123456".utf8))
    #expect(new.withBytes { Array($0) } == Array("7g2K9q".utf8))
  }

  @Test func whatIsTooLongIsReadToItsEndAndNoFurther() throws {
    let descriptor = try Sample.descriptor(String(repeating: "9", count: 3000) + "\nnext\n")
    defer { close(descriptor) }
    let long = try PINPrompt.read(fd: descriptor)
    #expect(long.count < 3000)
    let next = try PINPrompt.read(fd: descriptor)
    #expect(next.withBytes { Array($0) } == Array("next".utf8))
  }

  @Test func aDescriptorThatIsNotThereIsSaid() {
    #expect(throws: Failure.self) {
      do throws(Failure) {
        _ = try PINPrompt.read(fd: 1_000_000)
      } catch {
        #expect(error.code == .pinNotGiven)
        throw error
      }
    }
  }

  /// `ukey pin change --pin-fd … --new-pin-fd …` on the demo key in memory.
  private func change(_ key: OneKey, _ old: String, _ new: String, _ flags: String...) throws -> PINOutcome {
    let reading = try Sample.descriptor(old + "\n")
    let other = try Sample.descriptor(new + "\n")
    defer {
      close(reading)
      close(other)
    }
    let change = PINChange(
      key: key, asking: try PINOptions.parse(["--pin-fd", "\(reading)"] + flags),
      newPinFd: other, common: try CommonOptions.parse(["--lang", "en"]))
    return try change.run(try key.reference(nil, admin: false))
  }

  @Test func aChangeGoesThroughOnceAndIsInForce() throws {
    let key = try Sample.demo()
    #expect(try change(key, "123456", "7g2K9q") == .changed)
    guard case .wrong(let left) = try change(key, "123456", "x8h3L0") else {
      Issue.record("the old PIN still counts")
      return
    }
    #expect(left == 9)
    #expect(try change(key, "7g2K9q", "x8h3L0") == .changed)
  }

  @Test func aRuleThatIsBrokenCostsNoTry() throws {
    let key = try Sample.demo()
    #expect(try change(key, "123456", "123456") == .notSent(.rule(.sameAsOld)))
    guard case .notSent(.rule) = try change(key, "123456", "1") else {
      Issue.record("a PIN of one digit was taken")
      return
    }
    #expect(try key.token.pinStatus(try key.reference(nil, admin: false)).triesLeft == 10)
  }

  @Test func fewTriesTakeTheFlag() throws {
    let key = try Sample.demo()
    for _ in 0..<7 { _ = try change(key, "654321", "7g2K9q") }
    #expect(try change(key, "123456", "7g2K9q") == .notSent(.tries(3)))
    #expect(try change(key, "123456", "7g2K9q", "--low-tries") == .changed)
  }
}
