import COpenSSL
import Failures

/// **PUBLIC TEST KEYS. NOT SECRET.** Two RSA-2048 keys that anyone can read here; never use them for anything real.
///
/// Fixed because making an RSA-2048 key takes 50 ms to several 100 ms and the embedded demo must be ready in a few; SM2
/// keys take well under a millisecond and are made new each time. Certificates on these keys are made at run time.
enum DemoRSAKey {
  /// Signs the demo's RSA certificate.
  case authority
  /// Belongs to the demo's invented holder.
  case holder

  /// PKCS#8 `PrivateKeyInfo`, DER.
  func pkcs8() throws(Failure) -> [UInt8] {
    let text = Array((self == .authority ? Self.authorityText : Self.holderText).utf8).filter { $0 != 0x0A }
    var bytes = [UInt8](repeating: 0, count: text.count)
    let length = Int(EVP_DecodeBlock(&bytes, text, Int32(text.count)))
    // EVP_DecodeBlock counts the padding as data.
    let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
    guard length > padding else { throw opensslFailure("EVP_DecodeBlock") }
    return Array(bytes.prefix(length - padding))
  }

  private static let authorityText = """
    MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCGm3xHxSKHavPlrDb5YQn1TIsMNqyMuWeopX7Qk/ZJkRTKyUqLhVdWFsOaOuZn
    GMJHXsV8117gytPHCml0DSBhWewjDfmwdsLgy359K/EYhVbBgYKdSwUnx2lsDvjqjviOFWJ2prKCx3KFRa9ZEzbQmyL1j1Y3IpB5/Xs/G670bPnc
    8KIqHwyuojuWAV8za8rJ47BIZ7Kgg86SJNeTvr03KPGhA34amp6/sKIU8HoBrDvf4OHElHYhxG4c4XEmvir9tbPnAph3QvlaIBsTAbX8Pj1LvwA5
    Uy5Yzy69cGfX8Q3DoAdEkZ3aleyHO2J3Ej8XPMYWK/7h4dYOvXJ312bRAgMBAAECggEADJ1jYx8nR7/vCzNS/uxTBcE+d2QOUq0zeOYdlt2ETiEB
    wlQP9OMHrCKRApIKMqzq1CEeapSNKI2e6unft8eyelJ2OKjKzCNXyxUMYx2sSBXYQLqVljkddWdmSqwH3to26ACQDDo+GNcpNTKH0YC6o90jbxZC
    SFjTEmOo2mFf9Dm5ek/Tx8XPJFljUMtjQUWjH3xGTl+wPjxbqiwZznKpW8jiKIki2H5DgTADx8KlFefCKWxNNKp8/ZOqLaoHzAUzlsu0H5PTpluW
    JRXoK/qZaT7Imum8JvMquYs6oU/Y7RwTPozcg855iDKAOVG6EtSV/KQtyNkldYx7ZFcv3VCf+wKBgQC84Fekbe4hbPE+wdBcqWyQrYH9yeNkHy7m
    wuUP/Z/j5WAPB3dUbNjJpTUMhhApz4W5OM+M/iPAixZZ0fzGrDswecyvUMRmiP3rCxahUuJN0ujQqG0JBOVsZEmXLNXaEVWNDYTyZ2TYh85zbaLL
    7CMKEy08yHEamdEB/bOZ5Oxb8wKBgQC2cddu1VXKKXWXfKbwNqOEurLcC1n3qIWWJ43O25c9XSrjKnYauwcyf+D5uIo0u5SUwzYKRWTEnnQ8WTkQ
    vBcjKypUPDaZfML0UDAjYm65YlMosjM8n9XUJ3joHozxHkGffOE7ZDH1vG0aq+D8cb7JtGTMdUgWo2t7GuZWvIJ3KwKBgC835rE0ylOQ6L7HtU91
    C68fsV/BGRfus8r87kcRIOfYcCtRsoNossm2g4yd92x8dPHZQgn9fvKj0vKhjJAefq2fxYwOpQr9NH2OSBoMnobWM132vUuD7dcrOzqP+uaJbtnU
    h2gScSOwz+wLfKd+YUQjhyuq8Ju12Iqm4j+W+4ABAoGBAIE03FpM0YXrmLDhAaULPQDJ69N0YpHHElxFxOMjltdJfQ8GSkAiBjXYZK7V52LzGYXF
    PidF/9hTU4RNt+FHI6evcTnYrt5CghreE0lr83hszvH6Sdj8ZUXrcnAI+s3kHJtjqGsUSWF7wVTrNtnxgCl/DQfTY2tM7thvM4Nn24mjAoGANHoK
    XsfkAlhqO4yvmucEH97MH+X3svonmdsHgrWh/5M/Eus1r4w0pfryQ5PJgpx23pfvIr3cNCjdEoyzATR5TMcy6jozd0e8xdXrblaxh9zlGBfTyWOC
    YKvZki5kxudkWnrf477wSCqGqzcglcjgXgkAw1fN93rZ9MzdlPo4xqA=
    """

  private static let holderText = """
    MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCSBYxI1wYlTq3KsxAzSRodD5v8pgqAE3XPMeGAGXhkECgvOl4fSl7+fuhcxF15
    aPz3HAGOxE0d5xE9Mgtpuk2zcOUgoJczwEV7UoE6OhwlQKilP1nbU83nGBWCRkbt8+5sXCcojt7pmwSgBuRoIWuYuPzRryWDuP/XEbdNjA/k9tP1
    U5+msgWgBDrjPZT5yVpLJs+Pc2ZpgW2Pv2LNlcXPnDZbVP+B6aqX+dK3GF4kTzKiUrLhmGztZVNVUMJSkFL8zEZsWBSxnYJ3HlPdZ0pCnpvE8IJm
    nXw8SfyZCGeT+t0OgYpYVNwHzbGOPPcSd1KIEw3QBnjr9lql6F2AE/eDAgMBAAECggEAFuUfIXidcmdgtoHW+MOYgD/8oY4t4qD/0snWZUMZGPoI
    4vF65TBrA+pFZ+4zXcr0BubG6RSm/BjzygLjvo3DNcRuGJc1aJwtXhsJ6hBHGMwyOnQGvxiSazk1KM+jZWyJe0dZAxyg9O3PuYD7JRyVsJoorH6S
    xObSg8KNBBqsOfurieT70PMJZleph9WBghAqF2OF2NY/bJkaszonbZyvyUqyb7USVVLhjC7bjDup3OVtDjcNiBsXPCWLs/9njf3krUMxTVRmQ+Ya
    ck5cwmIOQWQ+5+CEpF8joRZh6AFufFMgfPVqgOWOAte77SXet6+q9zOL8+qxn6H8GOn2sQc24QKBgQDGoMEUl5nW9SaOxAerVJXJe2AeH9CaCNtR
    g2jxPdXD3V0/cl6vpQQN+PDx6TtbM5g/+04ne+EmDkblg5U90eoEJTQ1ITfzh20KuFmfBUXdtTuhLnwq00cdv/owrrs6BcraRPe0ccm0KqjoSK4k
    NaBIRVtBmB661b2H/Eu+BnrZMwKBgQC8MubS08vdSHlGdI3ZDBfImFy01PjmdyyCTOh39jT7XIWkS8WfSOHR5HUuwWBkpPJCV5d48OP+8xAurxV1
    CcTo4HMj8MGNbAR6n/r7fwdj8jKuaqed/+ongTglT5LZFsvhiMZUd/PLJt5HfCw6kiP7FVrVlz+n+OrLCIeZA62IcQKBgEFZfm0B+9FnUspB4KwT
    5jwl5VfD6+Ph6haFf69vQrdwS0+ml1R+nDjkoJFWxPqanQrf6bS/4zGcHONCSYXPXIkEnIqmZTwwYEXYpVPWbkglanr7SkrkvE8jbHM76cmLQlRR
    wJWTomMubegOkYzEP/nHJ+EK5YFe9T6aWWkpxJ1VAoGADrMvImKWtucVSfKKrdxq8ykrfJhyBJZkbJ0TP2OEyel1KtscSY/Iy7s7h/Zk0BeuMI5k
    73ZpaJ2Vsv/L/kNQFRyLAdCpXaGFTAq48PIAIsdlPAhqpUW7BXDrcMahYsGMFUa4rxpbeY/EpvLFBaIqm08UtEBHIZioxkkZRlNqN5ECgYB4u2Fr
    KZXSaJ/LkXoL+GaYfnjPdAt/oBgjrONxPkjd0tOhBnc4/zY3+MLCTZ/eAyq9/GWPx0sZYly6i1wOMKJRF10E+wFAUZmiY0Z56r4kdmb53CsIP65B
    ObJDAsOw63x25EVylwpO2gZqvjTWbQbqFrJqjkUtt8dCVz+wSEDQVg==
    """
}
