import Base
import CertificateKit
import Failures
import Glibc
import KeyServer
import KeyService
import SmartCard
import SoftToken
import TokenKit
import Wording

/// The service from its start to the signal that ends it. What it prints is for the journal.
struct ServiceProgram {
  private let arguments: [String]

  /// Sent to itself, and by systemd, to have the interfaces read anew.
  private static let reloading = SIGUSR1

  init(_ arguments: [String]) { self.arguments = arguments }

  func run() -> Int32 {
    guard let options = ServiceOptions(arguments) else {
      Self.say(ServiceOptions.usage)
      return 2
    }
    do throws(Failure) {
      return try serve(options)
    } catch {
      Self.say("ukey-service: \(error)")
      return 10
    }
  }

  private func serve(_ options: ServiceOptions) throws(Failure) -> Int32 {
    // Blocked before any thread begins, so that only the wait below gets them.
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT, SIGHUP, Self.reloading] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)

    let files = ServiceFiles()
    try files.make()
    let control: ServiceControl? =
      if let path = files.control {
        try ServiceControl(path: path) { command in
          switch command {
          case .reload: kill(getpid(), Self.reloading)
          case .stop: kill(getpid(), SIGTERM)
          }
        }
      } else {
        nil
      }
    let hub = KeyHub(providers: try options.providers())
    let shelf = KeyShelf()
    let log = RequestLog { entry in
      Self.say(Self.line(entry))
      control?.changed()
    }
    let words = PromptWords(Language.ofLocale { getenv($0).map { String(cString: $0) } })
    let manager = control.map { ManagerPrompt($0) }
    let pinentry = PinentryPrompt(keys: hub, words: words) { PinentryPrompt.Place.find(files) }
    let prompts: [any PromptProvider] = (manager.map { [$0] } ?? []) + [pinentry]
    let desk = ServiceDesk(
      keys: shelf, operations: hub, grants: try GrantBook(path: files.grants), prompts: prompts, log: log,
      openPINChange: { manager?.openPINChange(for: $0) ?? false })
    _ = shelf.listen { Self.say(Self.line($0)) }
    hub.start { shelf.take($0) }
    let page = ProvingPage(desk: desk, shelf: shelf, trust: TrustChoice().directory)
    var signal: Int32 = 0
    var isTold = false
    repeat {
      let server = KeyServer(try settings(options, files), desk: desk, shelf: shelf, page: page)
      for state in server.ports { Self.say(Self.line(state)) }
      control?.set(server.ports.map(\.status))
      // Who is answered finds the ports open.
      if !isTold { control?.start(desk) }
      isTold = true
      // With all ports taken it still tells who asks by the socket.
      guard server.ports.contains(where: { $0.content == .open }) || control != nil else { return 10 }
      Self.say("ready")
      while sigwait(&signals, &signal) != 0 {}
      if signal != Self.reloading { desk.close() }
      server.close()
    } while signal == Self.reloading
    control?.stop()
    hub.stop()
    return 0
  }

  private func settings(_ options: ServiceOptions, _ files: ServiceFiles) throws(Failure) -> ServerSettings {
    let choice: [String] =
      if let named = options.adapters { named } else { try AdapterChoice(path: files.adapters).enabled }
    let adapters = Adapters.all(RefusalWords.texts).filter { choice.contains($0.name) }.map { adapter in
      (
        adapter: adapter,
        ports: options.isAnyPort ? adapter.ports.map { AdapterPort(0, isTLS: $0.isTLS) } : adapter.ports
      )
    }
    var limits = ServerLimits()
    limits.fit(interfaces: adapters.count, descriptors: DescriptorLimit.raise(to: 4096))
    return ServerSettings(
      adapters: adapters, tls: TLSFiles(certificate: files.certificate, key: files.certificateKey),
      renewal: { try? ServiceIdentity(files).renew() }, limits: limits)
  }

  private static func line(_ entry: LogEntry) -> String {
    [entry.adapter, displaySafe(entry.origin), displaySafe(entry.function), entry.outcome].joined(separator: " ")
  }

  private static func line(_ change: KeyShelf.Change) -> String {
    switch change {
    case .arrived(_, let key): "key " + displaySafe(key)
    case .left(_, let key): "key " + displaySafe(key) + " left"
    }
  }

  private static func line(_ state: KeyServer.PortState) -> String {
    let content =
      switch state.content {
      case .open: "open"
      case .taken: "taken by another program"
      case .noCertificate: "needs a certificate: ukey serve trust"
      case .failed(let reason): "failed: " + displaySafe(reason)
      }
    let scheme = state.port.isTLS ? "tls" : "plain"
    return "port \(state.adapter) \(state.address) \(state.port.number) \(scheme) \(content)"
  }

  private static func say(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension KeyServer.PortState {
  fileprivate var status: ServiceStatus.Port {
    let state: ServiceStatus.Port.State =
      switch content {
      case .open: .open
      case .taken: .taken
      case .noCertificate: .noCertificate
      case .failed: .failed
      }
    return ServiceStatus.Port(
      adapter: adapter, number: Int(port.number), isTLS: port.isTLS, address: address, state: state)
  }
}
