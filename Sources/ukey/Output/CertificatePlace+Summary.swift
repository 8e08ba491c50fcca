import CertificateKit
import Failures
import TokenKit
import Wording

extension CertificatePlace {
  /// Which certificate it is, in one line: `9C · 签名证书 · 35:A1:09 · 深圳市示例…`.
  func summary(_ language: Language) -> String {
    let certificate = certificate.value
    return [
      displaySafe(container.name), Words[language].role(role), certificate?.serialText,
      certificate.map { displaySafe($0.owner) },
    ].compactMap { $0 }.joined(separator: " · ")
  }
}
