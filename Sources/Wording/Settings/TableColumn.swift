/// A column of the window's table, as settings name it; the owner always stands before them.
package enum TableColumn: String, Sendable, CaseIterable {
  case use
  case ends
  case left
  case pin
  case key
  case code
  case issuer
}
