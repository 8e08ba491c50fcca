import Base
import Failures
import Foundation
import Testing
import TokenKit

@testable import UnlockKit

@Suite("Making a request")
struct RequestMakingTests {
  private let scratch: Scratch
  private let directory: StateDirectory

  init() throws {
    scratch = try Scratch()
    directory = StateDirectory(path: scratch.path + "/state")
  }

  private func making(remembers: Bool = false) -> RequestMaking {
    RequestMaking(
      kind: .unlock, application: nil, applicant: person, file: scratch.path + "/a.ukreq",
      form: scratch.path + "/a.html", remembers: remembers)
  }

  private var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path)) ?? []).filter { $0 != "state" }.sorted()
  }

  @Test func bothFilesAreWrittenAndTheRequestWaits() throws {
    let key = try SoftKey()
    let sealed = try making(remembers: true).seal(try key.snapshot(), by: key.token, now: moment)
    #expect(files.isEmpty)
    let waiting = try #require(try sealed.write(keeping: directory) { _ in "form" })
    #expect(files == ["a.html", "a.ukreq"])
    #expect(sealed.request.program == ProgramVersion.text)
    let kept = try WaitingRequests(directory).find(sealed.document.digest)
    #expect(kept.request == waiting.request && kept.request.challenge == nil)
    #expect(try kept.key.point() == sealed.request.waitingKey)
    let newest = WaitingRequests(directory).newest(keySerial: "DEMO-GM-00412")
    #expect(newest?.document.digest == sealed.document.digest)
    #expect(WaitingRequests(directory).newest(keySerial: "OTHER") == nil)
    // Nobody else reads the key, and it is not in what travels.
    let folder = scratch.path + "/state/waiting"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      #expect(try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.posixPermissions] as? Int == 0o600)
    }
    #expect(directory.rememberedApplicant() == person.normalized)
  }

  @Test(
    "a taken name of either file is told before anything is written or asked of the key",
    arguments: ["a.ukreq", "a.html"])
  func taken(_ name: String) throws {
    try Data().write(to: URL(fileURLWithPath: scratch.path + "/" + name))
    #expect(code { try making().checkNames() } == .fileExists)
    let key = try SoftKey()
    let snapshot = try key.snapshot()
    #expect(code { _ = try making().seal(snapshot, by: key.token, now: moment) } == .fileExists)
    #expect(files == [name])
    var replacing = making()
    replacing.overwrites = true
    try replacing.checkNames()
  }

  @Test("a form that cannot be written takes its request with it, and nothing waits")
  func half() throws {
    let key = try SoftKey()
    let sealed = try making().seal(try key.snapshot(), by: key.token, now: moment)
    try Data().write(to: URL(fileURLWithPath: scratch.path + "/a.html"))
    #expect(code { _ = try sealed.write(keeping: directory) { _ in "form" } } == .fileExists)
    #expect(files == ["a.html"])
    #expect(WaitingRequests(directory).newest(keySerial: "DEMO-GM-00412") == nil)
    // The same name again, once it is free.
    try FileManager.default.removeItem(atPath: scratch.path + "/a.html")
    #expect(try sealed.write(keeping: directory) { _ in "form" } != nil)
  }

  @Test("the request is about the certificate that was chosen, whatever else is on the key")
  func about() throws {
    let key = try SoftKey()
    let snapshot = try key.snapshot()
    #expect(snapshot.subjects.map { $0.container.name.text }.count == 3)
    for subject in snapshot.subjects {
      let certificate = try #require(subject.certificate.value)
      var renewal = making()
      renewal.kind = .renew
      renewal.certificate = certificate.der
      let request = try renewal.seal(snapshot, by: key.token, now: moment).request
      #expect(request.owner == certificate.owner && request.mainCertificate?.der == certificate.der)
      #expect(request.certificates.count == 5)
      // Read from its file it is still about the same.
      let back = try UnlockRequest.parse(try request.sealed().bytes).request
      #expect(back.mainCertificate?.der == certificate.der)
      #expect(
        back.certificates.filter { back.isConcerned($0) }.allSatisfy { $0.container == subject.container.name.text })
    }
    // The encryption certificate of a pair means the pair.
    let encryption = try #require(snapshot.places.last { $0.role == .encryption && $0.certificate.value != nil })
    var other = making()
    other.kind = .renew
    other.certificate = encryption.certificate.value?.der
    let made = try other.seal(snapshot, by: key.token, now: moment).request
    #expect(made.mainCertificate?.container == encryption.container.name.text)
    #expect(made.mainCertificate?.role == "signature")
  }

  @Test("a certificate that is not on the key, or not in the application named, makes no request about another")
  func aboutNone() throws {
    let key = try SoftKey()
    let snapshot = try key.snapshot()
    var renewal = making()
    renewal.kind = .renew
    renewal.certificate = [0x30, 0x00]
    #expect(code { _ = try renewal.seal(snapshot, by: key.token, now: moment) } == .certificateUnmatched)
    renewal.certificate = snapshot.subjects.first?.certificate.value?.der
    renewal.application = "ELSEWHERE"
    #expect(code { _ = try renewal.seal(snapshot, by: key.token, now: moment) } == .certificateUnmatched)
    #expect(files.isEmpty)
  }

  @Test func aFreeNameIsFound() throws {
    let name = scratch.path + "/k.ukreq"
    #expect(RequestMaking.freeName(name) == name)
    try Data().write(to: URL(fileURLWithPath: scratch.path + "/k.html"))
    #expect(RequestMaking.freeName(name) == scratch.path + "/k-2.ukreq")
    try Data().write(to: URL(fileURLWithPath: scratch.path + "/k-2.ukreq"))
    #expect(RequestMaking.freeName(name) == scratch.path + "/k-3.ukreq")
  }

  @Test func namesThatCannotBe() {
    var same = RequestMaking(kind: .renew, application: nil, applicant: person, file: "/tmp/x", form: "/tmp/x")
    same.overwrites = true
    #expect(code { try same.checkNames() } == .fileExists)
    let nowhere = RequestMaking(
      kind: .renew, application: nil, applicant: person, file: scratch.path + "/no/a.ukreq", form: nil)
    #expect(code { try nowhere.checkNames() } == .fileWrite)
    let folder = RequestMaking(kind: .renew, application: nil, applicant: person, file: scratch.path, form: nil)
    #expect(code { try folder.checkNames() } == .fileWrite)
  }

  @Test func namesAreMadeOfTheSerial() {
    #expect(RequestMaking.fileName(keySerial: "E3000GM-00412") == "E3000GM-00412.ukreq")
    #expect(RequestMaking.fileName(keySerial: "../../a b/中") == "ab.ukreq")
    #expect(RequestMaking.fileName(keySerial: nil) == "key.ukreq")
    #expect(RequestMaking.fileName(keySerial: String(repeating: "7", count: 200)).utf8.count == 70)
    #expect(RequestMaking.formName(beside: "/x/a.ukreq") == "/x/a.html")
    #expect(RequestMaking.formName(beside: "/x/a") == "/x/a.html")
  }
}
