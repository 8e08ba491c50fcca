/// Applications.
extension GMCard {
  /// `80 22 00 00`: each name ended by 00, the list by one more.
  func enumApplication(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    guard command.data.isEmpty else { throw .wrongLength }
    return nameList(state.applications.map(\.name))
  }

  func nameList(_ names: [[UInt8]]) -> [UInt8] {
    names.flatMap { $0 + [0] } + [0]
  }

  /// `80 26 00 00 | name`: 10 bytes, the AppID last.
  func openApplication(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    guard !command.data.isEmpty else { throw .wrongLength }
    try require(room: 10, in: command)
    guard let application = state.applications.first(where: { $0.name == command.data }) else {
      throw .applicationUnknown
    }
    if session.applications[application.id] != nil {
      guard behaviour.reopensApplication else { throw .applicationAlreadyOpen }
    } else {
      session.applications[application.id] = Login()
    }
    let order = behaviour.byteOrder
    var answer: [UInt8] = []
    answer.append(application.createFileRights, order)
    answer += [application.maximumContainers, application.maximumCertificates]
    answer.append(application.maximumFiles, order)
    answer.append(application.id, order)
    return answer
  }

  /// `80 28 00 00 | AppID`.
  func closeApplication(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try fields.u16()
    try fields.end()
    _ = try openedApplication(id)
    session.applications[id] = nil
    return []
  }

  /// `80 20 00 00 | name[N] | adminPIN[16] | tries u32 | userPIN[16] | tries u32 | rights u32 | u8 | u8 | u16`, after
  /// device authentication (GM/T 0016-2012 8.2.2).
  func createApplication(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let field = try fields.bytes(behaviour.applicationNameWidth)
    var adminPIN = try fields.bytes(16)
    defer { GMCrypto.wipe(&adminPIN) }
    let adminTries = try fields.u32()
    var userPIN = try fields.bytes(16)
    defer { GMCrypto.wipe(&userPIN) }
    let userTries = try fields.u32()
    let rights = try fields.u32()
    let (containers, certificates, files) = (try fields.u8(), try fields.u8(), try fields.u16())
    try fields.end()
    guard session.deviceAuthenticated else { throw .securityNotSatisfied }
    let name = try Self.name(field)
    guard !state.applications.contains(where: { $0.name == name }) else { throw .applicationExists }
    guard state.applications.count < GMLimit.applications else { throw .noSpace }
    let application = GMApplication(
      id: try freeID(from: behaviour.firstApplicationID, taken: state.applications.map(\.id)), name: name,
      admin: try newSecret(adminPIN, tries: adminTries), user: try newSecret(userPIN, tries: userTries),
      createFileRights: rights, maximumContainers: min(containers, GMLimit.containers),
      maximumCertificates: min(certificates, GMLimit.certificates), maximumFiles: min(files, GMLimit.files),
      containers: [], files: [])
    try update { (state) throws(GMStatus) in state.applications.append(application) }
    return []
  }

  private func newSecret(_ pin: [UInt8], tries: UInt32) throws(GMStatus) -> GMSecret {
    guard let tries = UInt8(exactly: tries), tries > 0 else { throw .dataIncorrect }
    try Self.checkPIN(pin)
    return GMSecret(key: try GMCrypto.pinKey(pin), maximum: tries, remaining: tries, isDefault: true)
  }

  /// `80 24 00 00 | name`, after device authentication.
  func deleteApplication(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    guard !command.data.isEmpty else { throw .wrongLength }
    guard session.deviceAuthenticated else { throw .securityNotSatisfied }
    guard let index = state.applications.firstIndex(where: { $0.name == command.data }) else {
      throw .applicationUnknown
    }
    let id = state.applications[index].id
    try update { (state) throws(GMStatus) in state.applications.remove(at: index) }
    session.applications[id] = nil
    return []
  }

  /// The name in a zero-filled field.
  ///
  /// - Throws: 6A80 when empty, too long, or with anything after its end.
  static func name(_ field: [UInt8]) throws(GMStatus) -> [UInt8] {
    let length = field.firstIndex(of: 0) ?? field.count
    guard length > 0, length <= GMLimit.nameLength, field[length...].allSatisfy({ $0 == 0 }) else {
      throw .dataIncorrect
    }
    return Array(field.prefix(length))
  }

  /// The first identifier from `first` that is not `taken`.
  func freeID(from first: UInt16, taken: [UInt16]) throws(GMStatus) -> UInt16 {
    guard let id = (first..<UInt16.max).first(where: { !taken.contains($0) }) else { throw .noSpace }
    return id
  }
}
