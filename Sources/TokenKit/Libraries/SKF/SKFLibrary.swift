internal import CSKF
internal import Glibc

/// A loaded SKF library, in the host process: the only place that calls its functions.
///
/// It decides nothing; it guards the calls. Handles stay here and are known outside by number; every output has more
/// room than was announced, because some libraries ignore what is announced.
final class SKFLibrary: LibraryExecutor, @unchecked Sendable {
  // Unchecked: one thread performs calls; another only `cancelWait`, which touches what `init` has written.
  private let library: UnsafeMutableRawPointer
  private let symbols: [SKFFunction: UnsafeRawPointer]
  private let isTableOnly: Bool
  private var handles: [UInt64: UnsafeMutableRawPointer?] = [:]
  private var nextHandle: UInt64 = 1

  /// Bytes behind every output, whatever is announced to the library.
  private static let room = 65_536
  /// Announced when the library's own answer to the size query cannot be believed.
  private static let usualSize = 4096
  static let devInfoSize = 512
  static let devInfoPattern: UInt8 = 0xA5

  /// `nil` when it has neither SKF_EnumDev nor SKF_GetFuncList.
  init?(_ library: UnsafeMutableRawPointer, path: String) {
    self.library = library
    var found: [SKFFunction: UnsafeRawPointer] = [:]
    for function in SKFFunction.allCases {
      if let symbol = dlsym(library, function.symbol) { found[function] = UnsafeRawPointer(symbol) }
    }
    // Spelled so by some, against the standard.
    if found[.disConnectDev] == nil, let symbol = dlsym(library, "SKF_DisconnectDev") {
      found[.disConnectDev] = UnsafeRawPointer(symbol)
    }
    var isTableOnly = false
    if found[.enumDev] == nil, let symbol = dlsym(library, "SKF_GetFuncList") {
      found = Self.table(symbol)
      isTableOnly = true
    }
    guard found[.enumDev] != nil else { return nil }
    symbols = found
    self.isTableOnly = isTableOnly
  }

  /// The functions of the table, those only that lie in the library's own code: a table of another order or length is
  /// noticed there rather than jumped into.
  private static func table(_ symbol: UnsafeMutableRawPointer) -> [SKFFunction: UnsafeRawPointer] {
    var list: UnsafeMutablePointer<ukey_skf_table>?
    guard ukey_skf_get_func_list(symbol, &list) == SAR.ok, let list else { return [:] }
    var home = ukey_place()
    guard ukey_dladdr(symbol, &home) != 0 else { return [:] }
    var found: [SKFFunction: UnsafeRawPointer] = [:]
    for function in SKFFunction.allCases {
      guard let entry = ukey_skf_table_entry(list, UInt32(function.rawValue)) else { continue }
      var place = ukey_place()
      if ukey_dladdr(entry, &place) != 0, place.base == home.base { found[function] = entry }
    }
    return found
  }

  /// Data: the symbols found, one a line. Numbers: 1 when only the table is exported.
  var greeting: HostReply {
    let names = SKFFunction.allCases.filter { symbols[$0] != nil }.map(\.symbol)
    return HostReply(.loaded, numbers: [isTableOnly ? 1 : 0], data: Array(names.joined(separator: "\n").utf8))
  }

  func cancelWait() {
    if let symbol = symbols[.cancelWaitForDevEvent] { _ = ukey_skf_no_argument(symbol) }
  }

  func perform(_ request: HostRequest, secrets: [UnsafeRawBufferPointer]) -> HostReply {
    guard let function = SKFFunction(rawValue: request.function) else { return HostReply(.badRequest) }
    guard let symbol = symbols[function] else { return HostReply(.missing) }
    switch function {
    case .waitForDevEvent: return wait(symbol)
    case .cancelWaitForDevEvent: return HostReply(.returned, code: UInt64(ukey_skf_no_argument(symbol)))
    case .enumDev: return enumDev(symbol, present: request.number & 1, probes: request.number & 2 != 0)
    case .connectDev, .getDevState: return byName(function, symbol, request.data)
    default: break
    }
    guard let handle = handles[request.handle] else { return HostReply(.badRequest) }
    switch function {
    case .disConnectDev, .closeApplication, .closeContainer, .closeHandle:
      handles[request.handle] = nil
      return HostReply(.returned, code: UInt64(ukey_skf_handle(symbol, handle)))
    case .clearSecureState: return HostReply(.returned, code: UInt64(ukey_skf_handle(symbol, handle)))
    case .getDevInfo: return devInfo(symbol, handle)
    case .enumApplication, .enumContainer:
      return output { ukey_skf_list(symbol, handle, $0?.assumingMemoryBound(to: CChar.self), $1) }
    case .openApplication, .openContainer, .createContainer:
      var cell: UInt64 = 0
      let code = Self.withName(request.data) { ukey_skf_open(symbol, handle, $0, &cell) }
      return opened(code, cell)
    case .getContainerType:
      var cell: UInt64 = 0
      let code = ukey_skf_handle_out(symbol, handle, &cell)
      return HostReply(.returned, code: UInt64(code), numbers: [cell & 0xFFFF_FFFF])
    case .exportCertificate, .exportPublicKey:
      return output {
        ukey_skf_export(symbol, handle, request.number, $0?.assumingMemoryBound(to: UInt8.self), $1)
      }
    case .getPINInfo:
      var (max, left, isDefault) = (UInt64(0), UInt64(0), UInt64(0))
      let code = ukey_skf_get_pin_info(symbol, handle, request.number, &max, &left, &isDefault)
      return HostReply(.returned, code: UInt64(code), numbers: [max, left, isDefault].map { $0 & 0xFFFF_FFFF })
    case .verifyPIN, .changePIN, .unblockPIN: return withPIN(function, symbol, handle, request.number, secrets)
    case .eccSignData, .rsaSignData: return sign(function, symbol, handle, request.data)
    case .genRemoteUnblockRequest: return challenge(symbol, handle, count: request.number)
    case .remoteUnblockPIN:
      var retry: UInt64 = 0
      let code = ukey_skf_remote_unblock_pin(symbol, handle, request.data, UInt64(request.data.count), &retry)
      return HostReply(.returned, code: UInt64(code), numbers: [retry & 0xFFFF_FFFF])
    case .deleteContainer, .importCertificate, .genECCKeyPair, .genRSAKeyPair, .importECCKeyPair, .importSessionKey,
      .encryptInit, .encrypt:
      return renew(function, symbol, handle, request)
    case .waitForDevEvent, .cancelWaitForDevEvent, .enumDev, .connectDev, .getDevState: return HostReply(.badRequest)
    }
  }

  /// What brings a new certificate onto the key. Whoever asks has looked at lengths and widths; a structure that a library
  /// reads has room behind it all the same.
  private func renew(
    _ function: SKFFunction, _ symbol: UnsafeRawPointer, _ handle: UnsafeMutableRawPointer?, _ request: HostRequest
  ) -> HostReply {
    let out = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 16)
    defer { out.deallocate() }
    memset(out, 0, Self.room)
    let bytes = out.assumingMemoryBound(to: UInt8.self)
    switch function {
    case .deleteContainer:
      let code = Self.withName(request.data) { ukey_skf_delete(symbol, handle, $0) }
      return HostReply(.returned, code: UInt64(code))
    case .importCertificate:
      let count = UInt64(request.data.count)
      let code = ukey_skf_import_certificate(symbol, handle, request.number, request.data, count)
      return HostReply(.returned, code: UInt64(code))
    case .genECCKeyPair:
      return HostReply(.returned, code: UInt64(ukey_skf_gen_ecc(symbol, handle, request.number, bytes)))
    case .genRSAKeyPair:
      return HostReply(.returned, code: UInt64(ukey_skf_gen_rsa(symbol, handle, request.number, bytes)))
    case .importECCKeyPair:
      guard request.data.count <= Self.usualSize else { return HostReply(.badRequest) }
      bytes.update(from: request.data, count: request.data.count)
      return HostReply(.returned, code: UInt64(ukey_skf_import_ecc(symbol, handle, bytes)))
    case .importSessionKey:
      var cell: UInt64 = 0
      let code = ukey_skf_import_session_key(
        symbol, handle, request.number, request.data, UInt64(request.data.count), &cell)
      return opened(code, cell)
    case .encryptInit: return HostReply(.returned, code: UInt64(ukey_skf_encrypt_init(symbol, handle, request.number)))
    default:
      var size = UInt64(Self.usualSize)
      let code = ukey_skf_encrypt(symbol, handle, request.data, UInt64(request.data.count), bytes, &size)
      guard code == SAR.ok else { return HostReply(.returned, code: UInt64(code)) }
      let count = min(Int(size & 0xFFFF_FFFF), Self.usualSize)
      return HostReply(.returned, data: Array(UnsafeRawBufferPointer(start: out, count: count)))
    }
  }

  private func wait(_ symbol: UnsafeRawPointer) -> HostReply {
    let name = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 16)
    defer { name.deallocate() }
    memset(name, 0, Self.room)
    var length = UInt64(Self.usualSize)
    var event: UInt64 = 0
    let code = ukey_skf_wait_for_dev_event(symbol, name.assumingMemoryBound(to: CChar.self), &length, &event)
    return HostReply(.returned, code: UInt64(code), numbers: [event & 0xFFFF_FFFF])
  }

  /// Asks the size with a cell whose upper half is a pattern: a library with ULONG of 8 bytes overwrites it. Number 0 of
  /// the reply is then 8, else 4; number 1 is the size that was answered.
  private func enumDev(_ symbol: UnsafeRawPointer, present: UInt64, probes: Bool) -> HostReply {
    var probe: UInt64 = 0x5A5A_5A5A_0000_0000
    if probes { _ = ukey_skf_enum_dev(symbol, present, nil, &probe) }
    var reply = output { ukey_skf_enum_dev(symbol, present, $0?.assumingMemoryBound(to: CChar.self), $1) }
    reply.numbers = probes ? [probe >> 32 == 0x5A5A_5A5A ? 4 : 8, probe & 0xFFFF_FFFF] : []
    return reply
  }

  private func byName(_ function: SKFFunction, _ symbol: UnsafeRawPointer, _ name: [UInt8]) -> HostReply {
    var cell: UInt64 = 0
    let code = Self.withName(name) { ukey_skf_by_name(symbol, $0, &cell) }
    if function == .connectDev { return opened(code, cell) }
    return HostReply(.returned, code: UInt64(code), numbers: [cell & 0xFFFF_FFFF])
  }

  private func opened(_ code: UInt32, _ cell: UInt64) -> HostReply {
    guard code == SAR.ok else { return HostReply(.returned, code: UInt64(code)) }
    // One that opens without end would fill the memory.
    guard handles.count < 1024 else { return HostReply(.badRequest) }
    let number = nextHandle
    nextHandle &+= 1
    handles[number] = UnsafeMutableRawPointer(bitPattern: UInt(cell))
    return HostReply(.returned, code: 0, numbers: [number])
  }

  /// DEVINFO into a field of one byte pattern: the last byte changed tells its size, and with that the layout.
  private func devInfo(_ symbol: UnsafeRawPointer, _ handle: UnsafeMutableRawPointer?) -> HostReply {
    let field = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 16)
    defer { field.deallocate() }
    memset(field, Int32(Self.devInfoPattern), Self.room)
    let code = ukey_skf_handle_out(symbol, handle, field)
    let bytes = Array(UnsafeRawBufferPointer(start: field, count: Self.devInfoSize))
    let size = bytes.lastIndex { $0 != Self.devInfoPattern }.map { $0 + 1 } ?? 0
    return HostReply(.returned, code: UInt64(code), numbers: [UInt64(size)], data: bytes)
  }

  private func withPIN(
    _ function: SKFFunction, _ symbol: UnsafeRawPointer, _ handle: UnsafeMutableRawPointer?, _ type: UInt64,
    _ secrets: [UnsafeRawBufferPointer]
  ) -> HostReply {
    guard let first = secrets.first?.baseAddress, secrets.count == (function == .verifyPIN ? 1 : 2) else {
      return HostReply(.badRequest)
    }
    var retry: UInt64 = 0
    let code: UInt32
    switch (function, secrets.last?.baseAddress) {
    case (.verifyPIN, _): code = ukey_skf_verify_pin(symbol, handle, type, first, &retry)
    case (.changePIN, let second?): code = ukey_skf_change_pin(symbol, handle, type, first, second, &retry)
    case (.unblockPIN, let second?): code = ukey_skf_unblock_pin(symbol, handle, first, second, &retry)
    default: return HostReply(.badRequest)
    }
    return HostReply(.returned, code: UInt64(code), numbers: [retry & 0xFFFF_FFFF])
  }

  /// The library writes as many bytes as it is asked for, and is not asked for more than ``usualSize``.
  private func challenge(
    _ symbol: UnsafeRawPointer, _ handle: UnsafeMutableRawPointer?, count: UInt64
  ) -> HostReply {
    guard count <= Self.usualSize else { return HostReply(.badRequest) }
    let out = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 16)
    defer { out.deallocate() }
    memset(out, 0, Self.room)
    let code = ukey_skf_gen_remote_unblock_request(symbol, handle, out.assumingMemoryBound(to: UInt8.self), count)
    guard code == SAR.ok else { return HostReply(.returned, code: UInt64(code)) }
    return HostReply(.returned, data: Array(UnsafeRawBufferPointer(start: out, count: Int(count))))
  }

  private func sign(
    _ function: SKFFunction, _ symbol: UnsafeRawPointer, _ handle: UnsafeMutableRawPointer?, _ data: [UInt8]
  ) -> HostReply {
    let out = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 16)
    defer { out.deallocate() }
    memset(out, 0, Self.room)
    let bytes = out.assumingMemoryBound(to: UInt8.self)
    var size: UInt64 = 128
    let code: UInt32
    if function == .eccSignData {
      code = ukey_skf_ecc_sign(symbol, handle, data, UInt64(data.count), bytes)
    } else {
      // The size of an RSA signature is that of the modulus: a query tells nothing and some libraries sign over it.
      size = UInt64(Self.usualSize)
      code = ukey_skf_rsa_sign(symbol, handle, data, UInt64(data.count), bytes, &size)
    }
    guard code == SAR.ok else { return HostReply(.returned, code: UInt64(code)) }
    let count = min(Int(size & 0xFFFF_FFFF), Self.usualSize)
    return HostReply(.returned, data: Array(UnsafeRawBufferPointer(start: out, count: count)))
  }

  /// Fetches an output of unknown size: with usual room first, because some libraries crash when they are asked for the
  /// size with NULL; once more with other room when that did not do.
  private func output(_ call: (UnsafeMutableRawPointer?, ukey_skf_cell) -> UInt32) -> HostReply {
    let out = UnsafeMutableRawPointer.allocate(byteCount: Self.room, alignment: 16)
    defer { out.deallocate() }
    var announced = UInt64(Self.usualSize)
    var code: UInt32 = 0
    for attempt in 0..<2 {
      memset(out, 0, Self.room)
      var size = announced
      code = call(out, &size)
      size &= 0xFFFF_FFFF
      if code == SAR.ok {
        let count = size <= Self.room ? Int(size) : Int(announced)
        return HostReply(.returned, data: Array(UnsafeRawBufferPointer(start: out, count: count)))
      }
      guard attempt == 0 else { break }
      if code == SAR.bufferTooSmall, size <= announced {
        // It does not say here how much it wants.
        size = 0
        guard call(nil, &size) == SAR.ok else { break }
        size &= 0xFFFF_FFFF
      }
      guard size > announced, size <= Self.room else { break }
      announced = size
    }
    return HostReply(.returned, code: UInt64(code))
  }

  private static func withName<Value>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Value) -> Value {
    // Only names that the library gave, and those have no zero inside.
    var text = name.map { CChar(bitPattern: $0) }
    text.append(0)
    return text.withUnsafeBufferPointer { buffer in
      // Never empty: the zero was appended.
      guard let base = buffer.baseAddress else { return "".withCString(body) }
      return body(base)
    }
  }
}
