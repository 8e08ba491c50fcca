import Foundation

/// Tests with random input: how many rounds, and how a well-formed input is spoilt.
package enum Fuzzing {
  /// `make fuzz-tests` asks for many more than a run of all tests has time for.
  package static var rounds: Int { ProcessInfo.processInfo.environment["UKEY_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 4000 }

  /// A few bytes changed, put in or left out; sometimes a piece doubled, moved or cut off.
  package static func spoilt(_ sample: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &random)] }
      let place = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0, 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 3, 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      case 5: bytes.remove(at: place)
      case 6:
        let piece = bytes[place..<min(bytes.count, place + Int.random(in: 1...40, using: &random))]
        bytes.insert(contentsOf: piece, at: Int.random(in: bytes.indices, using: &random))
      default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
      }
    }
    return bytes
  }
}
