import Base
import Failures

/// Text for HTML: markup escaped, invisible characters shown.
func escape(_ text: String) -> String { markupEscaped(displaySafe(text)) }
