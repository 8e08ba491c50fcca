internal import CPKCS11

/// The calls that the host makes of a PKCS#11 module for us. One may stand for several functions that belong together.
enum P11Function: UInt16, CaseIterable, Sendable {
  case getInfo = 1
  case getSlotList
  case getSlotInfo
  case getTokenInfo
  case getMechanismList
  case openSession
  case closeSession
  case login
  case logout
  case setPIN
  case initPIN
  /// C_FindObjectsInit, C_FindObjects …, C_FindObjectsFinal.
  case findObjects
  /// C_GetAttributeValue, for the size and for the value.
  case getAttributeValue
  case signInit
  case sign
  case waitForSlotEvent
  case createObject
  case destroyObject
  case generateKeyPair

  /// As the standard calls it.
  var symbol: String {
    switch self {
    case .getInfo: "C_GetInfo"
    case .getSlotList: "C_GetSlotList"
    case .getSlotInfo: "C_GetSlotInfo"
    case .getTokenInfo: "C_GetTokenInfo"
    case .getMechanismList: "C_GetMechanismList"
    case .openSession: "C_OpenSession"
    case .closeSession: "C_CloseSession"
    case .login: "C_Login"
    case .logout: "C_Logout"
    case .setPIN: "C_SetPIN"
    case .initPIN: "C_InitPIN"
    case .findObjects: "C_FindObjects"
    case .getAttributeValue: "C_GetAttributeValue"
    case .signInit: "C_SignInit"
    case .sign: "C_Sign"
    case .waitForSlotEvent: "C_WaitForSlotEvent"
    case .createObject: "C_CreateObject"
    case .destroyObject: "C_DestroyObject"
    case .generateKeyPair: "C_GenerateKeyPair"
    }
  }
}

/// Return values of PKCS#11 v2.40 that decide something here, and the names of the common ones.
enum CKR {
  static let ok: UInt64 = 0
  static let noEvent: UInt64 = 0x08
  static let deviceMemory: UInt64 = 0x31
  static let functionNotSupported: UInt64 = 0x54
  static let pinIncorrect: UInt64 = 0xA0
  static let pinLocked: UInt64 = 0xA4
  static let userNotLoggedIn: UInt64 = 0x101
  static let bufferTooSmall: UInt64 = 0x150
  static let alreadyInitialized: UInt64 = 0x191

  /// The key or its slot is gone: CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT.
  static let removed: Set<UInt64> = [0x32, 0xE0]
  /// The PIN was not compared: wrong length or characters, wrong user, session of the wrong kind, not initialised,
  /// cancelled on the keypad. Or it was right and has expired.
  static let beforeComparing: Set<UInt64> = [
    0x07, 0x50, 0x54, 0xA1, 0xA2, 0xA3, 0xB3, 0xB5, 0xB7, 0xB8, 0x100, 0x101, 0x102, 0x103, 0x104, 0xE2, 0x190,
  ]

  static func name(_ code: UInt64) -> String? {
    names[code].map { "CKR_" + $0 }
  }

  private static let names: [UInt64: String] = [
    0x01: "CANCEL", 0x02: "HOST_MEMORY", 0x03: "SLOT_ID_INVALID", 0x05: "GENERAL_ERROR", 0x06: "FUNCTION_FAILED",
    0x07: "ARGUMENTS_BAD", 0x08: "NO_EVENT", 0x0A: "CANT_LOCK", 0x12: "ATTRIBUTE_TYPE_INVALID", 0x20: "DATA_INVALID",
    0x21: "DATA_LEN_RANGE", 0x30: "DEVICE_ERROR", 0x31: "DEVICE_MEMORY", 0x32: "DEVICE_REMOVED",
    0x50: "FUNCTION_CANCELED", 0x54: "FUNCTION_NOT_SUPPORTED", 0x60: "KEY_HANDLE_INVALID",
    0x68: "KEY_FUNCTION_NOT_PERMITTED", 0x63: "KEY_TYPE_INCONSISTENT", 0x70: "MECHANISM_INVALID",
    0x82: "OBJECT_HANDLE_INVALID", 0xA0: "PIN_INCORRECT", 0xA1: "PIN_INVALID", 0xA2: "PIN_LEN_RANGE",
    0xA3: "PIN_EXPIRED", 0xA4: "PIN_LOCKED", 0xB3: "SESSION_HANDLE_INVALID", 0xB5: "SESSION_READ_ONLY",
    0xB7: "SESSION_READ_ONLY_EXISTS", 0xB8: "SESSION_READ_WRITE_SO_EXISTS", 0xE0: "TOKEN_NOT_PRESENT",
    0xE1: "TOKEN_NOT_RECOGNIZED", 0xE2: "TOKEN_WRITE_PROTECTED", 0x100: "USER_ALREADY_LOGGED_IN",
    0x101: "USER_NOT_LOGGED_IN", 0x102: "USER_PIN_NOT_INITIALIZED", 0x103: "USER_TYPE_INVALID",
    0x104: "USER_ANOTHER_ALREADY_LOGGED_IN", 0x150: "BUFFER_TOO_SMALL", 0x190: "CRYPTOKI_NOT_INITIALIZED",
  ]
}

/// CKA_, CKO_, CKU_ and CKM_ values used here (PKCS#11 v2.40).
enum CK {
  static let attributeClass: UInt64 = 0x00
  static let attributeToken: UInt64 = 0x01
  static let attributePrivate: UInt64 = 0x02
  static let attributeSubject: UInt64 = 0x101
  static let attributeSensitive: UInt64 = 0x103
  static let attributeSign: UInt64 = 0x108
  static let attributeVerify: UInt64 = 0x10A
  static let attributeModulusBits: UInt64 = 0x121
  static let attributeExponent: UInt64 = 0x122
  static let attributeExtractable: UInt64 = 0x162
  static let attributeECParameters: UInt64 = 0x180
  static let rsaPairGeneration: UInt64 = 0x00
  static let ecPairGeneration: UInt64 = 0x1040
  static let attributeLabel: UInt64 = 0x03
  static let attributeValue: UInt64 = 0x11
  static let attributeCertificateType: UInt64 = 0x80
  static let attributeID: UInt64 = 0x102
  static let attributeModulus: UInt64 = 0x120
  static let attributePoint: UInt64 = 0x181
  static let attributeAlwaysAuthenticate: UInt64 = 0x202
  static let classCertificate: UInt64 = 1
  static let classPublicKey: UInt64 = 2
  static let classPrivateKey: UInt64 = 3
  static let securityOfficer: UInt64 = 0
  static let user: UInt64 = 1
  static let contextSpecific: UInt64 = 2
  static let rsaPKCS: UInt64 = 0x01
  static let sha256RSAPKCS: UInt64 = 0x40
  static let ecdsa: UInt64 = 0x1041
  static let eddsa: UInt64 = 0x1057
  /// CKF_SERIAL_SESSION, and with CKF_RW_SESSION.
  static let readSession: UInt64 = 0x04
  static let writeSession: UInt64 = 0x06
  /// CK_UNAVAILABLE_INFORMATION.
  static let unavailable = UInt64.max
}
