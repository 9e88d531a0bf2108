/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-ladder"

#include "config.h"

#include "alcove-ladder-private.h"

#include <glib/gi18n.h>

#include "alcove-debug.h"
#include "alcove-error.h"
#include "alcove-media-thread.h"
#include "alcove-picture-scale.h"
#include "alcove-rung-set.h"

/* When the last picture is older than this, a key frame is made from it rather than
 * waiting for the next: a still picture comes only twice a second. */
#define REFRESH_AGE ((GstClockTimeDiff) (100 * GST_MSECOND))

struct _AlcoveLadder {
  GObject parent_instance;

  AlcoveMediaHandle *handle;
  GstBin *pipeline;
  AlcoveWorkers *workers;
  AlcoveCodecChoice *choice;
  int width; /* of pictures that don't say what theirs is */
  int height;
  int fps;

  /* main context */
  GPtrArray *views;
  guint timer;
  gboolean closed;

  /* held while a picture is scaled and handed on, so that they stay in order */
  GMutex push_lock;

  GMutex lock;
  /* the rest under the lock; the sets change on the main context only: the first is chosen from, the
   * others go on until nobody watches them any more */
  GPtrArray *sets;
  int last_width;
  int last_height;
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

/* The one that rungs are chosen from. */
static AlcoveRungSet *
get_set (AlcoveLadder *self)
{
  return self->sets->pdata[0];
}

/* All places of encoders, those of all sets one after the other; NULL where they end. */
static AlcoveRungSlot *
get_slot (AlcoveLadder *self,
          guint number)
{
  guint set = number / (ALCOVE_N_VIDEO_CODECS * ALCOVE_MAX_RUNGS);
  guint codec = number / ALCOVE_MAX_RUNGS % ALCOVE_N_VIDEO_CODECS;

  if (set >= self->sets->len)
    return NULL;
  return &((AlcoveRungSet *) self->sets->pdata[set])->slots[codec][number % ALCOVE_MAX_RUNGS];
}

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
         AlcoveRungEncoder *encoder,
         const char *problem)
{
  const AlcoveCodecPart *part = alcove_rung_encoder_get_part (encoder);

  alcove_codec_choice_distrust (self->choice, part->factory);
  if (alcove_codec_choice_get_encoder (self->choice, part->codec) == part)
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
  AlcoveRungSlot *slot;
  gboolean waited_for = FALSE;
  gboolean replaced = FALSE;

  for (guint i = 0; (slot = get_slot (self, i)) != NULL; i++)
    {
      g_autofree char *problem
          = slot->encoder != NULL ? alcove_rung_encoder_dup_problem (slot->encoder) : NULL;

      if (problem != NULL && !slot->given_up)
        {
          slot->given_up = !replace (self, slot->encoder, problem);
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
  AlcoveRungSet *set = get_set (self);
  AlcoveRungSlot *slot = &set->slots[codec][rung];
  const AlcoveCodecPart *part;
  AlcoveRungEncoder *encoder;

  if (slot->encoder != NULL)
    return slot->encoder;

  if (self->choice == NULL)
    self->choice = alcove_codec_choice_new (self->workers);
  part = alcove_codec_choice_get_encoder (self->choice, codec);
  /* nobody agrees on a codec that can't be sent */
  g_return_val_if_fail (part != NULL, NULL);

  encoder = alcove_rung_encoder_open (self->pipeline, self->workers, part, &set->sizes[rung],
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
            AlcoveRungSlot *slot)
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
  AlcoveRungSlot *slot;

  for (guint i = 0; (slot = get_slot (self, i)) != NULL; i++)
    check_slot (self, slot);

  g_mutex_lock (&self->lock);
  for (guint i = self->sets->len - 1; i > 0; i--)
    if (!alcove_rung_set_is_used (self->sets->pdata[i]))
      g_ptr_array_remove_index (self->sets, i);
  g_mutex_unlock (&self->lock);
}

static void
set_targets (AlcoveLadder *self,
             AlcoveVideoCodec codec,
             GPtrArray *choices)
{
  AlcoveRungSet *set = get_set (self);

  for (guint rung = 0; rung < set->n_sizes; rung++)
    {
      AlcoveRungSlot *slot = &set->slots[codec][rung];
      guint target;

      if (slot->encoder == NULL)
        continue;
      target = alcove_rung_choices_get_target ((AlcoveRungChoice *const *) choices->pdata,
                                               choices->len, set->sizes, set->n_sizes, rung);
      slot->slow = rung == set->n_sizes - 1
                   && alcove_rung_is_slow (&set->sizes[rung], target, slot->slow);
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
  AlcoveRungSet *set = get_set (self);
  gint64 time;

  for (guint i = 0; i < self->views->len; i++)
    if (alcove_ladder_view_get_codec (self->views->pdata[i]) == codec)
      g_ptr_array_add (choices, alcove_ladder_view_get_choice (self->views->pdata[i]));
  if (choices->len == 0)
    return;

  time = alcove_rung_choices_update ((AlcoveRungChoice *const *) choices->pdata, choices->len,
                                     set->sizes, set->n_sizes, self->step, now);
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

  g_ptr_array_unref (self->sets);
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
  self->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) alcove_rung_set_unref);
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
  AlcoveRungSlot *slot;

  for (guint i = 0; (slot = get_slot (self, i)) != NULL; i++)
    if (slot->encoder != NULL)
      alcove_rung_encoder_remove_view (slot->encoder, view);
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
  AlcoveRungSlot *slot;
  gboolean idle = TRUE;

  for (guint i = 0; (slot = get_slot (self, i)) != NULL; i++)
    if (slot->encoder != NULL)
      idle &= alcove_rung_encoder_is_idle (slot->encoder);
  return idle;
}

/**
 * alcove_ladder_new:
 * @pipeline: (transfer none): where its elements live
 * @workers: (transfer none): whose threads open and close encoders
 * @width: of the pictures pushed, as far as they don't say another size
 * @height: likewise
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
  self->width = self->last_width = width;
  self->height = self->last_height = height;
  g_ptr_array_add (self->sets, alcove_rung_set_new (width, height));
  return self;
}

/* Goes over to the rungs of another size. Encoders whose size is among both go on as they are; the
 * others are left by each who watches at a key frame of the new one, as for any other rung. */
static void
set_size (AlcoveLadder *self,
          int width,
          int height)
{
  AlcoveRungSet *set = NULL;

  g_mutex_lock (&self->lock);
  /* it may be the one before, which somebody still watches */
  for (guint i = 1; i < self->sets->len && set == NULL; i++)
    if (alcove_rung_set_is_for (self->sets->pdata[i], width, height))
      set = g_ptr_array_steal_index (self->sets, i);
  if (set == NULL)
    set = alcove_rung_set_new (width, height);
  for (guint i = 0; i < self->sets->len; i++)
    alcove_rung_set_adopt (set, self->sets->pdata[i]);
  g_ptr_array_insert (self->sets, 0, set);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < self->views->len; i++)
    alcove_rung_choice_reset (alcove_ladder_view_get_choice (self->views->pdata[i]));
  alcove_ladder_choose (self);
}

static void
hop_resized (gpointer object,
             gpointer data)
{
  AlcoveLadder *self = ALCOVE_LADDER (object);
  int width, height;

  if (self->closed)
    return;

  g_mutex_lock (&self->lock);
  width = self->last_width;
  height = self->last_height;
  g_mutex_unlock (&self->lock);
  if (!alcove_rung_set_is_for (get_set (self), width, height))
    set_size (self, width, height);
}

/* Two sources overlap for a moment when the one takes the place of the other, so one picture alone
 * is not heeded. Under the lock; returns whether there is another size from now on. */
static gboolean
note_size (AlcoveLadder *self,
           int width,
           int height)
{
  gboolean same = self->last_width == width && self->last_height == height;

  self->last_width = width;
  self->last_height = height;
  return same && !alcove_rung_set_is_for (get_set (self), width, height);
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
 * Never waits for an encoder, and costs next to nothing while nobody watches. Rungs follow the size
 * of the pictures, see alcove_picture_set_size(). Any thread.
 */
void
alcove_ladder_push (AlcoveLadder *self,
                    GstBuffer *picture)
{
  g_autoptr (GArray) rounds = g_array_new (FALSE, FALSE, sizeof (AlcoveRungRound));
  int width = self->width, height = self->height;
  gboolean resized = FALSE;
  gboolean late;

  g_array_set_clear_func (rounds, (GDestroyNotify) alcove_rung_round_clear);
  alcove_picture_get_size (picture, &width, &height);
  g_mutex_lock (&self->push_lock);

  g_mutex_lock (&self->lock);
  late = self->closed_for_pictures
         || (GST_CLOCK_TIME_IS_VALID (self->last_time)
             && GST_BUFFER_PTS (picture) <= self->last_time);
  if (!late)
    {
      gst_buffer_replace (&self->latest, picture);
      self->last_time = GST_BUFFER_PTS (picture);
      resized = note_size (self, width, height);
    }
  if (!late && alcove_rung_step_takes (self->step, self->number++))
    {
      g_array_set_size (rounds, self->sets->len);
      for (guint i = 0; i < rounds->len; i++)
        alcove_rung_round_begin (&g_array_index (rounds, AlcoveRungRound, i),
                                 self->sets->pdata[i]);
    }
  g_mutex_unlock (&self->lock);

  /* all are asked before any of them is given something */
  for (guint i = 0; i < rounds->len; i++)
    alcove_rung_round_ask (&g_array_index (rounds, AlcoveRungRound, i), GST_BUFFER_PTS (picture));
  for (guint i = 0; i < rounds->len; i++)
    alcove_rung_round_push (&g_array_index (rounds, AlcoveRungRound, i), picture, width, height);
  g_mutex_unlock (&self->push_lock);

  if (resized)
    alcove_media_hop (self->handle, hop_resized, NULL, NULL);
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
  AlcoveRungSlot *slot;

  g_mutex_lock (&self->lock);
  *given = self->given;
  *encoded = self->encoded;
  for (guint i = 0; (slot = get_slot (self, i)) != NULL; i++)
    if (slot->encoder != NULL)
      alcove_rung_encoder_count (slot->encoder, given, encoded);
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
  AlcoveRungSlot *slot;

  if (self->closed)
    return;

  self->closed = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_mutex_lock (&self->lock);
  self->closed_for_pictures = TRUE;
  gst_clear_buffer (&self->latest);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; (slot = get_slot (self, i)) != NULL; i++)
    {
      g_autoptr (AlcoveRungEncoder) encoder = NULL;

      g_mutex_lock (&self->lock);
      encoder = g_steal_pointer (&slot->encoder);
      g_mutex_unlock (&self->lock);
      if (encoder != NULL)
        alcove_rung_encoder_close (encoder);
    }
}
