import Failures
import Synchronization
import TokenKit

/// The three fields of the PIN screen: old, new, and the new one again.
enum PINField: Int, Sendable, CaseIterable {
  case old, new, again
}

/// Owns the PINs that are being typed. The state holds only this reference and numbers for drawing; the characters are
/// in the PINs' own locked pages and nowhere else. What no one holds any more is wiped.
final class PINFields: Sendable {
  /// Sendable because one ``PINFields`` holds it at a time, which touches it only under its lock. A class and not an
  /// optional value: Swift 6.3 finds a value that cannot be copied still there after `take()`.
  private final class Contents: @unchecked Sendable {
    var old: PIN
    var new: PIN
    var again: PIN

    init() throws(Failure) {
      // One after the other first: a value that cannot be copied must not be left half made.
      let first = try PIN()
      let second = try PIN()
      let third = try PIN()
      old = first
      new = second
      again = third
    }

    func change(_ field: PINField, _ body: (inout PIN) -> Void) {
      switch field {
      case .old: body(&old)
      case .new: body(&new)
      case .again: body(&again)
      }
    }
  }

  /// `nil` once it has been handed over.
  private let contents: Mutex<Contents?>

  /// - Throws: `UK-440` when no locked memory can be had.
  init() throws(Failure) { contents = Mutex(try Contents()) }

  private init(_ contents: Contents?) { self.contents = Mutex(contents) }

  /// Adds a typed character. - Returns: `false` when there is no room.
  func append(_ scalar: Unicode.Scalar, to field: PINField) -> Bool {
    contents.withLock { contents in
      var isTaken = false
      contents?.change(field) { isTaken = $0.append(scalar) }
      return isTaken
    }
  }

  func removeLast(of field: PINField) {
    contents.withLock { contents in contents?.change(field) { $0.removeLast() } }
  }

  func wipe(_ field: PINField) {
    contents.withLock { contents in contents?.change(field) { $0.wipe() } }
  }

  /// Overwrites all three.
  func wipe() {
    for field in PINField.allCases { wipe(field) }
  }

  /// Moves the PINs to a new owner, which sends them; these fields are empty from now on.
  func handOver() -> PINFields {
    PINFields(
      contents.withLock { contents in
        contents?.again.wipe()
        return contents.take()
      })
  }

  /// Old and new PIN for as long as `body` runs; `nil` when they have gone.
  func use<Result>(_ body: (_ old: borrowing PIN, _ new: borrowing PIN) -> Result) -> Result? {
    contents.withLock { contents in
      guard let contents else { return nil }
      return body(contents.old, contents.new)
    }
  }

  /// Lends the characters of one, for as long as `body` runs: for the eye alone. Do not copy them out.
  func lend(_ field: PINField, _ body: (UnsafeRawBufferPointer) -> Void) {
    contents.withLock { contents in contents?.change(field) { $0.withBytes(body) } }
  }

  /// What may be shown of them: numbers and rules, no character.
  func view(_ policy: PINPolicy, identities: [String]) -> PINFieldsView {
    contents.withLock { contents in
      var view = PINFieldsView()
      guard let contents else { return view }
      view.counts = [contents.old.characterCount, contents.new.characterCount, contents.again.characterCount]
      view.oldRule = policy.refusal(current: contents.old)
      view.newRule = policy.refusal(new: contents.new)
      if view.newRule == nil, PIN.isEqual(contents.old, contents.new) { view.newRule = .sameAsOld }
      view.isRepeated = PIN.isEqual(contents.new, contents.again)
      // What is no PIN at all is not called weak as well.
      if view.newRule == nil {
        view.warnings = policy.warnings(new: contents.new, identities: identities)
        view.strength = policy.strength(new: contents.new, warnings: view.warnings)
      }
      view.againRule = contents.again.isEmpty ? .empty : policy.refusal(current: contents.again)
      if view.againRule == nil, !view.isRepeated { view.againRule = .repeatDiffers }
      return view
    }
  }
}

/// What is known of the fields without their characters.
struct PINFieldsView: Sendable, Equatable {
  /// Characters in each field, in the order of ``PINField``.
  var counts = [0, 0, 0]
  var oldRule: PINRule? = .empty
  var newRule: PINRule? = .empty
  var againRule: PINRule? = .empty
  var isRepeated = true
  /// Weak rules that the new PIN breaks; only of one that could be sent.
  var warnings: [PINRule] = []
  var strength: PINStrength?

  func count(_ field: PINField) -> Int { counts[field.rawValue] }

  /// The hard rule that this field breaks.
  func rule(_ field: PINField) -> PINRule? {
    switch field {
    case .old: oldRule
    case .new: newRule
    case .again: againRule
    }
  }
}
