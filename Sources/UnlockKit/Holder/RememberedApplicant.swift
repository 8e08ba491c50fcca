internal import Base
package import Failures
internal import Glibc
internal import StrictJSON

extension StateDirectory {
  private var applicantPath: String { path + "/applicant.json" }

  /// The 经办人 remembered by an earlier request; `nil` when there is none, or the file is damaged.
  package func rememberedApplicant() -> Applicant? {
    // Written for people to read; members are taken in the order of the canonical form.
    guard let bytes = try? readFile(applicantPath, limit: 16 * 1024), let value = try? JSONValue(parsing: bytes),
      let document = try? JSONDocument(parsing: value.canonical)
    else { return nil }
    return try? Applicant(document.root, "applicant")
  }

  /// Only when the user said so. - Throws: `UK-611`.
  package func remember(_ applicant: Applicant) throws(Failure) {
    _ = try make("open")
    let bytes = Array((applicant.normalized.json.text + "\n").utf8)
    if case .failed(let error) = writeFile(bytes, to: applicantPath, overwrite: true, mode: 0o600) {
      throw Failure(.fileWrite, error)
    }
  }

  package func forgetApplicant() { unlink(applicantPath) }
}
