/// One link of the chain from the terminal to the login, in the order in which the chain is walked. The raw value is the
/// stable id that `--only` takes and that reports carry.
package enum CheckID: String, Sendable, CaseIterable {
  case limits = "system.limits"
  case locale = "terminal.locale"
  case terminal = "terminal.type"
  case system = "system.os"
  case usbDevice = "usb.device"
  case usbPermission = "usb.permission"
  case usbDriver = "usb.driver"
  case serviceInstalled = "pcscd.installed"
  case serviceSocket = "pcscd.socket"
  case serviceAnswers = "pcscd.answers"
  case driverBundle = "pcscd.driver"
  case reader = "reader.present"
  case card = "card.present"
  case cardAnswers = "card.answers"
  case cardFree = "card.free"
  case token = "token.recognised"
  case library = "vendor.library"
  case certificate = "certificate.present"
  case pair = "certificate.pair"
  case clock = "system.clock"
  case validity = "certificate.validity"
  case usage = "certificate.usage"
  case certificateKey = "certificate.key"
  case issuer = "certificate.issuer"
  case pin = "pin.state"
  case keyServicePort = "service.port"
  case keyServiceAnswers = "service.answers"
  case keyServiceTrust = "service.trust"
  case pageCalls = "page.calls"
  case permission = "browser.permission"
  case browser = "browser.packaging"
  case browserStore = "browser.store"
  case proxy = "network.proxy"
  case platformName = "platform.name"
  case platformConnect = "platform.connect"
  case platformTLS = "platform.tls"
  case login = "login.signature"
}

extension CheckID {
  /// Links that must hold (ok or warning) before this one can be looked at.
  package var needs: [CheckID] {
    switch self {
    case .limits, .locale, .terminal, .system: []
    default: [.limits] + links
    }
  }

  /// Those of ``needs`` that are of its own kind; every link but the plainest needs descriptors and threads besides.
  private var links: [CheckID] {
    switch self {
    case .serviceSocket: [.serviceInstalled]
    case .serviceAnswers: [.serviceSocket]
    case .reader: [.serviceAnswers]
    case .card: [.reader]
    case .cardAnswers: [.card]
    case .cardFree: [.cardAnswers]
    case .token: [.cardFree]
    case .certificate, .pin: [.token]
    case .pair, .usage, .certificateKey, .issuer: [.certificate]
    case .validity: [.certificate, .clock]
    case .keyServiceAnswers: [.keyServicePort]
    case .keyServiceTrust: [.keyServiceAnswers]
    case .platformName: [.proxy]
    case .platformConnect: [.platformName]
    case .platformTLS: [.platformConnect]
    case .login: [.certificate]
    case .limits, .locale, .terminal, .system, .usbDevice, .usbPermission, .usbDriver, .serviceInstalled, .driverBundle,
      .library, .clock, .keyServicePort,
      .pageCalls, .permission, .browser, .browserStore, .proxy:
      []
    }
  }

  /// Links whose finding is used when there is one, whatever it says.
  var after: [CheckID] {
    switch self {
    case .usbDevice, .usbPermission: [.reader]
    case .driverBundle: [.serviceAnswers]
    case .library: [.usbDevice, .token]
    case .clock: [.certificate]
    case .platformName: [.proxy]
    case .login: [.pin]
    default: []
    }
  }

  /// What one link may take before it counts as hanging, where ten seconds are given for everything: a longer time lets
  /// every link take longer (``DiagnosisOptions/scaled(_:)``).
  var limit: Duration {
    switch self {
    // A reader may need seconds to power up after a cold start.
    case .serviceAnswers: .seconds(5)
    // Longer than the libraries are waited for (``LibrarySlots``), and the keys (``Context/checkCardFree()``).
    case .reader: .seconds(6)
    case .cardFree: .seconds(8)
    case .library, .keyServiceAnswers: .milliseconds(5500)
    // Longer than the resolver gives its first server, which may be one that is gone.
    case .platformName: .seconds(7)
    case .platformConnect: .seconds(4)
    // The desktop is asked first, which may take nearly one.
    case .proxy: .seconds(6)
    // One more try with small packets, or without TLS.
    case .platformTLS, .pageCalls: .seconds(7)
    case .login: .seconds(60)
    default: .seconds(3)
    }
  }

  /// Links of the way over PC/SC: of no matter for a key that only its maker's library reaches.
  var isOnCardRoute: Bool {
    switch self {
    case .serviceInstalled, .serviceSocket, .serviceAnswers, .driverBundle, .reader, .card: true
    default: false
    }
  }
}
