// Configuration, state on disk, cryptography of the conformance library.
#define _GNU_SOURCE
#include "conformance.h"
#include <fcntl.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/bn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct configuration config;

static void set(const char *key, const char *value) {
  int number = atoi(value);
#define NUMBER(name) else if (!strcmp(key, #name)) config.name = number
#define TEXT(name) else if (!strcmp(key, #name)) snprintf(config.name, sizeof config.name, "%s", value)
  if (0) {}
  NUMBER(ulong_size); NUMBER(bool_size); NUMBER(packed); NUMBER(gb18030); NUMBER(control_names);
  NUMBER(foreign_codes); NUMBER(double_hash); NUMBER(rsa_digest); NUMBER(noise); NUMBER(empty_size); NUMBER(many);
  NUMBER(no_devices); NUMBER(no_applications); NUMBER(no_containers); NUMBER(size_query); NUMBER(retry_garbage);
  NUMBER(events); NUMBER(short_reserved); NUMBER(keep_pin); NUMBER(slow_ms); NUMBER(full); TEXT(lose); TEXT(slow); TEXT(dir); TEXT(crash); TEXT(hang); TEXT(hang_after);
  TEXT(crash_after); NUMBER(key_left);
  else {
    fprintf(stderr, "conformance: unknown key %s\n", key);
    abort();
  }
}

static void read_configuration(void) {
  config.ulong_size = 4, config.bool_size = 4, config.packed = 1, config.empty_size = 1;
  const char *path = getenv("SKF_CONFORMANCE");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (!file) return;
  char line[700];
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = 0;
    char *equals = strchr(line, '=');
    if (!equals) continue;
    *equals = 0;
    set(line, equals + 1);
  }
  fclose(file);
}

static void stop_here(void) {
  for (;;) pause();
}

void enter(const char *function) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_configuration);
  char path[600];
  snprintf(path, sizeof path, "%s/calls", config.dir);
  int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log >= 0) {
    dprintf(log, "%s\n", function);
    close(log);
  }
  if (config.noise) {
    static char block[70000];
    memset(block, '#', sizeof block);
    for (int i = 1; i <= 2; i++)
      if (write(i, block, sizeof block) < 0) break;
    printf("\033[2J[%s] vendor debug output\n", function);
    fprintf(stderr, "[%s] vendor error output\n", function);
    fflush(stdout);
  }
  if (!strcmp(config.crash, function)) *(volatile int *)8 = 1;
  if (!strcmp(config.hang, function)) stop_here();
  if (!strcmp(config.slow, function)) usleep((unsigned)config.slow_ms * 1000);
}

// The codes of one software library that numbered them anew from 0x10 on.
static uint32_t foreign(uint32_t code) {
  switch (code) {
  case SAR_PIN_INCORRECT: return 0x0A000029;
  case SAR_PIN_LOCKED: return 0x0A00002A;
  case SAR_APPLICATION_NOT_EXISTS: return 0x0A000020;
  case SAR_BUFFER_TOO_SMALL: return 0x0A000011;
  case SAR_PIN_LEN_RANGE: return 0x0B000033;
  default: return code;
  }
}

uint32_t leave(const char *function, uint32_t code) {
  if (!strcmp(config.crash_after, function)) *(volatile int *)8 = 1;
  if (!strcmp(config.hang_after, function)) stop_here();
  return config.foreign_codes ? foreign(code) : code;
}

void put_ulong(void *cell, uint64_t value) {
  if (!cell) return;
  if (config.ulong_size == 8) memcpy(cell, &value, 8);
  else {
    uint32_t narrow = (uint32_t)value;
    memcpy(cell, &narrow, 4);
  }
}

uint64_t get_ulong(const void *cell) {
  uint64_t wide = 0;
  memcpy(&wide, cell, (size_t)config.ulong_size);
  return wide;
}

void put_bool(void *cell, int value) {
  uint64_t wide = (uint64_t)value;
  if (cell) memcpy(cell, &wide, (size_t)config.bool_size);
}

static FILE *open_data(const char *name, const char *mode) {
  char path[700];
  snprintf(path, sizeof path, "%s/%s", config.dir, name);
  return fopen(path, mode);
}

unsigned char *slurp(const char *name, size_t *length) {
  FILE *file = open_data(name, "rb");
  if (!file) return NULL;
  unsigned char *bytes = malloc(1 << 16);
  *length = bytes ? fread(bytes, 1, 1 << 16, file) : 0;
  fclose(file);
  return bytes;
}

int plugged(void) {
  size_t length;
  if (config.no_devices) return 0;
  unsigned char *text = slurp("plugged", &length);
  int there = text && length > 0 && text[0] == '1';
  free(text);
  return there;
}

// Nothing of a PIN stays behind in this library's own memory, so that a scan of the process speaks of its host: one buffer,
// no stdio, overwritten after use.
static char text[256];

void load_pins(struct pins *pins) {
  memset(pins, 0, sizeof *pins);
  snprintf(pins->user, sizeof pins->user, "123456");
  snprintf(pins->admin, sizeof pins->admin, "12345678");
  pins->user_left = pins->user_max = pins->admin_left = pins->admin_max = 10;
  char path[700];
  snprintf(path, sizeof path, "%s/pins", config.dir);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  if (size <= 0) abort();
  text[size] = 0;
  char *rest = text, *words[6];
  for (int i = 0; i < 6; i++)
    if (!(words[i] = strsep(&rest, " \n"))) abort();
  if (strlen(words[0]) > 64 || strlen(words[1]) > 64) abort();
  strcpy(pins->user, words[0]);
  strcpy(pins->admin, words[1]);
  pins->user_left = atoi(words[2]), pins->user_max = atoi(words[3]);
  pins->admin_left = atoi(words[4]), pins->admin_max = atoi(words[5]);
  explicit_bzero(text, sizeof text);
}

// Written beside and renamed, so that a process killed in between leaves the one state or the other.
void save_pins(const struct pins *pins) {
  char path[700], temporary[700];
  snprintf(path, sizeof path, "%s/pins", config.dir);
  snprintf(temporary, sizeof temporary, "%s/pins.%d", config.dir, (int)getpid());
  int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) abort();
  int size = snprintf(
      text, sizeof text, "%s %s %d %d %d %d\n", pins->user, pins->admin, pins->user_left, pins->user_max,
      pins->admin_left, pins->admin_max);
  if (write(file, text, (size_t)size) != size) abort();
  explicit_bzero(text, sizeof text);
  close(file);
  if (rename(temporary, path)) abort();
}

void keep(const char *pin) {
  static char kept[65];
  if (config.keep_pin) snprintf(kept, sizeof kept, "%s", pin);
}

static EVP_PKEY *load_key(const char *name) {
  FILE *file = open_data(name, "r");
  if (!file) return NULL;
  EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
  fclose(file);
  return key;
}

int sm2_sign(const char *name, const unsigned char *data, size_t length, int hash, unsigned char *r, unsigned char *s) {
  EVP_PKEY *key = load_key(name);
  if (!key) return 0;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  EVP_MD_CTX *digest = EVP_MD_CTX_new();
  unsigned char der[128];
  size_t size = sizeof der;
  int done = 0;
  if (hash) {
    static const char id[] = "1234567812345678";
    EVP_MD_CTX_set_pkey_ctx(digest, context);
    done = EVP_PKEY_CTX_set1_id(context, id, 16) > 0 && EVP_DigestSignInit(digest, NULL, EVP_sm3(), NULL, key) > 0
        && EVP_DigestSign(digest, der, &size, data, length) > 0;
  } else {
    done = EVP_PKEY_sign_init(context) > 0 && EVP_PKEY_sign(context, der, &size, data, length) > 0;
  }
  if (done) {
    const unsigned char *cursor = der;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &cursor, (long)size);
    done = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), r, 32) == 32
        && BN_bn2binpad(ECDSA_SIG_get0_s(signature), s, 32) == 32;
    ECDSA_SIG_free(signature);
  }
  EVP_MD_CTX_free(digest);
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return done;
}

int rsa_sign(
    const char *name, const unsigned char *data, size_t length, int add_info, unsigned char *signature, size_t *size) {
  EVP_PKEY *key = load_key(name);
  if (!key) return 0;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  int done = EVP_PKEY_sign_init(context) > 0 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0
      && (!add_info || EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0)
      && EVP_PKEY_sign(context, signature, size, data, length) > 0;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return done;
}
