import COpenSSL
import Failures

extension TrustDirectory {
  /// Intermediates considered; keys carry one or two.
  static let intermediateLimit = 32

  /// Builds and checks the chain of `certificate` at `now` (seconds since 1970-01-01 UTC): signatures, validity, CA
  /// flags, path length, critical extensions. The purpose (extended key usage) is not asked, since one key serves
  /// many; nor is revocation.
  ///
  /// - Parameter intermediates: links from the key or elsewhere; they are not trusted by themselves.
  package func verify(_ certificate: Certificate, intermediates: [Certificate] = [], at now: Int64) -> ChainVerdict {
    if anchors.isEmpty { return .noTrustAnchors }
    do {
      let leaf = try X509Handle(der: certificate.der)
      return verify(leaf, of: certificate, intermediates: intermediates, at: now).verdict
    } catch {
      return unspecified(certificate, error)
    }
  }

  /// - Returns: also the time in which the certificates of a chain that holds are all valid.
  func verify(
    _ leaf: X509Handle, of certificate: Certificate, intermediates: [Certificate], at now: Int64
  ) -> (verdict: ChainVerdict, validity: Validity?) {
    if anchors.isEmpty { return (.noTrustAnchors, nil) }
    let links = intermediates.prefix(Self.intermediateLimit).compactMap { try? X509Handle(der: $0.der) }
    // OpenSSL borrows them until the verdict is worded.
    defer { withExtendedLifetime((leaf, links)) {} }
    do {
      let found = try OpenSSL.call("X509_verify_cert") {
        store.flatMap { verdict(on: Question(leaf: leaf, anchors: anchors, links: links, now: now), $0) }
      }
      return (found.verdict, found.validity)
    } catch {
      return (unspecified(certificate, error), nil)
    }
  }

  private func unspecified(_ certificate: Certificate, _ error: Failure) -> ChainVerdict {
    .notTrusted(.other(certificate: certificate.owner, number: Int(X509_V_ERR_UNSPECIFIED), text: error.description))
  }

  /// Issuers of one name tried after the first.
  private static let twinLimit = 8

  private struct Question {
    var leaf: X509Handle
    var anchors: [X509Handle]
    var links: [X509Handle]
    var now: Int64

    /// The same without one issuer; `nil` when no other one has its name.
    func without(_ issuer: OpaquePointer) -> Question? {
      var question = self
      question.anchors.removeAll { X509_cmp($0.pointer, issuer) == 0 }
      question.links.removeAll { X509_cmp($0.pointer, issuer) == 0 }
      let name = X509_get_subject_name(issuer)
      let hasTwin = (question.anchors + question.links).contains {
        X509_NAME_cmp(X509_get_subject_name($0.pointer), name) == 0
      }
      return hasTwin ? question : nil
    }
  }

  /// Of several issuers of one name OpenSSL takes the first that may be it, and where the certificate does not say which
  /// key signed it, that may be one with another key. The others are tried before a signature is called wrong.
  private func verdict(on question: Question, _ store: TrustStore) -> Answer? {
    // Most chains hold at the level that is asked for, and then each signature is computed once.
    guard let strict = run(question, store, level: Self.securityLevel) else { return nil }
    if strict.verdict.isTrusted { return strict }
    guard let first = run(question, store) else { return nil }
    var question = question
    var wrong = first.wrongIssuer
    for _ in 0..<Self.twinLimit {
      guard let issuer = wrong, let rest = question.without(issuer), let store = TrustStore(rest.anchors),
        let next = run(rest, store)
      else { break }
      switch next.verdict {
      case .trusted, .notTrusted(.expired), .notTrusted(.notYetValid): return next
      default: break
      }
      question = rest
      wrong = next.wrongIssuer
    }
    return first
  }

  private struct Answer {
    var verdict: ChainVerdict
    /// When a signature is wrong: by whose key.
    var wrongIssuer: OpaquePointer?
    /// When the chain holds: the time in which all of it is valid.
    var validity: Validity?
  }

  /// - Returns: `nil` when OpenSSL cannot be set up for the question.
  ///
  /// - Parameter level: OpenSSL's security level. A chain is looked at without one first: only what holds otherwise is
  ///   called weak, and what is broken keeps its own reason.
  private func run(
    _ question: Question, _ store: TrustStore, level: Int32 = 0
  ) -> Answer? {
    ERR_clear_error()
    let (leaf, links) = (question.leaf, question.links)
    guard let context = X509_STORE_CTX_new() else { return nil }
    defer { X509_STORE_CTX_free(context) }
    guard let untrusted = ukey_sk_X509_new() else { return nil }
    // Frees the list only; `links` owns the certificates and outlives it.
    defer { ukey_sk_X509_free(untrusted) }
    for link in links where ukey_sk_X509_push(untrusted, link.pointer) == 0 { return nil }
    guard X509_STORE_CTX_init(context, store.pointer, leaf.pointer, untrusted) == 1,
      let parameters = X509_STORE_CTX_get0_param(context)
    else { return nil }
    X509_VERIFY_PARAM_set_time(parameters, time_t(question.now))
    X509_VERIFY_PARAM_set_auth_level(parameters, level)
    let result = X509_verify_cert(context)
    let chain = self.chain(context)
    let number = X509_STORE_CTX_get_error(context)
    if result == 1 && number == X509_V_OK {
      let path = chain.map(subjectName)
      guard level == 0 else { return Answer(verdict: .trusted(path: path), validity: validity(chain)) }
      guard let strict = run(question, store, level: Self.securityLevel) else { return nil }
      // OpenSSL may stop at the weak link before the chain is whole; the path is that of the chain that holds.
      if case .weak(let link, _) = strict.verdict { return Answer(verdict: .weak(link, path: path)) }
      return strict
    }
    let verdict = explain(
      number, context: context, chain: chain, leaf: leaf, candidates: question.anchors + links)
    guard case .notTrusted(.signatureWrong) = verdict else { return Answer(verdict: verdict) }
    // The chain's certificates are those of the question, so this one outlives the context.
    let place = Int(X509_STORE_CTX_get_error_depth(context)) + 1
    return Answer(verdict: verdict, wrongIssuer: chain.indices.contains(place) ? chain[place] : nil)
  }

  private func validity(_ chain: [OpaquePointer]) -> Validity? {
    var common: Validity?
    for link in chain {
      guard let start = unixSeconds(X509_get0_notBefore(link)), let end = unixSeconds(X509_get0_notAfter(link)) else {
        return nil
      }
      common = Validity(
        notBefore: max(start, common?.notBefore ?? start), notAfter: min(end, common?.notAfter ?? end))
    }
    return common
  }

  private func explain(
    _ number: Int32, context: OpaquePointer, chain: [OpaquePointer], leaf: X509Handle, candidates: [X509Handle]
  ) -> ChainVerdict {
    let current = X509_STORE_CTX_get_current_cert(context) ?? chain.last ?? leaf.pointer
    let name = subjectName(current)
    switch number {
    case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL:
      return .weak(WeakLink(certificate: name, reason: .key, algorithm: keyName(current)), path: chain.map(subjectName))
    case X509_V_ERR_CA_MD_TOO_WEAK:
      let algorithm = objectName(X509_get_signature_nid(current))
      return .weak(
        WeakLink(certificate: name, reason: .digest, algorithm: algorithm), path: chain.map(subjectName))
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return missingIssuer(of: chain.last ?? current, path: chain.map(subjectName), candidates: candidates)
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return .notTrusted(.rootNotTrusted(certificate: chain.last.map(subjectName) ?? name))
    case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
      if let reason = Self.uncheckedReason() {
        return .notTrusted(.signatureUnchecked(certificate: name, reason: reason))
      }
      return .notTrusted(.signatureWrong(certificate: name))
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, X509_V_ERR_NO_ISSUER_PUBLIC_KEY:
      return .notTrusted(.issuerKeyUnusable(certificate: name))
    case X509_V_ERR_CERT_HAS_EXPIRED:
      if let time = unixSeconds(X509_get0_notAfter(current)) {
        return .notTrusted(.expired(certificate: name, notAfter: time))
      }
    case X509_V_ERR_CERT_NOT_YET_VALID:
      if let time = unixSeconds(X509_get0_notBefore(current)) {
        return .notTrusted(.notYetValid(certificate: name, notBefore: time))
      }
    case X509_V_ERR_INVALID_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return .notTrusted(.notCA(certificate: name))
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return .notTrusted(.pathTooLong(certificate: name))
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return .notTrusted(.unsupportedCriticalExtension(certificate: name, oids: unsupportedExtensions(current)))
    default: break
    }
    return .notTrusted(.other(certificate: name, number: Int(number), text: errorText(number)))
  }

  /// 112 bits of security.
  private static let securityLevel: Int32 = 2

  private func keyName(_ x509: OpaquePointer) -> String {
    guard let key = X509_get0_pubkey(x509) else { return "?" }
    return (EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "?") + " \(EVP_PKEY_get_bits(key))"
  }

  private func objectName(_ nid: Int32) -> String { OBJ_nid2ln(nid).map { String(cString: $0) } ?? "\(nid)" }

  private func errorText(_ number: Int32) -> String {
    X509_verify_cert_error_string(Int(number)).map { String(cString: $0) } ?? ""
  }

  /// Why the signature was not checked at all, for which OpenSSL has the number of a wrong one; only its queue of errors
  /// tells the two apart. `nil` when it was checked.
  private static func uncheckedReason() -> String? {
    let error = ERR_peek_error()
    let reasons = [
      ASN1_R_UNKNOWN_MESSAGE_DIGEST_ALGORITHM, ASN1_R_UNKNOWN_SIGNATURE_ALGORITHM, ASN1_R_UNKNOWN_DIGEST,
    ]
    guard ERR_GET_LIB(error) == ERR_LIB_ASN1, reasons.contains(ERR_GET_REASON(error)) else { return nil }
    return ukey_openssl_reason(error).map { String(cString: $0) } ?? "\(error)"
  }

  /// OpenSSL passes over a CA of the right name that cannot have issued it, and then says only that none was found.
  private func missingIssuer(of last: OpaquePointer, path: [String], candidates: [X509Handle]) -> ChainVerdict {
    let issuer = X509_get_issuer_name(last)
    for candidate in candidates where X509_NAME_cmp(X509_get_subject_name(candidate.pointer), issuer) == 0 {
      let name = subjectName(candidate.pointer)
      switch X509_check_issued(candidate.pointer, last) {
      case X509_V_ERR_KEYUSAGE_NO_CERTSIGN: return .notTrusted(.notCA(certificate: name))
      case X509_V_ERR_AKID_SKID_MISMATCH, X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH,
        X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH:
        return .notTrusted(.issuerDiffers(certificate: subjectName(last), issuer: name))
      case X509_V_ERR_NO_ISSUER_PUBLIC_KEY: return .notTrusted(.issuerKeyUnusable(certificate: name))
      case X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM:
        return .notTrusted(
          .signatureUnchecked(
            certificate: subjectName(last), reason: errorText(X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM)))
      default: continue
      }
    }
    return .incomplete(missingIssuer: DistinguishedName(issuer).displayName, path: path)
  }

  private func chain(_ context: OpaquePointer) -> [OpaquePointer] {
    guard let stack = X509_STORE_CTX_get0_chain(context) else { return [] }
    return (0..<ukey_sk_X509_num(stack)).compactMap { ukey_sk_X509_value(stack, $0) }
  }

  private func subjectName(_ x509: OpaquePointer) -> String {
    DistinguishedName(X509_get_subject_name(x509)).displayName
  }

  private func unsupportedExtensions(_ x509: OpaquePointer) -> [String] {
    (0..<min(X509_get_ext_count(x509), Int32(ExtensionList.limit))).compactMap { index in
      guard let entry = X509_get_ext(x509, index), X509_EXTENSION_get_critical(entry) == 1,
        X509_supported_extension(entry) == 0
      else { return nil }
      return dottedOID(X509_EXTENSION_get_object(entry))
    }
  }
}
