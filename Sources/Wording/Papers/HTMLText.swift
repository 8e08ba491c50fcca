import Failures

/// Text for HTML: markup escaped, invisible characters shown.
func escape(_ text: String) -> String {
  var result = ""
  for scalar in displaySafe(text).unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
