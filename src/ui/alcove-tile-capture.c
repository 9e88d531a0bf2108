/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-tile-capture"

#include "config.h"

#include "alcove-tile-capture.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-picture.h"
#include "alcove-save-picture.h"

/*
 * The picture of a tile, to be kept, with a name that tells whose it is and when it was seen. What
 * is kept may be evidence: a picture that stands still is not one of now, and what a tile does not
 * show is not one at all.
 */

typedef struct {
  char *caption;
  GDateTime *asked;
  GDateTime *stale_since; /* when it was asked for; NULL if it was live */
  char *file_name;
} Capture;

static void
capture_free (gpointer data)
{
  Capture *self = data;

  g_free (self->caption);
  g_date_time_unref (self->asked);
  g_clear_pointer (&self->stale_since, g_date_time_unref);
  g_free (self->file_name);
  g_free (self);
}

static void
refuse (GTask *task)
{
  g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "%s",
                           _("There is no picture to save."));
}

static GDateTime *
get_stale_since (AlcoveTile *tile)
{
  AlcoveParticipant *participant = alcove_tile_get_participant (tile);

  return participant != NULL ? alcove_participant_get_stale_since (participant) : NULL;
}

/* Meanwhile the picture may have been lost, or have come back. Of who has left since, and of whom
 * nothing is known any more, what was known before holds. */
static GDateTime *
choose_time (AlcoveTile *tile,
             const Capture *capture)
{
  GDateTime *time = get_stale_since (tile);

  if (time == NULL && !alcove_tile_get_live (tile))
    time = capture->stale_since;

  return g_date_time_to_local (time != NULL ? time : capture->asked);
}

static void
captured_cb (GObject *source,
             GAsyncResult *result,
             gpointer data)
{
  g_autoptr (GTask) task = data;
  AlcoveTile *tile = g_task_get_source_object (task);
  Capture *capture = g_task_get_task_data (task);
  g_autoptr (GDateTime) time = choose_time (tile, capture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture
      = alcove_picture_capture_finish (ALCOVE_PICTURE (source), result, &error);

  if (texture == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* the camera may have been switched off since */
  if (alcove_tile_hides_picture (tile))
    {
      refuse (task);
      return;
    }

  capture->file_name = alcove_save_picture_make_name (capture->caption, time);
  g_task_return_pointer (task, g_steal_pointer (&texture), g_object_unref);
}

/**
 * alcove_tile_capture_async:
 * @self: a tile
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * Gets the picture that the tile shows, as alcove_picture_capture_async() does.
 */
void
alcove_tile_capture_async (AlcoveTile *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Capture *capture = g_new0 (Capture, 1);
  GDateTime *stale_since = get_stale_since (self);

  capture->caption = g_strdup (alcove_tile_get_caption (self));
  capture->asked = g_date_time_new_now_local ();
  capture->stale_since = stale_since != NULL ? g_date_time_ref (stale_since) : NULL;
  g_task_set_source_tag (task, alcove_tile_capture_async);
  g_task_set_task_data (task, capture, capture_free);
  if (alcove_tile_hides_picture (self))
    {
      refuse (task);
      return;
    }

  alcove_picture_capture_async (alcove_tile_get_picture (self), cancellable, captured_cb,
                                g_object_ref (task));
}

/**
 * alcove_tile_capture_finish:
 * @self: a tile
 * @result: what the callback was given
 * @file_name: (out) (transfer full): a name for a file, with the time at which the picture was
 *   seen: that of the last frame where no more have come
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_FAILED if the tile shows no picture.
 *
 * Returns: (transfer full): a picture, or %NULL
 */
GdkTexture *
alcove_tile_capture_finish (AlcoveTile *self,
                            GAsyncResult *result,
                            char **file_name,
                            GError **error)
{
  Capture *capture = g_task_get_task_data (G_TASK (result));

  *file_name = g_strdup (capture->file_name);
  return g_task_propagate_pointer (G_TASK (result), error);
}
