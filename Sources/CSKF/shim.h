#pragma once
#include <stdint.h>

// The functions of GM/T 0016-2012 as this program calls them: through pointers from dlsym, with declarations of our own.
//
// Libraries disagree on the width of ULONG and BOOL (4 or 8 bytes). By value that does not matter: an argument travels
// in a whole register, and 64 bits with the upper half zero are right for both. Results come back in the low 32 bits.
// Every output of these types is a zeroed cell of 8 bytes of which the low 4 are read: right for both on little-endian.

#if !defined(__LP64__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "written for 64-bit little-endian Linux"
#endif

typedef uint64_t *ukey_skf_cell;

static inline uint32_t ukey_skf_wait_for_dev_event(const void *f, char *name, ukey_skf_cell length, ukey_skf_cell event) {
  return ((uint32_t(*)(char *, ukey_skf_cell, ukey_skf_cell))f)(name, length, event);
}
static inline uint32_t ukey_skf_no_argument(const void *f) { return ((uint32_t(*)(void))f)(); }
static inline uint32_t ukey_skf_enum_dev(const void *f, uint64_t present, char *list, ukey_skf_cell size) {
  return ((uint32_t(*)(uint64_t, char *, ukey_skf_cell))f)(present, list, size);
}
/// SKF_ConnectDev and SKF_GetDevState: a name and a cell for the handle or the state.
static inline uint32_t ukey_skf_by_name(const void *f, const char *name, ukey_skf_cell out) {
  return ((uint32_t(*)(const char *, ukey_skf_cell))f)(name, out);
}
/// Closing functions and SKF_ClearSecureState.
static inline uint32_t ukey_skf_handle(const void *f, void *handle) { return ((uint32_t(*)(void *))f)(handle); }
/// SKF_GetDevInfo, SKF_GetContainerType: a handle and something to fill.
static inline uint32_t ukey_skf_handle_out(const void *f, void *handle, void *out) {
  return ((uint32_t(*)(void *, void *))f)(handle, out);
}
/// SKF_EnumApplication, SKF_EnumContainer.
static inline uint32_t ukey_skf_list(const void *f, void *handle, char *list, ukey_skf_cell size) {
  return ((uint32_t(*)(void *, char *, ukey_skf_cell))f)(handle, list, size);
}
/// SKF_OpenApplication, SKF_OpenContainer.
static inline uint32_t ukey_skf_open(const void *f, void *handle, const char *name, ukey_skf_cell out) {
  return ((uint32_t(*)(void *, const char *, ukey_skf_cell))f)(handle, name, out);
}
/// SKF_ExportCertificate, SKF_ExportPublicKey.
static inline uint32_t ukey_skf_export(
    const void *f, void *container, uint64_t sign, uint8_t *out, ukey_skf_cell size) {
  return ((uint32_t(*)(void *, uint64_t, uint8_t *, ukey_skf_cell))f)(container, sign, out, size);
}
static inline uint32_t ukey_skf_get_pin_info(
    const void *f, void *application, uint64_t type, ukey_skf_cell max, ukey_skf_cell left, ukey_skf_cell is_default) {
  return ((uint32_t(*)(void *, uint64_t, ukey_skf_cell, ukey_skf_cell, ukey_skf_cell))f)(
      application, type, max, left, is_default);
}
static inline uint32_t ukey_skf_verify_pin(
    const void *f, void *application, uint64_t type, const void *pin, ukey_skf_cell retry) {
  return ((uint32_t(*)(void *, uint64_t, const void *, ukey_skf_cell))f)(application, type, pin, retry);
}
static inline uint32_t ukey_skf_change_pin(
    const void *f, void *application, uint64_t type, const void *from, const void *to, ukey_skf_cell retry) {
  return ((uint32_t(*)(void *, uint64_t, const void *, const void *, ukey_skf_cell))f)(
      application, type, from, to, retry);
}
static inline uint32_t ukey_skf_unblock_pin(
    const void *f, void *application, const void *admin, const void *to, ukey_skf_cell retry) {
  return ((uint32_t(*)(void *, const void *, const void *, ukey_skf_cell))f)(application, admin, to, retry);
}
/// Longmai's two functions beside the standard: a challenge, and the answer to it made where the administrator PIN is.
static inline uint32_t ukey_skf_gen_remote_unblock_request(
    const void *f, void *application, uint8_t *random, uint64_t length) {
  return ((uint32_t(*)(void *, uint8_t *, uint64_t))f)(application, random, length);
}
static inline uint32_t ukey_skf_remote_unblock_pin(
    const void *f, void *application, const uint8_t *answer, uint64_t length, ukey_skf_cell retry) {
  return ((uint32_t(*)(void *, const uint8_t *, uint64_t, ukey_skf_cell))f)(application, answer, length, retry);
}
static inline uint32_t ukey_skf_ecc_sign(
    const void *f, void *container, const uint8_t *data, uint64_t length, uint8_t *blob) {
  return ((uint32_t(*)(void *, const uint8_t *, uint64_t, uint8_t *))f)(container, data, length, blob);
}
static inline uint32_t ukey_skf_rsa_sign(
    const void *f, void *container, const uint8_t *data, uint64_t length, uint8_t *out, ukey_skf_cell size) {
  return ((uint32_t(*)(void *, const uint8_t *, uint64_t, uint8_t *, ukey_skf_cell))f)(
      container, data, length, out, size);
}

/// SKF_DeleteContainer.
static inline uint32_t ukey_skf_delete(const void *f, void *application, const char *name) {
  return ((uint32_t(*)(void *, const char *))f)(application, name);
}
static inline uint32_t ukey_skf_gen_ecc(const void *f, void *container, uint64_t algorithm, uint8_t *blob) {
  return ((uint32_t(*)(void *, uint64_t, uint8_t *))f)(container, algorithm, blob);
}
static inline uint32_t ukey_skf_gen_rsa(const void *f, void *container, uint64_t bits, uint8_t *blob) {
  return ((uint32_t(*)(void *, uint64_t, uint8_t *))f)(container, bits, blob);
}
static inline uint32_t ukey_skf_import_ecc(const void *f, void *container, const uint8_t *blob) {
  return ((uint32_t(*)(void *, const uint8_t *))f)(container, blob);
}
static inline uint32_t ukey_skf_import_certificate(
    const void *f, void *container, uint64_t sign, const uint8_t *bytes, uint64_t length) {
  return ((uint32_t(*)(void *, uint64_t, const uint8_t *, uint64_t))f)(container, sign, bytes, length);
}
static inline uint32_t ukey_skf_import_session_key(
    const void *f, void *container, uint64_t algorithm, const uint8_t *blob, uint64_t length, ukey_skf_cell key) {
  return ((uint32_t(*)(void *, uint64_t, const uint8_t *, uint64_t, ukey_skf_cell))f)(
      container, algorithm, blob, length, key);
}
/// BLOCKCIPHERPARAM travels by value, on the stack: its size, and with it the width of ULONG, has to be the library's.
struct ukey_skf_cipher_parameters {
  uint8_t iv[32];
  uint32_t iv_length, padding, feedback;
};
struct ukey_skf_wide_cipher_parameters {
  uint8_t iv[32];
  uint64_t iv_length, padding, feedback;
};
/// Without initial vector, padding or feedback. `width`: bytes of ULONG.
static inline uint32_t ukey_skf_encrypt_init(const void *f, void *key, uint64_t width) {
  struct ukey_skf_cipher_parameters none = {{0}, 0, 0, 0};
  struct ukey_skf_wide_cipher_parameters wide = {{0}, 0, 0, 0};
  return width == 8 ? ((uint32_t(*)(void *, struct ukey_skf_wide_cipher_parameters))f)(key, wide)
                    : ((uint32_t(*)(void *, struct ukey_skf_cipher_parameters))f)(key, none);
}
static inline uint32_t ukey_skf_encrypt(
    const void *f, void *key, const uint8_t *data, uint64_t length, uint8_t *out, ukey_skf_cell size) {
  return ((uint32_t(*)(void *, const uint8_t *, uint64_t, uint8_t *, ukey_skf_cell))f)(key, data, length, out, size);
}

/// What SKF_GetFuncList gives: a version of two bytes, then the functions in the order of the standard's sections, as
/// the libraries of one maker have it; how many there are is not said.
struct ukey_skf_table {
  uint8_t major, minor;
  const void *functions[49];
};
static inline uint32_t ukey_skf_get_func_list(const void *f, struct ukey_skf_table **list) {
  return ((uint32_t(*)(struct ukey_skf_table **))f)(list);
}
static inline const void *ukey_skf_table_entry(const struct ukey_skf_table *table, unsigned index) {
  return index < sizeof table->functions / sizeof table->functions[0] ? table->functions[index] : 0;
}

// dladdr of the C library, which its header shows only to GNU sources.
struct ukey_place {
  const char *file;
  const void *base;
  const char *symbol;
  const void *address;
};
extern int ukey_dladdr(const void *address, struct ukey_place *place) __asm__("dladdr");
