/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "alcove-application.h"

int
main (int argc,
      char **argv)
{
  g_autoptr (AlcoveApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_set_prgname (ALCOVE_APP_ID);
  application = alcove_application_new (ALCOVE_APP_ID, 0);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
