/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-symbol"

#include "config.h"

#include "alcove-symbol.h"

#include <gmodule.h>

/**
 * alcove_symbol_find:
 * @name: a function of a library that we are linked with
 *
 * For what newer GTK has, and the headers of the oldest that will do know nothing of.
 *
 * Returns: (transfer none) (nullable): the function, or %NULL where the library of today has none
 */
gpointer
alcove_symbol_find (const char *name)
{
  GModule *program = g_module_open (NULL, G_MODULE_BIND_LAZY);
  gpointer symbol = NULL;

  if (program == NULL)
    return NULL;

  if (!g_module_symbol (program, name, &symbol))
    symbol = NULL;
  g_module_close (program);

  return symbol;
}
