/// Why something was refused, in words that a page may show. The words stand elsewhere.
package struct RefusalTexts: Sendable {
  package var chinese: @Sendable (Refusal) -> String
  package var english: @Sendable (Refusal) -> String

  package init(chinese: @escaping @Sendable (Refusal) -> String, english: @escaping @Sendable (Refusal) -> String) {
    self.chinese = chinese
    self.english = english
  }

  /// Chinese and English; empty for no refusal.
  func both(_ refusal: Refusal?) -> String { refusal.map { chinese($0) + " / " + english($0) } ?? "" }
}
