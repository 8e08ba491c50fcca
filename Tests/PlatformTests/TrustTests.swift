import CertificateKit
import Foundation
import SoftToken
import Testing

@testable import LoginToken
@testable import Platform

/// Who has logged in with a certificate does so again only for as long as everything that it rests on holds.
@Suite struct TrustTests {
  private func refusal(_ world: World, _ holder: Holder) throws -> String? {
    let browser = Browser(world)
    try browser.logIn(holder)
    #expect(browser.isLoggedIn == (browser.refused == nil))
    return browser.refused
  }

  /// A world in which the holder has logged in twice.
  private func known() throws -> (World, Holder) {
    let world = try World()
    let holder = try world.holder()
    _ = try world.register(holder)
    for _ in 0..<2 { #expect(try refusal(world, holder) == nil) }
    return (world, holder)
  }

  @Test func revokedAfterLogin() throws {
    let (world, holder) = try known()
    let bytes = try RevocationListMaker.make(world.issuer, revoked: [holder.certificate.serial])
    _ = try world.store.add(
      StoredList(id: "l", bytes: bytes, issuer: "", thisUpdate: 0, nextUpdate: 0), administrator: "chen", now: world.now
    )
    try world.store.touchTrust()
    #expect(try refusal(world, holder) == "revoked")
  }

  @Test func expiredAfterLogin() throws {
    let (world, holder) = try known()
    world.now = holder.certificate.validity.notAfter + 1
    #expect(try refusal(world, holder) == "certificate-expired")
  }

  @Test func authorityRemovedAfterLogin() throws {
    let (world, holder) = try known()
    let ca = try Certificate(der: world.issuer.ca.certificate)
    try world.store.removeAuthority(LoginDesk.fingerprint(ca))
    try world.store.touchTrust()
    #expect(try refusal(world, holder) == "untrusted")
    // A CA of the same name with another key does not take its place.
    try world.trust(try TestCA.make(kind: world.issuer.key.kind))
    #expect(try refusal(world, holder) == "untrusted")
    try world.trust(world.issuer.ca)
    #expect(try refusal(world, holder) == nil)
  }

  /// Files of the folder are read again within a minute; until then, and when they are the same, what is known stays known.
  @Test func fileOfTheFolderIsTakenAway() throws {
    let world = try World()
    let folder = world.folder + "/ca"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let other = try TestCA.make(kind: .p256, commonName: "Of the folder")
    let path = folder + "/other.pem"
    try PEM.encode(other.certificate).write(toFile: path, atomically: true, encoding: .utf8)
    let trust = Trust(folder: folder)
    let first = try trust.policy(world.store, now: world.now)
    #expect(first.trust.certificates.count == 2)
    _ = try first.admit(world.issuer.holder, now: world.now)
    world.pass(60)
    let second = try trust.policy(world.store, now: world.now)
    #expect(second.memory === first.memory && second.memory.count == 1)
    try FileManager.default.removeItem(atPath: path)
    #expect(try trust.policy(world.store, now: world.now + 59).trust.certificates.count == 2)
    let third = try trust.policy(world.store, now: world.now + 60)
    #expect(third.trust.certificates.count == 1 && third.memory !== first.memory && third.memory.count == 0)
  }

  /// Rules and lists are those of now also where the CAs are the same.
  @Test func rulesAreThoseOfNow() throws {
    let (world, holder) = try known()
    try world.store.set(.needsRevocationList, true)
    #expect(try refusal(world, holder) == "revocation-list-missing")
    try world.store.set(.needsRevocationList, false)
    #expect(try refusal(world, holder) == nil)
  }
}
