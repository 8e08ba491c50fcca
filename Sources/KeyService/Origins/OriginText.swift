internal import Failures
package import LoginToken

extension WebOrigin {
  /// As it is shown to the holder: the host as the browser sends it and, where that is punycode, what it stands for
  /// behind it. A name that only looks like another one shows by its first form.
  package var shown: String {
    guard host.contains("xn--") else { return description }
    let labels = host.split(separator: ".").map { label in
      label.hasPrefix("xn--") ? Punycode.decode(label.dropFirst(4)) ?? String(label) : String(label)
    }
    return description + " (" + displaySafe(labels.joined(separator: ".")) + ")"
  }
}

/// Punycode (RFC 3492), decoding only.
enum Punycode {
  private static let (base, tMin, tMax, skew, damp) = (36, 1, 26, 38, 700)

  /// - Parameter text: one label without `xn--`, at most 63 bytes.
  /// - Returns: `nil` when it is not punycode.
  static func decode(_ text: Substring) -> String? {
    guard text.utf8.count <= 63, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var output: [Unicode.Scalar] = []
    var rest = text
    if let mark = text.lastIndex(of: "-") {
      output = Array(text[..<mark].unicodeScalars)
      rest = text[text.index(after: mark)...]
    }
    var (code, place, bias) = (128, 0, 72)
    var digits = Array(rest.utf8)[...]
    while !digits.isEmpty {
      let start = place
      var (weight, k) = (1, base)
      while true {
        guard let byte = digits.popFirst(), let digit = value(byte), place < 1 << 24, weight < 1 << 24 else {
          return nil
        }
        place += digit * weight
        let threshold = min(max(k - bias, tMin), tMax)
        if digit < threshold { break }
        weight *= base - threshold
        k += base
      }
      bias = adapted(place - start, output.count + 1, isFirst: start == 0)
      code += place / (output.count + 1)
      place %= output.count + 1
      guard let number = UInt32(exactly: code), let scalar = Unicode.Scalar(number) else { return nil }
      output.insert(scalar, at: place)
      place += 1
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: output)
    return String(view)
  }

  private static func value(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x61...0x7A: Int(byte - 0x61)
    case 0x41...0x5A: Int(byte - 0x41)
    case 0x30...0x39: Int(byte - 0x30) + 26
    default: nil
    }
  }

  private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / damp : delta / 2
    delta += delta / count
    var k = 0
    while delta > (base - tMin) * tMax / 2 {
      delta /= base - tMin
      k += base
    }
    return k + (base - tMin + 1) * delta / (delta + skew)
  }
}
