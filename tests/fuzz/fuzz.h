/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>
#include <string.h>

#include <glib.h>

/* Ends the program with the claim that did not hold; the fuzzer keeps the input. */
#define HOLDS(claim)                                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!(claim))                                                                                  \
      fuzz_refute (#claim, __FILE__, __LINE__);                                                    \
  }                                                                                                \
  G_STMT_END

G_NORETURN void fuzz_refute        (const char    *claim,
                                    const char    *file,
                                    int            line);
void            fuzz_hold_same     (const char    *before,
                                    const char    *after);
void            fuzz_hold_text     (const char    *text,
                                    gsize          max_length);
char           *fuzz_text          (const uint8_t *data,
                                    size_t         size);

int             LLVMFuzzerInitialize   (int           *argc,
                                        char        ***argv);
int             LLVMFuzzerTestOneInput (const uint8_t *data,
                                        size_t         size);
