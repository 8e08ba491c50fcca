/// GET DATA and PUT DATA (SP 800-73-4 part 2, 3.1.2 and 3.3.1).
extension PIVCard {
  func getData(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x3F, command.p2 == 0xFF else { return .status(PIVStatus.wrongParameters) }
    guard
      let items = PIVTLV.decode(command.data), items.count == 1, let list = items[tag: 0x5C],
      let tag = Self.objectTag(list)
    else { return .status(PIVStatus.wrongData) }
    if tag == PIVObject.discovery {
      return settings.discoveryObject ? .data(PIVObject.discoveryObject) : missing
    }
    guard !isHidden(tag), let content = state.objects[tag] else { return missing }
    guard !PIVObject.readWithPIN.contains(tag) || isPINVerified else { return .status(PIVStatus.securityStatus) }
    return .data(PIVTLV.encode(0x53, content))
  }

  private var missing: PIVAnswer {
    settings.missingObject == .empty ? .data([0x53, 0x00]) : .status(PIVStatus.notFound)
  }

  private func isHidden(_ tag: UInt32) -> Bool {
    switch tag {
    case PIVObject.chuid: !settings.chuid
    case PIVObject.cardCapabilityContainer: !settings.cardCapabilityContainer
    case PIVObject.keyHistory: !settings.keyHistory
    default: false
    }
  }

  /// A tag list names one object, in 1 to 3 bytes.
  private static func objectTag(_ list: [UInt8]) -> UInt32? {
    (1...3).contains(list.count) ? list.reduce(0) { $0 << 8 | UInt32($1) } : nil
  }

  /// Writes an object, or deletes it when it comes empty; only for the holder of the management key.
  func putData(_ command: PIVCommand) -> PIVAnswer {
    guard command.p1 == 0x3F, command.p2 == 0xFF else { return .status(PIVStatus.wrongParameters) }
    guard isManagementAuthenticated else { return .status(PIVStatus.securityStatus) }
    guard
      let items = PIVTLV.decode(command.data), items.count == 2, let list = items[tag: 0x5C],
      let tag = Self.objectTag(list), let content = items[tag: 0x53]
    else { return .status(PIVStatus.wrongData) }
    guard tag >> 8 == 0x5FC1 || tag >> 8 == 0x5FFF else { return .status(PIVStatus.notFound) }
    let isSaved = change { $0.objects[tag] = content.isEmpty ? nil : content }
    return isSaved ? .status(PIVStatus.success) : memoryFailure
  }
}
