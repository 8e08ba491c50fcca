import ArgumentParser
import Base
import CertificateKit
import Failures
import Glibc
import TokenKit
import Wording

/// `ukey compare`: what differs between two certificates or two keys, for example after a renewal.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare two certificates or two keys: what differs after a renewal.",
    discussion: """
      Each side is a certificate's file (PEM or DER), or a key by the end of its serial number or your own name for it; without a \
      second one it is the key that is plugged in. Beside a file, of a key the certificate of the same owner and use is \
      taken, or the one that is named. A file wins over a key called so.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var keys: KeyOptions
  @OptionGroup var certificates: CertificateCommand.Selection

  @Flag(help: "Also what is the same.")
  var all = false

  @Argument(help: "A certificate's file, or a key.", completion: .file())
  var left: String

  @Argument(help: "The same; without it the key that is plugged in.", completion: .file())
  var right: String?

  private enum Side {
    case file(String, Certificate)
    case key(TokenSnapshot)
  }

  func run() throws {
    do throws(Failure) {
      let (left, right) = (try side(self.left), try side(self.right))
      let report: ComparisonReport
      switch (left, right) {
      case (.key(let one), .key(let other)):
        report = ComparisonReport(KeyComparison(one, other), (one, other), common.language)
      default:
        let one = try certificate(left, beside: right)
        let other = try certificate(right, beside: left)
        report = ComparisonReport([ComparedPair(one, other)], common.language)
      }
      Output.line(common.json ? report.json.text : report.text(all: all).joined(separator: "\n"))
    } catch {
      throw common.fail(error)
    }
  }

  private func side(_ word: String?) throws(Failure) -> Side {
    guard let word else { return .key(try OneKey.find(keys.selection).snapshot) }
    var status = stat()
    if lstat(word, &status) == 0 {
      return .file(word, try Certificate(file: word))
    }
    // A word with a slash or a dot is no serial number's end that anybody types: the file is missing.
    if word.contains("/") || word.hasSuffix(".pem") || word.hasSuffix(".cer") || word.hasSuffix(".der") {
      throw Failure(.fileRead, function: "open", number: .errno(ENOENT), context: displaySafe(word))
    }
    var selection = keys.selection
    selection.key = word
    return .key(try OneKey.find(selection).snapshot)
  }

  private func certificate(_ side: Side, beside other: Side) throws(Failure) -> ComparedCertificate {
    switch side {
    case .file(let name, let certificate): return ComparedCertificate(certificate: certificate, file: name)
    case .key(let snapshot):
      var places = snapshot.filledPlaces.filter { certificates.matches($0) && $0.certificate.value != nil }
      if certificates.isEmpty, case .file(_, let sought) = other {
        if let same = places.first(where: { $0.certificate.value?.der == sought.der }) {
          return ComparedCertificate(certificate: sought, place: same)
        }
        let alike = places.filter { place in
          place.certificate.value.map { $0.isOfHolder(of: sought) && $0.use == sought.use } == true
        }
        if !alike.isEmpty { places = alike }
      }
      guard let place = places.meant, let certificate = place.certificate.value else {
        throw places.isEmpty && snapshot.filledPlaces.isEmpty
          ? Failure(.certificateMissing) : Failure(.certificateUnmatched, context: certificates.text)
      }
      return ComparedCertificate(certificate: certificate, place: place)
    }
  }
}

extension Certificate {
  /// Bytes of a certificate's file.
  private static var fileLimit: Int { 1 << 20 }

  /// The first certificate of a file, PEM or DER.
  ///
  /// - Throws: `UK-612` when it cannot be read, `UK-302` when there is no certificate in it.
  fileprivate init(file: String) throws(Failure) {
    let bytes = try Failure.mapping(.fileRead, try readFile(file, limit: Self.fileLimit, followsLinks: true))
    let der = bytes.first == 0x30 ? bytes : PEM.certificates(in: bytes).first ?? nil
    guard let der else { throw Failure(.certificateMalformed, function: "PEM", context: displaySafe(file)) }
    do throws(Failure) {
      self = try Certificate(der: der)
    } catch {
      throw Failure(error.code, function: error.function, number: error.number, context: displaySafe(file))
    }
  }
}
