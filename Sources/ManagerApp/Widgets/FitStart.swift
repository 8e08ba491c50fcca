import Base
import TerminalKit

/// The end of a text in at most `width` cells, with `…` before it when it was cut.
func fitStart(_ text: String, _ width: Int) -> String {
  if textWidth(text) <= width { return text }
  guard width > 0 else { return "" }
  var view: [Unicode.Scalar] = []
  var used = 1
  for scalar in text.unicodeScalars.reversed() {
    let step = textWidth(scalar)
    if used + step > width { break }
    view.append(scalar)
    used += step
  }
  var result = String.UnicodeScalarView()
  result.append(contentsOf: view.reversed())
  return "…" + String(result)
}
