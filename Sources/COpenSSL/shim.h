#pragma once
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Macros and macro-typed stacks that Swift cannot see, as functions.
static inline int ukey_sk_X509_num(const STACK_OF(X509) *s) { return sk_X509_num(s); }
static inline X509 *ukey_sk_X509_value(const STACK_OF(X509) *s, int i) { return sk_X509_value(s, i); }
static inline STACK_OF(X509) *ukey_sk_X509_new(void) { return sk_X509_new_null(); }
static inline int ukey_sk_X509_push(STACK_OF(X509) *s, X509 *x) { return sk_X509_push(s, x); }
/// Frees the stack, not the certificates in it.
static inline void ukey_sk_X509_free(STACK_OF(X509) *s) { sk_X509_free(s); }
static inline void ukey_OPENSSL_free(void *p) { OPENSSL_free(p); }

/// Starts OpenSSL. Has its effect only before any other OpenSSL call; calling it again is harmless. 1 on success.
///
/// Without reading openssl.cnf: it costs time at start, and a stranger's engines or providers have no business here.
/// Without its clean-up at exit, which would pull its tables away under a thread that is still reading a key. Without
/// its sentences for errors (a tenth of what a status takes): `ukey_openssl_reason` loads them when one is wanted. Without
/// its list of all algorithms by name (half a millisecond): what this program computes with it names by function. Only
/// the digests of certificates' signatures are listed (all that the default provider has and OpenSSL knows signatures
/// with), and at once: signing and checking certificates looks them up, one that is missing is taken for a wrong
/// signature, and a digest that is fetched before it is listed keeps no number for the whole life of the process.
static inline int ukey_openssl_start(void) {
  if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS
                              | OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS, NULL) != 1)
    return 0;
  // The one listed last tells that all are. Asked of the list itself: EVP_get_digestbyname has side effects.
  if (OBJ_NAME_get(SN_sm3, OBJ_NAME_TYPE_MD_METH)) return 1;
  return EVP_add_digest(EVP_md5()) && EVP_add_digest(EVP_ripemd160()) && EVP_add_digest(EVP_sha1())
         && EVP_add_digest(EVP_sha224()) && EVP_add_digest(EVP_sha256()) && EVP_add_digest(EVP_sha384())
         && EVP_add_digest(EVP_sha512()) && EVP_add_digest(EVP_sha512_224()) && EVP_add_digest(EVP_sha512_256())
         && EVP_add_digest(EVP_sha3_224()) && EVP_add_digest(EVP_sha3_256()) && EVP_add_digest(EVP_sha3_384())
         && EVP_add_digest(EVP_sha3_512()) && EVP_add_digest(EVP_sm3());
}
/// OpenSSL's sentence for an error, to be shown; NULL when it has none. The one way to it: OpenSSL's own function has none
/// before these lists are loaded. Any thread.
///
/// The functions that load the sentences of one part of libcrypto are called deprecated because OpenSSL loads all by itself,
/// which `ukey_openssl_start` forbids.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static inline const char *ukey_openssl_reason(unsigned long error) {
  ERR_load_ERR_strings();
  ERR_load_ASN1_strings();
  ERR_load_BIO_strings();
  ERR_load_BN_strings();
  ERR_load_CRYPTO_strings();
  ERR_load_EC_strings();
  ERR_load_EVP_strings();
  ERR_load_RSA_strings();
  ERR_load_X509_strings();
  return ERR_reason_error_string(error);
}
#pragma GCC diagnostic pop
/// A library context in which no algorithm is to be had: certificates parsed in it keep their public keys as bytes, for
/// loading which OpenSSL would collect all its decoders. NULL when there is no memory.
static inline OSSL_LIB_CTX *ukey_openssl_keyless(void) {
  OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
  // Without a provider of its own a context would load the default one by itself.
  if (context && !OSSL_PROVIDER_load(context, "null")) {
    OSSL_LIB_CTX_free(context);
    return NULL;
  }
  return context;
}
/// The bytes of a memory BIO; they live as long as it.
static inline long ukey_BIO_get_mem_data(BIO *b, char **data) { return BIO_get_mem_data(b, data); }
/// Name flags of `openssl x509 -text`, with characters above 7F kept as UTF-8 instead of escaped.
static inline unsigned long ukey_name_flags_utf8(void) { return XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB; }
/// Derives a key from a password by scrypt (RFC 7914). 1 on success. At most `memory` bytes are taken for it.
static inline int ukey_scrypt(const unsigned char *password, size_t password_length, const unsigned char *salt,
                              size_t salt_length, uint64_t n, uint32_t r, uint32_t p, uint64_t memory, unsigned char *out,
                              size_t out_length) {
  EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
  EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
  EVP_KDF_free(kdf);
  if (!context) return 0;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, (void *)password, password_length),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, salt_length),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end()};
  int done = EVP_KDF_derive(context, out, out_length, parameters);
  EVP_KDF_CTX_free(context);
  return done == 1;
}
/// Writes a private key under a passphrase as `openssl pkcs8 -topk8 -scrypt` does: PKCS#8 in PEM, PBES2 with scrypt
/// (RFC 7914, RFC 8018; N = 16384, r = 8, p = 5) and AES-256-CBC. 1 on success.
static inline int ukey_write_sealed_key(BIO *to, EVP_PKEY *key, const char *passphrase, int length) {
  PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(key);
  X509_ALGOR *scheme = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 16, NULL, 16384, 8, 5);
  X509_SIG *sealed = plain && scheme ? PKCS8_set0_pbe(passphrase, length, plain, scheme) : NULL;
  // It has the scheme now, or never took it.
  if (!sealed) X509_ALGOR_free(scheme);
  int done = sealed && PEM_write_bio_PKCS8(to, sealed);
  X509_SIG_free(sealed);
  PKCS8_PRIV_KEY_INFO_free(plain);
  return done == 1;
}
