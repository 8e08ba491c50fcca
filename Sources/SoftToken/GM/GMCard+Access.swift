/// Access control: PINs.
extension GMCard {
  /// PIN type of P2.
  enum Role: UInt8 {
    case admin = 0
    case user = 1
  }

  /// The application of an AppID field, which must be open.
  ///
  /// - Returns: its place in the state.
  /// - Throws: 698A.
  func openedApplication(_ id: UInt16) throws(GMStatus) -> Int {
    guard session.applications[id] != nil, let index = state.applications.firstIndex(where: { $0.id == id }) else {
      throw .applicationNotOpen
    }
    return index
  }

  func isLoggedIn(_ role: Role, _ application: Int) -> Bool {
    guard let login = session.applications[state.applications[application].id] else { return false }
    return role == .admin ? login.admin : login.user
  }

  private func setLogin(_ role: Role, _ application: Int, _ value: Bool) {
    let id = state.applications[application].id
    switch role {
    case .admin: session.applications[id]?.admin = value
    case .user: session.applications[id]?.user = value
    }
  }

  private func secret(_ role: Role, _ application: Int) -> WritableKeyPath<GMState, GMSecret> {
    let place: WritableKeyPath<GMState, GMApplication> = \.applications[application]
    return place.appending(path: role == .admin ? \.admin : \.user)
  }

  private func role(_ command: GMCommand) throws(GMStatus) -> Role {
    guard command.p1 == 0, let role = Role(rawValue: command.p2) else { throw .wrongParameters }
    return role
  }

  /// `80 14 00 type | AppID`: maximum tries, tries left, default-PIN flag.
  func getPINInfo(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let role = try role(command)
    var fields = fields(command)
    let id = try fields.u16()
    try fields.end()
    try require(room: 3, in: command, exactly: behaviour.pinInfoExpected)
    let secret = state[keyPath: secret(role, try openedApplication(id))]
    return [secret.maximum, secret.remaining, secret.isDefault ? 1 : 0]
  }

  /// `80 18 00 type | AppID | enc16`.
  func verifyPIN(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let role = try role(command)
    var fields = fields(command)
    let id = try fields.u16()
    let cipher = try fields.bytes(16)
    try fields.end()
    let application = try openedApplication(id)
    let place = secret(role, application)
    guard state[keyPath: place].remaining > 0 else { throw .locked }
    let random = try takeRandom()
    setLogin(role, application, false)
    try spendTry(place)
    guard try isResponse(cipher, to: random, key: state[keyPath: place].key, form: behaviour.pinBlock) else {
      throw .wrongPIN(left: state[keyPath: place].remaining)
    }
    try restoreTries(place)
    setLogin(role, application, true)
    return []
  }

  /// `84 16 00 type | AppID | encNewPIN | MAC4`, key from the old PIN.
  func changePIN(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let role = try role(command)
    try setPIN(command, of: role, authorizedBy: role)
    return []
  }

  /// `84 1A 00 00 | AppID | encNewUserPIN | MAC4`, key from the administrator PIN.
  func unblockPIN(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    try setPIN(command, of: .user, authorizedBy: .admin)
    return []
  }

  private func setPIN(_ command: GMCommand, of role: Role, authorizedBy authority: Role) throws(GMStatus) {
    var fields = fields(command)
    let id = try fields.u16()
    let cipher = try fields.bytes(newPINLength(command))
    let mac = try fields.bytes(4)
    try fields.end()
    let application = try openedApplication(id)
    let authorityPlace = secret(authority, application)
    guard state[keyPath: authorityPlace].remaining > 0 else { throw .locked }
    if behaviour.changeNeedsLogin, !isLoggedIn(authority, application) { throw .securityNotSatisfied }
    let random = try takeRandom()
    try spendTry(authorityPlace)
    let key = state[keyPath: authorityPlace].key
    guard try isGenuine(command, cipher, mac: mac, key: key, random: random) else {
      setLogin(authority, application, false)
      throw behaviour.wrongMAC.map(GMStatus.init) ?? .wrongPIN(left: state[keyPath: authorityPlace].remaining)
    }
    // The MAC proves the PIN; what follows is a mistake in the new one and costs no try.
    try restoreTries(authorityPlace)
    var newKey = try newPINKey(cipher, key: key)
    defer { GMCrypto.wipe(&newKey) }
    let place = secret(role, application)
    let stored = newKey
    try update { (state) throws(GMStatus) in
      state[keyPath: place].key = stored
      state[keyPath: place].remaining = state[keyPath: place].maximum
      state[keyPath: place].isDefault = false
    }
    setLogin(role, application, false)
  }

  /// - Parameter pin: 16 bytes, zero-filled.
  /// - Throws: 6A80 unless it is 6 to 16 bytes followed by zeros only.
  static func checkPIN(_ pin: [UInt8]) throws(GMStatus) {
    let length = pin.firstIndex(of: 0) ?? pin.count
    guard length >= 6, pin[length...].allSatisfy({ $0 == 0 }) else { throw .dataIncorrect }
  }

  /// `80 1C 00 00 | AppID`: forgets the verified PINs.
  func clearSecureState(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try fields.u16()
    try fields.end()
    let application = try openedApplication(id)
    setLogin(.admin, application, false)
    setLogin(.user, application, false)
    return []
  }
}
