/// Files. 30, 32, 34 and 36 carry the AppID in P1 P2 (high byte first), 38 and 3A in the data field.
extension GMCard {
  /// Access rights of GM/T 0016-2012: 0 never, 1 administrator, 0x10 user, 0xFF anyone.
  private func require(rights: UInt32, _ application: Int) throws(GMStatus) {
    if rights == 0xFF { return }
    if rights & 0x01 != 0, isLoggedIn(.admin, application) { return }
    if rights & 0x10 != 0, isLoggedIn(.user, application) { return }
    throw .securityNotSatisfied
  }

  private func parameterApplication(_ command: GMCommand) throws(GMStatus) -> Int {
    try openedApplication(UInt16(command.p1) << 8 | UInt16(command.p2))
  }

  private func file(_ name: [UInt8], _ application: Int) throws(GMStatus) -> Int {
    // Some hosts fill the name with zeros.
    let name = try Self.name(name)
    guard let index = state.applications[application].files.firstIndex(where: { $0.name == name }) else {
      throw .fileUnknown
    }
    return index
  }

  /// `80 30 AppID | name[N] | size u32 | read u32 | write u32`.
  func createFile(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let application = try parameterApplication(command)
    var fields = fields(command)
    let name = try Self.name(try fields.bytes(behaviour.fileNameWidth))
    let size = Int(try fields.u32())
    let (read, write) = (try fields.u32(), try fields.u32())
    try fields.end()
    let owner = state.applications[application]
    try require(rights: owner.createFileRights, application)
    guard !owner.files.contains(where: { $0.name == name }) else { throw .fileExists }
    guard owner.files.count < Int(owner.maximumFiles), size <= GMLimit.fileSize, size <= Int(state.freeSpace) else {
      throw .noSpace
    }
    let file = GMFile(
      name: name, readRights: read, writeRights: write, content: [UInt8](repeating: 0, count: size))
    try update { (state) throws(GMStatus) in state.applications[application].files.append(file) }
    return []
  }

  /// `80 32 AppID | name`.
  func deleteFile(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let application = try parameterApplication(command)
    let index = try file(command.data, application)
    try require(rights: state.applications[application].createFileRights, application)
    try update { (state) throws(GMStatus) in state.applications[application].files.remove(at: index) }
    return []
  }

  /// `80 34 AppID`: names, each ended by 00, the list by one more.
  func enumFiles(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let application = try parameterApplication(command)
    guard command.data.isEmpty else { throw .wrongLength }
    return nameList(state.applications[application].files.map(\.name))
  }

  /// `80 36 AppID | name`: size, read rights, write rights, u32 each.
  func getFileInfo(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let application = try parameterApplication(command)
    let file = state.applications[application].files[try file(command.data, application)]
    var answer: [UInt8] = []
    for value in [UInt32(clamping: file.content.count), file.readRights, file.writeRights] {
      answer.append(value, behaviour.byteOrder)
    }
    return answer
  }

  /// `80 38 00 00 | AppID | offset u16 | nameLen u16 | name | Le`: at most Le bytes.
  func readFile(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try fields.u16()
    let offset = Int(try fields.u16())
    let name = try fields.bytes(Int(try fields.u16()))
    try fields.end()
    let application = try openedApplication(id)
    let file = state.applications[application].files[try file(name, application)]
    try require(rights: file.readRights, application)
    guard offset < file.content.count else { throw .wrongOffset }
    return Array(file.content[offset...].prefix(command.expected ?? file.content.count))
  }

  /// `80 3A 00 00 | AppID | offset u16 | nameLen u16 | name | dataLen u16 | data`.
  func writeFile(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try fields.u16()
    let offset = Int(try fields.u16())
    let name = try fields.bytes(Int(try fields.u16()))
    let data = try fields.bytes(Int(try fields.u16()))
    try fields.end()
    let application = try openedApplication(id)
    let index = try file(name, application)
    let file = state.applications[application].files[index]
    try require(rights: file.writeRights, application)
    guard offset + data.count <= file.content.count else { throw .wrongOffset }
    try update { (state) throws(GMStatus) in
      state.applications[application].files[index].content.replaceSubrange(offset..<(offset + data.count), with: data)
    }
    return []
  }
}
