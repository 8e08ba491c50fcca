import Base
import CLinux
import Glibc
import Testing

@Suite struct ProcessTests {
  @Test func outputAndStatus() {
    let done = FinishedProgram.run(["/bin/sh", "-c", "echo out; echo err >&2; exit 7"], limit: .seconds(60))
    #expect(done.end == .ended(.exited(7)) && done.output == "out\n")
    let both = FinishedProgram.run(["/bin/sh", "-c", "echo out; echo err >&2"], limit: .seconds(60), errors: true)
    #expect(both.end == .ended(.exited(0)) && both.output == "out\nerr\n")
  }

  @Test func endsAreToldApart() {
    let killed = FinishedProgram.run(["/bin/sh", "-c", "kill -KILL $$"], limit: .seconds(60))
    #expect(killed.end == .ended(.signalled(SIGKILL)))
    #expect(ProcessEnd.signalled(SIGKILL).code == 137 && ProcessEnd.exited(3).code == 3)
    #expect(FinishedProgram.run(["/no/such/program"], limit: .seconds(60)).end == .notStarted(ENOENT))
    #expect(FinishedProgram.run([], limit: .seconds(60)).end == .notStarted(ENOENT))
  }

  @Test func whatTakesTooLongIsKilled() {
    #expect(FinishedProgram.run(["/bin/sleep", "600"], limit: .milliseconds(50)).end == .tooLong)
  }

  @Test func variablesReplaceOurs() {
    let done = FinishedProgram.run(
      ["/bin/sh", "-c", "echo $PATH:$UKEY_TEST"], limit: .seconds(60), environment: ["PATH": "a", "UKEY_TEST": "b"])
    #expect(done.output == "a:b\n")
  }

  /// Neither a descriptor that was left open to children nor a blocked signal goes over.
  @Test func itGetsOnlyWhatItIsGiven() throws {
    let open = open("/dev/null", O_RDONLY)
    defer { close(open) }
    let copy = fcntl(open, F_DUPFD, 100)
    defer { close(copy) }
    let list = FinishedProgram.run(["/bin/ls", "/proc/self/fd"], limit: .seconds(60)).output
    // The fourth is ls's own, for the folder that it lists.
    #expect(list == "0\n1\n2\n3\n")
    let mask = FinishedProgram.run(["/bin/grep", "SigBlk", "/proc/self/status"], limit: .seconds(60)).output
    #expect(mask == "SigBlk:\t0000000000000000\n")
  }

  @Test func aThirdDescriptorAndASession() throws {
    var ends: [Int32] = [-1, -1]
    #expect(ukey_pipe(&ends, 0) == 0)
    defer { close(ends[0]) }
    var program = Program(["/bin/sh", "-c", "echo $$ >&3"])
    program.third = ends[1]
    program.hasOwnSession = true
    let pid = try program.start()
    close(ends[1])
    var text = [UInt8](repeating: 0, count: 32)
    let count = read(ends[0], &text, text.count)
    #expect(String(decoding: text.prefix(max(0, count)), as: UTF8.self) == "\(pid)\n")
    #expect(ProcessEnd.wait(for: pid) == .exited(0))
  }
}
