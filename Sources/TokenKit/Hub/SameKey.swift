/// Finds out that one key is seen in two ways: by PC/SC and by a library, or by two libraries.
package enum SameKey {
  /// Whether two snapshots of different providers are of one key: the same serial, or the same signature certificate.
  /// The encryption certificate does not count: its key is escrowed, and a replacement key may hold it too.
  package static func matches(_ left: TokenSnapshot, _ right: TokenSnapshot) -> Bool {
    guard left.source.provider != right.source.provider else { return false }
    if let one = serial(left), let other = serial(right), one == other { return true }
    let ones = certificates(left)
    return !ones.isEmpty && !ones.isDisjoint(with: certificates(right))
  }

  /// Whether `left` is the better way to a key: PIN operations first, then what this program speaks itself, then more
  /// certificates.
  package static func isBetter(_ left: TokenSnapshot, than right: TokenSnapshot) -> Bool {
    rank(left).lexicographicallyPrecedes(rank(right))
  }

  /// The better of two ways to one key, with the other named in it; `nil` when they are two keys.
  package static func joined(_ left: TokenSnapshot, _ right: TokenSnapshot) -> TokenSnapshot? {
    guard matches(left, right) else { return nil }
    let isRight = isBetter(right, than: left)
    var best = isRight ? right : left
    let other = isRight ? left : right
    best.alsoSeen += [other.source] + other.alsoSeen
    return best
  }

  private static func rank(_ snapshot: TokenSnapshot) -> [Int] {
    [snapshot.profile != nil ? 0 : 1, snapshot.family.traits.rank, -certificates(snapshot).count]
  }

  /// Letters and digits only: the same serial is written with and without blanks, colons and leading zeros.
  private static func serial(_ snapshot: TokenSnapshot) -> String? {
    guard let text = snapshot.device.serial.value?.text else { return nil }
    let plain = text.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.drop { $0 == "0" }
    return plain.count >= 4 ? String(plain) : nil
  }

  private static func certificates(_ snapshot: TokenSnapshot) -> Set<[UInt8]> {
    var result: Set<[UInt8]> = []
    for container in (snapshot.applications.value ?? []).flatMap({ $0.containers.value ?? [] }) {
      for entry in container.entries where entry.role != .encryption {
        if let certificate = entry.certificate.value { result.insert(certificate.der) }
      }
    }
    return result
  }
}
