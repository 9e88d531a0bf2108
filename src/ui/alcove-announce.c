/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-announce"

#include "config.h"

#include "alcove-announce.h"

#include "alcove-symbol.h"

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
  AnnounceFunc announce = (AnnounceFunc) alcove_symbol_find ("gtk_accessible_announce");

  if (announce != NULL)
    announce (GTK_ACCESSIBLE (widget), text, PRIORITY_MEDIUM);
}
