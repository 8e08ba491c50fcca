/// How soon a library is waited for again. Some return from their wait at once though nothing happened: without a pause
/// the program would look for ever.
struct EventPace {
  private var fruitless = 0

  static let first = Duration.milliseconds(500)
  static let longest = Duration.seconds(2)

  /// - Parameters:
  ///   - wasWoken: the library's wait had ended before this look.
  ///   - foundChange: the look found something else than the one before.
  /// - Returns: how long to rest before the next wait; `nil` for not at all.
  mutating func pause(wasWoken: Bool, foundChange: Bool) -> Duration? {
    if foundChange { fruitless = 0 }
    guard wasWoken, !foundChange else { return nil }
    fruitless = min(fruitless + 1, 3)
    return min(Self.first * (1 << (fruitless - 1)), Self.longest)
  }
}
