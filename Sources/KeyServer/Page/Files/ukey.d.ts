// Types of ukey.js. The interface is described in Docs/key-service.md, the token in Docs/login-token.md.

export = UKey
export as namespace UKey

/** The key service of this computer. Calls connect by themselves; one that is lost is never repeated. */
declare class UKey extends EventTarget {
  constructor(options?: UKey.Options)

  /** Whether the browser lets this page reach the service. Asks nobody. */
  static permission(): Promise<UKey.Permission>
  static readonly UKeyError: typeof UKey.UKeyError

  version(): Promise<string>
  keys(): Promise<UKey.Key[]>
  certificates(choice?: { use?: 'signature' | 'encryption'; key?: string }): Promise<UKey.Certificate[]>
  /** Empty when the certificate does not have it. */
  certificateInformation(
    choice: UKey.Choice & ({ item: UKey.Item } | { oid: string })
  ): Promise<string>
  triesLeft(choice?: UKey.Choice): Promise<number>
  /** @param nonce of your server: base64, 44 to 128 characters. */
  loginToken(nonce: string, choice?: UKey.Choice): Promise<UKey.LoginToken>
  /** @returns base64. Text is signed as UTF-8. */
  sign(
    data: UKey.Data, choice?: UKey.Choice & { form?: 'detached' | 'attached' | 'bare' | 'rs' }
  ): Promise<string>
  /** @param signature base64. `certificate` (base64) for signatures that are `bare` or `rs`. */
  verify(signature: string, choice?: { data?: UKey.Data; certificate?: string }): Promise<boolean>
  /** @returns base64. */
  random(bytes: number): Promise<string>
  openPINChange(): Promise<boolean>
  /** Events `keyArrived` and `keyLeft` from now on, also after a connection broke. */
  listen(): Promise<void>
  call(name: string, members?: Record<string, unknown>): Promise<unknown>
  close(): void

  addEventListener(
    type: 'keyArrived' | 'keyLeft', listener: (event: CustomEvent<{ key: string }>) => void,
    options?: boolean | AddEventListenerOptions
  ): void
  addEventListener(
    type: 'connected' | 'disconnected', listener: (event: Event) => void,
    options?: boolean | AddEventListenerOptions
  ): void
}

declare namespace UKey {
  interface Options {
    /** Default: `http://127.0.0.1:21517`. */
    service?: string
  }

  interface Permission {
    state: 'granted' | 'prompt' | 'denied' | 'not-needed' | 'insecure' | 'unknown'
    /** What it means and what to do, in Chinese and in English. */
    message: string
    messageEN: string
  }

  interface Choice {
    /** `id` of a certificate; without it the first signature certificate of the first key. */
    certificateID?: string
  }

  type Data = string | ArrayBuffer | ArrayBufferView

  type Item =
    | 'serial' | 'issuer' | 'subject' | 'notBefore' | 'notAfter' | 'commonName' | 'organization'
    | 'organizationalUnit' | 'uscc' | 'usccSource' | 'signatureAlgorithm' | 'publicKeyAlgorithm' | 'certificate'

  interface Key {
    id: string
    label: string
    manufacturer: string
    hardwareVersion: string
    firmwareVersion: string
    family: string
  }

  interface Certificate {
    id: string
    key: string
    use: 'signature' | 'encryption'
    /** 证书所有者. */
    owner: string
    /** 统一社会信用代码 and the field of the certificate it stands in. */
    uscc?: { code: string; source: string }
    issuer: string
    serial: string
    /** Seconds since 1970-01-01 UTC. */
    notBefore: number
    notAfter: number
    algorithm: string
    /** Base64 of the DER. */
    certificate: string
  }

  interface LoginToken {
    format: 'ukey:1'
    algorithm: 'SM2-SM3' | 'RSA-SHA256' | 'ECDSA-SHA256' | 'ECDSA-SHA384'
    certificate: string
    signature: string
  }

  /**
   * `name` is stable: one of Docs/key-service.md §5, or of this script: `insecure-page`, `permission-denied`,
   * `permission-needed`, `service-unreachable`, `not-permitted`, `disconnected`, `closed`, `malformed`.
   */
  class UKeyError extends Error {
    readonly name: string
    readonly messageEN: string
    readonly triesLeft: number | null
    /** Seconds. */
    readonly retryAfter: number | null
  }
}
