import Base
import COpenSSL
import Glibc

/// What a TLS handshake told.
struct TLSOutcome {
  enum Problem: Error, Equatable {
    case timedOut
    case closed
    /// The handshake failed; OpenSSL's words.
    case failed(String)
    /// No libssl on this machine.
    case unavailable
  }

  /// DER of the certificates shown, the server's own first.
  var chain: [[UInt8]]
  /// X509_V_OK is 0.
  var verifyResult: Int
  var verifyText: String
  var version: String
  var answer: [UInt8]
}

/// One TLS client handshake on a connected descriptor.
///
/// libssl is opened when it is first needed: linked in, it would cost every start of the program time for the one
/// command that uses it. It comes in the same package as libcrypto.
enum TLSClient {
  /// Shakes hands, and when `request` is given sends it and takes the first of the answer. Verification never stops the
  /// handshake; its result is told.
  static func shakeHands(
    _ descriptor: Int32, host: String, request: String? = nil, limit: UInt64
  ) -> Result<TLSOutcome, TLSOutcome.Problem> {
    guard let library = Library.shared else { return .failure(.unavailable) }
    let deadline = Condition.now() &+ limit
    _ = ukey_openssl_start()
    guard let context = library.contextNew(library.clientMethod()) else { return .failure(.unavailable) }
    defer { library.contextFree(context) }
    _ = library.defaultPaths(context)
    guard let session = library.new(context) else { return .failure(.unavailable) }
    defer { library.free(session) }
    if isAddress(host) {
      if let parameters = library.parameters(session) { X509_VERIFY_PARAM_set1_ip_asc(parameters, host) }
    } else {
      _ = library.setHost(session, host)
      // SSL_CTRL_SET_TLSEXT_HOSTNAME with TLSEXT_NAMETYPE_host_name (ssl.h, tls1.h)
      host.withCString { _ = library.control(session, 55, 0, UnsafeMutableRawPointer(mutating: $0)) }
    }
    _ = library.setDescriptor(session, descriptor)
    ERR_clear_error()
    if let problem = loop(library, session, descriptor, deadline, { library.connect(session) }) {
      return .failure(problem)
    }
    var outcome = TLSOutcome(
      chain: chain(library, session), verifyResult: library.verifyResult(session), verifyText: "",
      version: library.version(session).map { String(cString: $0) } ?? "", answer: [])
    outcome.verifyText = X509_verify_cert_error_string(outcome.verifyResult).map { String(cString: $0) } ?? ""
    if let request {
      let bytes = Array(request.utf8)
      if let problem = loop(
        library, session, descriptor, deadline, { library.write(session, bytes, Int32(bytes.count)) })
      {
        return .failure(problem)
      }
      var buffer = [UInt8](repeating: 0, count: 4096)
      var count: Int32 = 0
      if let problem = loop(
        library, session, descriptor, deadline,
        {
          count = library.read(session, &buffer, Int32(buffer.count))
          return count
        })
      {
        return .failure(problem)
      }
      outcome.answer = Array(buffer.prefix(Int(max(0, count))))
    }
    return .success(outcome)
  }

  /// Repeats a call of OpenSSL while it wants to read or write. `nil`: it succeeded.
  private static func loop(
    _ library: Library, _ session: OpaquePointer, _ descriptor: Int32, _ deadline: UInt64, _ body: () -> Int32
  ) -> TLSOutcome.Problem? {
    while true {
      let code = body()
      if code > 0 { return nil }
      switch library.error(session, code) {
      case 2: if !Connection.wait(descriptor, POLLIN, deadline) { return .timedOut }  // SSL_ERROR_WANT_READ
      case 3: if !Connection.wait(descriptor, POLLOUT, deadline) { return .timedOut }  // SSL_ERROR_WANT_WRITE
      case 1:  // SSL_ERROR_SSL
        let packed = ERR_get_error()
        ERR_clear_error()
        return .failed(ERR_reason_error_string(packed).map { String(cString: $0) } ?? "OpenSSL \(packed)")
      default: return .closed
      }
    }
  }

  private static func chain(_ library: Library, _ session: OpaquePointer) -> [[UInt8]] {
    // The stack belongs to the session.
    guard let stack = library.peerChain(session) else { return [] }
    return (0..<min(ukey_sk_X509_num(stack), 16)).compactMap { index in
      guard let certificate = ukey_sk_X509_value(stack, index) else { return nil }
      var encoded: UnsafeMutablePointer<UInt8>?
      let length = i2d_X509(certificate, &encoded)
      guard length > 0, let start = encoded else { return nil }
      defer { ukey_OPENSSL_free(start) }
      return Array(UnsafeBufferPointer(start: start, count: Int(length)))
    }
  }

  private static func isAddress(_ host: String) -> Bool {
    var bytes = in6_addr()
    return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, host, &bytes) == 1
  }
}

/// The functions of libssl 3 that are used.
private struct Library: @unchecked Sendable {
  // Unchecked: function pointers that never change.
  typealias Session = OpaquePointer

  let clientMethod: @convention(c) () -> OpaquePointer?
  let contextNew: @convention(c) (OpaquePointer?) -> OpaquePointer?
  let contextFree: @convention(c) (OpaquePointer) -> Void
  let defaultPaths: @convention(c) (OpaquePointer) -> Int32
  let new: @convention(c) (OpaquePointer) -> OpaquePointer?
  let free: @convention(c) (Session) -> Void
  let parameters: @convention(c) (Session) -> OpaquePointer?
  let setHost: @convention(c) (Session, UnsafePointer<CChar>) -> Int32
  let control: @convention(c) (Session, Int32, Int, UnsafeMutableRawPointer?) -> Int
  let setDescriptor: @convention(c) (Session, Int32) -> Int32
  let connect: @convention(c) (Session) -> Int32
  let write: @convention(c) (Session, UnsafeRawPointer?, Int32) -> Int32
  let read: @convention(c) (Session, UnsafeMutableRawPointer?, Int32) -> Int32
  let error: @convention(c) (Session, Int32) -> Int32
  let verifyResult: @convention(c) (Session) -> Int
  let version: @convention(c) (Session) -> UnsafePointer<CChar>?
  let peerChain: @convention(c) (Session) -> OpaquePointer?

  static let shared = Library()

  private init?() {
    guard let handle = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL),
      let clientMethod = dlsym(handle, "TLS_client_method"), let contextNew = dlsym(handle, "SSL_CTX_new"),
      let contextFree = dlsym(handle, "SSL_CTX_free"),
      let defaultPaths = dlsym(handle, "SSL_CTX_set_default_verify_paths"), let new = dlsym(handle, "SSL_new"),
      let free = dlsym(handle, "SSL_free"), let parameters = dlsym(handle, "SSL_get0_param"),
      let setHost = dlsym(handle, "SSL_set1_host"), let control = dlsym(handle, "SSL_ctrl"),
      let setDescriptor = dlsym(handle, "SSL_set_fd"), let connect = dlsym(handle, "SSL_connect"),
      let write = dlsym(handle, "SSL_write"), let read = dlsym(handle, "SSL_read"),
      let error = dlsym(handle, "SSL_get_error"), let verifyResult = dlsym(handle, "SSL_get_verify_result"),
      let version = dlsym(handle, "SSL_get_version"), let peerChain = dlsym(handle, "SSL_get_peer_cert_chain")
    else { return nil }
    // The signatures are those of openssl/ssl.h 3.0.
    self.clientMethod = unsafeBitCast(clientMethod, to: (@convention(c) () -> OpaquePointer?).self)
    self.contextNew = unsafeBitCast(contextNew, to: (@convention(c) (OpaquePointer?) -> OpaquePointer?).self)
    self.contextFree = unsafeBitCast(contextFree, to: (@convention(c) (OpaquePointer) -> Void).self)
    self.defaultPaths = unsafeBitCast(defaultPaths, to: (@convention(c) (OpaquePointer) -> Int32).self)
    self.new = unsafeBitCast(new, to: (@convention(c) (OpaquePointer) -> OpaquePointer?).self)
    self.free = unsafeBitCast(free, to: (@convention(c) (OpaquePointer) -> Void).self)
    self.parameters = unsafeBitCast(parameters, to: (@convention(c) (OpaquePointer) -> OpaquePointer?).self)
    self.setHost = unsafeBitCast(
      setHost, to: (@convention(c) (OpaquePointer, UnsafePointer<CChar>) -> Int32).self)
    self.control = unsafeBitCast(
      control, to: (@convention(c) (OpaquePointer, Int32, Int, UnsafeMutableRawPointer?) -> Int).self)
    self.setDescriptor = unsafeBitCast(setDescriptor, to: (@convention(c) (OpaquePointer, Int32) -> Int32).self)
    self.connect = unsafeBitCast(connect, to: (@convention(c) (OpaquePointer) -> Int32).self)
    self.write = unsafeBitCast(
      write, to: (@convention(c) (OpaquePointer, UnsafeRawPointer?, Int32) -> Int32).self)
    self.read = unsafeBitCast(
      read, to: (@convention(c) (OpaquePointer, UnsafeMutableRawPointer?, Int32) -> Int32).self)
    self.error = unsafeBitCast(error, to: (@convention(c) (OpaquePointer, Int32) -> Int32).self)
    self.verifyResult = unsafeBitCast(verifyResult, to: (@convention(c) (OpaquePointer) -> Int).self)
    self.version = unsafeBitCast(version, to: (@convention(c) (OpaquePointer) -> UnsafePointer<CChar>?).self)
    self.peerChain = unsafeBitCast(peerChain, to: (@convention(c) (OpaquePointer) -> OpaquePointer?).self)
  }
}
