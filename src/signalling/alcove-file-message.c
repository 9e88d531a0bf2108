/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-file-message"

#include "config.h"

#include "alcove-file-message.h"

/**
 * alcove_file_message_free:
 * @self: (nullable) (transfer full): a message
 */
void
alcove_file_message_free (AlcoveFileMessage *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->name);
  g_free (self->data);
  g_free (self);
}
