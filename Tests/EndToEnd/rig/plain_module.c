// A PKCS#11 module with slots that hold tokens without objects. MODULE_FLAGS: CKF_ of the tokens; MODULE_SLOTS: how many;
// MODULE_BAD_SLOT: one that cannot say what it is; MODULE_WAIT: the wait for events returns at once; MODULE_LOG: a file that
// gets the name of each function, with the length of a PIN; MODULE_FAIL: what C_Initialize returns;
// MODULE_KEYPAD: seconds that it waits for a PIN; MODULE_NAMELESS: its slots have no name.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long number;

static number setting(const char *name, number usual) {
  const char *text = getenv(name);
  return text ? strtoul(text, NULL, 0) : usual;
}

static void note(const char *function, long length) {
  const char *path = getenv("MODULE_LOG");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (!file) return;
  if (length < 0) fprintf(file, "%s\n", function);
  else fprintf(file, "%s %ld\n", function, length);
  fclose(file);
}

static void fill(unsigned char *field, size_t size, const char *text) {
  memset(field, ' ', size);
  memcpy(field, text, strlen(text));
}

static number initialize(void *arguments) {
  (void)arguments;
  number code = setting("MODULE_FAIL", 0);
  if (code) fprintf(stderr, "plain module: its daemon is not running\n");
  return code;
}

static number nothing(void) { return 0; }

static number get_info(unsigned char *info) {
  memset(info, 0, 88);
  return 0;
}

static number slot_list(unsigned char present, number *slots, number *count) {
  (void)present;
  note("C_GetSlotList", -1);
  number all = setting("MODULE_SLOTS", 1);
  if (slots && *count < all) return *count = all, 0x150;
  for (number slot = 0; slots && slot < all; slot++) slots[slot] = slot;
  *count = all;
  return 0;
}

static number slot_info(number slot, unsigned char *info) {
  char name[32];
  note("C_GetSlotInfo", -1);
  if (slot == setting("MODULE_BAD_SLOT", 99999)) return 0x05;
  memset(info, 0, 112);
  snprintf(name, sizeof name, setting("MODULE_NAMELESS", 0) ? "" : "Plain %lu", slot);
  fill(info, 64, name);
  fill(info + 64, 32, "Test");
  return 0;
}

static number token_info(number slot, unsigned char *info) {
  number flags = setting("MODULE_FLAGS", 0x408), pin[2] = {16, 4};
  char serial[17];
  note("C_GetTokenInfo", -1);
  memset(info, 0, 208);
  snprintf(serial, sizeof serial, "SERIAL%lu", slot);
  fill(info, 32, "Plain");
  fill(info + 32, 32, "Test");
  fill(info + 64, 16, "1");
  fill(info + 80, 16, serial);
  memcpy(info + 96, &flags, 8);
  memcpy(info + 136, pin, sizeof pin);
  return 0;
}

static number open_session(number slot, number flags, void *application, void *notify, number *session) {
  (void)flags, (void)application, (void)notify;
  *session = slot + 1;
  return 0;
}

// Nobody touches it.
static void keypad(void) { sleep((unsigned)setting("MODULE_KEYPAD", 0)); }

static number login(number session, number user, const char *pin, number length) {
  (void)session, (void)user;
  note("C_Login", pin ? (long)length : 0);
  keypad();
  return 0;
}

static number set_pin(number session, const char *old, number old_length, const char *new, number new_length) {
  (void)session;
  note("C_SetPIN", (old ? (long)old_length : 0) + (new ? (long)new_length : 0));
  keypad();
  return 0;
}

static number find(number session, number *objects, number room, number *count) {
  (void)session, (void)objects, (void)room;
  *count = 0;
  return 0;
}

static number wait_for_event(number flags, number *slot, void *reserved) {
  (void)flags, (void)reserved;
  note("C_WaitForSlotEvent", -1);
  *slot = 0;
  return setting("MODULE_WAIT", 0) ? 0 : 0x54;
}

static struct {
  unsigned char version[2];
  void *functions[68];
} list = {
    {2, 40},
    {[0] = initialize, [1] = nothing, [2] = get_info, [4] = slot_list, [5] = slot_info, [6] = token_info, [11] = set_pin,
     [12] = open_session, [13] = nothing, [18] = login, [19] = nothing, [26] = nothing, [27] = find, [28] = nothing,
     [67] = wait_for_event}};

number C_GetFunctionList(void **out) {
  *out = &list;
  return 0;
}
