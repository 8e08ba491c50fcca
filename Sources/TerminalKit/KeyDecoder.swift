import Glibc

/// Turns the bytes of the terminal into keys: UTF-8, control characters, and the sequences of xterm, VT220, rxvt,
/// the Linux console, with those of terminfo before them.
///
/// The bytes stand in one locked block that is wiped as they are consumed (curses would keep typed characters in its
/// own buffers, a PIN among them; that is why its input functions are not used).
struct KeyDecoder: ~Copyable {
  /// Sequences of the terminal's own description, longest first.
  private let sequences: [(bytes: [UInt8], key: Key)]
  private let block: UnsafeMutableRawBufferPointer
  private var count = 0
  /// Between the marks of a bracketed paste (xterm mode 2004): what comes is text, its line breaks submit nothing.
  private(set) var isPasting = false

  /// When a lone Esc was given for want of more: what comes next may be the rest of its sequence, which a bad line has kept.
  private var escapedAt: ContinuousClock.Instant?

  static let capacity = 256
  private static let lateLimit = Duration.seconds(1)
  /// A sequence longer than this is no key; it is dropped.
  private static let longest = 32

  init(sequences: [(bytes: [UInt8], key: Key)] = []) {
    self.sequences = sequences.filter { $0.bytes.count > 1 }.sorted { $0.bytes.count > $1.bytes.count }
    block = UnsafeMutableRawBufferPointer.allocate(byteCount: KeyDecoder.capacity, alignment: 16)
    block.initializeMemory(as: UInt8.self, repeating: 0)
    // Refused under a tight RLIMIT_MEMLOCK: then it is merely wiped.
    if let base = block.baseAddress { mlock(base, block.count) }
  }

  deinit {
    if let base = block.baseAddress {
      explicit_bzero(base, block.count)
      munlock(base, block.count)
    }
    block.deallocate()
  }

  /// Whether bytes wait for the rest of their sequence.
  var isPending: Bool { count > 0 }

  /// Whether it is an Esc that waits, which may be the key.
  var isLoneEscape: Bool { count == 1 && block[0] == 0x1B }

  /// Reads once from `descriptor` into the free part. Gives what `read` gives, with `errno`.
  mutating func fill(from descriptor: Int32) -> Int {
    guard count < KeyDecoder.capacity else { return 1 }
    let length = read(descriptor, block.baseAddress?.advanced(by: count), KeyDecoder.capacity - count)
    if length > 0 { count += length }
    return length
  }

  /// Adds bytes; what does not fit is dropped.
  mutating func append(_ bytes: [UInt8]) {
    for byte in bytes where count < KeyDecoder.capacity {
      block[count] = byte
      count += 1
    }
  }

  /// The next whole key, or `nil` when more bytes are needed. With `flush` the waiting time is over: a lone Esc is
  /// the Esc key, and the beginning of anything else is dropped.
  mutating func next(flush: Bool = false) -> Key? {
    if isPasting { return pasted(flush: flush) }
    guard count > 0 else { return nil }
    if let at = escapedAt {
      escapedAt = nil
      if ContinuousClock.now - at < Self.lateLimit, isTail { putEscapeBefore() }
    }
    let first = block[0]
    switch first {
    case 0x1B: return escapeSequence(flush: flush)
    case 0x0D, 0x0A: return take(1, .enter)
    case 0x09: return take(1, .tab)
    case 0x08, 0x7F: return take(1, .backspace)
    case 0x01...0x1A: return take(1, .control(Unicode.Scalar(first + 0x60)))
    case 0x00...0x1F: return take(1, .unknown)
    case 0x20..<0x7F: return take(1, .character(Unicode.Scalar(first)))
    default: return multibyte(flush: flush)
    }
  }

  private mutating func take(_ length: Int, _ key: Key) -> Key {
    let rest = count - length
    for index in 0..<rest { block[index] = block[index + length] }
    for index in rest..<count { block[index] = 0 }
    count = rest
    return key
  }

  /// The next character of a paste; line breaks and what does not show are dropped, a tab is a blank.
  private mutating func pasted(flush: Bool) -> Key? {
    let end = KeyDecoder.pasteEnd
    while count > 0 {
      let first = block[0]
      switch first {
      case 0x1B:
        let length = min(count, end.count)
        if matches(Array(end.prefix(length))) {
          if length == end.count {
            isPasting = false
            _ = take(length, .unknown)
            return next(flush: flush)
          }
          if !flush { return nil }
        }
        _ = take(1, .unknown)
      case 0x09: return take(1, .pasted(" "))
      case 0x00..<0x20, 0x7F: _ = take(1, .unknown)
      case 0x20..<0x7F: return take(1, .pasted(Unicode.Scalar(first)))
      default:
        guard let key = multibyte(flush: flush) else { return nil }
        if case .character(let scalar) = key { return .pasted(scalar) }
      }
    }
    return nil
  }

  /// A terminal that begins a paste and does not end it must not keep the keys from being keys.
  mutating func endPaste() { isPasting = false }

  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private mutating func multibyte(flush: Bool) -> Key? {
    let first = block[0]
    let length: Int
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return take(1, .unknown)
    }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for index in 1..<length {
      guard index < count else { return flush ? take(count, .unknown) : nil }
      let byte = block[index]
      guard byte & 0xC0 == 0x80 else { return take(index, .unknown) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return take(length, .unknown) }
    return take(length, .character(scalar))
  }

  private mutating func escapeSequence(flush: Bool) -> Key? {
    for sequence in sequences where matches(sequence.bytes) { return take(sequence.bytes.count, sequence.key) }
    guard count > 1 else {
      if flush { escapedAt = ContinuousClock.now }
      return flush ? take(1, .escape) : nil
    }
    switch block[1] {
    case UInt8(ascii: "["): return controlSequence(flush: flush)
    case UInt8(ascii: "O"):
      var index = 2
      while index < count, (0x30...0x3B).contains(block[index]), index < KeyDecoder.longest { index += 1 }
      guard index < count else { return flush ? take(count, .unknown) : nil }
      return take(index + 1, KeyDecoder.keypad(block[index]) ?? KeyDecoder.letter(block[index]))
    default: return take(1, .escape)
    }
  }

  /// All that is there would with an Esc before it be one key's sequence: nobody types that in one stroke.
  private var isTail: Bool {
    guard (2..<Self.longest).contains(count) else { return false }
    let last = block[count - 1]
    switch block[0] {
    case UInt8(ascii: "O"): return count == 2 && (Self.keypad(last) != nil || Self.letter(last) != .unknown)
    case UInt8(ascii: "["):
      if count == 3, block[1] == UInt8(ascii: "[") { return (0x41...0x45).contains(last) }
      return (1..<count - 1).allSatisfy { (0x20..<0x40).contains(block[$0]) } && (0x41...0x7E).contains(last)
    default: return false
    }
  }

  private mutating func putEscapeBefore() {
    for index in (0..<count).reversed() { block[index + 1] = block[index] }
    block[0] = 0x1B
    count += 1
  }

  private func matches(_ bytes: [UInt8]) -> Bool {
    guard bytes.count <= count else { return false }
    for index in 0..<bytes.count where block[index] != bytes[index] { return false }
    return true
  }

  /// CSI parameters final byte (ECMA-48), and `CSI [ A` of the Linux console.
  private mutating func controlSequence(flush: Bool) -> Key? {
    var index = 2
    if index < count, block[index] == UInt8(ascii: "[") {
      guard count > 3 else { return flush ? take(count, .unknown) : nil }
      let letter = block[3]
      return take(4, (0x41...0x45).contains(letter) ? .function(Int(letter) - 0x40) : .unknown)
    }
    var numbers = [0]
    var isMouse = false
    while index < count, (0x20..<0x40).contains(block[index]) {
      let byte = block[index]
      if byte == UInt8(ascii: "<") { isMouse = true }
      if byte == UInt8(ascii: ";"), numbers.count < 8 { numbers.append(0) }
      if (0x30...0x39).contains(byte) {
        let last = numbers[numbers.count - 1]
        numbers[numbers.count - 1] = min(99_999, last * 10 + Int(byte - 0x30))
      }
      index += 1
      if index > KeyDecoder.longest { return take(index, .unknown) }
    }
    guard index < count else { return flush ? take(count, .unknown) : nil }
    let final = block[index]
    if isMouse { return take(index + 1, KeyDecoder.mouse(numbers, pressed: final == UInt8(ascii: "M"))) }
    if final == UInt8(ascii: "~"), numbers[0] == 200 {
      isPasting = true
      _ = take(index + 1, .unknown)
      return next(flush: flush)
    }
    if final == UInt8(ascii: "~") { return take(index + 1, KeyDecoder.numbered(numbers[0])) }
    // A byte that cannot end a sequence: what follows is typed text.
    guard (0x40...0x7E).contains(final) else { return take(index, .unknown) }
    return take(index + 1, KeyDecoder.letter(final))
  }

  /// The numeric keypad in application mode (VT220 §3.2, `ESC O p` … `ESC O y`): some terminals send it with NumLock on.
  private static func keypad(_ byte: UInt8) -> Key? {
    switch byte {
    case UInt8(ascii: "p")...UInt8(ascii: "y"): .character(Unicode.Scalar(byte - 0x40))
    default: nil
    }
  }

  private static func letter(_ byte: UInt8) -> Key {
    switch byte {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "M"): .enter
    case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(byte) - 0x4F)
    case UInt8(ascii: "Z"): .backTab
    default: .unknown
    }
  }

  /// `CSI n ~` of VT220 and xterm.
  private static func numbered(_ number: Int) -> Key {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23, 24: .function(number - 12)
    default: .unknown
    }
  }

  /// `CSI < button ; column ; row M` (xterm mode 1006), columns and rows from 1.
  private static func mouse(_ numbers: [Int], pressed: Bool) -> Key {
    guard numbers.count == 3, pressed else { return .unknown }
    let button: Key.Mouse.Button
    switch numbers[0] & 0x43 {
    case 0: button = .left
    case 64: button = .wheelUp
    case 65: button = .wheelDown
    default: button = .other
    }
    return .mouse(Key.Mouse(button: button, x: numbers[1] - 1, y: numbers[2] - 1))
  }
}
