internal import Base
package import Failures
internal import StrictJSON

/// The lines of the desk's record as they come, each tied to the one before.
///
/// Since format 2 of the record every line holds its `number` (from 1) and `prev`, the SM3 of the line before without its
/// line feed (32 zero bytes for the first). Altering, removing or inserting a line breaks the tie of the next one;
/// cutting the end off does not, which is what ``head`` is compared for.
package struct AuditChain: Sendable {
  /// Bytes that a line may have.
  package static let lineLimit = 64 * 1024

  /// The first line at which the record is not as it was written.
  package enum Break: Sendable, Equatable {
    /// `prev` is not the digest of the line before.
    case previous(line: Int)
    /// `number` is not its place.
    case number(line: Int)
    /// A decision without `prev` after lines that have it.
    case untied(line: Int)
    /// Longer than any line of a record.
    case tooLong(line: Int)

    package var line: Int {
      switch self {
      case .previous(let line), .number(let line), .untied(let line), .tooLong(let line): line
      }
    }
  }

  /// Whole lines so far.
  package private(set) var lines = 0
  /// Lines with a tie.
  package private(set) var tied = 0
  package private(set) var firstBreak: Break?
  /// SM3 of the last whole line.
  package private(set) var head = [UInt8](repeating: 0, count: 32)
  /// Times of the approvals by key serial, no older than ``horizon``.
  private(set) var approvals: [String: [Int64]] = [:]
  private let horizon: Int64
  private let witness: (number: Int, digest: [UInt8])?
  /// Whether the line that was asked for is there with its digest; `nil` when none was, or it was not reached.
  package private(set) var witnessHolds: Bool?
  /// The beginning of a line whose end has not come.
  private(set) var rest: [UInt8] = []

  /// - Parameters:
  ///   - horizon: approvals before this time are not kept. Seconds since 1970-01-01 UTC.
  ///   - witness: number and digest of a line as noted elsewhere.
  package init(horizon: Int64 = .max, witness: (number: Int, digest: [UInt8])? = nil) {
    self.horizon = horizon
    self.witness = witness
  }

  /// Takes the next bytes of the file. - Throws: `UK-901`.
  package mutating func take(_ bytes: ArraySlice<UInt8>) throws(Failure) {
    var left = bytes
    while let end = left.firstIndex(of: 0x0A) {
      rest += left[..<end]
      try line()
      rest.removeAll(keepingCapacity: true)
      left = left[(end + 1)...]
    }
    guard rest.count + left.count <= Self.lineLimit else {
      found(.tooLong(line: lines + 1))
      rest.removeAll()
      return
    }
    rest += left
  }

  private mutating func found(_ new: Break) { if firstBreak == nil { firstBreak = new } }

  private mutating func line() throws(Failure) {
    lines += 1
    if rest.count > Self.lineLimit { found(.tooLong(line: lines)) }
    let before = head
    head = try Digest.sm3(rest)
    if let witness, witness.number == lines { witnessHolds = witness.digest == head }
    // What a power failure left of a line is no decision; the next line's tie holds it fast all the same.
    guard
      let document = try? JSONDocument(parsing: rest, limits: JSONLimits(size: Self.lineLimit, depth: 2)),
      let members = document.root.members
    else { return }
    if let previous = members.find("prev")?.element.string(limit: 64) {
      tied += 1
      if !previous.utf8.elementsEqual(lowerHexText(before).utf8) { found(.previous(line: lines)) }
      if members.find("number")?.element.int != lines { found(.number(line: lines)) }
    } else if tied > 0 {
      found(.untied(line: lines))
    }
    guard
      members.find("decision")?.element.isPlain("approved") == true,
      let time = members.find("time")?.element.int, Int64(time) >= horizon,
      let serial = members.find("keySerial")?.element.string(limit: 512)
    else { return }
    approvals[serial, default: []].append(Int64(time))
  }
}
