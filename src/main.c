/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove"

#include "config.h"

#include "alcove-application.h"
#include "alcove-locale.h"
#include "alcove-renderer.h"

int
main (int argc,
      char **argv)
{
  g_autoptr (AlcoveApplication) application = NULL;

  alcove_locale_init ();
  /* GTK would take it from the environment again. */
  gtk_disable_setlocale ();
  alcove_renderer_choose ();

  g_set_prgname (ALCOVE_APP_ID);
  application = alcove_application_new (ALCOVE_APP_ID, 0);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
