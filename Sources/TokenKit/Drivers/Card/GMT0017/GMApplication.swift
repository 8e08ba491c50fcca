internal import Failures
internal import SmartCard

/// An opened GM/T 0017 application: its two-byte identifier, echoed exactly as received.
struct GMApplication: Sendable, Equatable {
  var name: [UInt8]
  var id: [UInt8]
  /// As OpenApplication told; `nil` when it was not asked.
  var maximumContainers: Int?

  enum PINType: UInt8 {
    case administrator = 0x00
    case user = 0x01
  }

  /// A certificate of a container, as named in P1 of ExportCertificate.
  enum CertificateType: UInt8 {
    case encryption = 0x00
    case signature = 0x01
  }

  /// What GetContainerInfo tells (11 bytes): kind, key lengths, certificates present.
  struct ContainerInformation {
    var kind: UInt8
    var hasSignatureCertificate: Bool
    var hasEncryptionCertificate: Bool
    /// A length of key is told, whichever.
    var hasSignaturePair: Bool
    var hasEncryptionPair: Bool
  }

  /// More names than this in one list are not a key but an attack.
  static let maxNames = 64

  /// EnumApplication, `80 22`.
  static func names(_ card: borrowing CardTransaction) throws(Failure) -> [[UInt8]] {
    let answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x22, le: 65_536), form: .extended)
    guard answer.status.isSuccess else { throw .refused("EnumApplication", answer.status) }
    return list(answer.data)
  }

  /// OpenApplication, `80 26`: ten bytes, the identifier in the last two.
  static func open(_ card: borrowing CardTransaction, name: [UInt8]) throws(Failure) -> GMApplication {
    let answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x26, data: name, le: 10), form: .extended)
    guard answer.status.isSuccess else { throw .refused("OpenApplication", answer.status) }
    guard answer.data.count >= 10 else {
      throw Failure(.answerMalformed, function: "OpenApplication", context: "\(answer.data.count)")
    }
    return GMApplication(name: name, id: Array(answer.data[8..<10]), maximumContainers: Int(answer.data[4]))
  }

  /// CloseApplication, `80 28`. A refusal is not reported: there is nothing left to do.
  func close(_ card: borrowing CardTransaction) throws(Failure) {
    _ = try card.send(CommandAPDU(cla: 0x80, ins: 0x28, data: id), form: .extended)
  }

  /// GetPINInfo, `80 14`: maximum, remaining, still the default. Costs no try.
  func pinStatus(_ card: borrowing CardTransaction, _ type: PINType) throws(Failure) -> Reading<PINStatus> {
    let answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x14, p2: type.rawValue, data: id, le: 3), form: .extended)
    if answer.status == .functionNotSupported || answer.status == .instructionNotSupported { return .notOffered }
    guard answer.status.isSuccess else { throw .refused("GetPINInfo", answer.status) }
    guard answer.data.count >= 3 else {
      throw Failure(.answerMalformed, function: "GetPINInfo", context: "\(answer.data.count)")
    }
    let maximum = Int(answer.data[0])
    let left = Int(answer.data[1])
    // As of a library: zero of zero is no count, and more than the maximum none either.
    guard maximum > 0, left <= maximum else {
      throw Failure(.answerMalformed, function: "GetPINInfo", context: "\(left)/\(maximum)")
    }
    return .value(
      PINStatus(triesMax: maximum, triesLeft: left, isLocked: left == 0, isDefault: answer.data[2] == 1))
  }

  /// EnumContainer, `80 46`.
  func containerNames(_ card: borrowing CardTransaction) throws(Failure) -> [[UInt8]] {
    var answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x46, data: id, le: 65_536), form: .extended)
    if answer.status == .wrongLength || answer.status.sw1 == 0x6C {
      // One known client sends no Le here, another sends 0000; a token may want either.
      answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x46, data: id), form: .extended)
    }
    guard answer.status.isSuccess else { throw .refused("EnumContainer", answer.status) }
    return Self.list(answer.data)
  }

  /// GetContainerInfo, `80 4A`, by name; the container need not be open.
  func containerInformation(
    _ card: borrowing CardTransaction, name: [UInt8]
  ) throws(Failure) -> ContainerInformation {
    let answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x4A, data: id + name, le: 11), form: .extended)
    guard answer.status.isSuccess else { throw .refused("GetContainerInfo", answer.status) }
    guard answer.data.count >= 11 else {
      throw Failure(.answerMalformed, function: "GetContainerInfo", context: "\(answer.data.count)")
    }
    return ContainerInformation(
      kind: answer.data[0], hasSignatureCertificate: answer.data[9] != 0,
      hasEncryptionCertificate: answer.data[10] != 0,
      hasSignaturePair: answer.data[1..<5].contains { $0 != 0 },
      hasEncryptionPair: answer.data[5..<9].contains { $0 != 0 })
  }

  /// OpenContainer, `80 42`: the two-byte container identifier.
  func openContainer(_ card: borrowing CardTransaction, name: [UInt8]) throws(Failure) -> [UInt8] {
    let answer = try card.send(CommandAPDU(cla: 0x80, ins: 0x42, data: id + name, le: 2), form: .extended)
    guard answer.status.isSuccess else { throw .refused("OpenContainer", answer.status) }
    guard answer.data.count >= 2 else {
      throw Failure(.answerMalformed, function: "OpenContainer", context: "\(answer.data.count)")
    }
    return Array(answer.data.prefix(2))
  }

  /// ExportCertificate, `80 4E`: a 32-bit length and the DER.
  ///
  /// - Returns: the DER, `nil` when the container has no certificate of that type (6A96).
  func certificate(
    _ card: borrowing CardTransaction, container: [UInt8], _ type: CertificateType, order: GMByteOrder
  ) throws(Failure) -> [UInt8]? {
    let answer = try card.send(
      CommandAPDU(cla: 0x80, ins: 0x4E, p1: type.rawValue, data: id + container, le: 65_536), form: .extended)
    if answer.status.rawValue == 0x6A96 { return nil }
    guard answer.status.isSuccess else { throw .refused("ExportCertificate", answer.status) }
    guard answer.data.count > 4 else {
      throw Failure(.answerMalformed, function: "ExportCertificate", context: "\(answer.data.count)")
    }
    let available = UInt32(answer.data.count - 4)
    // The length says which order it is written in better than anything else; a token may pad behind the certificate.
    let head = answer.data[..<4]
    let lengths = [order, order == .big ? .little : .big].map { $0.uint32(head) }
    guard let length = lengths.first(where: { $0 == available }) ?? lengths.first(where: { $0 > 0 && $0 <= available })
    else {
      throw Failure(.answerMalformed, function: "ExportCertificate", context: "\(lengths[0]) / \(available)")
    }
    return Array(answer.data[4..<4 + Int(length)])
  }

  /// ExportPublicKey, `80 88`: for SM2 a 32-bit count of bits and the two coordinates; for RSA in a form that is not
  /// confirmed.
  ///
  /// - Returns: as the token gives it; `nil` when the container has no such key pair (6A95).
  func publicKey(
    _ card: borrowing CardTransaction, container: [UInt8], _ type: CertificateType
  ) throws(Failure) -> [UInt8]? {
    let answer = try card.send(
      CommandAPDU(cla: 0x80, ins: 0x88, p1: type.rawValue, data: id + container, le: 65_536), form: .extended)
    if answer.status.rawValue == 0x6A95 { return nil }
    guard answer.status.isSuccess else { throw .refused("ExportPublicKey", answer.status) }
    return answer.data
  }

  /// A list of names, each ended by 00, the list by one more 00; parsed tolerantly.
  private static func list(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0).prefix(maxNames).map { Array($0) }
  }
}
