import Testing

@testable import TokenKit

@Suite struct PINRoomTests {
  private func room(_ text: String) throws -> PINRoom {
    var pin = try PIN()
    for byte in text.utf8 { _ = pin.append(byte) }
    return PINRoom(pin)
  }

  @Test(arguments: [
    "86305917", "8630591724681357", "123456", "admin", "Ab3$Ab3$", "aB3dE5gH7jK", "abcdefghijkl", "kdjfhgqpwoei",
    "aaaaaaaaaaaaaaaa", "aBaBaBaBaBaBaBaB", "",
  ])
  func thoseThatASearchFindsAreWeak(_ text: String) throws { #expect(try room(text).isWeak) }

  @Test(arguments: ["MrZrUaqv1-EOqNQL", "aB3dE5gH7jKm", "kdjfhgqpwoeiru"])
  func thoseWithRoomAreNot(_ text: String) throws { #expect(try !room(text).isWeak) }

  /// The time that is told: eight digits in a minute and forty seconds at a million a second.
  @Test func tellsTheTimeOfASearch() throws {
    #expect(abs(try room("86305917").seconds(at: PINRoom.coreRate) - 100) < 0.001)
    #expect(try room("MrZrUaqv1-EOqNQL").seconds(at: PINRoom.farmRate) > 1e18)
    #expect(try room("12345678").bits == 16)
  }
}
