#pragma once
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
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

/// Starts OpenSSL without reading openssl.cnf: costs time at start, and a stranger's engines or providers have no
/// business here. And without its clean-up at exit, which would pull its tables away under a thread that is still
/// reading a key. Has its effect only before any other OpenSSL call; calling it again is harmless. 1 on success.
static inline int ukey_openssl_start(void) {
  return OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
}
/// The bytes of a memory BIO; they live as long as it.
static inline long ukey_BIO_get_mem_data(BIO *b, char **data) { return BIO_get_mem_data(b, data); }
/// Name flags of `openssl x509 -text`, with characters above 7F kept as UTF-8 instead of escaped.
static inline unsigned long ukey_name_flags_utf8(void) { return XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB; }
