/// One vendor's protocol: turns its messages into operations and outcomes into its answers. A table of functions, with no
/// socket and no decision in it.
package protocol Adapter: Sendable {
  /// As `ukey serve enable NAME` takes it; stable.
  var name: String { get }
  /// Under which name origins are permitted: adapters of one vendor share it.
  var family: String { get }
  var ports: [AdapterPort] { get }
  var transport: AdapterTransport { get }
  /// Paths it answers on, in lower case and without a trailing slash.
  var paths: [String] { get }
  /// What a page cannot do without; asked at the first contact.
  var wants: Permissions { get }
  /// WebSocket subprotocols that are echoed when a page offers one.
  var subprotocols: [String] { get }
  /// Content type of its answers by HTTP.
  var contentType: String { get }
  /// Reads one message. Any bytes give a call; what cannot be read gives one that is refused.
  func call(_ message: [UInt8]) -> AdapterCall
  /// Whether every connection hears of keys, not only those that asked for it.
  var listensUnasked: Bool { get }
  /// What is sent when a key came or went; `nil`: nothing.
  func push(_ change: KeyShelf.Change) -> [UInt8]?
}

extension Adapter {
  package var subprotocols: [String] { [] }
  package var contentType: String { "application/json" }
  package func push(_ change: KeyShelf.Change) -> [UInt8]? { nil }
  package var listensUnasked: Bool { false }
}

package struct AdapterPort: Sendable, Hashable {
  package var number: UInt16
  package var isTLS: Bool

  package init(_ number: UInt16, isTLS: Bool = false) {
    self.number = number
    self.isTLS = isTLS
  }
}

package struct AdapterTransport: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// One message in a POST, its answer in the response.
  package static let post = AdapterTransport(rawValue: 1)
  package static let socket = AdapterTransport(rawValue: 2)
}

/// A message as it was understood, with what makes the answer of an outcome.
package struct AdapterCall: Sendable {
  /// The function's name for the log, at most 64 characters.
  package var function: String
  package var operation: Operation
  /// Whether this connection wants to hear of keys from now on; `nil`: as before.
  package var listens: Bool?
  package var answer: @Sendable (Outcome) -> [UInt8]

  package init(
    _ function: String, _ operation: Operation, listens: Bool? = nil, answer: @escaping @Sendable (Outcome) -> [UInt8]
  ) {
    self.function = String(function.unicodeScalars.prefix(64))
    self.operation = operation
    self.listens = listens
    self.answer = answer
  }
}

/// All adapters there are. A new one is a folder here and a place in this list.
package enum Adapters {
  /// - Parameter words: for refusals that pages show.
  package static func all(_ words: RefusalTexts) -> [any Adapter] {
    [SZCASOAP(words), SZCASocket(words), MToken(words), XTX(words), UKey1(words)]
  }

  /// Names of all, without their words.
  package static let names = all(RefusalTexts(chinese: \.name, english: \.name)).map(\.name)

  /// On unless switched off: the holder's own CA, and this program's own interface. The others may belong to another
  /// program that is installed.
  package static let usual = ["szca-soap", "szca-socket", "ukey"]
}

/// Makes an operation of a function's arguments, or says why it cannot.
typealias Making<Arguments> = @Sendable (Arguments) throws(Refusal) -> Operation

/// An operation, or the refusal that its making threw.
func operation(_ body: () throws(Refusal) -> Operation) -> Operation {
  do throws(Refusal) { return try body() } catch { return .refuse(error) }
}
