import COpenSSL
import Failures
import Foundation
import SeededRandom
import Synchronization
import Testing

@testable import SoftToken

/// A directory of its own, gone at the end.
private final class Scratch {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("ukey-store-" + UUID().uuidString)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
  }
}

/// Keeps every block saved.
private final class RecordingStore: StateStore {
  var blocks: [[UInt8]] = []
  var failFrom = Int.max

  func load() throws(Failure) -> [UInt8]? { blocks.last }

  func save(_ block: [UInt8]) throws(Failure) {
    guard blocks.count < failFrom else { throw Failure(.softTokenState) }
    blocks.append(block)
  }
}

@Suite struct StoreTests {
  @Test func keepsABlockInPrivateFiles() throws {
    let scratch = try Scratch()
    do {
      let store = try DirectoryStore(directory: scratch.path)
      #expect(try store.load() == nil)
      try store.save([1, 2, 3])
      #expect(try store.load() == [1, 2, 3])
      try store.save([])
      #expect(try store.load() == [])
      try store.save([4])
    }
    #expect(try DirectoryStore(directory: scratch.path).load() == [4])
    #expect(try scratch.mode("token.state") == 0o600)
    #expect(try scratch.mode("lock") == 0o600)
    #expect(try scratch.mode("") == 0o700)
  }

  @Test func twoCannotShareADirectory() throws {
    let scratch = try Scratch()
    let first = try DirectoryStore(directory: scratch.path)
    let failure = #expect(throws: Failure.self) { _ = try DirectoryStore(directory: scratch.path) }
    #expect(failure?.code == .softTokenState)
    #expect(failure?.number == .errno(EWOULDBLOCK))
    _ = consume first
    _ = try DirectoryStore(directory: scratch.path)
  }

  /// One that is refused closes its descriptors once: a second time they could be another thread's.
  @Test func oneThatIsRefusedClosesNothingOfOthers() throws {
    let scratch = try Scratch()
    let first = try DirectoryStore(directory: scratch.path)
    let isDone = Atomic(false)
    let lost = Atomic(0)
    let end = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      while !isDone.load(ordering: .relaxed) {
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        sched_yield()
        if close(file) != 0 { lost.add(1, ordering: .relaxed) }
      }
      end.signal()
    }
    for _ in 0..<5_000 { _ = try? DirectoryStore(directory: scratch.path) }
    isDone.store(true, ordering: .relaxed)
    end.wait()
    #expect(lost.load(ordering: .relaxed) == 0)
    _ = consume first
  }

  /// A child that another thread is starting holds copies of all descriptors until it has become the other program.
  @Test func itIsLetGoThoughAChildStillHoldsACopy() throws {
    let scratch = try Scratch()
    let first = try DirectoryStore(directory: scratch.path)
    let ours = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.first {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == scratch.path + "/lock"
    }
    let copy = fcntl(try #require(ours), F_DUPFD_CLOEXEC, 0)
    defer { close(copy) }
    _ = consume first
    _ = try DirectoryStore(directory: scratch.path)
  }

  @Test func saysWhenTheDirectoryCannotBeUsed() throws {
    let scratch = try Scratch()
    let failure = #expect(throws: Failure.self) { _ = try DirectoryStore(directory: scratch.path + "/no/such") }
    #expect(failure?.code == .softTokenState)
    #expect(failure?.number == .errno(ENOENT))
    // A link in place of the state is not followed.
    let store = try DirectoryStore(directory: scratch.path)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/token.state", withDestinationPath: "/etc/hostname")
    #expect(throws: Failure.self) { _ = try store.load() }
  }

  @Test(arguments: DirectoryStore.Step.allCases)
  func aCrashLeavesOldOrNewNeverAMix(step: DirectoryStore.Step) throws {
    let scratch = try Scratch()
    let (old, new) = ([UInt8](repeating: 1, count: 5000), [UInt8](repeating: 2, count: 9000))
    do {
      let store = try DirectoryStore(directory: scratch.path)
      try store.save(old)
      store.interrupt = { $0 == step }
      #expect(throws: Failure.self) { try store.save(new) }
    }
    let store = try DirectoryStore(directory: scratch.path)
    #expect(try store.load() == (step == .renamed ? new : old))
    // What the crash left behind does not stop the next save.
    try store.save(new)
    #expect(try store.load() == new)
  }

  @Test func aTryIsSpentOnDiskBeforeThePINIsLookedAt() throws {
    let store = RecordingStore()
    let token = try GMCard.demo(.noContainer, store: store)
    let host = Host(token)
    let application = host.openApplication()
    #expect(store.blocks.count == 1)
    #expect(host.verify("123456", application) == "9000")
    let remaining = try store.blocks.map { try GMStateCoding.decode($0).applications[0].user.remaining }
    #expect(remaining == [10, 9, 10])
    #expect(host.verify("000000", application) == "63c9")
    #expect(try GMStateCoding.decode(try #require(store.blocks.last)).applications[0].user.remaining == 9)
  }

  @Test func withoutStorageNoPINIsLookedAt() throws {
    let store = RecordingStore()
    let host = Host(try GMCard.demo(.noContainer, store: store))
    let application = host.openApplication()
    store.failFrom = 1
    #expect(host.verify("123456", application) == "6581")
    #expect(host.setPIN("84160001", key: "123456", new: "abcdef", application) == "6581")
    #expect(host.send("80020000000002 4142") == "6581")
    // The try is spent, then the medium fails: neither logged in nor changed.
    store.failFrom = 2
    #expect(host.verify("123456", application) == "6581")
    #expect(text(host.send("80400000", application + [0x41], le: "0002")) == "6982")
    store.failFrom = Int.max
    #expect(host.verify("123456", application) == "9000")
  }

  @Test func stateSurvivesPowerOff() throws {
    let scratch = try Scratch()
    do {
      let host = Host(try GMCard.demo(store: try DirectoryStore(directory: scratch.path)))
      let application = host.openApplication()
      #expect(host.verify("000000", application) == "63c9")
      #expect(host.setPIN("84160001", key: "123456", new: "newpin99", application) == "9000")
      #expect(host.verify("000000", application) == "63c9")
      #expect(host.send("80020000000005 48454C4C4F") == "9000")
    }
    let host = Host(try GMCard.demo(.blank, store: try DirectoryStore(directory: scratch.path)))
    let application = host.openApplication()
    #expect(text(host.send("80140001", application, le: "0003")) == "0a09009000")
    #expect(hex(host.send("80040000000000"))[132..<137].elementsEqual("HELLO".utf8))
    #expect(host.verify("newpin99", application) == "9000")
    let file = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/token.state"))
    #expect(file.range(of: Data("newpin99".utf8)) == nil)
    #expect(file.range(of: Data(Host.pinKey("newpin99"))) != nil)
    #expect(file.starts(with: Data("UKEY GM/T 0017 soft token, state version 1".utf8)))
  }

  @Test func codingIsFaithfulAndNeverTraps() throws {
    let state = try GMSample.demo.make(now: 1_800_000_000).personalization.state(.aLM)
    let block = try GMStateCoding.encode(state)
    #expect(try GMStateCoding.decode(block) == state)
    var generator = SeededRandom(7)
    for _ in 0..<300 {
      var broken = block
      broken[Int.random(in: 0..<broken.count, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
      #expect(throws: Failure.self) { _ = try GMStateCoding.decode(broken) }
      #expect(throws: Failure.self) {
        _ = try GMStateCoding.decode(Array(block.prefix(Int.random(in: 0..<block.count, using: &generator))))
      }
    }
    // With a right checksum, so that the structure itself is what is wrong.
    for _ in 0..<2000 {
      var body = Array(block.dropLast(32))
      for _ in 0..<3 {
        body[Int.random(in: GMStateCoding.header.count..<body.count, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) {
        body.removeLast(Int.random(in: 1..<(body.count - GMStateCoding.header.count), using: &generator))
      }
      var sum = [UInt8](repeating: 0, count: 32)
      SHA256(body, body.count, &sum)
      do {
        let odd = try GMStateCoding.decode(body + sum)
        let token = try GMCard(store: MemoryStore(try GMStateCoding.encode(odd))) { () throws(Failure) in
          GMPersonalization(applications: [])
        }
        #expect(token.process(hex("80040000000000")).count == 290)
      } catch { #expect(error.code == .softTokenState) }
    }
  }

  @Test func aForeignFileIsRefused() {
    #expect(throws: Failure.self) { _ = try GMCard.demo(store: MemoryStore(Array("hello".utf8))) }
    #expect(throws: Failure.self) { _ = try GMCard.demo(store: MemoryStore([])) }
  }
}
