#pragma once
#include <dlfcn.h>
#include <openssl/ssl.h>

// libssl is opened when it is first needed: linked in, it would cost every start of the program time for the one command
// that uses it. It comes in the same package as libcrypto. Name and type of each function are those of its header, so
// that a header that says something else does not compile.

#define UKEY_TLS_FUNCTIONS(each) \
  each(TLS_client_method) each(SSL_CTX_new) each(SSL_CTX_free) each(SSL_CTX_set_default_verify_paths) each(SSL_new) \
  each(SSL_free) each(SSL_get0_param) each(SSL_set1_host) each(SSL_ctrl) each(SSL_set_fd) each(SSL_connect) \
  each(SSL_write) each(SSL_read) each(SSL_get_error) each(SSL_get_verify_result) each(SSL_get_version) \
  each(SSL_get_peer_cert_chain)

/// The functions of libssl that are used.
struct ukey_tls {
#define UKEY_DOOR(name) __typeof__(name) *_Nonnull name;
  UKEY_TLS_FUNCTIONS(UKEY_DOOR)
#undef UKEY_DOOR
};

/// Opens libssl. NULL when it is not on this machine, or has not all of these functions. To be called once: what it
/// gives stays.
static inline const struct ukey_tls *_Nullable ukey_tls_open(void) {
  static struct ukey_tls found;
  void *library = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define UKEY_FIND(name) \
  if (!(*(void **)&found.name = dlsym(library, #name))) return 0;
  UKEY_TLS_FUNCTIONS(UKEY_FIND)
#undef UKEY_FIND
  return &found;
}
