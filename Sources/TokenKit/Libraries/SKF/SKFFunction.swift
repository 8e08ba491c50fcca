/// The functions of GM/T 0016-2012 that this program calls. The raw value is the place in the table of libraries that
/// export only SKF_GetFuncList, which follows the order of the standard's sections 7.1 to 7.6.
enum SKFFunction: UInt16, CaseIterable, Sendable {
  case waitForDevEvent = 0
  case cancelWaitForDevEvent = 1
  case enumDev = 2
  case connectDev = 3
  case disConnectDev = 4
  case getDevState = 5
  case getDevInfo = 7
  case changePIN = 13
  case getPINInfo = 14
  case verifyPIN = 15
  case unblockPIN = 16
  case clearSecureState = 17
  case enumApplication = 19
  case openApplication = 21
  case closeApplication = 22
  case createContainer = 29
  case deleteContainer = 30
  case openContainer = 31
  case closeContainer = 32
  case enumContainer = 33
  case getContainerType = 34
  case importCertificate = 35
  case exportCertificate = 36
  case genRSAKeyPair = 39
  case rsaSignData = 41
  case genECCKeyPair = 46
  case importECCKeyPair = 47
  case eccSignData = 48
  case exportPublicKey = 58
  case importSessionKey = 59
  case encryptInit = 61
  case encrypt = 62
  case closeHandle = 75
  /// These two are no part of the standard and in no table: Longmai's libraries, and those of CAs made from them, export them.
  case genRemoteUnblockRequest = 0x100
  case remoteUnblockPIN = 0x101

  /// As exported: `SKF_EnumDev`.
  var symbol: String {
    let own =
      switch self {
      case .waitForDevEvent: "WaitForDevEvent"
      case .cancelWaitForDevEvent: "CancelWaitForDevEvent"
      case .enumDev: "EnumDev"
      case .connectDev: "ConnectDev"
      case .disConnectDev: "DisConnectDev"
      case .getDevState: "GetDevState"
      case .getDevInfo: "GetDevInfo"
      case .changePIN: "ChangePIN"
      case .getPINInfo: "GetPINInfo"
      case .verifyPIN: "VerifyPIN"
      case .unblockPIN: "UnblockPIN"
      case .clearSecureState: "ClearSecureState"
      case .enumApplication: "EnumApplication"
      case .openApplication: "OpenApplication"
      case .closeApplication: "CloseApplication"
      case .createContainer: "CreateContainer"
      case .deleteContainer: "DeleteContainer"
      case .openContainer: "OpenContainer"
      case .closeContainer: "CloseContainer"
      case .enumContainer: "EnumContainer"
      case .getContainerType: "GetContainerType"
      case .importCertificate: "ImportCertificate"
      case .exportCertificate: "ExportCertificate"
      case .genRSAKeyPair: "GenRSAKeyPair"
      case .rsaSignData: "RSASignData"
      case .genECCKeyPair: "GenECCKeyPair"
      case .importECCKeyPair: "ImportECCKeyPair"
      case .eccSignData: "ECCSignData"
      case .exportPublicKey: "ExportPublicKey"
      case .importSessionKey: "ImportSessionKey"
      case .encryptInit: "EncryptInit"
      case .encrypt: "Encrypt"
      case .closeHandle: "CloseHandle"
      case .genRemoteUnblockRequest: "GenRemoteUnblockRequest"
      case .remoteUnblockPIN: "RemoteUnblockPIN"
      }
    return "SKF_" + own
  }

  /// What unlocking from afar needs of a library.
  static let remoteUnlock: [SKFFunction] = [.genRemoteUnblockRequest, .remoteUnblockPIN]

  /// What a new certificate on the key needs of a library, whatever its kind.
  static let renewal: [SKFFunction] = [
    .createContainer, .deleteContainer, .importCertificate, .verifyPIN, .exportCertificate, .exportPublicKey,
  ]
  /// What it needs beside that for SM2 with an encryption pair, and for RSA.
  static let renewalSM2: [SKFFunction] = [.genECCKeyPair, .importECCKeyPair, .eccSignData]
  static let renewalRSA: [SKFFunction] = [.genRSAKeyPair, .rsaSignData]
  /// What nothing else than that needs.
  static let renewalOnly: [SKFFunction] = [
    .createContainer, .deleteContainer, .importCertificate, .genECCKeyPair, .importECCKeyPair, .genRSAKeyPair,
  ]

  /// What trying an encryption pair needs; a library without them cannot tell.
  static let trial: [SKFFunction] = [.importSessionKey, .encryptInit, .encrypt, .closeHandle]
}

/// Return codes of GM/T 0016-2012 annex A. Others are kept as numbers.
enum SAR {
  static let ok: UInt32 = 0
  static let notSupported: UInt32 = 0x0A00_0003
  static let timeout: UInt32 = 0x0A00_000F
  static let keyNotFound: UInt32 = 0x0A00_001B
  static let certificateNotFound: UInt32 = 0x0A00_001C
  static let bufferTooSmall: UInt32 = 0x0A00_0020
  static let noEvent: UInt32 = 0x0A00_0022
  static let deviceRemoved: UInt32 = 0x0A00_0023
  static let pinIncorrect: UInt32 = 0x0A00_0024
  static let pinLocked: UInt32 = 0x0A00_0025

  /// The standard's name, its spelling kept; `nil` for a code that it does not have.
  static func name(_ code: UInt32) -> String? {
    guard code >= 0x0A00_0000, code <= 0x0A00_0032 else { return nil }
    let index = Int(code & 0xFF) - 1
    return names.indices.contains(index) ? "SAR_" + names[index] : nil
  }

  private static let names = [
    "FAIL", "UNKNOWNERR", "NOTSUPPORTYETERR", "FILEERR", "INVALIDHANDLEERR", "INVALIDPARAMERR", "READFILEERR",
    "WRITEFILEERR", "NAMELENERR", "KEYUSAGEERR", "MODULUSLENERR", "NOTINITIALIZEERR", "OBJERR", "MEMORYERR",
    "TIMEOUTERR", "INDATALENERR", "INDATAERR", "GENRANDERR", "HASHOBJERR", "HASHERR", "GENRSAKEYERR",
    "RSAMODULUSLENERR", "CSPIMPRTPUBKEYERR", "RSAENCERR", "RSADECERR", "HASHNOTEQUALERR", "KEYNOTFOUNTERR",
    "CERTNOTFOUNTERR", "NOTEXPORTERR", "DECRYPTPADERR", "MACLENERR", "BUFFER_TOO_SMALL", "KEYINFOTYPEERR",
    "NOT_EVENTERR", "DEVICE_REMOVED", "PIN_INCORRECT", "PIN_LOCKED", "PIN_INVALID", "PIN_LEN_RANGE",
    "USER_ALREADY_LOGGED_IN", "USER_PIN_NOT_INITIALIZED", "USER_TYPE_INVALID", "APPLICATION_NAME_INVALID",
    "APPLICATION_EXISTS", "USER_NOT_LOGGED_IN", "APPLICATION_NOT_EXISTS", "FILE_ALREADY_EXIST", "NO_ROOM",
    "FILE_NOT_EXIST", "REACH_MAX_CONTAINER_COUNT",
  ]
}
