import Base
import Failures
import Foundation
import StrictJSON
import Testing
import TokenKit

@testable import UnlockKit

/// The desk's record: whole, tied, its owner's, and counting.
@Suite struct AuditTests {
  private func decision(_ file: String, _ checked: CheckedRequest? = nil, time: Int64 = moment) -> DeskDecision {
    DeskDecision(
      time: time, file: file, checked: checked, response: checked == nil ? nil : [1, 2],
      failure: checked == nil ? Failure(.unlockFileAltered) : nil,
      decidedBy: DeskOperator(userID: 0, sudoUserID: 1000))
  }

  /// A record of `count` lines in two commits. - Returns: its path.
  private func record(_ scratch: Scratch, _ count: Int = 5) throws -> String {
    let path = scratch.path + "/audit"
    for part in [0..<2, 2..<count] {
      let log = try AuditLog(path, now: moment)
      for number in part { log.add(decision("file \(number)")) }
      try log.commit()
    }
    return path
  }

  private func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private func rewrite(_ path: String, _ lines: [String]) throws {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o600)
  }

  /// Another user could put a record of his own in the place of one that lies in a folder that everybody may write to.
  @Test func aFolderOpenToOthersIsRefused() throws {
    let scratch = try Scratch()
    let path = try record(scratch)
    chmod(scratch.path, 0o777)
    #expect(code { _ = try AuditLog(path, now: moment) } == .unlockLog)
    chmod(scratch.path, 0o700)
    _ = try AuditLog(path, now: moment)
  }

  @Test func closesACutLineAndTiesTheNext() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/audit"
    try Data("{\"cut".utf8).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o600)
    let log = try AuditLog(path, now: moment)
    log.add(decision("a\"b", time: 5))
    try log.commit()
    let tie = lowerHexText(try Digest.sm3(Array("{\"cut".utf8)))
    let line =
      #"{"decision":"refused","error":"UK-503","file":"a\"b","number":2,"operator":0,"prev":""# + tie
      + #"","schema":"ukey.unlock-audit/1","sudoUser":1000,"time":5}"#
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"cut\n" + line + "\n")
    #expect(code { _ = try AuditLog(scratch.path, now: moment) } == .unlockLog)
    #expect(try AuditReading.chain(path, witness: nil).firstBreak == nil)
  }

  @Test func isWholeAsWrittenAndNotedElsewhere() throws {
    let scratch = try Scratch()
    let path = try record(scratch)
    let chain = try AuditReading.chain(path, witness: nil)
    #expect(chain.firstBreak == nil && chain.lines == 5 && chain.tied == 5)
    #expect(try AuditReading.chain(path, witness: (5, chain.head)).witnessHolds == true)
    try rewrite(path, Array(try lines(path).dropLast()))
    // The end cut off shows against what was noted, and only so.
    let cut = try AuditReading.chain(path, witness: (5, chain.head))
    #expect(cut.firstBreak == nil && cut.witnessHolds == nil)
  }

  /// Each line altered, removed, doubled, moved, made up: found, and no decision is added any more.
  @Test func everyChangeBeforeTheEndShows() throws {
    let scratch = try Scratch()
    let path = try record(scratch)
    let whole = try lines(path)
    func breaks(_ altered: [String], _ line: Int, _ words: Comment) throws {
      try rewrite(path, altered)
      #expect(try AuditReading.chain(path, witness: nil).firstBreak?.line == line, words)
      #expect(code { _ = try AuditLog(path, now: moment) } == .auditBroken, words)
    }
    for index in whole.indices.dropLast() {
      var altered = whole
      altered[index] = altered[index].replacing("file", with: "life")
      try breaks(altered, index + 2, "altered \(index)")
      altered = whole
      altered.remove(at: index)
      try breaks(altered, index + 1, "removed \(index)")
      altered = whole
      altered.swapAt(index, index + 1)
      try breaks(altered, index + 1, "moved \(index)")
      altered = whole
      altered.insert(#"{"decision":"approved","time":1}"#, at: index + 1)
      try breaks(altered, index + 2, "made up \(index)")
    }
    try rewrite(path, whole)
    #expect(try AuditReading.chain(path, witness: nil).firstBreak == nil)
  }

  @Test func linesOfOlderProgramsAreTiedToFromThenOn() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/audit"
    let old = [#"{"decision":"approved","time":1}"#, #"{"decision":"refused","time":2}"#]
    try rewrite(path, old)
    let log = try AuditLog(path, now: moment)
    log.add(decision("new"))
    try log.commit()
    let chain = try AuditReading.chain(path, witness: nil)
    #expect(chain.firstBreak == nil && chain.lines == 3 && chain.tied == 1)
    try rewrite(path, [old[1], old[0], try lines(path)[2]])
    #expect(try AuditReading.chain(path, witness: nil).firstBreak == .previous(line: 3))
  }

  @Test func twoDesksShareARecord() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/audit"
    let one = try AuditLog(path, now: moment)
    let other = try AuditLog(path, now: moment)
    for log in [one, other, one] {
      log.add(decision("x"))
      try log.commit()
    }
    let chain = try AuditReading.chain(path, witness: nil)
    #expect(chain.firstBreak == nil && chain.tied == 3)
  }

  @Test func aRecordThatOthersCanWriteIsRefused() throws {
    let scratch = try Scratch()
    let path = try record(scratch)
    for mode: mode_t in [0o620, 0o602, 0o666] {
      chmod(path, mode)
      #expect(code { _ = try AuditLog(path, now: moment) } == .unlockLog, "\(mode)")
    }
    chmod(path, 0o640)
    #expect(code { _ = try AuditLog(path, now: moment) } == nil)
    link(path, path + "2")
    #expect(code { _ = try AuditLog(path, now: moment) } == .unlockLog)
  }

  @Test func answersAreCountedForADay() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/audit"
    let checked = try DeskPolicy().check(
      try SoftKey().request().sealed().bytes, serial: nil, now: moment)
    let policy = DeskPolicy(answersPerDay: 2)
    let log = try AuditLog(path, now: moment)
    try policy.admit(checked, log)
    log.add(decision("a", checked))
    log.add(decision("refused"))
    log.add(decision("b", checked))
    // Counted before it is on disk, and after.
    #expect(code { try policy.admit(checked, log) } == .answerLimit)
    try log.commit()
    #expect(code { try policy.admit(checked, log) } == .answerLimit)
    #expect(log.answers(for: "OTHER") == 0)
    #expect(code { try policy.admit(checked, try AuditLog(path, now: moment + 86_300)) } == .answerLimit)
    #expect(code { try policy.admit(checked, try AuditLog(path, now: moment + 86_401)) } == nil)
  }
}
