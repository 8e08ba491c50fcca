extension GMProfile {
  /// All profiles known to this program. No commercial token is among them: how each of those forms its PIN commands
  /// has not been seen by us on hardware, and a guess would cost the holder a try.
  static let all: [GMProfile] = []
}
