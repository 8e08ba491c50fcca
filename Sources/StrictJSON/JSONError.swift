/// Why a text is not the JSON that was asked for.
package struct JSONError: Error, Sendable, Equatable {
  package enum Reason: String, Sendable {
    case tooLarge
    case tooDeep
    /// The text ends before the value does.
    case truncated
    /// A character that cannot stand here.
    case unexpected
    case notUTF8
    case badEscape
    case badNumber
    case duplicateKey
    /// Something follows the value.
    case trailing
    /// Valid JSON, but not in canonical form.
    case notCanonical
  }

  package var reason: Reason
  /// Where, in bytes from the beginning.
  package var offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension JSONError: CustomStringConvertible {
  /// For the detail of a failure: `duplicateKey at byte 17`.
  package var description: String { "\(reason.rawValue) at byte \(offset)" }
}

/// How much a text may be and in which form it must stand.
package struct JSONLimits: Sendable, Equatable {
  /// Bytes.
  package var size: Int
  /// Arrays and objects within each other.
  package var depth: Int
  /// Accept only what ``JSONValue/canonical`` writes, byte for byte.
  package var canonicalOnly: Bool

  package init(size: Int = 1 << 20, depth: Int = 32, canonicalOnly: Bool = false) {
    self.size = size
    self.depth = min(max(depth, 0), 256)
    self.canonicalOnly = canonicalOnly
  }
}
