internal import CertificateKit
package import TokenKit

/// A host and a port.
package struct Endpoint: Sendable, Equatable {
  package var host: String
  package var port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// `host:port`, `[::1]:port`. `nil` when it is neither.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
      return nil
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    self.init(host: String(host), port: port)
  }

  package var text: String { (host.contains(":") ? "[" + host + "]" : host) + ":\(port)" }
}

/// The self-test of the login: signs with a key and tells what became of it. Made by the command, which holds the PIN.
package typealias LoginTest = @Sendable (TokenSnapshot) -> LoginTrial

/// What is looked at, and how long.
package struct DiagnosisOptions: Sendable {
  /// Only keys in this reader.
  package var reader: String?
  /// Put before every absolute path of the system that is read (`/sys`, `/etc`, `/usr`, `/dev`); empty for this machine.
  package var sysroot = ""
  /// `nil`: no connection leaves this machine.
  package var platform: Endpoint?
  /// The one of the settings: the same for everybody, so that a report may name it.
  package var publicPlatform: Endpoint?
  /// Vendor libraries to be checked beside those of the keys found.
  package var libraries: [String] = []
  /// The local key service that the web page needs: a name of ``KnownService/all`` or an endpoint with `tls`.
  package var keyService: KnownService?
  /// Starts this program's own key service; `nil` where it cannot be started.
  package var startKeyService: Fix?
  /// Only this link and what it needs.
  package var only: CheckID?
  /// Nanoseconds for everything.
  package var limit: Duration = .seconds(10)
  package var reminderDays = Validity.reminderDays
  package var isDemo = false
  /// Environment variables.
  package var environment: [String: String] = [:]
  /// Seconds since 1970-01-01 UTC.
  package var now: Int64
  /// Command that loads a library in a process of its own and prints what it exports; the path is added.
  package var probe: [String] = []
  package var programVersion = ""
  package var login: LoginTest?
  /// Keys that the caller has just read for the same purpose: not read a second time.
  package var seen: [TokenSnapshot] = []
  /// The list of vendor libraries did not come in time, so that there may be more of them.
  package var isLibraryListLate = false
  /// A page whose calls are looked at.
  package var page: PageAddress?
  /// What the user complains of.
  package var symptom: Symptom?

  package init(now: Int64) { self.now = now }

  /// A limit that is meant for ten seconds in all, longer where more is given: slow is not broken for those who wait.
  func scaled(_ limit: Duration) -> Duration {
    self.limit > .seconds(10) ? limit * (self.limit / Duration.seconds(10)) : limit
  }
}
