/// Order of multi-byte integers in GM/T 0017 data fields. Real tokens differ; AppID and ContainerID are opaque in both.
enum GMByteOrder: Sendable, Equatable {
  case big
  case little

  func uint32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let four = bytes.prefix(4)
    return self == .big
      ? four.reduce(0) { $0 << 8 | UInt32($1) } : four.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// How one kind of GM/T 0017 token differs from the others, as data with its provenance.
///
/// Reading needs no profile. PIN commands run only under one: a wrong guess burns a try.
struct GMProfile: Sendable, Equatable {
  var name: String
  /// Where the facts come from and how sure they are; shown to the user who overrides the choice.
  var provenance: String
  /// Historical bytes of the ATR, or empty when the ATR is not known.
  var historicalBytes: [UInt8]
  /// Manufacturer in DEVINFO, exactly; `nil` when it does not decide.
  var manufacturer: String?
  /// Label in DEVINFO starts with this; `nil` when it does not decide.
  var labelPrefix: String?
  var byteOrder: GMByteOrder

  func matches(atr: [UInt8]) -> Bool {
    !historicalBytes.isEmpty && atr.count > historicalBytes.count
      && atr.indices.contains { atr[$0...].starts(with: historicalBytes) }
  }

  func matches(_ device: GMDeviceInformation, atr: [UInt8]) -> Bool {
    guard manufacturer != nil || labelPrefix != nil || !historicalBytes.isEmpty else { return false }
    if let manufacturer, device.manufacturer != manufacturer { return false }
    if let labelPrefix, !device.label.hasPrefix(labelPrefix) { return false }
    return historicalBytes.isEmpty || matches(atr: atr)
  }
}
