import CertificateKit
import Foundation
import LoginToken
import SoftToken
import Testing

/// The verifier of Tests/LoginToken, written from the document alone, comes to the same verdicts.
@Suite struct SecondVerifierTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("LoginToken/login_verifier.py")

  private func run(_ token: LoginToken, _ site: Site, _ nonce: Nonce, origin: String? = nil) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ukey-login-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (tokenFile, caFile) = (folder.appendingPathComponent("t.json"), folder.appendingPathComponent("ca.der"))
    try Data(token.json.canonical).write(to: tokenFile)
    try Data(site.ca.certificate).write(to: caFile)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = [
      Self.script.path, tokenFile.path, origin ?? site.origin.description, nonce.text, caFile.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test(arguments: TestKeyKind.allCases)
  func agrees(_ kind: TestKeyKind) throws {
    // Valid now by this computer's clock, which the script asks.
    let days = (Int64(Date().timeIntervalSince1970) - Site.now) / Site.day
    let site = try Site(kind, from: days - 30, to: days + 30)
    let nonce = try require(Nonce.random())
    var token = try site.token(nonce)
    #expect(try run(token, site, nonce) == "login: 深圳市示例建设工程有限公司 \(Site.code)")
    #expect(try run(token, site, nonce, origin: "https://evil.example") == "refused: signature-wrong")
    #expect(try run(token, site, try require(Nonce.random())) == "refused: signature-wrong")
    token.signature[token.signature.count - 1] ^= 1
    #expect(try run(token, site, nonce) == "refused: signature-wrong")
    let expired = try Site(kind, from: days - 30, to: days - 1)
    #expect(try run(try expired.token(nonce), expired, nonce) == "refused: certificate-expired")
    let stranger = try Site(kind, from: days - 30, to: days + 30).token(nonce)
    #expect(try run(stranger, site, nonce) == "refused: untrusted")
  }
}
