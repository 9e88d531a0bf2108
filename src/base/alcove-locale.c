/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-locale"

#include "config.h"

#include "alcove-locale.h"

#include <langinfo.h>
#include <locale.h>

#include <glib/gi18n.h>

/* What the C library calls ASCII. */
#define ASCII "ANSI_X3.4-1968"

/**
 * alcove_locale_init:
 *
 * Takes the language from the environment, and finds its translations. To be called once, first
 * of all in a program.
 *
 * Services are started without a locale, and some desktops with one that is not installed. GLib
 * would then refuse any argument that is not ASCII; ours are UTF-8, as everything else is.
 */
void
alcove_locale_init (void)
{
  setlocale (LC_ALL, "");
  if (g_str_equal (nl_langinfo (CODESET), ASCII))
    setlocale (LC_CTYPE, "C.UTF-8");

  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
