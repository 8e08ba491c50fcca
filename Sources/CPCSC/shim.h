#pragma once
#include <winscard.h>
#include <wintypes.h>

// Macros with casts in them are invisible to Swift; these give them back as values.
static inline const SCARD_IO_REQUEST *ukey_pci_t0(void) { return SCARD_PCI_T0; }
static inline const SCARD_IO_REQUEST *ukey_pci_t1(void) { return SCARD_PCI_T1; }
