extension GMProfile {
  /// All profiles known to this program. No commercial token is matched by one: how those form ChangePIN and UnblockPIN
  /// has not been seen on hardware by us, and a guess would cost the holder a try. The user may name one consciously
  /// (`--profile NAME`).
  static let all: [GMProfile] = [
    GMProfile(
      name: "A-lm",
      provenance: """
        VerifyPIN block A and big-endian integers: as published for one commercial HID token by its capture. UnblockPIN: \
        the payload of Longmai's remote unblock, byte for byte as the vendor's library V3.8 makes it; that the token takes \
        it in this command, and ChangePIN alike, is inferred. Not tried on hardware. Matched automatically only to this \
        program's own software token.
        """,
      historicalBytes: Array("UKEYDEMO".utf8), manufacturer: "UKEY DEMO A-lm", byteOrder: .big,
      pin: PINForm(authentication: .lengthPrefixed, newPIN: .measured),
      renewal: RenewalForm(
        pairLayout: .privateFirst,
        provenance: """
          CreateContainer, GenECCKeyPair and ImportCertificate: two published implementations agree. ImportECCKeyPair: \
          the order of GM/T 0016's structure, as one of them has it. Not tried on hardware.
          """)),
    GMProfile(
      name: "B-le",
      provenance: """
        Zero-filled blocks and little-endian integers: as in one published card operating system of 2015 and its host \
        library. Not tried on hardware. Matched automatically only to this program's own software token.
        """,
      historicalBytes: Array("UKEYDEMO".utf8), manufacturer: "UKEY DEMO B-le", byteOrder: .little,
      pin: PINForm(authentication: .zeroFilled, newPIN: .bare, loginBeforeUnblock: true),
      renewal: RenewalForm(
        pairLayout: .sessionFirst,
        provenance: """
          As in the same published card operating system and its host library, both of which were read; ImportECCKeyPair \
          in its order, the private key right-aligned in 64 bytes. Not tried on hardware.
          """)),
  ]

  static func named(_ name: String) -> GMProfile? {
    all.first { $0.name == name } ?? all.first { $0.name.lowercased() == name.lowercased() }
  }
}
