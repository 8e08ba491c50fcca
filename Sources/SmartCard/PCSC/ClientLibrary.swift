internal import CPCSC

/// The library that speaks to the reader service.
package enum ClientLibrary {
  /// That of the headers: the library does not tell its own.
  package static let version = PCSCLITE_VERSION_NUMBER
}
