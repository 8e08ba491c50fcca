import Testing

@testable import DiagnosisKit

/// Where no key service answers, this program's own is offered: what it would answer in place of, and nothing else.
struct KeyServiceFixTests {
  static let start = Fix("/opt/a/ukey serve start", needsRoot: false)

  private func finding(_ service: KnownService?) -> Finding {
    var options = DiagnosisOptions(now: 0)
    options.startKeyService = Self.start
    options.keyService = service
    return Context(options: options, providers: []).checkKeyServicePort()
  }

  @Test(arguments: ["ukey", "szca", "szca-2", "szca-ws"]) func ourPortsAreOurs(name: String) throws {
    var service = try #require(KnownService(name))
    #expect(service.isAnsweredByUkey)
    // Nobody listens at port 9.
    service.port = 9
    let finding = finding(service)
    #expect(finding.cause == .keyServiceDown && finding.fix == Self.start)
  }

  @Test(arguments: ["rs-agent", "netca", "mtoken", "bjca", "http://127.0.0.1:9"])
  func othersAreNot(name: String) throws {
    var service = try #require(KnownService(name))
    service.port = 9
    let finding = finding(service)
    #expect(finding.cause == .keyServiceDown && finding.fix == nil)
  }

  @Test func aReportFromElsewhereNamesTheCommandOnly() {
    for cause in [Cause.keyServiceAbsent, .keyServiceUnknown, .keyServiceDown, .pageServiceDown] {
      #expect(Fix.known(cause, said: "/tmp/evil serve start") == Fix("ukey serve start", needsRoot: false))
    }
  }
}
