internal import CPKCS11
internal import Glibc

/// A loaded PKCS#11 module, in the host process: the only place that calls its functions. Decides nothing.
final class P11Module: LibraryExecutor, @unchecked Sendable {
  // Unchecked: one thread performs calls; another only `cancelWait`, which touches what `init` has written.
  private let functions: UnsafeMutablePointer<ukey_ck_functions>

  private static let slotLimit = 256
  private static let objectLimit = 256
  private static let valueLimit = 65_536
  /// Room behind structures, whatever their size is said to be.
  private static let structureRoom = 1024

  private init(_ functions: UnsafeMutablePointer<ukey_ck_functions>) { self.functions = functions }

  static func load(_ library: UnsafeMutableRawPointer) -> LibraryLoader.Loaded {
    guard let symbol = dlsym(library, "C_GetFunctionList") else { return .refused("no C_GetFunctionList") }
    var list: UnsafeMutablePointer<ukey_ck_functions>?
    let code = ukey_ck_get_function_list(symbol, &list)
    guard code == CKR.ok, let list else { return .refused("C_GetFunctionList 0x" + String(code, radix: 16)) }
    let module = P11Module(list)
    guard let initialize = module.function(UKEY_C_INITIALIZE) else { return .refused("no C_Initialize") }
    let started = UInt64(ukey_ck_initialize(initialize))
    guard started == CKR.ok || started == CKR.alreadyInitialized else {
      return .notReady(started)
    }
    return .executor(module)
  }

  /// Data: CK_INFO. Numbers: major and minor version of the function list.
  var greeting: HostReply {
    let info = perform(HostRequest(P11Function.getInfo.rawValue), secrets: [])
    return HostReply(
      .loaded, numbers: [UInt64(functions.pointee.major), UInt64(functions.pointee.minor)], data: info.data)
  }

  /// C_Finalize is how the standard ends a C_WaitForSlotEvent of another thread.
  func cancelWait() {
    if let symbol = function(UKEY_C_FINALIZE) { _ = ukey_ck_pointer(symbol, nil) }
  }

  private func function(_ index: Int) -> UnsafeRawPointer? {
    ukey_ck_function(functions, UInt32(truncatingIfNeeded: index)).map { UnsafeRawPointer($0) }
  }

  func perform(_ request: HostRequest, secrets: [UnsafeRawBufferPointer]) -> HostReply {
    guard let function = P11Function(rawValue: request.function) else { return HostReply(.badRequest) }
    let handle = UInt(request.handle)
    let number = UInt(request.number)
    switch function {
    case .getInfo: return structure(UKEY_C_GET_INFO, size: 88) { ukey_ck_pointer($0, $1) }
    case .getSlotInfo: return structure(UKEY_C_GET_SLOT_INFO, size: 112) { ukey_ck_number_out($0, handle, $1) }
    case .getTokenInfo: return structure(UKEY_C_GET_TOKEN_INFO, size: 208) { ukey_ck_number_out($0, handle, $1) }
    case .getSlotList:
      return list(UKEY_C_GET_SLOT_LIST) { ukey_ck_get_slot_list($0, number == 0 ? 0 : 1, $1, $2) }
    case .getMechanismList:
      return list(UKEY_C_GET_MECHANISM_LIST) { ukey_ck_get_mechanism_list($0, handle, $1, $2) }
    case .openSession:
      var session: UInt = 0
      return simple(UKEY_C_OPEN_SESSION) {
        ukey_ck_open_session($0, handle, number, &session)
      } numbers: {
        [UInt64(session)]
      }
    case .closeSession: return simple(UKEY_C_CLOSE_SESSION) { ukey_ck_number($0, handle) }
    case .logout: return simple(UKEY_C_LOGOUT) { ukey_ck_number($0, handle) }
    case .login:
      return simple(UKEY_C_LOGIN) {
        ukey_ck_login($0, handle, number, secrets.first?.baseAddress, UInt(secrets.first?.count ?? 0))
      }
    case .initPIN:
      return simple(UKEY_C_INIT_PIN) {
        ukey_ck_init_pin($0, handle, secrets.first?.baseAddress, UInt(secrets.first?.count ?? 0))
      }
    case .setPIN:
      guard secrets.isEmpty || secrets.count == 2 else { return HostReply(.badRequest) }
      return simple(UKEY_C_SET_PIN) {
        ukey_ck_set_pin(
          $0, handle, secrets.first?.baseAddress, UInt(secrets.first?.count ?? 0), secrets.last?.baseAddress,
          UInt(secrets.last?.count ?? 0))
      }
    case .findObjects: return find(handle, number)
    case .getAttributeValue: return attribute(handle, request.number, request.data)
    case .signInit:
      var reader = ByteReader(request.data)
      guard let key = reader.integer(UInt64.self) else { return HostReply(.badRequest) }
      return simple(UKEY_C_SIGN_INIT) { ukey_ck_sign_init($0, handle, number, UInt(key)) }
    case .sign: return sign(handle, request.data)
    case .createObject: return create(handle, request.data)
    case .destroyObject: return simple(UKEY_C_DESTROY_OBJECT) { ukey_ck_destroy_object($0, handle, number) }
    case .generateKeyPair: return generate(handle, number, request.data)
    case .waitForSlotEvent:
      var slot: UInt = 0
      return simple(UKEY_C_WAIT_FOR_SLOT_EVENT) {
        ukey_ck_wait_for_slot_event($0, number, &slot)
      } numbers: {
        [UInt64(slot)]
      }
    }
  }

  private func simple(
    _ index: Int, _ body: (UnsafeRawPointer) -> UInt, numbers: () -> [UInt64] = { [] }
  ) -> HostReply {
    guard let symbol = function(index) else { return HostReply(.missing) }
    let code = body(symbol)
    return HostReply(.returned, code: UInt64(code), numbers: numbers())
  }

  private func structure(
    _ index: Int, size: Int, _ body: (UnsafeRawPointer, UnsafeMutableRawPointer) -> UInt
  ) -> HostReply {
    guard let symbol = function(index) else { return HostReply(.missing) }
    let field = UnsafeMutableRawPointer.allocate(byteCount: Self.structureRoom, alignment: 16)
    defer { field.deallocate() }
    memset(field, 0, Self.structureRoom)
    let code = body(symbol, field)
    return HostReply(
      .returned, code: UInt64(code), data: Array(UnsafeRawBufferPointer(start: field, count: size)))
  }

  /// A list of CK_ULONG. It may grow between asking for its length and fetching it, so there is room from the start.
  private func list(
    _ index: Int, _ body: (UnsafeRawPointer, UnsafeMutablePointer<UInt>?, UnsafeMutablePointer<UInt>) -> UInt
  ) -> HostReply {
    guard let symbol = function(index) else { return HostReply(.missing) }
    // Asked for the length first: a module may look for new slots only then (§5.5, C_GetSlotList with NULL).
    var count: UInt = 0
    let asked = body(symbol, nil, &count)
    guard asked == CKR.ok else { return HostReply(.returned, code: UInt64(asked)) }
    // More than are looked at, so that one with many is not refused; and room behind.
    let room = max(Self.slotLimit, min(Int(clamping: count), 16_384))
    var values = [UInt](repeating: 0, count: room * 2)
    count = UInt(room)
    let code = values.withUnsafeMutableBufferPointer { body(symbol, $0.baseAddress, &count) }
    var data: [UInt8] = []
    for value in values.prefix(Int(min(count, UInt(Self.slotLimit)))) { data.append(littleEndian: UInt64(value)) }
    return HostReply(.returned, code: UInt64(code), data: code == CKR.ok ? data : [])
  }

  /// Objects on the token of one class.
  private func find(_ session: UInt, _ kind: UInt) -> HostReply {
    guard let begin = function(UKEY_C_FIND_OBJECTS_INIT), let step = function(UKEY_C_FIND_OBJECTS),
      let end = function(UKEY_C_FIND_OBJECTS_FINAL)
    else { return HostReply(.missing) }
    var wanted = kind
    let started = withUnsafeMutableBytes(of: &wanted) { value in
      var template = ukey_ck_attribute(type: 0, value: value.baseAddress, length: UInt(value.count))
      return ukey_ck_find_init(begin, session, &template, 1)
    }
    guard started == CKR.ok else { return HostReply(.returned, code: UInt64(started)) }
    var found: [UInt8] = []
    var code: UInt = 0
    for _ in 0..<Self.objectLimit {
      var object: UInt = 0
      var count: UInt = 0
      code = ukey_ck_find(step, session, &object, 1, &count)
      if code != CKR.ok || count == 0 { break }
      found.append(littleEndian: UInt64(object))
    }
    _ = ukey_ck_number(end, session)
    return HostReply(.returned, code: UInt64(code), data: found)
  }

  private func attribute(_ session: UInt, _ object: UInt64, _ data: [UInt8]) -> HostReply {
    var reader = ByteReader(data)
    guard let type = reader.integer(UInt64.self) else { return HostReply(.badRequest) }
    guard let symbol = function(UKEY_C_GET_ATTRIBUTE_VALUE) else { return HostReply(.missing) }
    var attribute = ukey_ck_attribute(type: UInt(type), value: nil, length: 0)
    let asked = ukey_ck_get_attribute(symbol, session, UInt(object), &attribute)
    guard asked == CKR.ok, attribute.length <= UInt(Self.valueLimit) else {
      return HostReply(.returned, code: asked == CKR.ok ? CKR.bufferTooSmall : UInt64(asked))
    }
    let size = Int(attribute.length)
    let value = UnsafeMutableRawPointer.allocate(byteCount: Self.valueLimit, alignment: 16)
    defer { value.deallocate() }
    attribute.value = value
    let code = ukey_ck_get_attribute(symbol, session, UInt(object), &attribute)
    let count = min(size, Int(min(attribute.length, UInt(Self.valueLimit))))
    return HostReply(
      .returned, code: UInt64(code),
      data: code == CKR.ok ? Array(UnsafeRawBufferPointer(start: value, count: count)) : [])
  }

  private func sign(_ session: UInt, _ data: [UInt8]) -> HostReply {
    guard let symbol = function(UKEY_C_SIGN) else { return HostReply(.missing) }
    var signature = [UInt8](repeating: 0, count: 4096)
    var size = UInt(signature.count)
    let code = ukey_ck_sign(symbol, session, data, UInt(data.count), &signature, &size)
    return HostReply(
      .returned, code: UInt64(code), data: code == CKR.ok ? Array(signature.prefix(Int(min(size, 4096)))) : [])
  }

  /// - Parameter data: ``P11Attribute``s.
  private func create(_ session: UInt, _ data: [UInt8]) -> HostReply {
    guard let symbol = function(UKEY_C_CREATE_OBJECT) else { return HostReply(.missing) }
    guard let attributes = P11Attribute.read(data) else { return HostReply(.badRequest) }
    var object: UInt = 0
    let code = Self.with(attributes) { ukey_ck_create_object(symbol, session, $0, UInt(attributes.count), &object) }
    return HostReply(.returned, code: UInt64(code), numbers: [UInt64(object)])
  }

  /// - Parameter data: how many attributes are the public key's, then those, then the private key's.
  private func generate(_ session: UInt, _ mechanism: UInt, _ data: [UInt8]) -> HostReply {
    guard let symbol = function(UKEY_C_GENERATE_KEY_PAIR) else { return HostReply(.missing) }
    guard let count = data.first.map({ Int($0) }), let attributes = P11Attribute.read(Array(data.dropFirst())),
      count <= attributes.count
    else { return HostReply(.badRequest) }
    let code = Self.with(attributes) {
      ukey_ck_generate_key_pair(symbol, session, mechanism, $0, UInt(count), UInt(attributes.count - count))
    }
    return HostReply(.returned, code: UInt64(code))
  }

  private static func with<Value>(
    _ attributes: [P11Attribute], _ body: (UnsafeMutablePointer<ukey_ck_attribute>?) -> Value
  ) -> Value {
    let places = attributes.map { attribute in
      let place = UnsafeMutableRawPointer.allocate(byteCount: max(attribute.value.count, 1), alignment: 16)
      place.copyMemory(from: attribute.value, byteCount: attribute.value.count)
      return ukey_ck_attribute(type: UInt(attribute.type), value: place, length: UInt(attribute.value.count))
    }
    defer { for place in places { place.value?.deallocate() } }
    var list = places
    return list.withUnsafeMutableBufferPointer { body($0.baseAddress) }
  }
}

/// An attribute on its way to the host: type, length, value.
struct P11Attribute: Equatable {
  var type: UInt64
  var value: [UInt8]

  private static let limit = 32

  init(_ type: UInt64, _ value: [UInt8]) {
    self.type = type
    self.value = value
  }

  /// CK_BBOOL.
  init(_ type: UInt64, _ value: Bool) { self.init(type, [value ? 1 : 0]) }

  /// CK_ULONG.
  init(_ type: UInt64, number: UInt64) {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: number)
    self.init(type, bytes)
  }

  static func write(_ attributes: [P11Attribute]) -> [UInt8] {
    var bytes: [UInt8] = []
    for attribute in attributes {
      bytes.append(littleEndian: attribute.type)
      bytes.append(littleEndian: UInt32(clamping: attribute.value.count))
      bytes += attribute.value
    }
    return bytes
  }

  /// `nil` for anything that ``write(_:)`` did not make.
  static func read(_ bytes: [UInt8]) -> [P11Attribute]? {
    var reader = ByteReader(bytes)
    var attributes: [P11Attribute] = []
    while let type = reader.integer(UInt64.self) {
      guard attributes.count < limit, let count = reader.integer(UInt32.self), let value = reader.take(Int(count))
      else { return nil }
      attributes.append(P11Attribute(type, value))
    }
    return write(attributes).count == bytes.count ? attributes : nil
  }
}
