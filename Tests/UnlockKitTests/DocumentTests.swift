import Base
import CertificateKit
import Failures
import Foundation
import SoftToken
import StrictJSON
import Testing
import TokenKit

@testable import UnlockKit

@Suite struct DigestTests {
  /// GB/T 32905-2016 example 1.
  @Test func hashes() throws {
    #expect(
      lowerHexText(try Digest.sm3(Array("abc".utf8)))
        == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
  }

  @Test func checkCodesAreGroupsOfFour() throws {
    #expect(Digest.checkCode([UInt8](repeating: 0, count: 32)) == "0000-0000-0000-0000-0000")
    #expect(Digest.checkCode([UInt8](repeating: 0xFF, count: 32)) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ")
    let ones: [UInt8] = [0x08, 0x42, 0x10, 0x84, 0x21, 0x08, 0x42, 0x10, 0x84, 0x21, 0x08, 0x42, 0x10]
    #expect(Digest.checkCode(ones) == "1111-1111-1111-1111-1111")
    #expect(Digest.checkCode([]) == "0000-0000-0000-0000-0000")
  }

  @Test func checkCodesAreReadAsPeopleTypeThem() throws {
    let digest = try Digest.sm3(Array("abc".utf8))
    let code = Digest.checkCode(digest)
    #expect(code.utf8.count == 24)
    for typed in [
      code, code.lowercased(), String(code.filter { $0 != "-" }), String(code.prefix(14)),
      code.replacing("0", with: "o").replacing("1", with: "l"),
    ] {
      #expect(Digest.isCheckCode(typed, of: digest), "\(typed)")
    }
    for wrong in ["", String(code.prefix(19)), String(code.prefix(9)), "0000-0000-0000", code + "0", "ＡＡＡＡ"] {
      #expect(!Digest.isCheckCode(wrong, of: digest), "\(wrong)")
    }
  }
}

@Suite struct RequestTests {
  @Test func survivesItsFile() throws {
    let request = try SoftKey().request()
    let document = try request.sealed()
    let back = try UnlockRequest.parse(document.bytes)
    #expect(back.request == request)
    #expect(back.document.digest == document.digest)
    #expect(request.owner == "深圳市示例建设工程有限公司")
    #expect(request.uscc == "9144030071526726XG")
    #expect(request.certificates.count == 5)
    #expect(try JSONValue(parsing: document.bytes).canonical == document.bytes)
  }

  /// Every byte of a request changed in three ways: never accepted.
  @Test func noAlteredByteIsAccepted() throws {
    let bytes = try SoftKey().request().sealed().bytes
    for index in bytes.indices {
      for change: UInt8 in [0x01, 0x20, 0x80] {
        var altered = bytes
        altered[index] ^= change
        #expect(code { _ = try UnlockRequest.parse(altered) } != nil, "byte \(index)")
      }
    }
  }

  @Test func refusesWhatIsNotItsForm() throws {
    let bytes = try SoftKey().request().sealed().bytes
    let text = String(decoding: bytes, as: UTF8.self)
    func refusal(_ text: String) -> FailureCode? { code { _ = try UnlockRequest.parse(Array(text.utf8)) } }
    #expect(refusal("") == .unlockFileMalformed)
    #expect(refusal("{}") == .unlockFileMalformed)
    #expect(refusal(String(text.dropLast(10))) == .unlockFileMalformed)
    #expect(refusal(" " + text) == .unlockFileMalformed)
    #expect(refusal(text + "\n") == .unlockFileMalformed)
    #expect(refusal(text.replacing("\"version\":2", with: "\"version\":3")) == .unlockFileVersion)
    #expect(refusal(text.replacing("\"kind\":\"unlock\"", with: "\"kind\":\"change\"")) == .unlockFileAltered)
    #expect(refusal(text.replacing("{\"adminPin\"", with: "{\"adminPin\":1,\"adminPin\"")) == .unlockFileMalformed)
    #expect(refusal(String(repeating: "x", count: 70_000)) == .unlockFileMalformed)
  }

  /// A well-formed document with members that do not belong, sealed rightly, is refused all the same.
  @Test func refusesStrangeMembers() throws {
    guard case .object(let members) = try JSONValue(parsing: SoftKey().request().sealed().bytes) else { return }
    func refusal(_ change: (String, JSONValue)) throws -> FailureCode? {
      let changed = members.filter { $0.0 != change.0 && $0.0 != "digest" } + [(change.0, change.1)]
      let document = try SealedDocument(sealing: changed)
      return code { _ = try UnlockRequest.parse(document.bytes) }
    }
    #expect(try refusal(("extra", .int(1))) == .unlockFileMalformed)
    #expect(try refusal(("created", .int(-1))) == .unlockFileMalformed)
    #expect(try refusal(("kind", "other")) == .unlockFileMalformed)
    #expect(try refusal(("certificates", .array(Array(repeating: .null, count: 17)))) == .unlockFileMalformed)
    #expect(try refusal(("application", .string(String(repeating: "x", count: 65)))) == .unlockFileMalformed)
    // Of format 1, and of no curve's size.
    #expect(try refusal(("challenge", .object([("random", "00")]))) == .unlockFileMalformed)
    #expect(try refusal(("waitingKey", "04")) == .unlockFileMalformed)
    let named = JSONValue.object([("role", "signature"), ("container", "C"), ("der", "MAA=")])
    #expect(try refusal(("certificates", .array([named]))) == .unlockFileMalformed)
  }

  /// Names from a hostile key travel as they are.
  @Test func keepsHostileNamesAndCutsLongOnes() throws {
    var snapshot = try SoftKey().snapshot()
    snapshot.device.label = .value("a\u{202E}b\u{1B}[2J\n")
    snapshot.device.serial = .value(TokenName(String(repeating: "中", count: 200)))
    let request = try UnlockRequest(
      kind: .renew, snapshot: snapshot, application: nil, waitingKey: nil, applicant: person, program: "t", now: moment)
    let back = try UnlockRequest.parse(try request.sealed().bytes).request
    #expect(back.key.label == "a\u{202E}b\u{1B}[2J\n")
    #expect((back.key.serial ?? "").utf8.count <= 128)
  }

  @Test func compactFormComesBack() throws {
    let request = try SoftKey().request()
    let compact = CompactRequest(request, digest: try request.sealed().digest)
    #expect(try CompactRequest(parsing: compact.text) == compact)
    #expect(compact.text.utf8.allSatisfy { Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8).contains($0) })
    for bad in ["", "UKREQ2", compact.text + "/", compact.text.replacing("UKREQ2", with: "UKREQ1"), compact.text + "0"]
    {
      #expect(code { _ = try CompactRequest(parsing: bad) } == .unlockFileMalformed)
    }
  }
}

@Suite struct ApplicantTests {
  private func problems(_ change: (inout Applicant) -> Void) -> [FieldProblem] {
    var applicant = person
    change(&applicant)
    return applicant.problems(certificateUSCC: "9144030071526726XG")
  }

  @Test func acceptsAndNormalizes() {
    #expect(problems { _ in }.isEmpty)
    #expect(problems { $0.mobile = "+86 138-0013-8000" }.isEmpty)
    var applicant = person
    applicant.mobile = "１３８００１３８０００"
    applicant.name = "　李四 "
    #expect(applicant.normalized == person)
  }

  @Test func refuses() {
    #expect(problems { $0.name = " " } == [FieldProblem(.name, .missing)])
    #expect(problems { $0.name = "a\u{202E}b" } == [FieldProblem(.name, .invisibleCharacters)])
    #expect(problems { $0.name = String(repeating: "李", count: 41) } == [FieldProblem(.name, .tooLong(maximum: 40))])
    for mobile in ["1380013800", "138001380000", "12800138000", "1380013800x", "23800138000"] {
      #expect(problems { $0.mobile = mobile } == [FieldProblem(.mobile, .notMobile)])
    }
    #expect(problems { $0.delivery = .post } == [FieldProblem(.address, .missing)])
    #expect(FieldProblem(.address, .missing).isError)
  }

  @Test func warnsAboutTheCreditCode() {
    #expect(problems { $0.uscc = "9144030071526726xg" }.isEmpty)
    let wrong = problems { $0.uscc = "914403007152672600" }
    #expect(wrong.contains(FieldProblem(.uscc, .usccCheck)) && !wrong.contains(where: \.isError))
    #expect(problems { $0.uscc = "123" }.contains(FieldProblem(.uscc, .usccShape)))
    #expect(problems { $0.uscc = "914403001922038216" } == [FieldProblem(.uscc, .usccDiffers)])
  }
}

@Suite struct QRTests {
  @Test func hasItsFixedPatterns() throws {
    let code = try #require(QRCode("UKREQ1/TEST"))
    // The three finder patterns, each a dark ring of seven around a dark three.
    for (x, y) in [(0, 0), (code.size - 7, 0), (0, code.size - 7)] {
      #expect((0..<7).allSatisfy { code.isDark(x + $0, y) && code.isDark(x, y + $0) })
      #expect(!code.isDark(x + 1, y + 1) && code.isDark(x + 3, y + 3))
    }
    #expect(!code.isDark(-1, 0) && !code.isDark(code.size, 0))
    let lines = code.halfBlocks()
    #expect(lines.count == code.cells.height && lines.allSatisfy { $0.count == code.cells.width })
    #expect(lines[0] == String(repeating: "█", count: code.cells.width))
    #expect(QRCode("") == nil && QRCode(String(repeating: "x", count: 5000)) == nil && QRCode("a\0b") == nil)
  }
}
