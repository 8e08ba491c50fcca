/// The certificate authority that holders turn to, as the settings name it.
package struct Authority: Sendable, Equatable {
  /// As holders call it; the manager is named after it.
  package var name = ""
  /// The same for English screens.
  package var englishName = ""
  /// As it is dialled.
  package var hotline = ""
  /// Where it presents itself.
  package var site = ""
  /// Where business is done online.
  package var hall = ""
  /// Working days within which something asked for online is sent by post.
  package var postDays = 0

  /// ``site`` as it is printed: without `https://`.
  package var siteName: String { Self.bare(site) }
  package var hallName: String { Self.bare(hall) }

  private static func bare(_ address: String) -> String {
    for prefix in ["https://", "http://"] where address.hasPrefix(prefix) {
      return String(address.dropFirst(prefix.count))
    }
    return address
  }

  /// That of the settings in force.
  package static var current: Authority { Settings.current.authority }
}
