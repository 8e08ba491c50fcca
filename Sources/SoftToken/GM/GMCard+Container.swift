/// Containers and certificates.
extension GMCard {
  /// A container inside the state.
  struct ContainerPlace {
    let application: Int
    let container: Int
  }

  subscript(place: ContainerPlace) -> GMContainer {
    state.applications[place.application].containers[place.container]
  }

  /// Reads AppID and the rest as a name.
  private func namedContainer(_ command: GMCommand) throws(GMStatus) -> (application: Int, name: [UInt8]) {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try fields.u16()
    let name = fields.remainder()
    let application = try openedApplication(id)
    guard !name.isEmpty, name.count <= GMLimit.nameLength, !name.contains(0) else { throw .dataIncorrect }
    return (application, name)
  }

  private func place(_ application: Int, named name: [UInt8]) throws(GMStatus) -> ContainerPlace {
    guard let index = state.applications[application].containers.firstIndex(where: { $0.name == name }) else {
      throw .containerNameUnknown
    }
    return ContainerPlace(application: application, container: index)
  }

  /// Reads AppID and ContainerID; both must be open.
  func openedContainer(_ fields: inout GMFields) throws(GMStatus) -> ContainerPlace {
    let application = try fields.u16()
    let container = try fields.u16()
    let index = try openedApplication(application)
    guard
      session.applications[application]?.containers.contains(container) == true,
      let found = state.applications[index].containers.firstIndex(where: { $0.id == container })
    else { throw .containerUnknown }
    return ContainerPlace(application: index, container: found)
  }

  /// - Throws: 6982 unless the user PIN is verified.
  func requireUser(_ application: Int) throws(GMStatus) {
    guard isLoggedIn(.user, application) else { throw .securityNotSatisfied }
  }

  /// `80 46 00 00 | AppID`: names, each ended by 00, the list by one more.
  func enumContainer(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let id = try fields.u16()
    try fields.end()
    return nameList(state.applications[try openedApplication(id)].containers.map(\.name))
  }

  /// `80 40 00 00 | AppID | name`: the ContainerID.
  func createContainer(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let (application, name) = try namedContainer(command)
    try require(room: 2, in: command)
    try requireUser(application)
    let owner = state.applications[application]
    guard !owner.containers.contains(where: { $0.name == name }) else { throw .containerExists }
    guard owner.containers.count < Int(owner.maximumContainers) else { throw .noSpace }
    let container = GMContainer(
      id: try freeID(from: behaviour.firstContainerID, taken: owner.containers.map(\.id)), name: name,
      kind: .undetermined, signature: GMSlot(), encryption: GMSlot())
    try update { (state) throws(GMStatus) in state.applications[application].containers.append(container) }
    return open(container, owner.id)
  }

  /// `80 42 00 00 | AppID | name`: the ContainerID.
  func openContainer(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let (application, name) = try namedContainer(command)
    try require(room: 2, in: command)
    return open(self[try place(application, named: name)], state.applications[application].id)
  }

  private func open(_ container: GMContainer, _ application: UInt16) -> [UInt8] {
    session.applications[application]?.containers.insert(container.id)
    var answer: [UInt8] = []
    answer.append(container.id, behaviour.byteOrder)
    return answer
  }

  /// `80 44 00 00 | AppID | ContainerID`.
  func closeContainer(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let place = try openedContainer(&fields)
    try fields.end()
    session.applications[state.applications[place.application].id]?.containers.remove(self[place].id)
    return []
  }

  /// `80 48 00 00 | AppID | name`, with user rights.
  func deleteContainer(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let (application, name) = try namedContainer(command)
    try requireUser(application)
    let place = try place(application, named: name)
    let id = self[place].id
    try update { (state) throws(GMStatus) in
      state.applications[application].containers.remove(at: place.container)
    }
    session.applications[state.applications[application].id]?.containers.remove(id)
    return []
  }

  /// `80 4A 00 00 | AppID | name`: kind u8, signature key bits u32, encryption key bits u32, certificate flags u8, u8.
  func getContainerInfo(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    let (application, name) = try namedContainer(command)
    let container = self[try place(application, named: name)]
    var answer = [container.kind.rawValue]
    answer.append(container.signature.bits, behaviour.byteOrder)
    answer.append(container.encryption.bits, behaviour.byteOrder)
    answer.append(container.signature.certificate.isEmpty ? 0 : 1)
    answer.append(container.encryption.certificate.isEmpty ? 0 : 1)
    return answer
  }

  /// `80 4C 00 00 | AppID | ContainerID | type u8 | length u32 | DER`, with user rights, the key pair being there.
  func importCertificate(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    try command.requireNoParameters()
    var fields = fields(command)
    let place = try openedContainer(&fields)
    let type = try fields.u8()
    guard let length = Int(exactly: try fields.u32()) else { throw .wrongLength }
    let certificate = try fields.bytes(length)
    try fields.end()
    let slot = try slot(type)
    try requireUser(place.application)
    guard !self[place][keyPath: slot].privateKey.isEmpty else { throw .noKeyPair }
    guard !certificate.isEmpty else { throw .dataIncorrect }
    let most = min(behaviour.certificateLimit ?? GMLimit.certificateSize, Int(state.freeSpace))
    guard certificate.count <= most else { throw .noSpace }
    var steps = [certificate]
    // Deleted, made as long as it will be, filled.
    if behaviour.deletesBeforeWriting { steps = [[], [UInt8](repeating: 0, count: length), certificate] }
    for step in steps {
      try update { (state) throws(GMStatus) in
        state.applications[place.application].containers[place.container][keyPath: slot].certificate = step
      }
    }
    return []
  }

  /// `80 4E type 00 | AppID | ContainerID`: length u32, DER.
  func exportCertificate(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    guard command.p2 == 0 else { throw .wrongParameters }
    let slot = try slot(command.p1)
    var fields = fields(command)
    let place = try openedContainer(&fields)
    try fields.end()
    let certificate = self[place][keyPath: slot].certificate
    guard !certificate.isEmpty else { throw .noCertificate }
    var answer: [UInt8] = []
    answer.append(UInt32(clamping: certificate.count), behaviour.byteOrder)
    return answer + certificate
  }

  /// 01 signature, 00 encryption.
  func slot(_ type: UInt8) throws(GMStatus) -> WritableKeyPath<GMContainer, GMSlot> {
    switch type {
    case 1: return \.signature
    case 0: return \.encryption
    default: throw .wrongParameters
    }
  }
}
