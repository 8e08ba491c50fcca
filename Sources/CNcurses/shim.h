#pragma once
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <curses.h>
#include <term.h>

/* Wrappers for what Swift cannot import: macros with casts, global variables, variadic functions. */

static const uint32_t ukey_attr_normal = 0;
static const uint32_t ukey_attr_bold = A_BOLD;
static const uint32_t ukey_attr_dim = A_DIM;
static const uint32_t ukey_attr_reverse = A_REVERSE;
static const uint32_t ukey_attr_underline = A_UNDERLINE;

static inline SCREEN *ukey_newterm(void) { return newterm(NULL, stdout, stdin); }
static inline int ukey_keypad(void) { return keypad(stdscr, TRUE); }
static inline int ukey_colors(void) { return COLORS; }

/* Puts `count` wide characters at (y, x) with attributes and colour pair. */
static inline void ukey_put(int y, int x, const int32_t *text, int count, uint32_t attributes, int pair) {
    attr_set((attr_t)attributes, (short)pair, NULL);
    mvaddnwstr(y, x, (const wchar_t *)text, count);
}
static inline int ukey_width(int32_t scalar) { return wcwidth((wchar_t)scalar); }

/* Forces the next refresh to send everything. */
static inline void ukey_redraw_all(void) { clearok(curscr, TRUE); }
static inline int ukey_refresh(void) { return refresh(); }
static inline int ukey_move(int y, int x) { return move(y, x); }

/* A capability string of the terminal, or NULL (never the -1 of "not a string"). */
static inline const char *ukey_capability(const char *name) {
    const char *text = tigetstr((char *)name);
    return text == (const char *)-1 ? NULL : text;
}
