import CertificateKit
import Failures
import TokenKit
import Wording

extension CertificatePlace {
  /// Which certificate it is, in one line: `9C · 签名证书 · 35:A1:09 · 深圳市示例…`.
  ///
  /// - Parameter rows: those that it must not be taken for.
  func summary(_ language: Language, among rows: [CertificatePlace] = []) -> String {
    let certificate = certificate.value
    return [
      containerName(among: rows), Words[language].role(role), certificate?.serialText,
      certificate.map { displaySafe($0.owner) },
    ].compactMap { $0 }.joined(separator: " · ")
  }

  /// The container's name; with that of its application before it where another application of the key has one of that name.
  func containerName(among rows: [CertificatePlace]) -> String {
    let isShared = rows.contains {
      $0.source == source && $0.container.name == container.name && $0.application.name != application.name
    }
    return (isShared ? displaySafe(application.name) + "/" : "") + displaySafe(container.name)
  }

  /// Whether the container is called so, by its own name or by that of its application and its own: `应用/容器`.
  func isInContainer(_ name: String) -> Bool {
    let own = container.name.text.lowercased()
    return [own, application.name.text.lowercased() + "/" + own].contains(name.lowercased())
  }
}
