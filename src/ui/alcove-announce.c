/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-announce"

#include "config.h"

#include "alcove-announce.h"

#include <gmodule.h>

/* GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM of GTK 4.14 */
#define PRIORITY_MEDIUM 1

typedef void (*AnnounceFunc) (GtkAccessible *accessible,
                              const char *message,
                              int priority);

/**
 * alcove_announce:
 * @widget: what the news is about
 * @text: plain text
 *
 * Has @text spoken by a screen reader, where GTK can do so (since 4.14).
 */
void
alcove_announce (GtkWidget *widget,
                 const char *text)
{
  GModule *program = g_module_open (NULL, G_MODULE_BIND_LAZY);
  gpointer symbol = NULL;

  if (program == NULL)
    return;

  if (g_module_symbol (program, "gtk_accessible_announce", &symbol) && symbol != NULL)
    ((AnnounceFunc) symbol) (GTK_ACCESSIBLE (widget), text, PRIORITY_MEDIUM);

  g_module_close (program);
}
