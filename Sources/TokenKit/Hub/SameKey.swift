/// Finds out that one key is seen in several ways, by PC/SC and by a library or by two libraries, and which way is shown:
/// the one rule for it, for the window, the commands and the diagnosis.
package enum SameKey {
  /// One key of ``keys(_:)``.
  package struct Found<Way> {
    /// The way that is shown.
    package var way: Way
    /// What it read, with the other ways named in it; `nil` where nothing could be read.
    package var snapshot: TokenSnapshot?
  }

  /// The keys behind these ways, each once, where its first way stands.
  ///
  /// - Parameters:
  ///   - ways: in the order in which the providers were named; of equally good ones the first is shown.
  ///   - snapshot: what a way read. A way that read nothing stands for itself.
  package static func keys<Way>(_ ways: [Way], _ snapshot: (Way) -> TokenSnapshot?) -> [Found<Way>] {
    // By places: what is generic here is compiled for no type, and costs a start-up that should not be felt.
    var snapshots: [TokenSnapshot?] = []
    for place in 0..<ways.count { snapshots.append(snapshot(ways[place])) }
    var result: [Found<Way>] = []
    for (place, shown) in keys(snapshots) { result.append(Found(way: ways[place], snapshot: shown)) }
    return result
  }

  /// - Returns: for each key the place of its best way, and what that has read.
  private static func keys(_ snapshots: [TokenSnapshot?]) -> [(place: Int, shown: TokenSnapshot?)] {
    guard snapshots.count > 1 else { return snapshots.map { (0, $0) } }
    // A way that read nothing is a group of its own, with nothing in it.
    var groups: [(first: Int, members: [(place: Int, snapshot: TokenSnapshot)])] = []
    for (place, snapshot) in snapshots.enumerated() {
      guard let snapshot else {
        groups.append((place, []))
        continue
      }
      let home = groups.firstIndex { group in
        group.members.contains { matches($0.snapshot, snapshot) }
          && !group.members.contains { contradicts($0.snapshot, snapshot) }
      }
      if let home {
        groups[home].members.append((place, snapshot))
      } else {
        groups.append((place, [(place, snapshot)]))
      }
    }
    return groups.map { group in
      guard var best = group.members.first else { return (group.first, nil) }
      for other in group.members.dropFirst() where isBetter(other.snapshot, than: best.snapshot) { best = other }
      var shown = best.snapshot
      shown.alsoSeen = group.members.map(\.snapshot.source).filter { $0 != shown.source }
      return (best.place, shown)
    }
  }

  /// Whether two snapshots are of one key: the same serial or the same signature certificate, and nothing that speaks
  /// against it.
  ///
  /// The encryption certificate does not count: its key is escrowed, and a replacement key may hold it too. Nor does the
  /// certificate of an authority: every key of its customers may hold it.
  package static func matches(_ left: TokenSnapshot, _ right: TokenSnapshot) -> Bool {
    guard !contradicts(left, right) else { return false }
    if let one = serial(left), let other = serial(right), one == other { return true }
    return !certificates(left).isDisjoint(with: certificates(right))
  }

  /// The library's way to a card that no driver knows: a key in a slot that carries the name of the card's reader, as
  /// modules over PC/SC name theirs. PKCS#11 has 64 bytes for it.
  package static func way(
    toUnknownCard source: TokenSource, among keys: some Sequence<TokenSnapshot>
  ) -> TokenSource? {
    keys.first { $0.source.kind == nil && $0.source.reader.utf8.elementsEqual(source.reader.utf8.prefix(64)) }?.source
  }

  /// Whether an empty reader is shown: one that a module shows is left out beside anything else, which it shows again.
  package static func isEmptyReaderShown(_ source: TokenSource, besideOthers: Bool) -> Bool {
    source.kind != nil || !besideOthers
  }

  /// Whether two snapshots cannot be of one key: two readers of one provider; another serial where both ways read the
  /// same field; or no signature certificate in common, although each has one.
  private static func contradicts(_ left: TokenSnapshot, _ right: TokenSnapshot) -> Bool {
    if left.source.provider == right.source.provider { return true }
    if left.family.traits.serialField == right.family.traits.serialField, let one = serial(left),
      let other = serial(right),
      one != other
    {
      return true
    }
    let (ones, others) = (certificates(left), certificates(right))
    return !ones.isEmpty && !others.isEmpty && ones.isDisjoint(with: others)
  }

  /// Whether `left` is the better way to a key: PIN operations first, then what this program speaks itself, then more
  /// certificates.
  private static func isBetter(_ left: TokenSnapshot, than right: TokenSnapshot) -> Bool {
    rank(left).lexicographicallyPrecedes(rank(right))
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

  /// The certificates that tell one key from another.
  private static func certificates(_ snapshot: TokenSnapshot) -> Set<[UInt8]> {
    var result: Set<[UInt8]> = []
    for place in snapshot.places where place.role != .encryption && place.role != .authority {
      if let certificate = place.certificate.value, !certificate.isAuthority { result.insert(certificate.der) }
    }
    return result
  }
}
