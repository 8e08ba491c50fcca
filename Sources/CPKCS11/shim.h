#pragma once
#include <stdint.h>

// The part of PKCS#11 v2.40 (OASIS) that this program calls, with declarations of our own. On Unix structures have
// natural alignment and CK_ULONG is `unsigned long`.

typedef unsigned long ukey_ck_ulong;

/// CK_FUNCTION_LIST: a version, then 68 functions in the order of the standard.
struct ukey_ck_functions {
  uint8_t major, minor;
  const void *functions[68];
};

enum {
  UKEY_C_INITIALIZE = 0, UKEY_C_FINALIZE = 1, UKEY_C_GET_INFO = 2, UKEY_C_GET_SLOT_LIST = 4, UKEY_C_GET_SLOT_INFO = 5,
  UKEY_C_GET_TOKEN_INFO = 6, UKEY_C_GET_MECHANISM_LIST = 7, UKEY_C_INIT_PIN = 10, UKEY_C_SET_PIN = 11,
  UKEY_C_OPEN_SESSION = 12, UKEY_C_CLOSE_SESSION = 13, UKEY_C_LOGIN = 18, UKEY_C_LOGOUT = 19,
  UKEY_C_CREATE_OBJECT = 20, UKEY_C_DESTROY_OBJECT = 22, UKEY_C_GENERATE_KEY_PAIR = 59,
  UKEY_C_GET_ATTRIBUTE_VALUE = 24, UKEY_C_FIND_OBJECTS_INIT = 26, UKEY_C_FIND_OBJECTS = 27,
  UKEY_C_FIND_OBJECTS_FINAL = 28, UKEY_C_SIGN_INIT = 42, UKEY_C_SIGN = 43, UKEY_C_WAIT_FOR_SLOT_EVENT = 67
};

struct ukey_ck_attribute {
  ukey_ck_ulong type;
  void *value;
  ukey_ck_ulong length;
};

struct ukey_ck_mechanism {
  ukey_ck_ulong mechanism;
  const void *parameter;
  ukey_ck_ulong length;
};

struct ukey_ck_initialize {
  const void *create, *destroy, *lock, *unlock;
  ukey_ck_ulong flags;
  void *reserved;
};

static inline ukey_ck_ulong ukey_ck_get_function_list(const void *f, struct ukey_ck_functions **list) {
  return ((ukey_ck_ulong(*)(struct ukey_ck_functions **))f)(list);
}
static inline const void *ukey_ck_function(const struct ukey_ck_functions *list, unsigned index) {
  return index < 68 ? list->functions[index] : 0;
}
/// C_Initialize with locking by the operating system: the library may have threads, and so have we.
static inline ukey_ck_ulong ukey_ck_initialize(const void *f) {
  struct ukey_ck_initialize arguments = {0, 0, 0, 0, 2, 0};
  return ((ukey_ck_ulong(*)(void *))f)(&arguments);
}
/// C_GetInfo; C_Finalize with NULL.
static inline ukey_ck_ulong ukey_ck_pointer(const void *f, void *out) { return ((ukey_ck_ulong(*)(void *))f)(out); }
static inline ukey_ck_ulong ukey_ck_get_slot_list(
    const void *f, uint8_t present, ukey_ck_ulong *slots, ukey_ck_ulong *count) {
  return ((ukey_ck_ulong(*)(uint8_t, ukey_ck_ulong *, ukey_ck_ulong *))f)(present, slots, count);
}
/// C_GetSlotInfo, C_GetTokenInfo.
static inline ukey_ck_ulong ukey_ck_number_out(const void *f, ukey_ck_ulong number, void *out) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, void *))f)(number, out);
}
/// C_CloseSession, C_Logout, C_FindObjectsFinal.
static inline ukey_ck_ulong ukey_ck_number(const void *f, ukey_ck_ulong number) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong))f)(number);
}
static inline ukey_ck_ulong ukey_ck_get_mechanism_list(
    const void *f, ukey_ck_ulong slot, ukey_ck_ulong *list, ukey_ck_ulong *count) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, ukey_ck_ulong *, ukey_ck_ulong *))f)(slot, list, count);
}
static inline ukey_ck_ulong ukey_ck_open_session(
    const void *f, ukey_ck_ulong slot, ukey_ck_ulong flags, ukey_ck_ulong *session) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, ukey_ck_ulong, void *, void *, ukey_ck_ulong *))f)(
      slot, flags, 0, 0, session);
}
static inline ukey_ck_ulong ukey_ck_login(
    const void *f, ukey_ck_ulong session, ukey_ck_ulong user, const void *pin, ukey_ck_ulong length) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, ukey_ck_ulong, const void *, ukey_ck_ulong))f)(session, user, pin, length);
}
static inline ukey_ck_ulong ukey_ck_init_pin(
    const void *f, ukey_ck_ulong session, const void *pin, ukey_ck_ulong length) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, const void *, ukey_ck_ulong))f)(session, pin, length);
}
static inline ukey_ck_ulong ukey_ck_set_pin(
    const void *f, ukey_ck_ulong session, const void *from, ukey_ck_ulong from_length, const void *to,
    ukey_ck_ulong to_length) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, const void *, ukey_ck_ulong, const void *, ukey_ck_ulong))f)(
      session, from, from_length, to, to_length);
}
static inline ukey_ck_ulong ukey_ck_find_init(
    const void *f, ukey_ck_ulong session, struct ukey_ck_attribute *template, ukey_ck_ulong count) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, struct ukey_ck_attribute *, ukey_ck_ulong))f)(session, template, count);
}
static inline ukey_ck_ulong ukey_ck_find(
    const void *f, ukey_ck_ulong session, ukey_ck_ulong *objects, ukey_ck_ulong room, ukey_ck_ulong *count) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, ukey_ck_ulong *, ukey_ck_ulong, ukey_ck_ulong *))f)(
      session, objects, room, count);
}
static inline ukey_ck_ulong ukey_ck_get_attribute(
    const void *f, ukey_ck_ulong session, ukey_ck_ulong object, struct ukey_ck_attribute *attribute) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, ukey_ck_ulong, struct ukey_ck_attribute *, ukey_ck_ulong))f)(
      session, object, attribute, 1);
}
static inline ukey_ck_ulong ukey_ck_sign_init(
    const void *f, ukey_ck_ulong session, ukey_ck_ulong mechanism, ukey_ck_ulong key) {
  struct ukey_ck_mechanism chosen = {mechanism, 0, 0};
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, struct ukey_ck_mechanism *, ukey_ck_ulong))f)(session, &chosen, key);
}
static inline ukey_ck_ulong ukey_ck_sign(
    const void *f, ukey_ck_ulong session, const uint8_t *data, ukey_ck_ulong length, uint8_t *signature,
    ukey_ck_ulong *size) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, const uint8_t *, ukey_ck_ulong, uint8_t *, ukey_ck_ulong *))f)(
      session, data, length, signature, size);
}
static inline ukey_ck_ulong ukey_ck_create_object(
    const void *f, ukey_ck_ulong session, struct ukey_ck_attribute *attributes, ukey_ck_ulong count,
    ukey_ck_ulong *object) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, struct ukey_ck_attribute *, ukey_ck_ulong, ukey_ck_ulong *))f)(
      session, attributes, count, object);
}
static inline ukey_ck_ulong ukey_ck_destroy_object(const void *f, ukey_ck_ulong session, ukey_ck_ulong object) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, ukey_ck_ulong))f)(session, object);
}
/// The attributes of the public key, and behind them those of the private key.
static inline ukey_ck_ulong ukey_ck_generate_key_pair(
    const void *f, ukey_ck_ulong session, ukey_ck_ulong mechanism, struct ukey_ck_attribute *attributes,
    ukey_ck_ulong publicCount, ukey_ck_ulong privateCount) {
  struct ukey_ck_mechanism chosen = {mechanism, 0, 0};
  ukey_ck_ulong publicKey = 0, privateKey = 0;
  return ((ukey_ck_ulong(*)(
      ukey_ck_ulong, struct ukey_ck_mechanism *, struct ukey_ck_attribute *, ukey_ck_ulong, struct ukey_ck_attribute *,
      ukey_ck_ulong, ukey_ck_ulong *, ukey_ck_ulong *))f)(
      session, &chosen, attributes, publicCount, attributes + publicCount, privateCount, &publicKey, &privateKey);
}
static inline ukey_ck_ulong ukey_ck_wait_for_slot_event(const void *f, ukey_ck_ulong flags, ukey_ck_ulong *slot) {
  return ((ukey_ck_ulong(*)(ukey_ck_ulong, ukey_ck_ulong *, void *))f)(flags, slot, 0);
}
