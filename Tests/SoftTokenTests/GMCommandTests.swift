import Testing

@testable import SoftToken

@Suite struct GMCommandTests {
  @Test(
    arguments: [
      ("80040000", 0, nil),
      ("8004000008", 0, 8), ("8004000000", 0, 256),
      ("8004000002AABB", 2, nil), ("8004000001 AA", 1, nil),
      ("8004000002AABB05", 2, 5), ("8004000002AABB00", 2, 256),
      ("80040000000120", 0, 288), ("80040000000000", 0, 65_536),
      ("80040000000002AABB", 2, nil),
      ("80040000000002AABB0120", 2, 288), ("80040000000002AABB0000", 2, 65_536),
    ] as [(String, Int, Int?)])
  func parsesTheSevenCases(apdu: String, length: Int, expected: Int?) throws {
    let command = try GMCommand(hex(apdu))
    #expect(command.data == Array(hex("AABB").prefix(length)))
    #expect(command.expected == expected)
    #expect([command.cla, command.ins, command.p1, command.p2] == hex("80040000"))
  }

  @Test(arguments: [
    "", "80", "800400", "800400000000", "8004000003AABB", "8004000001AABBCC", "80040000000000AA",
    "80040000000003AABB", "80040000000002AABB00", "80040000000002AABB000000",
  ])
  func refusesLengthsThatLie(apdu: String) {
    #expect(throws: GMStatus.wrongLength) { try GMCommand(hex(apdu)) }
  }

  @Test func fieldsNeverReadPastTheEnd() throws {
    var fields = GMFields([1, 2, 3], order: .bigEndian)
    #expect(try fields.u16() == 0x0102)
    #expect(throws: GMStatus.wrongLength) { try fields.u32() }
    #expect(throws: GMStatus.wrongLength) { try fields.bytes(-1) }
    #expect(throws: GMStatus.wrongLength) { try fields.end() }
    var little = GMFields([1, 2, 3, 4], order: .littleEndian)
    #expect(try little.u32() == 0x0403_0201)
  }

  @Test func answerToResetIsConsistent() {
    let t1 = GMCardBehaviour.aLM.atr
    #expect(t1.dropFirst().reduce(0, ^) == 0)
    #expect(text(t1) == "3b888131fe45554b455944454d4f" + text([t1.last ?? 0]))
    var behaviour = GMCardBehaviour.aLM
    behaviour.cardProtocol = .t0
    #expect(text(behaviour.atr) == "3b08554b455944454d4f")
  }
}

@Suite struct GMCryptoTests {
  private let key = hex("f41b44dbecccaccfbb4ccf6a7fc4921c")
  private let random = hex("0102030405060708")

  @Test func sm4MatchesItsPublishedVector() throws {
    let block = hex("0123456789abcdeffedcba9876543210")
    #expect(text(try GMCrypto.sm4(block, key: block, encrypt: true)) == "681edf34d206965e86b3e94f536e4246")
  }

  @Test func derivesThePINKey() throws {
    #expect(try GMCrypto.pinKey(Array("123456".utf8)) == key)
  }

  @Test func encryptsBothAuthenticationBlocks() throws {
    let a = try GMCrypto.sm4(hex("08000102030405060708800000000000"), key: key, encrypt: true)
    #expect(text(a) == "0566e5eb3b4a1e76864236fb8bef7594")
    let b = try GMCrypto.sm4(hex("01020304050607080000000000000000"), key: key, encrypt: true)
    #expect(text(b) == "920ee2f758a377f47711fea261f14d1c")
  }

  @Test(arguments: [
    ("84160001 0012 0000 1000f3de5a44dba811a109e784ef964d653c", "baf0c0f7"),
    ("84160001 1600 0000 1000f3de5a44dba811a109e784ef964d653c", "ce15cabc"),
    (
      "84160001 000026 1000 38ef6eb58d692d0857ae130047961dc82565c780aa0547b851404e88983c1497", "351e2b3a"
    ),
    (
      "84160001 0026 1000 38ef6eb58d692d0857ae130047961dc82565c780aa0547b851404e88983c1497", "6e8052fb"
    ),
  ])
  func computesTheMAC(message: String, mac: String) throws {
    #expect(text(try GMCrypto.mac(hex(message), key: key, random: random)) == mac)
  }

  @Test func encryptsTheNewPIN() throws {
    let bare = try GMCrypto.sm4(hex("36353433323100000000000000000000"), key: key, encrypt: true)
    #expect(text(bare) == "f3de5a44dba811a109e784ef964d653c")
    let long = try GMCrypto.sm4(
      hex("1000 36353433323100000000000000000000 80 00000000000000000000000000"), key: key, encrypt: true)
    #expect(text(long) == "38ef6eb58d692d0857ae130047961dc82565c780aa0547b851404e88983c1497")
  }
}
