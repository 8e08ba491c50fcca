/// The four ways in which libraries lay DEVINFO out (GM/T 0016-2012 §6.4.1 gives the fields, not the packing).
enum SKFLayout: CaseIterable, Sendable {
  case ulong32Packed
  case ulong32Natural
  case ulong64Packed
  case ulong64Natural

  /// Bytes of the structure.
  var size: Int {
    switch self {
    case .ulong32Packed: 294
    case .ulong32Natural: 296
    case .ulong64Packed: 326
    case .ulong64Natural: 328
    }
  }

  /// Offset of AlgSymCap, the first of eight numbers; everything before it lies the same in all layouts.
  var numbers: Int {
    switch self {
    case .ulong32Packed, .ulong64Packed: 198
    case .ulong32Natural, .ulong64Natural: 200
    }
  }

  var width: Int {
    switch self {
    case .ulong32Packed, .ulong32Natural: 4
    case .ulong64Packed, .ulong64Natural: 8
    }
  }

  /// As in `ukey provider test`.
  var text: String {
    switch self {
    case .ulong32Packed: "ULONG 32, packed"
    case .ulong32Natural: "ULONG 32, aligned"
    case .ulong64Packed: "ULONG 64, packed"
    case .ulong64Natural: "ULONG 64, aligned"
    }
  }
}

/// DEVINFO as SKF_GetDevInfo filled it.
struct SKFDeviceInfo: Sendable, Equatable {
  var manufacturer: TokenName
  var issuer: TokenName
  var label: TokenName
  var serial: TokenName
  var hardwareVersion: String
  var firmwareVersion: String
  /// `nil` when no layout fits; the texts are right nevertheless.
  var layout: SKFLayout?
  var totalSpace: UInt32?
  var freeSpace: UInt32?
  /// Bytes that the library wrote.
  var size: Int

  /// - Parameters:
  ///   - bytes: ``SKFLibrary/devInfoSize`` bytes, filled with ``SKFLibrary/devInfoPattern`` before the call.
  ///   - size: number of bytes up to the last one changed.
  /// - Returns: `nil` when fewer bytes are there or hardly any was written.
  init?(_ bytes: [UInt8], size: Int) {
    guard bytes.count >= SKFLibrary.devInfoSize, size >= 198 else { return nil }
    func text(_ offset: Int, _ count: Int) -> TokenName {
      TokenName(field: bytes[offset..<(offset + count)].prefix { $0 != SKFLibrary.devInfoPattern })
    }
    manufacturer = text(2, 64)
    issuer = text(66, 64)
    label = text(130, 32)
    serial = text(162, 32)
    hardwareVersion = "\(bytes[194]).\(bytes[195])"
    firmwareVersion = "\(bytes[196]).\(bytes[197])"
    self.size = size
    layout = Self.layout(bytes, size: size)
    if let layout {
      totalSpace = Self.number(bytes, layout, 4)
      freeSpace = Self.number(bytes, layout, 5)
    }
  }

  /// The layout whose size was written, when its numbers make sense; else the only one whose numbers do (a library may
  /// leave the reserved end alone, or write beyond).
  private static func layout(_ bytes: [UInt8], size: Int) -> SKFLayout? {
    if let exact = SKFLayout.allCases.first(where: { $0.size == size }), isPlausible(bytes, exact) { return exact }
    let fitting = SKFLayout.allCases.filter { isPlausible(bytes, $0) }
    return fitting.count == 1 ? fitting.first : nil
  }

  /// Every GM/T 0016 device has SM3 (bit 0 of AlgHashCap) and has no more free than it has in all.
  private static func isPlausible(_ bytes: [UInt8], _ layout: SKFLayout) -> Bool {
    guard let hash = number(bytes, layout, 2), let total = number(bytes, layout, 4), let free = number(bytes, layout, 5)
    else { return false }
    return hash & 1 == 1 && hash <= 0xFFFF && free <= total
  }

  /// The low 32 bits of one of the eight numbers; `nil` when it was not written or has high bits.
  private static func number(_ bytes: [UInt8], _ layout: SKFLayout, _ index: Int) -> UInt32? {
    let offset = layout.numbers + index * layout.width
    let field = bytes[offset..<(offset + layout.width)]
    if field.allSatisfy({ $0 == SKFLibrary.devInfoPattern }) || field.dropFirst(4).contains(where: { $0 != 0 }) {
      return nil
    }
    return field.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// Name lists of GM/T 0016 §6.2: each name ended by a zero, the list by another. An empty list may have 0, 1 or 2 bytes.
enum SKFNames {
  /// - Parameter limit: names beyond it are dropped: a device has some, a broken one has thousands.
  static func parse(_ list: [UInt8], limit: Int = 64) -> [[UInt8]] {
    var names: [[UInt8]] = []
    for part in list.split(separator: 0, omittingEmptySubsequences: false) {
      if part.isEmpty || names.count == limit { break }
      names.append(Array(part))
    }
    return names
  }
}
