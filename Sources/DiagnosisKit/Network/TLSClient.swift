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
enum TLSClient {
  /// libssl; `nil` when it is not on this machine.
  private static let library: ukey_tls? = ukey_tls_open()?.pointee

  /// Shakes hands, and when `request` is given sends it and takes the answer: what comes first of it, or, where more than 4 KiB is
  /// asked for, all until the other side ends it. Verification never stops the
  /// handshake; its result is told.
  static func shakeHands(
    _ descriptor: Int32, host: String, request: String? = nil, count most: Int = 4096, limit: Duration
  ) -> Result<TLSOutcome, TLSOutcome.Problem> {
    guard let tls = library else { return .failure(.unavailable) }
    let deadline = Instant.now + limit
    _ = ukey_openssl_start()
    guard let context = tls.SSL_CTX_new(tls.TLS_client_method()) else { return .failure(.unavailable) }
    defer { tls.SSL_CTX_free(context) }
    _ = tls.SSL_CTX_set_default_verify_paths(context)
    guard let session = tls.SSL_new(context) else { return .failure(.unavailable) }
    defer { tls.SSL_free(session) }
    if isAddress(host) {
      if let parameters = tls.SSL_get0_param(session) { X509_VERIFY_PARAM_set1_ip_asc(parameters, host) }
    } else {
      _ = tls.SSL_set1_host(session, host)
      // What the macro SSL_set_tlsext_host_name does.
      host.withCString {
        _ = tls.SSL_ctrl(
          session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), UnsafeMutableRawPointer(mutating: $0))
      }
    }
    _ = tls.SSL_set_fd(session, descriptor)
    ERR_clear_error()
    if let problem = loop(tls, session, descriptor, deadline, { tls.SSL_connect(session) }) {
      return .failure(problem)
    }
    var outcome = TLSOutcome(
      chain: chain(tls, session), verifyResult: tls.SSL_get_verify_result(session), verifyText: "",
      version: tls.SSL_get_version(session).map { String(cString: $0) } ?? "", answer: [])
    outcome.verifyText = X509_verify_cert_error_string(outcome.verifyResult).map { String(cString: $0) } ?? ""
    if let request {
      let bytes = Array(request.utf8)
      if let problem = loop(
        tls, session, descriptor, deadline, { tls.SSL_write(session, bytes, Int32(bytes.count)) })
      {
        return .failure(problem)
      }
      var buffer = [UInt8](repeating: 0, count: 4096)
      repeat {
        var count: Int32 = 0
        if let problem = loop(
          tls, session, descriptor, deadline,
          {
            count = tls.SSL_read(session, &buffer, Int32(buffer.count))
            return count
          })
        {
          // Many servers end a whole answer without saying so.
          if outcome.answer.isEmpty || problem == .timedOut { return .failure(problem) }
          return .success(outcome)
        }
        outcome.answer += buffer.prefix(Int(max(0, count)))
      } while most > buffer.count && outcome.answer.count < most
    }
    return .success(outcome)
  }

  /// Repeats a call of OpenSSL while it wants to read or write. `nil`: it succeeded.
  private static func loop(
    _ tls: ukey_tls, _ session: OpaquePointer, _ descriptor: Int32, _ deadline: Instant, _ body: () -> Int32
  ) -> TLSOutcome.Problem? {
    while true {
      let code = body()
      if code > 0 { return nil }
      switch tls.SSL_get_error(session, code) {
      case SSL_ERROR_WANT_READ: if !Connection.wait(descriptor, POLLIN, deadline) { return .timedOut }
      case SSL_ERROR_WANT_WRITE: if !Connection.wait(descriptor, POLLOUT, deadline) { return .timedOut }
      case SSL_ERROR_SSL:
        let packed = ERR_get_error()
        ERR_clear_error()
        return .failed(ukey_openssl_reason(packed).map { String(cString: $0) } ?? "OpenSSL \(packed)")
      default: return .closed
      }
    }
  }

  private static func chain(_ tls: ukey_tls, _ session: OpaquePointer) -> [[UInt8]] {
    // The stack belongs to the session.
    guard let stack = tls.SSL_get_peer_cert_chain(session) else { return [] }
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
