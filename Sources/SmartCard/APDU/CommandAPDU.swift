package import Failures

/// How Lc and Le are written (ISO/IEC 7816-3 §12.1.3).
package enum LengthForm: Sendable, Equatable {
  /// One byte each: Lc up to 255, Le up to 256.
  case short
  /// Two bytes with a leading 00: Lc up to 65 535, Le up to 65 536.
  case extended
}

/// A command APDU without secrets. Commands that carry a PIN in clear are sent as ``CardTransaction/sendSecret(_:)``.
package struct CommandAPDU: Sendable, Equatable {
  package var cla: UInt8
  package var ins: UInt8
  package var p1: UInt8
  package var p2: UInt8
  package var data: [UInt8]
  /// Bytes wanted back: `nil` none; 256 (short) or 65 536 (extended) for "all there is".
  package var le: Int?

  package init(
    cla: UInt8 = 0x00, ins: UInt8, p1: UInt8 = 0, p2: UInt8 = 0, data: [UInt8] = [], le: Int? = nil
  ) {
    self.cla = cla
    self.ins = ins
    self.p1 = p1
    self.p2 = p2
    self.data = data
    self.le = le
  }

  /// The bytes to send, in one of the four cases of ISO/IEC 7816-3 §12.1.
  ///
  /// - Throws: `UK-999` when data or Le do not fit the form.
  package func encoded(_ form: LengthForm) throws(Failure) -> [UInt8] {
    let maxData = form == .short ? 255 : 65_535
    let maxLe = form == .short ? 256 : 65_536
    guard data.count <= maxData, (le ?? 1) >= 1, (le ?? 1) <= maxLe else {
      throw Failure(.internalError, function: "CommandAPDU", context: "Lc \(data.count) Le \(le ?? 0)")
    }
    var bytes: [UInt8] = [cla, ins, p1, p2]
    bytes.reserveCapacity(data.count + 9)
    switch form {
    case .short:
      if !data.isEmpty {
        bytes.append(UInt8(truncatingIfNeeded: data.count))
        bytes += data
      }
      if let le { bytes.append(UInt8(truncatingIfNeeded: le)) }
    case .extended:
      if !data.isEmpty {
        bytes += [0, UInt8(truncatingIfNeeded: data.count >> 8), UInt8(truncatingIfNeeded: data.count)]
        bytes += data
      }
      if let le {
        if data.isEmpty { bytes.append(0) }
        bytes += [UInt8(truncatingIfNeeded: le >> 8), UInt8(truncatingIfNeeded: le)]
      }
    }
    return bytes
  }
}

/// A response APDU taken apart.
package struct ResponseAPDU: Sendable, Equatable {
  package var data: [UInt8]
  package var status: StatusWord

  package init(data: [UInt8], status: StatusWord) {
    self.data = data
    self.status = status
  }
}
