/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-ladder"

#include "config.h"

#include "alcove-ladder.h"

#include "alcove-encoder.h"

struct _AlcoveLadderView {
  GObject parent_instance;

  AlcoveLadder *ladder;
  GstAppSrc *source;
};

struct _AlcoveLadder {
  GObject parent_instance;

  AlcoveEncoder *encoder;
  int width;
  int height;
  int fps;
};

G_DEFINE_FINAL_TYPE (AlcoveLadder, alcove_ladder, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (AlcoveLadderView, alcove_ladder_view, G_TYPE_OBJECT)

static void
alcove_ladder_view_finalize (GObject *object)
{
  AlcoveLadderView *self = ALCOVE_LADDER_VIEW (object);

  gst_clear_object (&self->source);
  g_clear_object (&self->ladder);

  G_OBJECT_CLASS (alcove_ladder_view_parent_class)->finalize (object);
}

static void
alcove_ladder_view_class_init (AlcoveLadderViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_ladder_view_finalize;
}

static void
alcove_ladder_view_init (AlcoveLadderView *self)
{
}

static void
alcove_ladder_finalize (GObject *object)
{
  g_clear_object (&ALCOVE_LADDER (object)->encoder);

  G_OBJECT_CLASS (alcove_ladder_parent_class)->finalize (object);
}

static void
alcove_ladder_class_init (AlcoveLadderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_ladder_finalize;
}

static void
alcove_ladder_init (AlcoveLadder *self)
{
}

/**
 * alcove_ladder_new:
 * @pipeline: (transfer none): where its elements live
 * @workers: (transfer none): whose threads open and close encoders
 * @width: of the pictures pushed
 * @height: of the pictures pushed
 * @fps: nominal rate of the pictures; fewer may come
 * @error: return location
 *
 * Returns: (transfer full): a ladder that nobody watches, or %NULL with
 *   %ALCOVE_ERROR_MISSING_ELEMENT
 */
AlcoveLadder *
alcove_ladder_new (GstBin *pipeline,
                   AlcoveWorkers *workers,
                   int width,
                   int height,
                   int fps,
                   GError **error)
{
  g_autoptr (AlcoveLadder) self = g_object_new (ALCOVE_TYPE_LADDER, NULL);

  self->width = width;
  self->height = height;
  self->fps = fps;
  self->encoder = alcove_encoder_new_video (pipeline, width, height, fps, error);
  return self->encoder != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * alcove_ladder_push:
 * @self: a ladder
 * @picture: (transfer full): with a running time; dropped if it is not after the one before
 *
 * Never waits for an encoder. Any thread.
 */
void
alcove_ladder_push (AlcoveLadder *self,
                    GstBuffer *picture)
{
  alcove_encoder_push (self->encoder, picture);
}

/**
 * alcove_ladder_watch:
 * @self: a ladder
 * @codec: what the far side understands
 * @source: (transfer none): where encoded pictures go, from the next key frame on. It must not
 *   block: it has a bound and is leaky
 *
 * Returns: (transfer full): a view
 */
AlcoveLadderView *
alcove_ladder_watch (AlcoveLadder *self,
                     AlcoveVideoCodec codec,
                     GstAppSrc *source)
{
  AlcoveLadderView *view = g_object_new (ALCOVE_TYPE_LADDER_VIEW, NULL);

  view->ladder = g_object_ref (self);
  view->source = gst_object_ref (source);
  alcove_fan_out_subscribe (alcove_encoder_get_fan_out (self->encoder), source);
  return view;
}

void
alcove_ladder_set_step (AlcoveLadder *self,
                        guint step)
{
}

guint
alcove_ladder_get_n_encoders (AlcoveLadder *self)
{
  return 1;
}

void
alcove_ladder_count (AlcoveLadder *self,
                     guint64 *given,
                     guint64 *encoded)
{
  *given = *encoded = 0;
}

void
alcove_ladder_close (AlcoveLadder *self)
{
  alcove_encoder_close (self->encoder);
}

void
alcove_ladder_view_set_bitrate (AlcoveLadderView *self,
                                guint bits_per_second)
{
}

void
alcove_ladder_view_set_size (AlcoveLadderView *self,
                             int width,
                             int height)
{
}

void
alcove_ladder_view_request_key_frame (AlcoveLadderView *self)
{
  alcove_fan_out_request_key_frame (alcove_encoder_get_fan_out (self->ladder->encoder));
}

void
alcove_ladder_view_get_rung (AlcoveLadderView *self,
                             AlcoveRung *rung)
{
  *rung = (AlcoveRung) { .width = self->ladder->width,
                         .height = self->ladder->height,
                         .fps = self->ladder->fps };
  g_snprintf (rung->name, sizeof rung->name, "%d×%d", rung->width, rung->height);
}

void
alcove_ladder_view_close (AlcoveLadderView *self)
{
  alcove_fan_out_unsubscribe (alcove_encoder_get_fan_out (self->ladder->encoder), self->source);
}
