/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-ladder"

#include "config.h"

#include "alcove-rung-set.h"

#include "alcove-picture-scale.h"

/* Of whoever pushes. */
struct _AlcoveRungScaling {
  /* from the picture as it comes, for as long as it is of another size than the set is for */
  AlcovePictureScaler *first;
  int first_width;
  int first_height;
  /* each from the rung before */
  AlcovePictureScaler *steps[ALCOVE_MAX_RUNGS];
};

static void
clear_set (gpointer data)
{
  AlcoveRungSet *self = data;

  g_clear_pointer (&self->scaling->first, alcove_picture_scaler_free);
  for (guint rung = 0; rung < ALCOVE_MAX_RUNGS; rung++)
    g_clear_pointer (&self->scaling->steps[rung], alcove_picture_scaler_free);
  g_free (self->scaling);
}

/**
 * alcove_rung_set_new:
 * @width: of what is captured
 * @height: likewise
 *
 * Returns: (transfer full): its rungs, without encoders
 */
AlcoveRungSet *
alcove_rung_set_new (int width,
                     int height)
{
  AlcoveRungSet *self = g_atomic_rc_box_new0 (AlcoveRungSet);

  self->n_sizes = alcove_rung_sizes_make (width, height, self->sizes);
  self->scaling = g_new0 (AlcoveRungScaling, 1);
  return self;
}

/**
 * alcove_rung_set_ref:
 * @self: a set
 *
 * Returns: (transfer full): the same
 */
AlcoveRungSet *
alcove_rung_set_ref (AlcoveRungSet *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * alcove_rung_set_unref:
 * @self: (transfer full): a set; with the last reference it has no encoders any more
 */
void
alcove_rung_set_unref (AlcoveRungSet *self)
{
  g_atomic_rc_box_release_full (self, clear_set);
}

/**
 * alcove_rung_set_is_for:
 * @self: a set
 * @width: of a picture
 * @height: likewise
 *
 * Returns: whether its first rung is of that size
 */
gboolean
alcove_rung_set_is_for (AlcoveRungSet *self,
                        int width,
                        int height)
{
  return self->sizes[0].width == width && self->sizes[0].height == height;
}

/**
 * alcove_rung_set_is_used:
 * @self: a set
 *
 * Returns: whether it has encoders
 */
gboolean
alcove_rung_set_is_used (AlcoveRungSet *self)
{
  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      if (self->slots[codec][rung].encoder != NULL)
        return TRUE;

  return FALSE;
}

/**
 * alcove_rung_set_adopt:
 * @self: a set
 * @other: another one
 *
 * Takes over the encoders of @other that are of a size of its own: who watches them notices
 * nothing.
 */
void
alcove_rung_set_adopt (AlcoveRungSet *self,
                       AlcoveRungSet *other)
{
  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      for (guint i = 0; i < other->n_sizes; i++)
        if (self->slots[codec][rung].encoder == NULL
            && self->sizes[rung].width == other->sizes[i].width
            && self->sizes[rung].height == other->sizes[i].height)
          {
            self->slots[codec][rung] = other->slots[codec][i];
            other->slots[codec][i] = (AlcoveRungSlot) { 0 };
          }
}

/**
 * alcove_rung_round_begin:
 * @self: (out caller-allocates): a round
 * @set: whose encoders are meant, as they are now
 */
void
alcove_rung_round_begin (AlcoveRungRound *self,
                         AlcoveRungSet *set)
{
  *self = (AlcoveRungRound) { .set = alcove_rung_set_ref (set) };
  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < set->n_sizes; rung++)
      g_set_object (&self->encoders[codec][rung], set->slots[codec][rung].encoder);
}

/**
 * alcove_rung_round_ask:
 * @self: a round
 * @time: of the picture
 *
 * Asks who takes it, as alcove_rung_encoder_enter() wants it.
 */
void
alcove_rung_round_ask (AlcoveRungRound *self,
                       GstClockTime time)
{
  for (guint rung = 0; rung < self->set->n_sizes; rung++)
    for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
      if (self->encoders[codec][rung] != NULL
          && alcove_rung_encoder_enter (self->encoders[codec][rung], time))
        {
          self->takes[codec][rung] = TRUE;
          self->n_wanted = rung + 1;
        }
}

/* What is captured may have got another size a moment ago, or gets it in a moment. */
static GstBuffer *
scale_first (AlcoveRungSet *set,
             GstBuffer *picture,
             int width,
             int height)
{
  AlcoveRungScaling *scaling = set->scaling;

  if (alcove_rung_set_is_for (set, width, height))
    return gst_buffer_ref (picture);

  if (scaling->first_width != width || scaling->first_height != height)
    g_clear_pointer (&scaling->first, alcove_picture_scaler_free);
  if (scaling->first == NULL)
    scaling->first = alcove_picture_scaler_new_within (width, height, set->sizes[0].width,
                                                       set->sizes[0].height);
  scaling->first_width = width;
  scaling->first_height = height;
  return alcove_picture_scaler_scale (scaling->first, picture);
}

/* From the next larger one: two steps by half are far cheaper than one to a quarter, even where
 * nobody watches what is between. */
static GstBuffer *
scale_step (AlcoveRungSet *set,
            GstBuffer *larger,
            guint rung)
{
  AlcoveRungScaling *scaling = set->scaling;

  if (scaling->steps[rung] == NULL)
    scaling->steps[rung]
        = alcove_picture_scaler_new (set->sizes[rung - 1].width, set->sizes[rung - 1].height,
                                     set->sizes[rung].width, set->sizes[rung].height);

  return alcove_picture_scaler_scale (scaling->steps[rung], larger);
}

/**
 * alcove_rung_round_push:
 * @self: a round
 * @picture: (transfer none): I420
 * @width: of @picture
 * @height: likewise
 *
 * Hands it to those encoders that take it.
 */
void
alcove_rung_round_push (AlcoveRungRound *self,
                        GstBuffer *picture,
                        int width,
                        int height)
{
  g_autoptr (GstBuffer) scaled = NULL;

  for (guint rung = 0; rung < self->n_wanted; rung++)
    {
      g_autoptr (GstBuffer) larger = g_steal_pointer (&scaled);

      if (rung == 0)
        scaled = scale_first (self->set, picture, width, height);
      else if (larger != NULL)
        scaled = scale_step (self->set, larger, rung);
      for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
        if (self->takes[codec][rung] && scaled != NULL)
          alcove_rung_encoder_push (self->encoders[codec][rung], gst_buffer_ref (scaled));
    }
}

/**
 * alcove_rung_round_clear:
 * @self: a round
 */
void
alcove_rung_round_clear (AlcoveRungRound *self)
{
  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < ALCOVE_MAX_RUNGS; rung++)
      g_clear_object (&self->encoders[codec][rung]);
  g_clear_pointer (&self->set, alcove_rung_set_unref);
}
