internal import Failures

/// The text of a name, made safe to show.
package func displaySafe(_ name: TokenName) -> String { displaySafe(name.text) }
