import NIOCore
import NIOSSL

/// The certificate of the ports with TLS, read again once a day, when somebody comes. On the event loop only.
final class TLSIdentity {
  private static let time = TimeAmount.hours(24)

  private let files: TLSFiles
  private let renewal: (@Sendable () -> Void)?
  private var context: NIOSSLContext
  private var read = NIODeadline.now()

  /// `nil` when there is no certificate.
  init?(_ files: TLSFiles, renewal: (@Sendable () -> Void)?) {
    renewal?()
    guard let context = Self.context(files) else { return nil }
    self.context = context
    self.files = files
    self.renewal = renewal
  }

  /// For a connection that comes now.
  var current: NIOSSLContext {
    if NIODeadline.now() - read >= Self.time {
      read = .now()
      renewal?()
      // What cannot be read leaves in force what was.
      context = Self.context(files) ?? context
    }
    return context
  }

  private static func context(_ files: TLSFiles) -> NIOSSLContext? {
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { NIOSSLCertificateSource.certificate($0) }
      let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain, privateKey: .privateKey(key))
      configuration.minimumTLSVersion = .tlsv12
      return try NIOSSLContext(configuration: configuration)
    } catch {
      return nil
    }
  }
}
