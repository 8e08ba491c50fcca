internal import Base
internal import Failures

/// What is known of each reader, which of them are being read, and until when: the hub keeps one under its lock.
struct ReadingTable {
  /// `generation` is another after each insertion and removal, so that the late answer of a card that is gone is dropped.
  /// No number comes twice, not even when the reader goes and one of its name comes: a key on USB takes its reader with it.
  private struct Place {
    var generation: Int
    var hasCard: Bool
    var isReading = false
    /// It was asked for while it was being read. What that reading had already fetched may be older than the question.
    var isWantedAgain = false
    /// It has been read since it was put in.
    var wasRead = false
  }

  private struct Deadline {
    var reading: Reading
    var time: Instant
  }

  /// A reading that has begun, of the card that was there then.
  struct Reading: Equatable {
    let source: TokenSource
    let generation: Int
    /// It had been read before.
    let isRepeated: Bool
  }

  private var places: [TokenSource: Place] = [:]
  private var lastGeneration = 0
  private var deadlines: [Deadline] = []

  /// When the first of the readings that go on has taken too long.
  var firstDeadline: Instant? { deadlines.map(\.time).min() }

  func knows(_ source: TokenSource) -> Bool { places[source] != nil }

  mutating func setCard(_ source: TokenSource, _ hasCard: Bool) {
    lastGeneration += 1
    places[source] = Place(generation: lastGeneration, hasCard: hasCard)
  }

  /// - Returns: Whether the reader was known.
  @discardableResult mutating func remove(_ source: TokenSource) -> Bool {
    places.removeValue(forKey: source) != nil
  }

  /// - Returns: `nil` where there is no card, or where it is being read: then it is read once more behind that.
  mutating func begin(_ source: TokenSource, until limit: Instant) -> Reading? {
    guard let place = places[source], place.hasCard else { return nil }
    if place.isReading {
      places[source]?.isWantedAgain = true
      return nil
    }
    places[source]?.isReading = true
    places[source]?.isWantedAgain = false
    let reading = Reading(source: source, generation: place.generation, isRepeated: place.wasRead)
    deadlines.append(Deadline(reading: reading, time: limit))
    return reading
  }

  func isCurrent(_ reading: Reading) -> Bool { places[reading.source]?.generation == reading.generation }

  mutating func postpone(_ reading: Reading, until limit: Instant) {
    dropDeadline(of: reading)
    deadlines.append(Deadline(reading: reading, time: limit))
  }

  mutating func dropDeadline(of reading: Reading) { deadlines.removeAll { $0.reading == reading } }

  /// - Returns: Whether it was asked for again meanwhile.
  mutating func finish(_ reading: Reading, wasRead: Bool) -> Bool {
    dropDeadline(of: reading)
    guard isCurrent(reading) else { return false }
    places[reading.source]?.isReading = false
    if wasRead { places[reading.source]?.wasRead = true }
    return places[reading.source]?.isWantedAgain == true
  }

  /// Readings that have taken too long by now; each is given once.
  mutating func takeOverdue(_ now: Instant) -> [Reading] {
    let due = deadlines.filter { $0.time <= now }.map(\.reading)
    deadlines.removeAll { $0.time <= now }
    return due
  }
}
