/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-capture-other"

#include "config.h"

#include "alcove-capture-other.h"

#include "alcove-devices-private.h"

/* The system's default device as it is at this moment, or the first one if that can't be used; NULL
 * if none is left. */
static const char *
find (AlcoveCaptureOther *self,
      const char *chosen,
      GListModel *devices)
{
  const char *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (devices); i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (devices, i);
      const char *id = alcove_device_get_id (device);

      if (g_str_equal (id, chosen)
          || (self->refused != NULL
              && g_ptr_array_find_with_equal_func (self->refused, id, g_str_equal, NULL)))
        continue;
      if (alcove_device_get_is_default (device))
        return id;
      if (found == NULL)
        found = id;
    }

  return found;
}

/**
 * alcove_capture_other_lists:
 * @devices: a list of #AlcoveDevice
 * @id: (nullable): an id; %NULL is that of any
 *
 * Returns: whether a device of that id is in it
 */
gboolean
alcove_capture_other_lists (GListModel *devices,
                            const char *id)
{
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (devices) && !found; i++)
    {
      g_autoptr (AlcoveDevice) device = g_list_model_get_item (devices, i);

      found = id == NULL || g_str_equal (alcove_device_get_id (device), id);
    }

  return found;
}

/**
 * alcove_capture_other_is_left:
 * @self: which device stands for the chosen one
 * @spec: what is wanted, and can't be used
 * @devices: a list of #AlcoveDevice
 * @replaced: whether it was the other one that failed just now
 *
 * Returns: whether there is a device other than the one that was chosen, and than those that were
 *   tried since. Of microphones a single other one is tried, as the sound server says which
 */
gboolean
alcove_capture_other_is_left (AlcoveCaptureOther *self,
                              const AlcoveCaptureSpec *spec,
                              GListModel *devices,
                              gboolean replaced)
{
  if (spec->kind != ALCOVE_CAPTURE_DEVICE || spec->text == NULL
      || (replaced && (!spec->video || self->id == NULL)))
    return FALSE;

  if (!replaced)
    alcove_capture_other_forget (self);
  else
    {
      if (self->refused == NULL)
        self->refused = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (self->refused, g_strdup (self->id));
    }
  return find (self, spec->text, devices) != NULL;
}

/**
 * alcove_capture_other_take:
 * @self: which device stands for the chosen one
 * @spec: what is wanted, and can't be used
 * @devices: a list of #AlcoveDevice
 *
 * Returns: (transfer none) (nullable): what to open in its place; %NULL for the system's default
 */
char *
alcove_capture_other_take (AlcoveCaptureOther *self,
                           const AlcoveCaptureSpec *spec,
                           GListModel *devices)
{
  const char *id = find (self, spec->text, devices);

  g_free (self->id);
  self->id = g_strdup (id);
  /* a sound server moves what names no device to its default, and goes on doing so */
  return spec->video ? self->id : NULL;
}

/**
 * alcove_capture_other_forget:
 * @self: which device stands for the chosen one
 *
 * All devices may be tried again.
 */
void
alcove_capture_other_forget (AlcoveCaptureOther *self)
{
  g_clear_pointer (&self->refused, g_ptr_array_unref);
}

/**
 * alcove_capture_other_clear:
 * @self: which device stood for the chosen one
 */
void
alcove_capture_other_clear (AlcoveCaptureOther *self)
{
  alcove_capture_other_forget (self);
  g_clear_pointer (&self->id, g_free);
}
