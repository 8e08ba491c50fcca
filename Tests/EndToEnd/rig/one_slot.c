/* A reader driver with one slot, made of vpcd's, which has two and serves only one reader.
 *
 * - pcscd makes as many readers of a reader.conf entry as the driver claims slots, so that each vpcd entry would bring a
 *   second, always empty reader and use up two of the 16 that pcscd can hold. Here the claim is 1.
 * - vpcd (3.3) keeps its state in static variables, one set a slot: with two entries of the same library only the last
 *   reader ever sees a card. Here each reader has its own copy of both libraries: X.so (this) opens X.so.vpcd beside it.
 *   Own files also give each reader its own lock in pcscd, so that readers work at the same time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <ifdhandler.h>
#include <limits.h>
#include <stdio.h>

static void *vpcd(const char *function)
{
    static void *library;
    if (library == NULL) {
        Dl_info self;
        char path[PATH_MAX];
        if (dladdr((void *)vpcd, &self) == 0)
            return NULL;
        snprintf(path, sizeof path, "%s.vpcd", self.dli_fname);
        library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) {
            fprintf(stderr, "one_slot: %s\n", dlerror());
            return NULL;
        }
    }
    return dlsym(library, function);
}

#define FORWARD(function, parameters, arguments)                   \
    RESPONSECODE function parameters                               \
    {                                                              \
        RESPONSECODE(*next) parameters = vpcd(#function);          \
        return next == NULL ? IFD_COMMUNICATION_ERROR : next arguments; \
    }

FORWARD(IFDHCreateChannelByName, (DWORD lun, LPSTR name), (lun, name))
FORWARD(IFDHCreateChannel, (DWORD lun, DWORD channel), (lun, channel))
FORWARD(IFDHCloseChannel, (DWORD lun), (lun))
FORWARD(IFDHSetCapabilities, (DWORD lun, DWORD tag, DWORD length, PUCHAR value), (lun, tag, length, value))
FORWARD(IFDHSetProtocolParameters, (DWORD lun, DWORD protocol, UCHAR flags, UCHAR a, UCHAR b, UCHAR c),
        (lun, protocol, flags, a, b, c))
FORWARD(IFDHPowerICC, (DWORD lun, DWORD action, PUCHAR atr, PDWORD length), (lun, action, atr, length))
FORWARD(IFDHTransmitToICC,
        (DWORD lun, SCARD_IO_HEADER send, PUCHAR command, DWORD size, PUCHAR answer, PDWORD length, PSCARD_IO_HEADER receive),
        (lun, send, command, size, answer, length, receive))
FORWARD(IFDHControl, (DWORD lun, DWORD code, PUCHAR in, DWORD size, PUCHAR out, DWORD room, LPDWORD length),
        (lun, code, in, size, out, room, length))
FORWARD(IFDHICCPresence, (DWORD lun), (lun))

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value)
{
    if (tag == TAG_IFD_SLOTS_NUMBER && length != NULL && value != NULL && *length >= 1) {
        *length = 1;
        *value = 1;
        return IFD_SUCCESS;
    }
    RESPONSECODE (*next)(DWORD, DWORD, PDWORD, PUCHAR) = vpcd("IFDHGetCapabilities");
    return next == NULL ? IFD_COMMUNICATION_ERROR : next(lun, tag, length, value);
}
