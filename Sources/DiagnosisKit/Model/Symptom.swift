/// What a user complains of. It changes nothing of what is looked at, but the order in which it is told: first the links
/// that such a complaint hangs on.
package enum Symptom: String, Sendable, CaseIterable {
  /// 点登录没反应: the page calls a service on this computer, and nothing comes of it.
  case button
  /// 看不到 U-Key: the key is plugged in and nobody finds it.
  case key
  /// 密码不对: the PIN is refused.
  case pin
  /// 网页打不开: the platform's page does not open.
  case page

  /// The links that it hangs on, in the order in which they are worth a look.
  package var links: [CheckID] {
    switch self {
    case .button:
      [
        .pageCalls, .keyServicePort, .keyServiceAnswers, .keyServiceTrust, .permission, .browser, .browserStore,
        .usbDevice,
        .serviceSocket, .serviceAnswers, .reader, .card, .cardAnswers, .cardFree, .token, .certificate, .validity,
        .certificateKey, .pin,
      ]
    case .key:
      [
        .usbDevice, .usbPermission, .usbDriver, .serviceInstalled, .serviceSocket, .serviceAnswers, .driverBundle,
        .reader, .card, .cardAnswers, .cardFree, .token, .library, .certificate,
      ]
    case .pin: [.pin, .cardFree, .token, .certificate, .pair, .certificateKey, .login]
    case .page:
      [.proxy, .platformName, .platformConnect, .platformTLS, .clock, .validity, .issuer, .browser, .browserStore]
    }
  }

  /// The whole chain, its own links first.
  package var order: [CheckID] {
    let own = links
    return own + CheckID.allCases.filter { !own.contains($0) }
  }
}

extension Symptom? {
  /// The chain in the order of the complaint; without one from the terminal to the login.
  package var order: [CheckID] { self?.order ?? CheckID.allCases }
}
