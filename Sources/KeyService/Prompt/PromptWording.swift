/// The words of prompts that are text, which stand elsewhere. Lines are safe to show.
package protocol PromptWording: Sendable {
  var title: String { get }
  var pinLabel: String { get }
  var allow: String { get }
  var refuse: String { get }
  var confirm: String { get }
  var cancel: String { get }
  func lines(_ question: PermissionQuestion) -> [String]
  func lines(_ question: PINQuestion) -> [String]
  /// What is confirmed before a PIN is tried with few tries left.
  func fewTries(_ question: PINQuestion) -> [String]
}
