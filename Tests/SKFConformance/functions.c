// The exported functions. Every ULONG and BOOL by value arrives in a register, of which only the low half counts when
// the library's ULONG has 4 bytes.
#define _GNU_SOURCE
#include "conformance.h"
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { DEVICE = 0x44455600, APPLICATION = 0x41505000, CONTAINER = 0x434F4E00 };
struct handle {
  uint32_t kind;
  int which;  // container: 0 SM2, 1 RSA, 2 made by the host
  char name[65];
};
static int logged_in;
static atomic_int cancelled;

// 海泰示例 as UTF-8 and as GB18030; the same for the names below.
static const char *device_name(void) {
  if (config.control_names) return "KEY\033[2J\a1";
  return config.gb18030 ? "\xBA\xA3\xCC\xA9\xCA\xBE\xC0\xFD 1" : "海泰示例 1";
}
static const char *application_name(void) { return config.gb18030 ? "\xD3\xA6\xD3\xC3" : "应用"; }
static const char *container_name(int which) {
  if (which) return "R";  // one character: a list parser that stops at short names loses it
  return config.gb18030 ? "\xC8\xDD\xC6\xF7" "01" : "容器01";
}

static struct handle *check(void *pointer, uint32_t kind) {
  struct handle *handle = pointer;
  return handle && handle->kind == kind ? handle : NULL;
}

int is_application(void *handle) { return check(handle, APPLICATION) != NULL; }

static void open_handle(void *out, uint32_t kind, int which) {
  if (kind != CONTAINER) end_challenge();
  struct handle *handle = calloc(1, sizeof *handle);
  handle->kind = kind, handle->which = which;
  memcpy(out, &handle, sizeof handle);
}

int user_is_there(void) { return logged_in == 2; }

int open_made(const char *name, void *out) {
  struct handle *handle;
  open_handle(out, CONTAINER, 2);
  memcpy(&handle, out, sizeof handle);
  strcpy(handle->name, name);
  return 1;
}

const char *made_name(void *pointer) {
  struct handle *handle = check(pointer, CONTAINER);
  return handle && handle->which == 2 ? handle->name : NULL;
}

int delete_first(const char *name) {
  char path[700];
  if (strcmp(name, container_name(0))) return 0;
  snprintf(path, sizeof path, "%s/sm2-sign.der", config.dir);
  return unlink(path) == 0;
}

static uint32_t close_handle(void *pointer, uint32_t kind) {
  struct handle *handle = check(pointer, kind);
  if (!handle) return SAR_INVALIDHANDLEERR;
  if (kind != CONTAINER) end_challenge();
  handle->kind = 0;
  free(handle);
  return SAR_OK;
}

// Answers a variable-size output by the rules of the standard, or with a wrong size query.
static uint32_t give(const void *bytes, size_t length, void *out, void *size) {
  if (!out) {
    put_ulong(size, config.size_query == 1 ? 0xFFFFFFC2u : config.size_query == 2 ? 512 : length);
    return SAR_OK;
  }
  if (get_ulong(size) < length) {
    put_ulong(size, length);
    return SAR_BUFFER_TOO_SMALL;
  }
  memcpy(out, bytes, length);
  put_ulong(size, length);
  return SAR_OK;
}

static uint32_t give_list(const char *const *names, void *out, void *size) {
  char list[4096] = {0};
  size_t used = 0;
  for (; *names; names++) {
    size_t length = strlen(*names) + 1;
    memcpy(list + used, *names, length);
    used += length;
  }
  return give(list, used ? used + 1 : (size_t)config.empty_size, out, size);
}

// 64 names: more than any key has.
static uint32_t give_many(char letter, void *out, void *size) {
  char list[64 * 4 + 1] = {0};
  for (int i = 0; i < 64; i++) {
    char *name = list + 4 * i;
    name[0] = letter, name[1] = (char)('0' + i / 10), name[2] = (char)('0' + i % 10);
  }
  return give(list, sizeof list, out, size);
}

uint32_t SKF_WaitForDevEvent(char *name, void *length, void *event) {
  enter(__func__);
  if (!config.events) return leave(__func__, SAR_NOTSUPPORTYETERR);
  atomic_store(&cancelled, 0);
  int before = plugged(), watch = inotify_init1(IN_CLOEXEC);
  inotify_add_watch(watch, config.dir, IN_CLOSE_WRITE | IN_MOVED_TO);
  while (plugged() == before) {
    struct pollfd waiting = {watch, POLLIN, 0};
    char events[4096];
    if (poll(&waiting, 1, 100) > 0 && read(watch, events, sizeof events) < 0) break;
    if (atomic_load(&cancelled)) {
      close(watch);
      return leave(__func__, SAR_NOT_EVENTERR);
    }
  }
  close(watch);
  size_t needed = strlen(device_name()) + 1;
  if (get_ulong(length) < needed) return leave(__func__, SAR_BUFFER_TOO_SMALL);
  memcpy(name, device_name(), needed);
  put_ulong(length, needed);
  put_ulong(event, before ? 2 : 1);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_CancelWaitForDevEvent(void) {
  enter(__func__);
  atomic_store(&cancelled, 1);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_EnumDev(uint64_t present, char *list, void *size) {
  enter(__func__);
  (void)present;
  const char *names[] = {plugged() ? device_name() : NULL, NULL};
  return leave(__func__, give_list(names, list, size));
}

uint32_t SKF_ConnectDev(const char *name, void *handle) {
  enter(__func__);
  if (!plugged() || strcmp(name, device_name())) return leave(__func__, SAR_DEVICE_REMOVED);
  open_handle(handle, DEVICE, 0);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_DisConnectDev(void *device) {
  enter(__func__);
  return leave(__func__, close_handle(device, DEVICE));
}

uint32_t SKF_GetDevState(const char *name, void *state) {
  enter(__func__);
  put_ulong(state, plugged() && !strcmp(name, device_name()));
  return leave(__func__, SAR_OK);
}

uint32_t SKF_GetDevInfo(void *device, unsigned char *info) {
  enter(__func__);
  if (!check(device, DEVICE)) return leave(__func__, SAR_INVALIDHANDLEERR);
  // Version, Manufacturer, Issuer, Label, SerialNumber, HWVersion, FirmwareVersion: bytes only, so without padding.
  memset(info, 0, 198);
  info[0] = 1;
  strcpy((char *)info + 2, config.gb18030 ? "\xCA\xBE\xC0\xFD\xB3\xA7\xC9\xCC" : "示例厂商");
  strcpy((char *)info + 66, "SZCA TEST");
  strcpy((char *)info + 130, "CONFORMANCE");
  strcpy((char *)info + 162, "SKF-00412");
  info[194] = 2, info[195] = 1, info[196] = 3, info[197] = 4;
  static const uint32_t numbers[8] = {0x00000401, 0x00030000, 0x00000007, 0x00000401, 65536, 32768, 2048, 4096};
  size_t offset = 198, width = (size_t)config.ulong_size;
  if (!config.packed) offset = (offset + width - 1) / width * width;
  for (int i = 0; i < 8; i++, offset += width) put_ulong(info + offset, numbers[i]);
  if (!config.short_reserved) {
    memset(info + offset, 0, 64);
    offset += 64;
    // Natural alignment also pads the end of the structure; a copy of the whole writes that too.
    if (!config.packed && offset % width) memset(info + offset, 0, width - offset % width);
  }
  return leave(__func__, SAR_OK);
}

uint32_t SKF_EnumApplication(void *device, char *list, void *size) {
  enter(__func__);
  if (!check(device, DEVICE)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (config.many) return leave(__func__, give_many('A', list, size));
  const char *names[] = {config.no_applications ? NULL : application_name(), NULL};
  return leave(__func__, give_list(names, list, size));
}

uint32_t SKF_OpenApplication(void *device, const char *name, void *handle) {
  enter(__func__);
  if (!check(device, DEVICE)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (!config.many && strcmp(name, application_name())) return leave(__func__, SAR_APPLICATION_NOT_EXISTS);
  open_handle(handle, APPLICATION, 0);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_CloseApplication(void *application) {
  enter(__func__);
  return leave(__func__, close_handle(application, APPLICATION));
}

uint32_t SKF_GetPINInfo(void *application, uint64_t type, void *max, void *remain, void *is_default) {
  enter(__func__);
  struct pins pins;
  if (!check(application, APPLICATION)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if ((uint32_t)type > 1) return leave(__func__, SAR_USER_TYPE_INVALID);
  load_pins(&pins);
  int user = (uint32_t)type == 1;
  put_ulong(max, (uint64_t)(user ? pins.user_max : pins.admin_max));
  put_ulong(remain, (uint64_t)(user ? pins.user_left : pins.admin_left));
  put_bool(is_default, user ? !strcmp(pins.user, "123456") : !strcmp(pins.admin, "12345678"));
  explicit_bzero(&pins, sizeof pins);
  return leave(__func__, SAR_OK);
}

// Counts before it compares: a process killed between the two has used the try.
static uint32_t compare(struct pins *pins, uint32_t type, const char *pin, void *retry) {
  load_pins(pins);
  int *left = type == 1 ? &pins->user_left : &pins->admin_left;
  int max = type == 1 ? pins->user_max : pins->admin_max;
  if (*left <= 0) return SAR_PIN_LOCKED;
  *left -= 1;
  save_pins(pins);
  if (strcmp(pin, type == 1 ? pins->user : pins->admin)) {
    put_ulong(retry, (uint64_t)*left);
    return *left ? SAR_PIN_INCORRECT : SAR_PIN_LOCKED;
  }
  *left = max;
  save_pins(pins);
  if (config.retry_garbage) put_ulong(retry, 0xDEADBEEF);
  return SAR_OK;
}

static uint32_t try_pin(uint32_t type, const char *pin, void *retry) {
  struct pins pins;
  uint32_t code = compare(&pins, type, pin, retry);
  explicit_bzero(&pins, sizeof pins);
  keep(pin);
  return code;
}

uint32_t SKF_VerifyPIN(void *application, uint64_t type, const char *pin, void *retry) {
  enter(__func__);
  if (!check(application, APPLICATION)) return leave(__func__, SAR_INVALIDHANDLEERR);
  uint32_t code = try_pin((uint32_t)type, pin, retry);
  if (code == SAR_OK) logged_in = (int)(uint32_t)type + 1;
  return leave(__func__, code);
}

uint32_t SKF_ChangePIN(void *application, uint64_t type, const char *old_pin, const char *new_pin, void *retry) {
  enter(__func__);
  if (!check(application, APPLICATION)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (strlen(new_pin) < 6 || strlen(new_pin) > 16) return leave(__func__, SAR_PIN_LEN_RANGE);
  uint32_t code = try_pin((uint32_t)type, old_pin, retry);
  if (code == SAR_OK) {
    struct pins pins;
    load_pins(&pins);
    strcpy((uint32_t)type == 1 ? pins.user : pins.admin, new_pin);
    save_pins(&pins);
    explicit_bzero(&pins, sizeof pins);
  }
  return leave(__func__, code);
}

uint32_t SKF_UnblockPIN(void *application, const char *admin_pin, const char *new_pin, void *retry) {
  enter(__func__);
  if (!check(application, APPLICATION)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (strlen(new_pin) < 6 || strlen(new_pin) > 16) return leave(__func__, SAR_PIN_LEN_RANGE);
  uint32_t code = try_pin(0, admin_pin, retry);
  if (code == SAR_OK) {
    struct pins pins;
    load_pins(&pins);
    strcpy(pins.user, new_pin);
    pins.user_left = pins.user_max;
    save_pins(&pins);
    explicit_bzero(&pins, sizeof pins);
  }
  return leave(__func__, code);
}

uint32_t SKF_ClearSecureState(void *application) {
  enter(__func__);
  if (!check(application, APPLICATION)) return leave(__func__, SAR_INVALIDHANDLEERR);
  logged_in = 0;
  return leave(__func__, SAR_OK);
}

static int has_key(int which) {
  size_t length;
  unsigned char *bytes = slurp(which ? "rsa-sign.der" : "sm2-sign.der", &length);
  free(bytes);
  return bytes != NULL;
}

uint32_t SKF_EnumContainer(void *application, char *list, void *size) {
  enter(__func__);
  if (!check(application, APPLICATION)) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (config.many) return leave(__func__, give_many('C', list, size));
  const char *names[40] = {NULL};
  static char made[32][65];
  int count = 0;
  for (int which = 1; which >= 0 && !config.no_containers; which--)
    if (has_key(which)) names[count++] = container_name(which);
  for (int i = 0, all = config.no_containers ? 0 : list_made(made, 32); i < all; i++) names[count++] = made[i];
  return leave(__func__, give_list(names, list, size));
}

uint32_t SKF_OpenContainer(void *application, const char *name, void *handle) {
  enter(__func__);
  if (!check(application, APPLICATION)) return leave(__func__, SAR_INVALIDHANDLEERR);
  for (int which = 0; which < 2; which++) {
    if ((!config.many && strcmp(name, container_name(which))) || !has_key(which)) continue;
    open_handle(handle, CONTAINER, which);
    return leave(__func__, SAR_OK);
  }
  if (strlen(name) < 65 && is_made(name) && open_made(name, handle)) return leave(__func__, SAR_OK);
  return leave(__func__, SAR_INVALIDPARAMERR);
}

uint32_t SKF_CloseContainer(void *container) {
  enter(__func__);
  return leave(__func__, close_handle(container, CONTAINER));
}

uint32_t SKF_GetContainerType(void *container, void *type) {
  enter(__func__);
  struct handle *handle = check(container, CONTAINER);
  if (!handle) return leave(__func__, SAR_INVALIDHANDLEERR);
  unsigned char point[64], blob[280];
  put_ulong(
      type, handle->which != 2 ? handle->which ? 1 : 2
          : made_point(handle->name, 1, point) ? 2 : made_rsa(handle->name, 1, blob) ? 1 : 0);
  return leave(__func__, SAR_OK);
}

uint32_t SKF_ExportCertificate(void *container, uint64_t sign, unsigned char *out, void *size) {
  enter(__func__);
  struct handle *handle = check(container, CONTAINER);
  if (!handle) return leave(__func__, SAR_INVALIDHANDLEERR);
  static const char *const names[2][2] = {{"sm2-enc.der", "sm2-sign.der"}, {"rsa-enc.der", "rsa-sign.der"}};
  size_t length;
  unsigned char *bytes = handle->which == 2
      ? made_certificate(handle->name, (uint32_t)sign != 0, &length)
      : slurp(names[handle->which][(uint32_t)sign != 0], &length);
  if (!bytes) return leave(__func__, SAR_CERTNOTFOUNTERR);
  if ((size_t)config.many > length) {
    memset(bytes + length, 0, (size_t)config.many - length);
    length = (size_t)config.many;
  }
  uint32_t code = give(bytes, length, out, size);
  free(bytes);
  return leave(__func__, code);
}

uint32_t SKF_ExportPublicKey(void *container, uint64_t sign, unsigned char *blob, void *size) {
  enter(__func__);
  struct handle *handle = check(container, CONTAINER);
  if (!handle) return leave(__func__, SAR_INVALIDHANDLEERR);
  static const unsigned char nothing[280];
  size_t width = (size_t)config.ulong_size;
  if (handle->which == 2) {
    unsigned char made[280] = {0}, point[64];
    size_t size_of_rsa = made_rsa(handle->name, (uint32_t)sign != 0, made);
    if (size_of_rsa) return leave(__func__, give(made, size_of_rsa, blob, size));
    if (!made_point(handle->name, (uint32_t)sign != 0, point)) return leave(__func__, SAR_KEYNOTFOUNTERR);
    put_ulong(made, 256);
    memcpy(made + width + 32, point, 32), memcpy(made + width + 96, point + 32, 32);
    return leave(__func__, give(made, width + 128, blob, size));
  }
  size_t length = handle->which ? (width == 4 ? 268 : config.packed ? 276 : 280) : width + 128;
  return leave(__func__, give(nothing, length, blob, size));
}

uint32_t SKF_ECCSignData(void *container, const unsigned char *data, uint64_t length, unsigned char *blob) {
  enter(__func__);
  struct handle *handle = check(container, CONTAINER);
  if (!handle) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (logged_in != 2) return leave(__func__, SAR_USER_NOT_LOGGED_IN);
  unsigned char point[64];
  if (handle->which == 1 || (handle->which == 2 && !made_point(handle->name, 1, point)))
    return leave(__func__, SAR_KEYNOTFOUNTERR);
  const char *file = handle->which == 2 ? made_key_file(handle->name) : "sm2-sign.key";
  if (!config.double_hash && (uint32_t)length != 32) return leave(__func__, SAR_INDATALENERR);
  memset(blob, 0, 128);
  int done = sm2_sign(file, data, (uint32_t)length, config.double_hash, blob + 32, blob + 96);
  return leave(__func__, done ? SAR_OK : SAR_FAIL);
}

uint32_t SKF_RSASignData(void *container, const unsigned char *data, uint64_t length, unsigned char *out, void *size) {
  enter(__func__);
  struct handle *handle = check(container, CONTAINER);
  if (!handle) return leave(__func__, SAR_INVALIDHANDLEERR);
  if (logged_in != 2) return leave(__func__, SAR_USER_NOT_LOGGED_IN);
  unsigned char blob[280];
  if (handle->which == 0 || (handle->which == 2 && !made_rsa(handle->name, 1, blob)))
    return leave(__func__, SAR_KEYNOTFOUNTERR);
  const char *file = handle->which == 2 ? made_key_file(handle->name) : "rsa-sign.key";
  if (!out) return leave(__func__, give("", 256, NULL, size));
  if (config.rsa_digest && (uint32_t)length != 32) return leave(__func__, SAR_INDATALENERR);
  unsigned char signature[512];
  size_t made = sizeof signature;
  if (!rsa_sign(file, data, (uint32_t)length, config.rsa_digest, signature, &made))
    return leave(__func__, SAR_FAIL);
  return leave(__func__, give(signature, made, out, size));
}

// The table of libraries that export nothing else: a version, then the functions in the order of the standard's
// sections. Entries of functions that this library lacks are NULL.
static struct {
  unsigned char major, minor;
  void *functions[76];
} table;

uint32_t SKF_GetFuncList(void **list) {
  table.major = 1;
  void **f = table.functions;
  f[0] = SKF_WaitForDevEvent, f[1] = SKF_CancelWaitForDevEvent, f[2] = SKF_EnumDev, f[3] = SKF_ConnectDev;
  f[4] = SKF_DisConnectDev, f[5] = SKF_GetDevState, f[7] = SKF_GetDevInfo, f[13] = SKF_ChangePIN;
  f[14] = SKF_GetPINInfo, f[15] = SKF_VerifyPIN, f[16] = SKF_UnblockPIN, f[17] = SKF_ClearSecureState;
  f[19] = SKF_EnumApplication, f[21] = SKF_OpenApplication, f[22] = SKF_CloseApplication, f[31] = SKF_OpenContainer;
  f[32] = SKF_CloseContainer, f[33] = SKF_EnumContainer, f[34] = SKF_GetContainerType, f[36] = SKF_ExportCertificate;
  f[41] = SKF_RSASignData, f[48] = SKF_ECCSignData;
  *list = &table;
  return SAR_OK;
}
