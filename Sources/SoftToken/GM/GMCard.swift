internal import COpenSSL
package import Failures

/// A software GM/T 0017 token (智能密码钥匙): the card side, answering command APDUs.
///
/// The body of the standard is not public; commands follow the public implementations that name it, and where these
/// differ ``GMCardBehaviour`` says which reading this card takes. Every durable change is saved before its answer.
package final class GMCard: SoftCard {
  package let behaviour: GMCardBehaviour
  let store: any StateStore
  private(set) var state: GMState

  /// What power-off forgets.
  struct Session {
    /// The last 8-byte challenge given out.
    var random: [UInt8]?
    var deviceAuthenticated = false
    var applications: [UInt16: Login] = [:]
    var keys: [UInt16: SessionKey] = [:]
    var nextKey: UInt16 = 0x0401
  }

  /// A symmetric key that ImportSessionKey has brought.
  struct SessionKey {
    var container: UInt16
    var key: [UInt8]
    /// EncryptInit was called.
    var isReady = false
  }

  /// An open application.
  struct Login {
    var admin = false
    var user = false
    var containers: Set<UInt16> = []
  }

  var session = Session()

  /// Takes the state from `store`; an empty store is personalized first.
  ///
  /// - Throws: `UK-620` state not readable or not writable, `UK-901`.
  package init(
    behaviour: GMCardBehaviour = .aLM, store: any StateStore = MemoryStore(),
    personalization: () throws(Failure) -> GMPersonalization
  ) throws(Failure) {
    ukey_openssl_start()
    self.behaviour = behaviour
    self.store = store
    if let block = try store.load() {
      state = try GMStateCoding.decode(block)
    } else {
      state = try personalization().state(behaviour)
      try store.save(try GMStateCoding.encode(state))
    }
  }

  package var atr: [UInt8] { behaviour.atr }

  package func reset() {
    session = Session()
  }

  package func process(_ command: [UInt8]) -> [UInt8] {
    do {
      let command = try GMCommand(command)
      let data = try answer(command)
      if !data.isEmpty { try require(room: data.count, in: command) }
      return data + GMStatus.ok.bytes
    } catch {
      return error.bytes
    }
  }

  /// Changes the state: saved first, then taken over.
  ///
  /// - Throws: 6581 when it could not be saved; the state is then as before.
  func update(_ change: (inout GMState) throws(GMStatus) -> Void) throws(GMStatus) {
    var next = state
    try change(&next)
    guard next != state else { return }
    do {
      try store.save(try GMStateCoding.encode(next))
    } catch { throw .writeFailed }
    state = next
  }

  /// Checks Le against the answer. A host that sends no Le is given everything, as commercial tokens do.
  ///
  /// - Throws: 6CXX when Le is too small, or not `exactly` where the card insists.
  func require(room count: Int, in command: GMCommand, exactly: Int? = nil) throws(GMStatus) {
    if let exactly {
      guard command.expected == exactly else { throw wrongExpected(count) }
    } else if let expected = command.expected, expected < count {
      throw wrongExpected(count)
    }
  }

  private func wrongExpected(_ right: Int) -> GMStatus {
    GMStatus(0x6C00 | (behaviour.hidesRightLength || right > 255 ? 0 : UInt16(right)))
  }

  func fields(_ command: GMCommand) -> GMFields {
    GMFields(command.data, order: behaviour.byteOrder)
  }

  private func answer(_ command: GMCommand) throws(GMStatus) -> [UInt8] {
    guard command.cla & 0xFB == 0x80 else { throw .classNotSupported }
    // Only these carry a MAC, and they always do.
    let hasMAC = [0x12, 0x16, 0x1A].contains(command.ins)
    guard (command.cla == 0x84) == hasMAC else { throw .classNotSupported }
    switch command.ins {
    case 0x02: return try setLabel(command)
    case 0x04: return try getDevInfo(command)
    case 0x10: return try devAuth(command)
    case 0x14: return try getPINInfo(command)
    case 0x16: return try changePIN(command)
    case 0x18: return try verifyPIN(command)
    case 0x1A: return try unblockPIN(command)
    case 0x1C: return try clearSecureState(command)
    case 0x20: return try createApplication(command)
    case 0x22: return try enumApplication(command)
    case 0x24: return try deleteApplication(command)
    case 0x26: return try openApplication(command)
    case 0x28: return try closeApplication(command)
    case 0x30: return try createFile(command)
    case 0x32: return try deleteFile(command)
    case 0x34: return try enumFiles(command)
    case 0x36: return try getFileInfo(command)
    case 0x38: return try readFile(command)
    case 0x3A: return try writeFile(command)
    case 0x40: return try createContainer(command)
    case 0x42: return try openContainer(command)
    case 0x44: return try closeContainer(command)
    case 0x46: return try enumContainer(command)
    case 0x48: return try deleteContainer(command)
    case 0x4A: return try getContainerInfo(command)
    case 0x4C: return try importCertificate(command)
    case 0x4E: return try exportCertificate(command)
    case 0x50: return try genRandom(command)
    case 0x58: return try rsaSignData(command)
    case 0x70: return try genECCKeyPair(command)
    case 0x72: return try importECCKeyPair(command)
    case 0x74: return try eccSignData(command)
    case 0x88: return try exportPublicKey(command)
    case 0xA0: return try importSessionKey(command)
    case 0xA4: return try encryptInit(command)
    case 0xA6: return try encrypt(command)
    case 0xC4: return try destroySessionKey(command)
    default:
      // Commands of the standard that this card leaves out; ChangeDevAuthKey (12) because its layout is not public.
      let known: [UInt8] = [
        0x12, 0x52, 0x54, 0x56, 0x5A, 0x5C, 0x76, 0x78, 0x7A, 0x7C, 0x7E, 0x82, 0x84, 0x86, 0xA2,
        0xA8, 0xAA, 0xAC, 0xAE, 0xB0, 0xB2, 0xB4, 0xB6, 0xB8, 0xBA, 0xBC, 0xBE, 0xC0, 0xC2,
      ]
      throw known.contains(command.ins) ? .notSupported : GMStatus(behaviour.unknownInstruction)
    }
  }
}
