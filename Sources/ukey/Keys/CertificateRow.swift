import CertificateKit
import TokenKit

/// One certificate of a key with where it stands: what `cert` lists and chooses from.
struct CertificateRow {
  var source: TokenSource
  var application: String
  var container: String
  var role: ContainerSnapshot.Role
  var certificate: Reading<Certificate>
}

extension [CertificateRow] {
  /// The keys they are on, each once, in their order.
  var readers: [TokenSource] {
    reduce(into: []) { result, row in
      if !result.contains(row.source) { result.append(row.source) }
    }
  }
}

extension TokenSnapshot {
  /// All certificate places of the key in the order in which the key names them, the absent ones left out.
  var certificateRows: [CertificateRow] {
    (applications.value ?? []).flatMap { application in
      (application.containers.value ?? []).flatMap { container in
        container.entries.compactMap { entry in
          entry.certificate == .absent
            ? nil
            : CertificateRow(
              source: source, application: application.name.text, container: container.name.text, role: entry.role,
              certificate: entry.certificate)
        }
      }
    }
  }
}
