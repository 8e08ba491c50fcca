internal import CPCSC
internal import Failures

/// The one door to pcsc-lite: every SCard call goes through ``call(_:context:_:)``, so that each failure keeps the
/// function's name and the code it returned.
enum SCard {
  /// Runs one call and turns any code but SCARD_S_SUCCESS into a ``Failure``.
  ///
  /// pcsc-lite's LONG is 64 bits wide on LP64, its codes are 32: they are compared and kept as 32.
  static func call(
    _ function: String, context: String? = nil, _ body: () -> LONG
  ) throws(Failure) {
    let code = UInt32(truncatingIfNeeded: body())
    guard code != 0 else { return }
    throw Failure(failureCode(code), function: function, number: .scard(code), context: context)
  }

  /// The code for a PC/SC number (PC/SC part 5; pcsclite.h). Numbers without a case of their own are UK-190.
  static func failureCode(_ code: UInt32) -> FailureCode {
    switch code {
    case 0x8010_0002: .cancelled  // SCARD_E_CANCELLED
    case 0x8010_0003: .serviceLost  // SCARD_E_INVALID_HANDLE: the context or card died with the service
    case 0x8010_0009: .readerUnknown  // SCARD_E_UNKNOWN_READER
    case 0x8010_000A: .cardTimeout  // SCARD_E_TIMEOUT
    case 0x8010_000B: .cardBusy  // SCARD_E_SHARING_VIOLATION
    case 0x8010_000C: .noCard  // SCARD_E_NO_SMARTCARD
    case 0x8010_000F: .cardCommunication  // SCARD_E_PROTO_MISMATCH
    case 0x8010_0010: .cardCommunication  // SCARD_E_NOT_READY
    case 0x8010_0013: .serviceLost  // SCARD_F_COMM_ERROR
    case 0x8010_0016: .cardCommunication  // SCARD_E_NOT_TRANSACTED
    case 0x8010_0017: .readerLost  // SCARD_E_READER_UNAVAILABLE
    case 0x8010_001D: .serviceUnavailable  // SCARD_E_NO_SERVICE
    case 0x8010_001E: .serviceMismatch  // SCARD_E_SERVICE_STOPPED: pcsc-lite's word for another protocol version
    case 0x8010_002E: .noReader  // SCARD_E_NO_READERS_AVAILABLE
    case 0x8010_0065: .cardMute  // SCARD_W_UNSUPPORTED_CARD
    case 0x8010_0066: .cardMute  // SCARD_W_UNRESPONSIVE_CARD
    case 0x8010_0067: .cardMute  // SCARD_W_UNPOWERED_CARD
    case 0x8010_0068: .cardReset  // SCARD_W_RESET_CARD
    case 0x8010_0069: .cardRemoved  // SCARD_W_REMOVED_CARD
    case 0x8010_006A: .serviceDenied  // SCARD_W_SECURITY_VIOLATION
    default: .cardService
    }
  }

  /// Whether the service itself is gone, so that the context must be made anew.
  static func isServiceGone(_ failure: Failure) -> Bool {
    switch failure.code {
    case .serviceUnavailable, .serviceLost, .serviceDenied, .serviceMismatch: true
    default: false
    }
  }
}
