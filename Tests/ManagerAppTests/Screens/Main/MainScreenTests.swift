import CertificateKit
import Failures
import TerminalKit
import Testing
import TokenKit
import Wording

@testable import ManagerApp

@Suite struct MainScreenTests {
  /// Braille displays, screen readers and magnifiers follow the terminal's cursor.
  @Test func theCursorFollowsTheSelection() throws {
    var scene = Scene.one()
    for key in [Key.down, .down, .up] {
      scene.press(key)
      let row = try #require(scene.lines.firstIndex { $0.contains("▸") })
      #expect(draw(scene.state).cursor == Point(x: 1, y: row))
    }
    // A dialog without a field has none; what is under it is not to be read out.
    scene.press(.function(6))
    #expect(draw(scene.state).cursor?.y != scene.lines.firstIndex { $0.contains("▸") })
  }

  // MARK: Inventory

  private static func pair(_ name: TokenName, _ owner: String, _ code: String, days: Int64, serial: UInt8)
    -> ContainerSnapshot
  {
    let until = Samples.now + days * Samples.day + 60
    let uscc = USCCFinding(code: code, source: "subject OU", check: .valid)
    return Samples.container(
      name, signature: .value(Samples.certificate(owner: owner, until: until, serial: serial, uscc: uscc)),
      encryption: .value(
        Samples.certificate(owner: owner, usage: Samples.encryptionUsage, until: until, serial: serial + 1, uscc: uscc))
    )
  }

  /// Two keys of three companies.
  private func inventory(width: Int = 80, height: Int = 24) -> Scene {
    var scene = Scene(.zh, width: width, height: height)
    scene.send(.service(.running))
    scene.insert(
      Samples.key(
        containers: .value([
          Self.pair("A", "深圳市示例建设工程有限公司", "9144030071526726XG", days: 400, serial: 0x10),
          Self.pair("B", "深圳市样板市政工程有限公司", "914403001922038216", days: 39, serial: 0x20),
        ])))
    scene.insert(
      Samples.key(
        Samples.source(1), serial: "E3000GM-00500",
        containers: .value([Self.pair("C", "广州示范监理有限公司", "91440101231229801N", days: 200, serial: 0x30)])))
    return scene
  }

  /// Rows are told apart by their owners.
  @Test(arguments: [(60, 16), (80, 24), (120, 36)])
  func ownersComeFirst(_ size: (Int, Int)) {
    var scene = inventory(width: size.0, height: size.1)
    scene.press(.home)
    let rows = scene.lines.filter { $0.contains("签名") }
    for owner in ["示", "样"] { #expect(rows.contains { $0.contains("深圳市" + owner) }, "\(owner)") }
  }

  @Test(arguments: [(60, 16), (80, 24)])
  func twoOfOneOwnerAndUseAreToldBySerial(_ size: (Int, Int)) {
    var scene = Scene(.zh, width: size.0, height: size.1)
    scene.send(.service(.running))
    scene.insert(
      Samples.key(
        containers: .value([
          Self.pair("A", "深圳市示例建设工程有限公司", "9144030071526726XG", days: 400, serial: 0x10),
          Self.pair("B", "深圳市示例建设工程有限公司", "9144030071526726XG", days: 39, serial: 0x20),
        ])))
    #expect(scene.screen.contains("签名 …2233"))
  }

  /// A terminal without UTF-8 shows every Chinese owner as question marks.
  @Test func withoutChineseAllAreToldBySerial() {
    var scene = inventory()
    scene.state.world.isASCII = true
    #expect(scene.screen.contains("签名 …2233") && !inventory().screen.contains("签名 …2233"))
  }

  private func owners(_ scene: Scene) -> [String] {
    guard case .main(let main) = scene.state.top.screen else { return [] }
    return MainPicture(main: main, world: scene.state.world).rows.filter { $0.depth == 1 }.map {
      String($0.text.prefix(5))
    }
  }

  /// Chinese, the code, a serial with and without colons, the issuer, a key's serial.
  @Test(arguments: ["样板", "914403001922038216", "35:A1:20", "35a120", "sample sm2 样板", "深圳 样板"])
  func searchFinds(_ text: String) {
    var scene = inventory()
    scene.press(.character("/"))
    scene.type(text)
    #expect(owners(scene).allSatisfy { $0 == "深圳市样板" } && !owners(scene).isEmpty, "\(owners(scene))")
    #expect(scene.state.world.selectedCertificate?.certificate.owner == "深圳市样板市政工程有限公司")
    scene.press(.enter)
    #expect(scene.screen.contains("/ " + text))
    scene.press(.escape)
    #expect(owners(scene).count == 6)
  }

  @Test func aKeyIsFoundBySerialWithAllThatIsOnIt() {
    var scene = inventory()
    scene.press(.character("/"))
    scene.type("00500")
    #expect(owners(scene) == ["广州示范监", "广州示范监"])
    scene.press(.control("u"))
    scene.type("没有这个")
    #expect(owners(scene).isEmpty && scene.screen.contains("没有符合的"))
    // Letters are letters while they are typed.
    scene.press(.control("u"))
    scene.type("qspn")
    #expect(scene.state.exitCode == nil && scene.screen.contains("/ qspn"))
    scene.press(.escape)
    #expect(owners(scene).count == 6)
  }

  @Test func sortingPutsWhatEndsSoonestFirst() {
    var scene = inventory()
    scene.press(.character("s"))
    #expect(scene.screen.contains("按剩余天数"))
    #expect(owners(scene) == ["深圳市样板", "深圳市样板", "深圳市示例", "深圳市示例", "广州示范监", "广州示范监"])
    scene.press(.character("s"))
    #expect(owners(scene).first == "广州示范监")
    scene.press(.character("s"), .character("s"), .character("s"))
    #expect(scene.screen.contains("按读取顺序") && owners(scene).first == "深圳市示例")
  }

  @Test func onlyProblemsAreLeft() {
    var scene = inventory()
    scene.press(.character("p"))
    #expect(owners(scene) == ["深圳市样板", "深圳市样板"])
    scene.press(.character("p"))
    #expect(owners(scene).count == 6)
  }

  @Test func theNextProblemIsSelected() {
    var scene = inventory()
    scene.press(.character("n"))
    #expect(scene.state.world.selectedCertificate?.certificate.owner == "深圳市样板市政工程有限公司")
    var well = Scene()
    well.send(.service(.running))
    well.insert(
      Samples.key(containers: .value([Self.pair("A", "示例", "9144030071526726XG", days: 400, serial: 0x10)])))
    well.press(.character("n"))
    #expect(well.screen.contains("没有需要处理的问题") && !well.screen.contains("现在建议"))
  }

  // MARK: What to do now

  @Test func adviceIsMostUrgentFirst() {
    var scene = inventory()
    scene.insert(Samples.key(Samples.source(2), serial: "E3000GM-00600", pin: Samples.pin(0)))
    let advice = scene.state.world.advice
    #expect(advice.first?.matter == .locked)
    #expect(advice.map(\.grade) == advice.map(\.grade).sorted(by: >))
    #expect(
      scene.screen.contains("密码已锁定：不要再试，按 F3 办解锁（E3000GM-00600）") || scene.screen.contains("密码已锁定：不要再试，按 F3 办解锁（…"))
  }

  private func alone(days: Int64, _ language: Language = .zh) -> Scene {
    var scene = Scene(language)
    scene.send(.service(.running))
    scene.insert(
      Samples.key(containers: .value([Self.pair("A", "示例", "9144030071526726XG", days: days, serial: 0x10)])))
    return scene
  }

  /// 90, 60, 30, 7 days before the end, and after it.
  @Test(
    arguments: [
      (100, nil), (90, .renewable(days: 90)), (60, .renewable(days: 60)), (59, .expiring(days: 59, .reminder)),
      (31, .expiring(days: 31, .reminder)), (30, .expiring(days: 30, .soon)), (8, .expiring(days: 8, .soon)),
      (7, .expiring(days: 7, .urgent)), (0, .expiring(days: 0, .urgent)), (-1, .expired(days: 0)),
    ] as [(Int64, Advice.Matter?)])
  func theEndIsToldInStages(_ days: Int64, _ matter: Advice.Matter?) {
    #expect(alone(days: days).state.world.advice.map(\.matter) == [matter].compactMap { $0 })
  }

  @Test func whatCannotWaitSaysSo() {
    #expect(alone(days: 7).screen.contains("今天就按 F3 办续期") && alone(days: 20).screen.contains("请尽快按 F3"))
    #expect(alone(days: 7, .en).screen.contains("renew today"))
    var scene = alone(days: 20)
    (scene.state.world.soonDays, scene.state.world.urgentDays) = (10, 3)
    #expect(scene.state.world.advice.map(\.matter) == [.expiring(days: 20, .reminder)])
  }

  /// The signature certificate was renewed and the other not, or the other way round.
  @Test(arguments: [ContainerSnapshot.Role.signature, .encryption], Language.allCases)
  func aRenewalThatStoppedHalfwayIsTold(_ old: ContainerSnapshot.Role, _ language: Language) {
    var scene = Scene(language, width: 120, height: 30)
    scene.send(.service(.running))
    let oldEnd = Samples.now + 20 * Samples.day
    func certificate(_ role: ContainerSnapshot.Role) -> Reading<Certificate> {
      .value(
        Samples.certificate(
          usage: role == .signature ? [.digitalSignature] : Samples.encryptionUsage,
          from: role == old ? Samples.now - 345 * Samples.day : Samples.now - Samples.day,
          until: role == old ? oldEnd : oldEnd + 365 * Samples.day, serial: role == .signature ? 1 : 2))
    }
    scene.insert(
      Samples.key(
        containers: .value([
          Samples.container(signature: certificate(.signature), encryption: certificate(.encryption))
        ])))
    #expect(scene.state.world.advice.map(\.matter) == [.halfRenewed(old, until: oldEnd)])
    #expect(scene.state.world.selectedEntry?.role == old)
    #expect(scene.screen.contains(language == .zh ? "续期只办了一半" : "half renewed"))
    // Issued together within the month, as usual, is no half.
    #expect(alone(days: 100).state.world.advice.isEmpty)
  }

  @Test func theBreakThatTheDiagnosisFoundIsKeptUntilSomethingChanges() {
    var scene = alone(days: 400)
    scene.state.world.brokenLink = .browser
    #expect(scene.state.world.advice.map(\.matter) == [.broken(.browser)] && scene.screen.contains("按 F4 看怎么办"))
    scene.send(.readerAdded(Samples.source(3)))
    #expect(scene.state.world.advice.isEmpty)
  }

  // MARK: What is selected

  @Test func theMostUrgentIsSelectedUntilThePersonChooses() {
    var scene = Scene(.zh, width: 120, height: 36)
    scene.send(.service(.running))
    let fine = Samples.key(
      containers: .value([Self.pair("A", "没有问题", "9144030071526726XG", days: 400, serial: 0x10)]))
    let soon = Samples.key(
      Samples.source(1), serial: "E3000GM-00500",
      containers: .value([
        Self.pair("B", "还早", "9144030071526726XG", days: 300, serial: 0x20),
        Self.pair("C", "快到期", "9144030071526726XG", days: 5, serial: 0x30),
      ]))
    for key in [fine, soon] { scene.send(.readerAdded(key.source), .inserted(key.source, atr: key.atr)) }
    scene.send(.read(fine.source, fine))
    #expect(scene.state.world.selection == .slot(fine.source))
    scene.send(.read(soon.source, soon))
    #expect(scene.state.world.selectedCertificate?.certificate.owner == "快到期")
    // From here on it is the person's.
    scene.press(.home)
    let locked = Samples.key(Samples.source(2), serial: "E3000GM-00600", pin: Samples.pin(0))
    scene.send(.read(locked.source, locked))
    #expect(scene.state.world.selection == .slot(fine.source))
  }

  /// A key that is put back under an open screen: what is renewed next is the certificate that it was about, and not the
  /// first of the key; without one that was selected, the most urgent.
  @Test(arguments: [false, true]) func aKeyThatComesBackUnderAScreenKeepsItsCertificate(_ isNewToIt: Bool) {
    var scene = Scene(.zh, width: 120, height: 36)
    scene.send(.service(.running))
    let key = Samples.key(
      containers: .value([
        Self.pair("A", "甲公司", "9144030071526726XG", days: 400, serial: 0x10),
        Self.pair("B", "乙公司", "9144030071526726XG", days: 5, serial: 0x20),
        Self.pair("C", "丙公司", "9144030071526726XG", days: 300, serial: 0x30),
      ]))
    if !isNewToIt {
      scene.insert(key)
      #expect(scene.state.world.selectedCertificate?.certificate.owner == "乙公司")
      scene.press(.down, .down)
      #expect(scene.state.world.selectedCertificate?.certificate.owner == "丙公司")
    } else {
      scene.send(.readerAdded(key.source))
    }
    scene.press(.function(3), .character("2"))
    if !isNewToIt { scene.send(.removed(key.source)) }
    #expect(scene.state.world.selectedCertificate == nil)
    scene.send(.inserted(key.source, atr: key.atr), .read(key.source, key))
    #expect(scene.state.world.selectedCertificate?.certificate.owner == (isNewToIt ? "乙公司" : "丙公司"))
    // With another key beside it, whose row is selected meanwhile, too.
    let beside = Samples.key(
      Samples.source(4), serial: "E3000GM-00777",
      containers: .value([Self.pair("D", "丁公司", "9144030071526726XG", days: 200, serial: 0x40)]))
    var two = scene
    two.insert(beside)
    two.send(.removed(key.source))
    #expect(two.state.world.selection == .slot(beside.source))
    two.send(.inserted(key.source, atr: key.atr), .read(key.source, key))
    #expect(two.state.world.selectedCertificate?.certificate.owner == (isNewToIt ? "乙公司" : "丙公司"))
    // Another key in its place is not taken for it.
    let other = Samples.key(
      serial: "E3000GM-00999",
      containers: .value([Self.pair("C", "丙公司", "9144030071526726XG", days: 300, serial: 0x30)]))
    scene.send(.removed(key.source), .inserted(key.source, atr: key.atr), .read(key.source, other))
    #expect(scene.state.world.selection == .slot(key.source))
  }

  @Test func aClickSelectsARowOrWhatALineOfAdviceIsAbout() throws {
    var scene = inventory(width: 120, height: 36)
    func click(_ text: String) throws {
      let row = try #require(scene.lines.firstIndex { $0.contains(text) })
      scene.take(.key(.mouse(Key.Mouse(button: .left, x: 8, y: row))))
    }
    try click("广州示范")
    #expect(scene.state.world.selectedCertificate?.certificate.owner == "广州示范监理有限公司")
    try click("还有 39 天到期")
    #expect(scene.state.world.selectedCertificate?.certificate.owner == "深圳市样板市政工程有限公司")
    // The bar of keys too.
    let bar = scene.lines.count - 1
    let column = try #require(scene.lines[bar].range(of: "F4"))
    let x = scene.lines[bar][..<column.lowerBound].unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
    scene.take(.key(.mouse(Key.Mouse(button: .left, x: x, y: bar))))
    #expect(scene.kind == .diagnosis)
  }

  // MARK: Comparing

  @Test func twoRowsAreMarkedAndCompared() throws {
    var scene = inventory(width: 120, height: 36)
    scene.press(.home, .down, .character("="))
    #expect(scene.screen.contains("已标记 深圳市示例建设工程有限公司"))
    scene.press(.down)
    #expect(scene.lines.contains { $0.contains("=") && $0.contains("示例") })
    scene.press(.character("="))
    #expect(scene.kind == .compare && scene.screen.contains("一张签名，一张加密"))
    #expect(scene.lines.contains { $0.contains("≠") && $0.contains("序列号") })
    let all = scene.lines.filter { $0.contains("证书所有者") }.count
    scene.press(.character("d"))
    #expect(all == 1 && !scene.screen.contains("证书所有者"))
    scene.press(.escape)
    // Keys as well; on the marked row itself the mark is taken back.
    scene.press(.home, .character("="), .character("="))
    #expect(scene.state.world.marked == nil && scene.state.isMainOnTop)
    scene.press(.character("="), .end)
    while scene.state.world.selection != .slot(Samples.source(1)) { scene.press(.up) }
    scene.press(.character("="))
    #expect(scene.kind == .compare && scene.screen.contains("只有左边有") && scene.screen.contains("E3000GM-00500"))
  }

  /// A certificate and a key are no pair.
  @Test func whatIsNoPairIsMarkedAnew() {
    var scene = inventory(width: 120, height: 36)
    scene.press(.home, .character("="), .down, .character("="))
    #expect(scene.state.isMainOnTop && scene.state.world.marked == scene.state.world.selection)
  }

  @Test func aPairIsOneLineOfAdvice() {
    let scene = inventory()
    #expect(scene.state.world.advice.map(\.matter) == [.expiring(days: 39, .reminder)])
    #expect(scene.screen.contains("未开标的先开标"))
  }
}
