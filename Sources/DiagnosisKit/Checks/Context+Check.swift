extension Context {
  /// Looks at one link. Called on a thread of its own.
  func check(_ id: CheckID) -> Finding {
    switch id {
    case .locale: checkLocale()
    case .terminal: checkTerminal()
    case .system: checkSystem()
    case .usbDevice: checkUSBDevice()
    case .usbPermission: checkUSBPermission()
    case .usbDriver: checkUSBDriver()
    case .serviceInstalled: checkServiceInstalled()
    case .serviceSocket: checkServiceSocket()
    case .serviceAnswers: checkServiceAnswers()
    case .driverBundle: checkDriverBundle()
    case .reader: checkReader()
    case .card: checkCard()
    case .cardAnswers: checkCardAnswers()
    case .cardFree: checkCardFree()
    case .token: checkToken()
    case .library: checkLibrary()
    case .certificate: checkCertificate()
    case .pair: checkPair()
    case .clock: checkClock()
    case .validity: checkValidity()
    case .usage: checkUsage()
    case .pin: checkPIN()
    case .keyServicePort: checkKeyServicePort()
    case .keyServiceAnswers: checkKeyServiceAnswers()
    case .keyServiceTrust: checkKeyServiceTrust()
    case .browser: checkBrowser()
    case .browserStore: checkBrowserStore()
    case .proxy: checkProxy()
    case .platformName: checkPlatformName()
    case .platformConnect: checkPlatformConnect()
    case .platformTLS: checkPlatformTLS()
    case .login: checkLogin()
    }
  }
}
