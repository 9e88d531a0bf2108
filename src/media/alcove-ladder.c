/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-ladder"

#include "config.h"

#include "alcove-ladder-private.h"

#include <glib/gi18n.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-media-thread.h"
#include "alcove-picture-scale.h"

/* When the last picture is older than this, a key frame is made from it rather than
 * waiting for the next: a still picture comes only twice a second. */
#define REFRESH_AGE ((GstClockTimeDiff) (100 * GST_MSECOND))

/* Which codec and which size an encoder of the ladder is of. */
typedef struct {
  AlcoveRungEncoder *encoder; /* NULL while nobody watches it */
  gboolean slow;
  gboolean given_up; /* it has failed, and there is no other */
} Slot;

struct _AlcoveLadder {
  GObject parent_instance;

  AlcoveMediaHandle *handle;
  GstBin *pipeline;
  AlcoveWorkers *workers;
  AlcoveCodecChoice *choice;
  int fps;
  AlcoveRungSize sizes[ALCOVE_MAX_RUNGS];
  guint n_sizes;

  /* main context */
  GPtrArray *views;
  guint timer;
  gboolean closed;

  /* held while a picture is scaled and handed on, so that they stay in order */
  GMutex push_lock;
  AlcovePictureScaler *scalers[ALCOVE_MAX_RUNGS];

  GMutex lock;
  /* the rest under the lock; the slots change on the main context only */
  Slot slots[ALCOVE_N_VIDEO_CODECS][ALCOVE_MAX_RUNGS];
  guint step;
  guint64 number;
  GstBuffer *latest;
  GstClockTime last_time;
  gboolean closed_for_pictures;
  guint64 given;
  guint64 encoded;
};

G_DEFINE_FINAL_TYPE (AlcoveLadder, alcove_ladder, G_TYPE_OBJECT)

static void check_slots (AlcoveLadder *self);

static gboolean
on_timer (gpointer data)
{
  AlcoveLadder *self = data;

  self->timer = 0;
  alcove_ladder_choose (self);
  return G_SOURCE_REMOVE;
}

/* Takes the last picture once more if it is older than @age. A fresh one that is on its way
 * is not to come too late because of it. */
static void
push_again (AlcoveLadder *self,
            GstClockTimeDiff age)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (GST_ELEMENT (self->pipeline));
  GstBuffer *again = NULL;
  GstClockTime now;

  if (clock == NULL)
    return;

  now = gst_clock_get_time (clock) - gst_element_get_base_time (GST_ELEMENT (self->pipeline));
  g_mutex_lock (&self->lock);
  if (self->latest != NULL && GST_CLOCK_DIFF (self->last_time, now) >= age)
    {
      gboolean old = GST_CLOCK_DIFF (self->last_time, now) > REFRESH_AGE;

      again = gst_buffer_copy (self->latest);
      GST_BUFFER_PTS (again) = old ? now : self->last_time + GST_MSECOND;
    }
  g_mutex_unlock (&self->lock);

  if (again != NULL)
    alcove_ladder_push (self, again);
}

/* Whether something else encodes instead. */
static gboolean
replace (AlcoveLadder *self,
         AlcoveVideoCodec codec,
         AlcoveRungEncoder *encoder,
         const char *problem)
{
  const AlcoveCodecPart *part = alcove_rung_encoder_get_part (encoder);

  alcove_codec_choice_distrust (self->choice, part->factory);
  if (alcove_codec_choice_get_encoder (self->choice, codec) == part)
    return FALSE;

  g_message ("“%s” stopped encoding: %s", part->factory, problem);
  for (guint i = 0; i < self->views->len; i++)
    alcove_ladder_view_drop (self->views->pdata[i], encoder);
  return TRUE;
}

/* Some encoder takes pictures: its first one is a key frame, which somebody waits for. Or it has
 * failed: those who watched it get another one, if there is one. */
static void
on_changed (gpointer object,
            gpointer data)
{
  AlcoveLadder *self = ALCOVE_LADDER (object);
  gboolean waited_for = FALSE;
  gboolean replaced = FALSE;

  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      {
        Slot *slot = &self->slots[codec][rung];
        g_autofree char *problem
            = slot->encoder != NULL ? alcove_rung_encoder_dup_problem (slot->encoder) : NULL;

        if (problem != NULL && !slot->given_up)
          {
            slot->given_up = !replace (self, (AlcoveVideoCodec) codec, slot->encoder, problem);
            replaced |= !slot->given_up;
            if (slot->given_up)
              GST_ELEMENT_ERROR (GST_ELEMENT (self->pipeline), STREAM, ENCODE, ("%s", problem),
                                 (NULL));
          }
        waited_for |= slot->encoder != NULL && alcove_rung_encoder_is_waited_for (slot->encoder);
      }

  if (replaced)
    {
      check_slots (self);
      alcove_ladder_choose (self);
    }
  if (waited_for)
    push_again (self, G_MININT64);
}

static void
hop_changed (gpointer data)
{
  alcove_media_hop (data, on_changed, NULL, NULL);
}

static AlcoveRungEncoder *
get_encoder (AlcoveLadder *self,
             AlcoveVideoCodec codec,
             guint rung)
{
  Slot *slot = &self->slots[codec][rung];
  const AlcoveCodecPart *part;
  AlcoveRungEncoder *encoder;

  if (slot->encoder != NULL)
    return slot->encoder;

  if (self->choice == NULL)
    self->choice = alcove_codec_choice_new (self->workers);
  part = alcove_codec_choice_get_encoder (self->choice, codec);
  /* nobody agrees on a codec that can't be sent */
  g_return_val_if_fail (part != NULL, NULL);

  encoder = alcove_rung_encoder_open (self->pipeline, self->workers, part, &self->sizes[rung],
                                      self->fps, hop_changed,
                                      alcove_media_handle_ref (self->handle),
                                      (GDestroyNotify) alcove_media_handle_unref);
  g_mutex_lock (&self->lock);
  slot->encoder = encoder;
  slot->slow = FALSE;
  slot->given_up = FALSE;
  g_mutex_unlock (&self->lock);
  return encoder;
}

/* Lets go of the encoder if nobody watches it any more. */
static void
check_slot (AlcoveLadder *self,
            Slot *slot)
{
  AlcoveRungEncoder *encoder = slot->encoder;
  gboolean used = FALSE;
  guint64 given = 0, encoded = 0;

  if (encoder == NULL)
    return;

  for (guint i = 0; i < self->views->len; i++)
    {
      if (alcove_ladder_view_uses (self->views->pdata[i], encoder))
        used = TRUE;
      else
        alcove_rung_encoder_remove_view (encoder, self->views->pdata[i]);
    }
  if (used)
    return;

  g_mutex_lock (&self->lock);
  slot->encoder = NULL;
  /* what it still had to do is no sign of load */
  alcove_rung_encoder_count (encoder, &given, &encoded);
  self->given += encoded;
  self->encoded += encoded;
  g_mutex_unlock (&self->lock);
  alcove_rung_encoder_close (encoder);
  g_object_unref (encoder);
}

static void
check_slots (AlcoveLadder *self)
{
  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      check_slot (self, &self->slots[codec][rung]);
}

static void
set_targets (AlcoveLadder *self,
             AlcoveVideoCodec codec,
             GPtrArray *choices)
{
  for (guint rung = 0; rung < self->n_sizes; rung++)
    {
      Slot *slot = &self->slots[codec][rung];
      guint target;

      if (slot->encoder == NULL)
        continue;
      target = alcove_rung_choices_get_target ((AlcoveRungChoice *const *) choices->pdata,
                                               choices->len, self->sizes, self->n_sizes, rung);
      slot->slow = rung == self->n_sizes - 1
                   && alcove_rung_is_slow (&self->sizes[rung], target, slot->slow);
      alcove_rung_encoder_set_target (slot->encoder, target, slot->slow);
    }
}

static void
choose_for_codec (AlcoveLadder *self,
                  AlcoveVideoCodec codec,
                  gint64 now,
                  gint64 *next)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new ();
  gint64 time;

  for (guint i = 0; i < self->views->len; i++)
    if (alcove_ladder_view_get_codec (self->views->pdata[i]) == codec)
      g_ptr_array_add (choices, alcove_ladder_view_get_choice (self->views->pdata[i]));
  if (choices->len == 0)
    return;

  time = alcove_rung_choices_update ((AlcoveRungChoice *const *) choices->pdata, choices->len,
                                     self->sizes, self->n_sizes, self->step, now);
  if (time > 0 && (*next == 0 || time < *next))
    *next = time;

  for (guint i = 0; i < self->views->len; i++)
    {
      AlcoveLadderView *view = self->views->pdata[i];

      if (alcove_ladder_view_get_codec (view) == codec)
        alcove_ladder_view_switch (
            view, get_encoder (self, codec, alcove_ladder_view_get_choice (view)->rung));
    }
  set_targets (self, codec, choices);
}

static void
hop_switched (gpointer object,
              gpointer data)
{
  check_slots (ALCOVE_LADDER (object));
}

static void
alcove_ladder_dispose (GObject *object)
{
  alcove_ladder_close (ALCOVE_LADDER (object));

  G_OBJECT_CLASS (alcove_ladder_parent_class)->dispose (object);
}

static void
alcove_ladder_finalize (GObject *object)
{
  AlcoveLadder *self = ALCOVE_LADDER (object);

  for (guint i = 0; i < ALCOVE_MAX_RUNGS; i++)
    g_clear_pointer (&self->scalers[i], alcove_picture_scaler_free);
  g_ptr_array_unref (self->views);
  gst_clear_object (&self->pipeline);
  g_clear_pointer (&self->workers, alcove_workers_unref);
  g_clear_pointer (&self->choice, alcove_codec_choice_unref);
  alcove_media_handle_unref (self->handle);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->push_lock);

  G_OBJECT_CLASS (alcove_ladder_parent_class)->finalize (object);
}

static void
alcove_ladder_class_init (AlcoveLadderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_ladder_dispose;
  object_class->finalize = alcove_ladder_finalize;
}

static void
alcove_ladder_init (AlcoveLadder *self)
{
  self->handle = alcove_media_handle_new (self);
  /* whoever watches is kept until it is closed */
  self->views = g_ptr_array_new_with_free_func (g_object_unref);
  self->last_time = GST_CLOCK_TIME_NONE;
  g_mutex_init (&self->lock);
  g_mutex_init (&self->push_lock);
}

/* Main context. Chooses rungs anew, and opens and closes encoders as it follows from that. */
void
alcove_ladder_choose (AlcoveLadder *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = 0;

  if (self->closed)
    return;

  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    choose_for_codec (self, (AlcoveVideoCodec) codec, now, &next);
  check_slots (self);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (next > 0)
    self->timer = g_timeout_add ((guint) (MAX (next - now, 0) / 1000 + 1), on_timer, self);
}

void
alcove_ladder_forget (AlcoveLadder *self,
                      AlcoveLadderView *view)
{
  g_autoptr (AlcoveLadder) keep = g_object_ref (self);

  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      if (self->slots[codec][rung].encoder != NULL)
        alcove_rung_encoder_remove_view (self->slots[codec][rung].encoder, view);
  g_ptr_array_remove (self->views, view);
  alcove_ladder_choose (self);
}

void
alcove_ladder_note_switched (AlcoveLadder *self)
{
  alcove_media_hop (self->handle, hop_switched, NULL, NULL);
}

void
alcove_ladder_refresh (AlcoveLadder *self)
{
  push_again (self, REFRESH_AGE);
}

gboolean
alcove_ladder_is_idle (AlcoveLadder *self)
{
  gboolean idle = TRUE;

  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      if (self->slots[codec][rung].encoder != NULL)
        idle &= alcove_rung_encoder_is_idle (self->slots[codec][rung].encoder);
  return idle;
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
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("vp8enc");
  AlcoveLadder *self;

  if (factory == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                   _ ("The encoder can’t be set up: %s"), "vp8enc");
      return NULL;
    }

  self = g_object_new (ALCOVE_TYPE_LADDER, NULL);
  self->pipeline = gst_object_ref (pipeline);
  self->workers = alcove_workers_ref (workers);
  self->fps = fps;
  self->n_sizes = alcove_rung_sizes_make (width, height, self->sizes);
  return self;
}

/* From the next larger one: two steps by half are far cheaper than one to a quarter, even where
 * nobody watches what is between. */
static GstBuffer *
scale (AlcoveLadder *self,
       GstBuffer *larger,
       guint rung)
{
  if (self->scalers[rung] == NULL)
    self->scalers[rung]
        = alcove_picture_scaler_new (self->sizes[rung - 1].width, self->sizes[rung - 1].height,
                                     self->sizes[rung].width, self->sizes[rung].height);

  return alcove_picture_scaler_scale (self->scalers[rung], larger);
}

/* Hands it to those encoders that take it. */
static void
hand_on (AlcoveLadder *self,
         GstBuffer *picture,
         AlcoveRungEncoder *encoders[ALCOVE_N_VIDEO_CODECS][ALCOVE_MAX_RUNGS])
{
  GstBuffer *scaled[ALCOVE_MAX_RUNGS] = { picture };
  gboolean takes[ALCOVE_N_VIDEO_CODECS][ALCOVE_MAX_RUNGS] = { 0 };
  guint n_wanted = 0; /* sizes down to the smallest that is wanted */

  for (guint rung = 0; rung < self->n_sizes; rung++)
    for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
      if (encoders[codec][rung] != NULL)
        {
          takes[codec][rung]
              = alcove_rung_encoder_enter (encoders[codec][rung], GST_BUFFER_PTS (picture));
          if (takes[codec][rung])
            n_wanted = rung + 1;
        }

  for (guint rung = 0; rung < n_wanted; rung++)
    {
      if (rung > 0 && scaled[rung - 1] != NULL)
        scaled[rung] = scale (self, scaled[rung - 1], rung);
      for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
        if (takes[codec][rung] && scaled[rung] != NULL)
          alcove_rung_encoder_push (encoders[codec][rung], gst_buffer_ref (scaled[rung]));
    }

  for (guint rung = 1; rung < self->n_sizes; rung++)
    gst_clear_buffer (&scaled[rung]);
}

/**
 * alcove_ladder_set_codec_choice:
 * @self: a ladder that nobody watches yet
 * @choice: (transfer none): which encoders are used; without this the ladder chooses by itself
 */
void
alcove_ladder_set_codec_choice (AlcoveLadder *self,
                                AlcoveCodecChoice *choice)
{
  g_clear_pointer (&self->choice, alcove_codec_choice_unref);
  self->choice = alcove_codec_choice_ref (choice);
}

/**
 * alcove_ladder_push:
 * @self: a ladder
 * @picture: (transfer full): with a running time; dropped if it is not after the one before
 *
 * Never waits for an encoder, and costs next to nothing while nobody watches. Any thread.
 */
void
alcove_ladder_push (AlcoveLadder *self,
                    GstBuffer *picture)
{
  AlcoveRungEncoder *encoders[ALCOVE_N_VIDEO_CODECS][ALCOVE_MAX_RUNGS] = { 0 };
  gboolean late;

  g_mutex_lock (&self->push_lock);

  g_mutex_lock (&self->lock);
  late = self->closed_for_pictures
         || (GST_CLOCK_TIME_IS_VALID (self->last_time)
             && GST_BUFFER_PTS (picture) <= self->last_time);
  if (!late)
    {
      gst_buffer_replace (&self->latest, picture);
      self->last_time = GST_BUFFER_PTS (picture);
    }
  if (!late && alcove_rung_step_takes (self->step, self->number++))
    for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
      for (guint rung = 0; rung < self->n_sizes; rung++)
        g_set_object (&encoders[codec][rung], self->slots[codec][rung].encoder);
  g_mutex_unlock (&self->lock);

  hand_on (self, picture, encoders);
  g_mutex_unlock (&self->push_lock);

  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      g_clear_object (&encoders[codec][rung]);
  gst_buffer_unref (picture);
}

/**
 * alcove_ladder_watch:
 * @self: a ladder
 * @codec: what the far side understands
 * @source: (transfer none): where encoded pictures go, from the next key frame on. It must not
 *   block: it has a bound and is leaky
 * @bits_per_second: as in alcove_ladder_view_set_bitrate(); 0 if that is not known yet
 * @width: as in alcove_ladder_view_set_size(); -1 if that is not known yet
 * @height: likewise
 *
 * Begins with the rung that suits what is known. Where nothing is, that is the largest.
 *
 * Returns: (transfer full): a view, which lives until alcove_ladder_view_close() at least
 */
AlcoveLadderView *
alcove_ladder_watch (AlcoveLadder *self,
                     AlcoveVideoCodec codec,
                     GstAppSrc *source,
                     guint bits_per_second,
                     int width,
                     int height)
{
  AlcoveLadderView *view = alcove_ladder_view_new (self, codec, source);

  alcove_ladder_view_get_choice (view)->bitrate = bits_per_second;
  alcove_ladder_view_note_size (view, width, height);
  g_ptr_array_add (self->views, g_object_ref (view));
  alcove_ladder_choose (self);
  return view;
}

/**
 * alcove_ladder_set_step:
 * @self: a ladder
 * @step: 0 to %ALCOVE_LADDER_MAX_STEP
 *
 * Makes encoding cheaper, for everybody: at 1 there are two thirds of the pictures, from 2 on half
 * of them, at 3 none of the largest size and at 4 only the smallest.
 */
void
alcove_ladder_set_step (AlcoveLadder *self,
                        guint step)
{
  step = MIN (step, ALCOVE_LADDER_MAX_STEP);
  if (self->step == step)
    return;

  g_mutex_lock (&self->lock);
  self->step = step;
  g_mutex_unlock (&self->lock);
  alcove_ladder_choose (self);
}

/**
 * alcove_ladder_get_n_views:
 * @self: a ladder
 *
 * Returns: how many watch
 */
guint
alcove_ladder_get_n_views (AlcoveLadder *self)
{
  return self->views->len;
}

static void
count_encoder (const GValue *item,
               gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (g_value_get_object (item));

  if (factory != NULL
      && gst_element_factory_list_is_type (factory, GST_ELEMENT_FACTORY_TYPE_VIDEO_ENCODER))
    (*(guint *) user_data)++;
}

/**
 * alcove_ladder_get_n_encoders:
 * @self: a ladder
 *
 * Returns: how many video encoders its pipeline really holds
 */
guint
alcove_ladder_get_n_encoders (AlcoveLadder *self)
{
  GstIterator *iterator = gst_bin_iterate_recurse (self->pipeline);
  guint n = 0;

  /* they come and go meanwhile */
  while (gst_iterator_foreach (iterator, count_encoder, &n) == GST_ITERATOR_RESYNC)
    {
      n = 0;
      gst_iterator_resync (iterator);
    }
  gst_iterator_free (iterator);
  return n;
}

/**
 * alcove_ladder_count:
 * @self: a ladder
 * @given: (out): pictures that encoders were given since the beginning
 * @encoded: (out): pictures that came out of them
 *
 * Any thread. Encoders that fall behind forget pictures, so that the difference grows.
 */
void
alcove_ladder_count (AlcoveLadder *self,
                     guint64 *given,
                     guint64 *encoded)
{
  g_mutex_lock (&self->lock);
  *given = self->given;
  *encoded = self->encoded;
  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      if (self->slots[codec][rung].encoder != NULL)
        alcove_rung_encoder_count (self->slots[codec][rung].encoder, given, encoded);
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_ladder_close:
 * @self: a ladder
 *
 * Encodes nothing any more. Views are to be closed before.
 */
void
alcove_ladder_close (AlcoveLadder *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_mutex_lock (&self->lock);
  self->closed_for_pictures = TRUE;
  gst_clear_buffer (&self->latest);
  g_mutex_unlock (&self->lock);

  for (guint codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    for (guint rung = 0; rung < self->n_sizes; rung++)
      {
        g_autoptr (AlcoveRungEncoder) encoder = NULL;

        g_mutex_lock (&self->lock);
        encoder = g_steal_pointer (&self->slots[codec][rung].encoder);
        g_mutex_unlock (&self->lock);
        if (encoder != NULL)
          alcove_rung_encoder_close (encoder);
      }
}
