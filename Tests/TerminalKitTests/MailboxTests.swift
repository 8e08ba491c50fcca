import Foundation
import Testing

@testable import TerminalKit

@Suite struct MailboxTests {
  @Test func eventsComeInOrderAndTheLoopIsWoken() throws {
    let mailbox = try Mailbox<Int>()
    #expect(mailbox.take() == [])
    let thread = Thread { for number in 0..<1000 { mailbox.post(number) } }
    thread.start()
    var got: [Int] = []
    while got.count < 1000 {
      var descriptor = pollfd(fd: mailbox.readEnd, events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, 10_000) == 1 else { break }
      got += mailbox.take()
    }
    #expect(got == Array(0..<1000))
  }
}
