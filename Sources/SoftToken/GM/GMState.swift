/// Everything a GM/T 0017 card keeps without power. A value: changed as a copy, saved, then taken over.
struct GMState: Equatable {
  var manufacturer: [UInt8]
  var issuer: [UInt8]
  var label: [UInt8]
  var serialNumber: [UInt8]
  var deviceKey: GMSecret
  var applications: [GMApplication]
}

/// A PIN or the device authentication key: its 16-byte key (never the PIN itself) and the tries left.
struct GMSecret: Equatable {
  var key: [UInt8]
  var maximum: UInt8
  var remaining: UInt8
  /// Still the value the maker set.
  var isDefault: Bool
}

struct GMApplication: Equatable {
  var id: UInt16
  var name: [UInt8]
  var admin: GMSecret
  var user: GMSecret
  var createFileRights: UInt32
  var maximumContainers: UInt8
  var maximumCertificates: UInt8
  var maximumFiles: UInt16
  var containers: [GMContainer]
  var files: [GMFile]
}

struct GMContainer: Equatable {
  /// Values as GetContainerInfo gives them.
  enum Kind: UInt8 {
    case undetermined = 0
    case rsa = 1
    case ecc = 2
  }

  var id: UInt16
  var name: [UInt8]
  var kind: Kind
  var signature: GMSlot
  var encryption: GMSlot
}

/// One half of a container: a key pair and its certificate.
struct GMSlot: Equatable {
  /// PKCS#8 DER; empty when there is no key.
  var privateKey: [UInt8] = []
  var bits: UInt32 = 0
  /// DER as imported, not looked at; empty when there is none.
  var certificate: [UInt8] = []
}

struct GMFile: Equatable {
  var name: [UInt8]
  var readRights: UInt32
  var writeRights: UInt32
  /// As long as the file was created.
  var content: [UInt8]
}

/// Limits of this card.
enum GMLimit {
  static let applications = 8
  static let containers: UInt8 = 32
  static let certificates: UInt8 = 64
  static let files: UInt16 = 32
  static let nameLength = 48
  static let fileSize = 32_768
  /// A certificate answer carries 4 bytes before the certificate and must fit one extended response.
  static let certificateSize = 65_532
  static let totalSpace: UInt32 = 1 << 20
}

extension GMState {
  /// Bytes taken by certificates, keys and files.
  var usedSpace: Int {
    applications.reduce(0) { sum, application in
      sum + application.files.reduce(0) { $0 + $1.content.count }
        + application.containers.reduce(0) { $0 + $1.signature.size + $1.encryption.size }
    }
  }

  var freeSpace: UInt32 {
    UInt32(clamping: Int(GMLimit.totalSpace) - usedSpace)
  }
}

extension GMSlot {
  var size: Int { privateKey.count + certificate.count }
}
