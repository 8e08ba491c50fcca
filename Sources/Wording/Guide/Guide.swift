/// The pages of `Docs` that serve people who use the program, inside it: `ukey guide`.
package enum Guide: String, Sendable, CaseIterable {
  /// One sheet for the holder of a key.
  case holder
  /// For support staff, by symptom.
  case support
  /// For administrators of many machines.
  case deployment

  /// The page as it stands in `Docs`, in the name of the authority in force instead of the shipped one.
  package func page(_ language: Language, _ authority: Authority = .current) -> GuidePage {
    var text = String(decoding: bytes(language), as: UTF8.self)
    let shipped = Settings.builtIn.authority
    if authority != shipped {
      let named: [(String, String)] = [
        (shipped.name, authority.name), (shipped.englishName, authority.englishName),
        (shipped.hotline, authority.hotline), (shipped.hallName, authority.hallName),
        (shipped.siteName, authority.siteName),
      ]
      for (old, new) in named where !old.isEmpty && old != new { text = Self.replacing(text, old, new) }
    }
    return GuidePage(markdown: text)
  }

  private func bytes(_ language: Language) -> [UInt8] {
    switch (self, language) {
    case (.holder, .zh): PackageResources.holder_zh_md
    case (.holder, .en): PackageResources.holder_md
    case (.support, .zh): PackageResources.support_zh_md
    case (.support, .en): PackageResources.support_md
    case (.deployment, .zh): PackageResources.deployment_zh_md
    case (.deployment, .en): PackageResources.deployment_md
    }
  }

  private static func replacing(_ text: String, _ old: String, _ new: String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.indices.first(where: { rest[$0...].hasPrefix(old) }) {
      result += rest[..<start] + new
      rest = rest[start...].dropFirst(old.count)
    }
    return result + rest
  }
}
