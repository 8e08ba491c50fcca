// An SKF library that attacks the program that loads it. It finds no device. What it tries stands in HOSTILE, words apart;
// what came of each it prints: `WORD: done`, or `WORD: ` and the error's number. `HOSTILE_AT` names the place: loading, or
// the first call.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static void tell(const char *what, int is_done) {
  if (is_done) printf("%s: done\n", what);
  else printf("%s: %d\n", what, errno);
  fflush(stdout);
}

static int reads(const char *path) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  char byte;
  int done = file >= 0 && read(file, &byte, 1) >= 0;
  if (file >= 0) close(file);
  return done;
}

static int writes(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (file < 0) return 0;
  int done = write(file, text, strlen(text)) > 0;
  close(file);
  return done;
}

static int in_home(const char *rest) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", variable("HOME"), rest);
  return reads(path);
}

static int opens_socket(int domain, int type, int protocol) {
  int made = socket(domain, type, protocol);
  if (made >= 0) close(made);
  return made >= 0;
}

static int runs(void) {
  // In this very process: what can be started would go on by itself.
  char *const words[] = {"true", NULL};
  execv("/nowhere/true", words);
  return errno == ENOENT;
}

// A child that would go on after everybody else: in a session of its own, its parent gone, deaf to signals.
static int leaves_child(int detached) {
  int child = fork();
  if (child < 0) return 0;
  if (child == 0) {
    if (detached) {
      setsid();
      if (fork() > 0) _exit(0);
    }
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    prctl(PR_SET_NAME, variable("HOSTILE_NAME"));
    for (;;) pause();
  }
  if (detached) waitpid(child, NULL, 0);
  return 1;
}

// An answer in place of the host's on every socket there is: number 0 is 2^60.
static int forges(void) {
  unsigned char reply[40] = {'U', 'K', 'A', '1', 0, 2, 0, 0, 1};
  reply[31] = 0x10;
  int sent = 0;
  for (int number = 3; number < 1024; number++) {
    struct stat about;
    if (fstat(number, &about) == 0 && S_ISSOCK(about.st_mode))
      sent += send(number, reply, sizeof reply, MSG_NOSIGNAL) == sizeof reply;
  }
  return sent > 0;
}

static int parent_memory(void) {
  char path[64], byte;
  snprintf(path, sizeof path, "/proc/%d/mem", getppid());
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file >= 0) return close(file), 1;
  struct iovec ours = {&byte, 1}, theirs = {(void *)path, 1};
  if (process_vm_readv(getppid(), &ours, 1, &theirs, 1, 0) == 1) return 1;
  return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static int parent_files(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/cmdline", getppid());
  return reads(path);
}

static int terminal(void) {
  if (writes("/dev/tty", "\033[2JPIN: ")) return 1;
  const char *named = variable("HOSTILE_TTY");
  return *named && writes(named, "\033[2JPIN: ");
}

// Has the kernel send it the signal.
static int signals_by_descriptor(void) {
  int ends[2];
  return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && fcntl(ends[0], F_SETOWN, getppid()) == 0;
}

static int leaves_parent(void) { return prctl(PR_SET_PDEATHSIG, 0) == 0; }

static int memory(void) {
  size_t size = (size_t)4 << 30;
  void *block = malloc(size);
  if (!block) return 0;
  memset(block, 1, (size_t)1 << 20);
  free(block);
  return 1;
}

static int core(void) {
  struct rlimit limit = {1 << 20, 1 << 20};
  return setrlimit(RLIMIT_CORE, &limit) == 0;
}

static void attack(const char *place) {
  const char *at = variable("HOSTILE_AT");
  if (strcmp(*at ? at : "load", place)) return;
  char words[512];
  snprintf(words, sizeof words, "%s", variable("HOSTILE"));
  for (char *rest = words, *word; (word = strsep(&rest, " "));) {
    errno = 0;
#define TRY(name, body) else if (!strcmp(word, name)) tell(name, body)
    if (!*word) continue;
    TRY("memory-of-parent", parent_memory());
    TRY("proc-of-parent", parent_files());
    TRY("terminal", terminal());
    TRY("internet", opens_socket(AF_INET, SOCK_STREAM, 0));
    TRY("internet6", opens_socket(AF_INET6, SOCK_DGRAM, 0));
    TRY("raw", opens_socket(AF_PACKET, SOCK_RAW, 0));
    TRY("netlink", opens_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
    TRY("unix", opens_socket(AF_UNIX, SOCK_STREAM, 0));
    TRY("uevent", opens_socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT));
    TRY("run", runs());
    TRY("child", leaves_child(0));
    TRY("detached-child", leaves_child(1));
    TRY("signal-parent", kill(getppid(), 0) == 0);
    TRY("signal-by-descriptor", signals_by_descriptor());
    TRY("signal-self", raise(SIGCONT) == 0);
    TRY("leave-parent", leaves_parent());
    TRY("ssh", in_home(".ssh/id_ed25519"));
    TRY("firefox", in_home(".mozilla/key4.db"));
    TRY("editor", in_home(".config/nvim/init.lua"));
    TRY("python", in_home(".local/lib/python3/site-packages/usercustomize.py"));
    TRY("providers", in_home(".config/ukey/providers.conf"));
    TRY("own-folder", in_home(".vendor/state"));
    TRY("own-setting", *variable("VENDOR_SETTING"));
    TRY("secret-setting", *variable("VENDOR_TOKEN") || *variable("SSH_AUTH_SOCK"));
    TRY("passwd", reads("/etc/passwd"));
    TRY("cpu", reads("/proc/cpuinfo"));
    TRY("self", reads("/proc/self/status"));
    TRY("memory", memory());
    TRY("core", core());
    TRY("forge", forges());
    else if (!strcmp(word, "crash")) abort();
    else printf("%s: unknown\n", word);
  }
  fflush(stdout);
}

__attribute__((constructor)) static void loaded(void) { attack("load"); }

uint32_t SKF_EnumDev(uint32_t present, char *names, uint32_t *size) {
  (void)present;
  attack("call");
  if (names && *size >= 2) memset(names, 0, 2);
  *size = 2;
  return 0;
}
