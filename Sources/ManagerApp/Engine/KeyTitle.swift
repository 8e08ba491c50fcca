import CertificateKit
import Failures
import TokenKit

extension TokenSnapshot {
  /// The user's own name for it, else label, else manufacturer, else reader name, made safe to show.
  var title: String {
    if let own = KeyNames.current[self] { return own }
    for text in [device.label.value, device.manufacturer.value] {
      if let text, !text.isEmpty { return displaySafe(text) }
    }
    return displaySafe(source.reader)
  }

  /// Whose key it is: the owner of its certificate, else its ``title``. Safe to show.
  var holder: String { mainCertificate?.certificate.value.map { displaySafe($0.owner) } ?? title }
}

extension Slot {
  /// The name of the key, or of the reader while there is none.
  var title: String { snapshot?.title ?? displaySafe(source.reader) }
}
