import Failures
import Foundation
import Synchronization
import Testing

@testable import SoftToken

/// The client of the virtual reader against a reader driver of a few lines on a loopback socket.
@Suite struct VPCDTests {
  /// Accepts one card.
  private final class Reader {
    let listener: Int32
    let port: UInt16
    private var card: Int32 = -1

    init() throws {
      listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let descriptor = listener
      let bound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, size) == 0 && listen(descriptor, 1) == 0 && getsockname(descriptor, $0, &size) == 0
        }
      }
      #expect(bound)
      port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
      hangUp()
      close(listener)
    }

    func acceptCard() {
      card = accept(listener, nil, nil)
      _ = fcntl(card, F_SETFD, FD_CLOEXEC)
      #expect(card >= 0)
    }

    func hangUp() {
      if card >= 0 {
        // Closing alone does not hang up while a child of another test, just being started, holds a copy.
        shutdown(card, Int32(SHUT_RDWR))
        close(card)
      }
      card = -1
    }

    func sendRaw(_ bytes: [UInt8]) { #expect(write(card, bytes, bytes.count) == bytes.count) }

    func send(_ body: [UInt8]) {
      // Apart, as the driver does.
      sendRaw([UInt8(body.count >> 8), UInt8(body.count & 0xFF)])
      sendRaw(body)
    }

    /// The next message; empty when the card has gone.
    func receive() -> [UInt8] {
      func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        return recv(card, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : []
      }
      let length = read(2)
      return length.isEmpty ? [] : read(Int(length[0]) << 8 | Int(length[1]))
    }
  }

  private final class EchoCard: SoftCard {
    var resets = 0
    let atr: [UInt8] = [0x3B, 0x00]
    func reset() { resets += 1 }
    func process(_ command: [UInt8]) -> [UInt8] { command + [0x90, 0x00] }
  }

  /// Runs the client on a thread of its own.
  private final class Insertion: @unchecked Sendable {
    let client: VPCDClient
    let card = EchoCard()
    private let done = DispatchSemaphore(value: 0)
    private var result: Result<VPCDClient.End, Failure> = .failure(Failure(.internalError))

    init(_ reader: Reader, options: VPCDClient.Options = .init()) {
      client = VPCDClient(host: "127.0.0.1", port: reader.port, options: options)
      Thread { [self] in
        do throws(Failure) { result = .success(try client.run(card)) } catch { result = .failure(error) }
        done.signal()
      }.start()
      reader.acceptCard()
    }

    func end() -> Result<VPCDClient.End, Failure> {
      done.wait()
      return result
    }
  }

  @Test func answersControlAndCommands() throws {
    let reader = try Reader()
    let lines = Mutex<[APDUTrace]>([])
    let insertion = Insertion(reader, options: .init(trace: { trace in lines.withLock { $0.append(trace) } }))
    reader.send([1])
    reader.send([4])
    #expect(reader.receive() == [0x3B, 0x00])
    reader.send([2])
    reader.send([9])
    reader.send([0x00, 0x20, 0x00, 0x80, 0x02, 0x31, 0x32])
    #expect(reader.receive() == [0x00, 0x20, 0x00, 0x80, 0x02, 0x31, 0x32, 0x90, 0x00])
    reader.send([0x00, 0x20])
    #expect(reader.receive() == [0x67, 0x00])
    let long = [0x00, 0xCB, 0x3F, 0xFF, 0x00, 0x75, 0x30] + [UInt8](repeating: 7, count: 30_000)
    reader.send(long)
    #expect(reader.receive() == long + [0x90, 0x00])
    reader.send([0])
    reader.hangUp()
    #expect(insertion.end() == .success(.readerClosed))
    #expect(insertion.card.resets == 3)
    #expect(insertion.client.answered == 3)
    let seen = lines.withLock { $0 }
    #expect(seen.map(\.lc) == [2, 0, 30_000])
    #expect(seen[0].description == "> 1  00 20 00 80 Lc 2 → 7 bytes, 9000")
  }

  @Test func stopIsRemoval() throws {
    let reader = try Reader()
    let insertion = Insertion(reader)
    reader.send([4])
    #expect(reader.receive() == [0x3B, 0x00])
    insertion.client.stop()
    #expect(insertion.end() == .success(.stopped))
    #expect(reader.receive() == [])
    insertion.client.stop()
  }

  @Test func stopInTheMiddleOfAMessageIsNoError() throws {
    let reader = try Reader()
    let insertion = Insertion(reader)
    reader.sendRaw([0x00, 0x05, 0x01])
    insertion.client.stop()
    #expect(insertion.end() == .success(.stopped))
  }

  @Test func stopBeforeRun() throws {
    let reader = try Reader()
    let client = VPCDClient(host: "127.0.0.1", port: reader.port)
    client.stop()
    #expect(try client.run(EchoCard()) == .stopped)
  }

  @Test func readerNotListening() throws {
    let port = try Reader().port
    let client = VPCDClient(host: "127.0.0.1", port: port)
    #expect(
      throws: Failure(.virtualReader, function: "connect", number: .errno(ECONNREFUSED), context: "127.0.0.1:\(port)")
    ) { try client.run(EchoCard()) }
  }

  @Test func messageCutShort() throws {
    let reader = try Reader()
    let insertion = Insertion(reader)
    reader.sendRaw([0x00, 0x05, 0x01])
    reader.hangUp()
    #expect(throws: Failure(.virtualReader, function: "recv", context: "message cut short")) {
      try insertion.end().get()
    }
  }
}
