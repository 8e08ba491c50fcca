// A software SKF library (GM/T 0016-2012) for the tests, with the peculiarities of real ones switched on by a file.
//
// Written from the standard's tables and from observations of vendor libraries; shares no line with the driver under
// test, so that a mistake there cannot agree with itself here. Real SM2, SM3 and RSA by libcrypto.
//
// SKF_CONFORMANCE names the configuration: lines `key=value`. See read_configuration() for the keys.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define SAR_OK 0x00000000u
#define SAR_FAIL 0x0A000001u
#define SAR_NOTSUPPORTYETERR 0x0A000003u
#define SAR_NOT_INITIALIZED 0x0A00000Cu
#define SAR_INVALIDHANDLEERR 0x0A000005u
#define SAR_INVALIDPARAMERR 0x0A000006u
#define SAR_INDATALENERR 0x0A000010u
#define SAR_INDATAERR 0x0A000011u
#define SAR_KEYNOTFOUNTERR 0x0A00001Bu
#define SAR_CERTNOTFOUNTERR 0x0A00001Cu
#define SAR_BUFFER_TOO_SMALL 0x0A000020u
#define SAR_NOT_EVENTERR 0x0A000022u
#define SAR_DEVICE_REMOVED 0x0A000023u
#define SAR_PIN_INCORRECT 0x0A000024u
#define SAR_PIN_LOCKED 0x0A000025u
#define SAR_PIN_LEN_RANGE 0x0A000027u
#define SAR_USER_TYPE_INVALID 0x0A00002Au
#define SAR_USER_NOT_LOGGED_IN 0x0A00002Du
#define SAR_NO_ROOM 0x0A000030u
#define SAR_APPLICATION_NOT_EXISTS 0x0A00002Eu

struct configuration {
  char dir[512];           // certificates, keys, PIN state, call log
  int ulong_size;          // 4 or 8
  int bool_size;           // 4 or 8
  int packed;              // 1: pack(1); 0: natural alignment
  int gb18030;             // names in GB18030 instead of UTF-8
  int control_names;       // names with escape sequences
  int foreign_codes;       // SAR codes of another library's table
  int double_hash;         // ECCSignData computes SM3(Z || data) itself
  int rsa_digest;          // RSASignData adds the DigestInfo itself
  int noise;               // prints to stdout and stderr, much of it
  int empty_size;          // size of an empty list: 0, 1 or 2
  int many;                // 64 applications of 64 containers each, whose certificates are filled up to so many bytes
  int no_devices, no_applications, no_containers;
  int size_query;          // 0 right, 1: 0xFFFFFFC2, 2: always 512
  int retry_garbage;       // the retry cell is written with nonsense on success
  int events;              // 0: SAR_NOTSUPPORTYETERR; 1: WaitForDevEvent waits for a change of `plugged`
  int short_reserved;      // GetDevInfo leaves Reserved alone
  int keep_pin;            // keeps a copy of the last PIN in its memory, as libraries that wipe nothing do
  char crash[64], hang[64];// function that crashes, hangs
  char slow[64];           // function that takes so many milliseconds before it begins
  int slow_ms;
  int full;                // no container can be made
  char lose[16];           // files with this in their names are reported as stored and are not
  char hang_after[64];     // function that does its work, writes it down, and then hangs
  char crash_after[64];    // function that does its work, writes it down, and then crashes
  int key_left;            // ImportECCKeyPair takes the first half of the field with the private key
};

extern struct configuration config;

/// Reads the configuration once, makes noise, logs the call, crashes or hangs as told.
void enter(const char *function);
/// Hangs when told to hang after this function; gives the code as this library spells it.
uint32_t leave(const char *function, uint32_t code);
void put_ulong(void *cell, uint64_t value);
uint64_t get_ulong(const void *cell);
void put_bool(void *cell, int value);
/// Reads DIR/name whole; NULL when it is not there. Free it.
unsigned char *slurp(const char *name, size_t *length);
int plugged(void);

struct pins {
  char user[65], admin[65];
  int user_left, user_max, admin_left, admin_max;
};
void load_pins(struct pins *pins);
void save_pins(const struct pins *pins);
/// Copies a PIN when told to.
void keep(const char *pin);

/// Whether this is an application that is open.
int is_application(void *handle);
/// Whether the user has logged in.
int user_is_there(void);
/// Containers made by the host (renewal.c).
int is_made(const char *name);
int list_made(char names[][65], int most);
int open_made(const char *name, void *handle);
/// The name of such a container; NULL for others.
const char *made_name(void *handle);
unsigned char *made_certificate(const char *name, int sign, size_t *length);
/// The file of its signature key, for sm2_sign.
const char *made_key_file(const char *name);
int made_point(const char *name, int sign, unsigned char *point);
/// RSAPUBLICKEYBLOB, its size or 0; `blob` has room for 280 bytes.
size_t made_rsa(const char *name, int sign, unsigned char *blob);
/// Removes one of the containers that were there from the beginning.
int delete_first(const char *name);
/// The challenge for remote unblock is over.
void end_challenge(void);

/// Signs 32 bytes e, or data hashed with Z before, with the SM2 key in DIR/name; r and s of 32 bytes each. 1 on success.
int sm2_sign(const char *name, const unsigned char *data, size_t length, int hash, unsigned char *r, unsigned char *s);
/// PKCS#1 v1.5 with the RSA key in DIR/name. 1 on success.
int rsa_sign(
    const char *name, const unsigned char *data, size_t length, int add_info, unsigned char *signature, size_t *size);
