// SoftHSM2 with a fault in the middle. MODULE_FAULT names a file with the name of a function and what goes wrong there:
//   crash, crash-after   the process ends before the function does its work, or after it
//   hang-after           it does its work and never returns
//   gone, gone-after     the token is pulled before or after it: CKR_DEVICE_REMOVED from then on
//   lose                 reported as done, and not done
//   full                 CKR_DEVICE_MEMORY
// MODULE_LOG: a file that gets the name of each of these functions. REAL: the module, given when this is compiled.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long number;
enum { FUNCTIONS = 68, DEVICE_MEMORY = 0x31, DEVICE_REMOVED = 0x32 };
// CK_FUNCTION_LIST of PKCS#11 v2.40: the version, then the functions in the order of its section 5.
struct list {
  unsigned char version[8];
  void *functions[FUNCTIONS];
};
static struct list own, *real;
static int is_gone;

static int told(const char *function, const char *fault) {
  const char *path = getenv("MODULE_FAULT");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (!file) return 0;
  char at[64] = "", what[32] = "";
  int found = fscanf(file, "%63s %31s", at, what) == 2 && !strcmp(at, function) && !strcmp(what, fault);
  fclose(file);
  return found;
}

static void note(const char *function) {
  const char *path = getenv("MODULE_LOG");
  FILE *file = path ? fopen(path, "a") : NULL;
  if (!file) return;
  fprintf(file, "%s\n", function);
  fclose(file);
}

// What stops the function before it begins; 0: nothing.
static number before(const char *function) {
  note(function);
  if (told(function, "crash")) *(volatile int *)8 = 1;
  if (told(function, "gone")) is_gone = 1;
  if (is_gone) return DEVICE_REMOVED;
  return told(function, "full") ? DEVICE_MEMORY : 0;
}

static number after(const char *function, number code) {
  if (told(function, "crash-after")) *(volatile int *)8 = 1;
  while (told(function, "hang-after")) pause();
  if (told(function, "gone-after")) is_gone = 1;
  return is_gone ? DEVICE_REMOVED : code;
}

#define FUNCTION(index, name, parameters, arguments)                                    \
  static number name parameters {                                                       \
    number code = before("C_" #name);                                                   \
    if (code) return code;                                                              \
    if (told("C_" #name, "lose")) return 0;                                             \
    return after("C_" #name, ((number(*) parameters)real->functions[index]) arguments); \
  }

FUNCTION(6, GetTokenInfo, (number slot, void *info), (slot, info))
FUNCTION(12, OpenSession, (number slot, number flags, void *a, void *b, number *out), (slot, flags, a, b, out))
FUNCTION(20, CreateObject, (number session, void *list, number count, number *out), (session, list, count, out))
FUNCTION(22, DestroyObject, (number session, number object), (session, object))
FUNCTION(24, GetAttributeValue, (number session, number object, void *list, number count), (session, object, list, count))
FUNCTION(26, FindObjectsInit, (number session, void *list, number count), (session, list, count))
FUNCTION(42, SignInit, (number session, void *mechanism, number key), (session, mechanism, key))
FUNCTION(43, Sign, (number session, void *data, number size, void *out, number *length), (session, data, size, out, length))
FUNCTION(
    59, GenerateKeyPair,
    (number session, void *mechanism, void *a, number m, void *b, number n, number *x, number *y),
    (session, mechanism, a, m, b, n, x, y))

number C_GetFunctionList(struct list **out) {
  void *library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
  number (*get)(struct list **) = library ? (number(*)(struct list **))dlsym(library, "C_GetFunctionList") : NULL;
  if (!get) return 0x06;
  number code = get(&real);
  if (code) return code;
  own = *real;
  own.functions[6] = GetTokenInfo, own.functions[12] = OpenSession, own.functions[20] = CreateObject;
  own.functions[22] = DestroyObject, own.functions[24] = GetAttributeValue, own.functions[26] = FindObjectsInit;
  own.functions[42] = SignInit, own.functions[43] = Sign, own.functions[59] = GenerateKeyPair;
  *out = &own;
  return 0;
}
