package import CertificateKit

/// Two keys side by side: what each tells of itself, and their certificates two by two.
package struct KeyComparison: Sendable, Equatable {
  /// What is compared, in the order in which it is shown. The names are those of JSON.
  package enum Field: String, Sendable, CaseIterable {
    case label
    case serial
    case manufacturer
    case hardwareVersion
    case firmwareVersion
    case profile
    /// The names of the applications.
    case applications
  }

  package struct Row: Sendable, Equatable {
    package var field: Field
    /// Not escaped; `nil`: not told.
    package var left: String?
    package var right: String?

    package var differs: Bool { left != right }
  }

  /// Certificates of one holder and one role; one side is `nil` where the other key has none beside it.
  package struct Pairing: Sendable, Equatable {
    package var left: CertificatePlace?
    package var right: CertificatePlace?
    /// `nil` where a side is missing or could not be read.
    package var comparison: CertificateComparison?
  }

  package var rows: [Row]
  package var pairings: [Pairing]

  package init(_ left: TokenSnapshot, _ right: TokenSnapshot) {
    rows = Field.allCases.map { Row(field: $0, left: left.text($0), right: right.text($0)) }
    pairings = Self.pair(left.filledPlaces, right.filledPlaces)
  }

  /// Each of the left beside the first of the right that is of its role and holder and not yet taken; where no holder fits,
  /// nothing is put beside it: a stranger's certificate is no renewal.
  private static func pair(_ left: [CertificatePlace], _ right: [CertificatePlace]) -> [Pairing] {
    var rest = right
    var result: [Pairing] = []
    for place in left {
      let found = rest.firstIndex { other in
        guard other.role == place.role else { return false }
        guard let mine = place.certificate.value, let its = other.certificate.value else {
          return place.container.name == other.container.name
        }
        return mine.isOfHolder(of: its)
      }
      let other = found.map { rest.remove(at: $0) }
      result.append(Pairing(left: place, right: other))
    }
    result += rest.map { Pairing(left: nil, right: $0) }
    return result.map { pairing in
      guard let left = pairing.left?.certificate.value, let right = pairing.right?.certificate.value else {
        return pairing
      }
      var pairing = pairing
      pairing.comparison = CertificateComparison(left, right)
      return pairing
    }
  }
}

extension TokenSnapshot {
  fileprivate func text(_ field: KeyComparison.Field) -> String? {
    switch field {
    case .label: device.label.value?.text
    case .serial: device.serial.value?.text
    case .manufacturer: device.manufacturer.value?.text
    case .hardwareVersion: device.hardwareVersion.value
    case .firmwareVersion: device.firmwareVersion.value
    case .profile: profile
    case .applications: applications.value?.map(\.name.text).joined(separator: ", ")
    }
  }
}
