internal import CertificateKit

/// What a request to the certificate authority can be about: a certificate, and with it the other of its pair.
extension TokenSnapshot {
  /// One for each container that holds a certificate of a person or an organisation: the one in it that is meant. In the
  /// order in which the key names them.
  package var subjects: [CertificatePlace] {
    var groups: [(path: [Int], places: [CertificatePlace])] = []
    for place in places {
      guard let certificate = place.certificate.value, place.role != .authority, !certificate.isAuthority else {
        continue
      }
      let path = [place.path.application, place.path.container]
      if groups.last?.path == path {
        groups[groups.count - 1].places.append(place)
      } else {
        groups.append((path, [place]))
      }
    }
    return groups.compactMap(\.places.meant)
  }

  /// The subject that this place belongs to; `nil` when there is nothing readable.
  package func subject(of place: CertificatePlace) -> CertificatePlace? {
    subjects.first {
      $0.path.application == place.path.application && $0.path.container == place.path.container
    }
  }

  /// The subject whose certificate, or the other of its pair, is this one, byte for byte.
  package func subject(der: [UInt8]) -> CertificatePlace? {
    places.first { $0.certificate.value?.der == der }.flatMap { subject(of: $0) }
  }
}
