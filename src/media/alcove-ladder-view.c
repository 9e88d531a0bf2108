/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-ladder"

#include "config.h"

#include "alcove-ladder-private.h"

/*
 * One who watches. To go over to another rung it takes what both encode for a moment: the pictures
 * before the new one's key frame from the old one, and the others from the new one. Which of the
 * two is quicker is not known, so each waits for the other.
 */

/* Pictures that wait for the other rung at most. An encoder that hangs must not hold up the one
 * that works, even if that costs a second try. */
#define MAX_HELD 10
#define MAX_AHEAD 20

/* No screen is larger. */
#define MAX_SIDE 16384

struct _AlcoveLadderView {
  GObject parent_instance;

  /* constant */
  AlcoveLadder *ladder;
  AlcoveVideoCodec codec;
  GstAppSrc *source;

  /* main context */
  AlcoveRungChoice choice;

  GMutex lock;
  /* the rest under the lock, which is held while something is pushed: that only queues */
  gboolean closed;
  AlcoveRungEncoder *current;
  AlcoveRungEncoder *next;
  GQueue held;              /* from the current one, while there is a next one */
  GQueue ahead;             /* from the next one */
  GstClockTime current_out; /* the last that came out of it since there is a next one */
  GstClockTime next_out;
  GstClockTime last; /* pushed */
};

G_DEFINE_FINAL_TYPE (AlcoveLadderView, alcove_ladder_view, G_TYPE_OBJECT)

typedef struct {
  gboolean switched;
  gboolean key_missed;
} Outcome;

static gboolean
is_key (GstBuffer *buffer)
{
  return !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

static void
clear_queue (GQueue *queue)
{
  g_queue_clear_full (queue, (GDestroyNotify) gst_buffer_unref);
}

static void
push (AlcoveLadderView *self,
      GstBuffer *buffer)
{
  self->last = GST_BUFFER_PTS (buffer);
  gst_app_src_push_buffer (self->source, buffer);
}

static void
push_all (AlcoveLadderView *self,
          GQueue *queue)
{
  GstBuffer *buffer;

  while ((buffer = g_queue_pop_head (queue)) != NULL)
    push (self, buffer);
}

static void
push_before (AlcoveLadderView *self,
             GstClockTime time)
{
  while (!g_queue_is_empty (&self->held)
         && GST_BUFFER_PTS (g_queue_peek_head (&self->held)) < time)
    push (self, g_queue_pop_head (&self->held));
}

/* The next one may still have a key frame for this picture. */
static gboolean
may_be_replaced (AlcoveLadderView *self,
                 GstBuffer *buffer)
{
  GstClockTime entered = alcove_rung_encoder_get_entered (self->next);
  GstClockTime time = GST_BUFFER_PTS (buffer);

  return GST_CLOCK_TIME_IS_VALID (entered) && entered <= time
         && (!GST_CLOCK_TIME_IS_VALID (self->next_out) || self->next_out < time);
}

static GstBuffer *
find_key (AlcoveLadderView *self,
          Outcome *outcome)
{
  GstBuffer *buffer;

  while ((buffer = g_queue_peek_head (&self->ahead)) != NULL)
    {
      if (is_key (buffer)
          && (!GST_CLOCK_TIME_IS_VALID (self->last) || GST_BUFFER_PTS (buffer) > self->last))
        return buffer;

      /* its picture is shown already, and what follows can't do without it */
      if (is_key (buffer))
        outcome->key_missed = TRUE;
      gst_buffer_unref (g_queue_pop_head (&self->ahead));
    }

  return NULL;
}

static void
resolve (AlcoveLadderView *self,
         Outcome *outcome)
{
  GstBuffer *key = find_key (self, outcome);

  if (key == NULL)
    {
      while (!g_queue_is_empty (&self->held)
             && (self->held.length > MAX_HELD
                 || !may_be_replaced (self, g_queue_peek_head (&self->held))))
        push (self, g_queue_pop_head (&self->held));
      return;
    }

  push_before (self, GST_BUFFER_PTS (key));
  if (self->current != NULL && self->ahead.length <= MAX_AHEAD
      && (!GST_CLOCK_TIME_IS_VALID (self->current_out)
          || self->current_out < GST_BUFFER_PTS (key)))
    return;

  clear_queue (&self->held);
  g_set_object (&self->current, self->next);
  g_clear_object (&self->next);
  push_all (self, &self->ahead);
  outcome->switched = TRUE;
  outcome->key_missed = FALSE;
}

static void
abandon_next (AlcoveLadderView *self)
{
  clear_queue (&self->ahead);
  push_all (self, &self->held);
  g_clear_object (&self->next);
}

static void
alcove_ladder_view_finalize (GObject *object)
{
  AlcoveLadderView *self = ALCOVE_LADDER_VIEW (object);

  clear_queue (&self->held);
  clear_queue (&self->ahead);
  g_clear_object (&self->current);
  g_clear_object (&self->next);
  gst_clear_object (&self->source);
  g_clear_object (&self->ladder);
  g_mutex_clear (&self->lock);

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
  g_mutex_init (&self->lock);
  g_queue_init (&self->held);
  g_queue_init (&self->ahead);
  self->choice = (AlcoveRungChoice) ALCOVE_RUNG_CHOICE_INIT;
  self->last = GST_CLOCK_TIME_NONE;
}

/* For the ladder: a view that gets nothing yet. */
AlcoveLadderView *
alcove_ladder_view_new (AlcoveLadder *ladder,
                        AlcoveVideoCodec codec,
                        GstAppSrc *source)
{
  AlcoveLadderView *self = g_object_new (ALCOVE_TYPE_LADDER_VIEW, NULL);

  self->ladder = g_object_ref (ladder);
  self->codec = codec;
  self->source = gst_object_ref (source);
  return self;
}

AlcoveVideoCodec
alcove_ladder_view_get_codec (AlcoveLadderView *self)
{
  return self->codec;
}

AlcoveRungChoice *
alcove_ladder_view_get_choice (AlcoveLadderView *self)
{
  return &self->choice;
}

gboolean
alcove_ladder_view_note_size (AlcoveLadderView *self,
                              int width,
                              int height)
{
  width = CLAMP (width, -1, MAX_SIDE);
  height = CLAMP (height, -1, MAX_SIDE);
  if (self->choice.width == width && self->choice.height == height)
    return FALSE;

  self->choice.width = width;
  self->choice.height = height;
  return TRUE;
}

/* Goes over to @encoder at its next key frame. */
void
alcove_ladder_view_switch (AlcoveLadderView *self,
                           AlcoveRungEncoder *encoder)
{
  gboolean begin = FALSE;

  g_mutex_lock (&self->lock);
  if (!self->closed && encoder != self->next)
    {
      if (self->next != NULL)
        abandon_next (self);
      begin = encoder != self->current;
    }
  if (begin)
    {
      self->next = g_object_ref (encoder);
      self->current_out = self->next_out = GST_CLOCK_TIME_NONE;
    }
  g_mutex_unlock (&self->lock);

  if (!begin)
    return;

  alcove_rung_encoder_add_view (encoder, self);
  alcove_rung_encoder_request_key (encoder);
  alcove_ladder_refresh (self->ladder);
}

/* Nothing comes out of @encoder any more, so the other one is not to wait for it. */
void
alcove_ladder_view_drop (AlcoveLadderView *self,
                         AlcoveRungEncoder *encoder)
{
  Outcome outcome = { FALSE, FALSE };
  g_autoptr (AlcoveRungEncoder) next = NULL;

  g_mutex_lock (&self->lock);
  if (encoder == self->next)
    abandon_next (self);
  if (encoder == self->current)
    {
      g_clear_object (&self->current);
      g_set_object (&next, self->next);
      if (next != NULL)
        resolve (self, &outcome);
    }
  g_mutex_unlock (&self->lock);

  if (outcome.switched)
    alcove_ladder_note_switched (self->ladder);
  if (outcome.key_missed)
    alcove_rung_encoder_request_key (next);
}

gboolean
alcove_ladder_view_uses (AlcoveLadderView *self,
                         AlcoveRungEncoder *encoder)
{
  gboolean uses;

  g_mutex_lock (&self->lock);
  uses = encoder == self->current || encoder == self->next;
  g_mutex_unlock (&self->lock);

  return uses;
}

void
alcove_ladder_view_take (AlcoveLadderView *self,
                         AlcoveRungEncoder *encoder,
                         GstBuffer *buffer)
{
  Outcome outcome = { FALSE, FALSE };

  g_mutex_lock (&self->lock);
  if (encoder == self->next)
    {
      self->next_out = GST_BUFFER_PTS (buffer);
      g_queue_push_tail (&self->ahead, gst_buffer_ref (buffer));
      resolve (self, &outcome);
    }
  else if (encoder == self->current && self->next != NULL)
    {
      self->current_out = GST_BUFFER_PTS (buffer);
      g_queue_push_tail (&self->held, gst_buffer_ref (buffer));
      resolve (self, &outcome);
    }
  else if (encoder == self->current)
    push (self, gst_buffer_ref (buffer));
  g_mutex_unlock (&self->lock);

  if (outcome.switched)
    alcove_ladder_note_switched (self->ladder);
  if (outcome.key_missed)
    alcove_rung_encoder_request_key (encoder);
}

/**
 * alcove_ladder_view_set_bitrate:
 * @self: a view
 * @bits_per_second: what the network to the far side bears of pictures; 0 if that is not known
 *
 * Its rung takes no more than that, as far as an encoder can. A rung that would look worse with it
 * than the next smaller one is left at once; the larger one comes back after a while.
 */
void
alcove_ladder_view_set_bitrate (AlcoveLadderView *self,
                                guint bits_per_second)
{
  if (self->choice.bitrate == bits_per_second)
    return;

  self->choice.bitrate = bits_per_second;
  alcove_ladder_choose (self->ladder);
}

/**
 * alcove_ladder_view_set_size:
 * @self: a view
 * @width: of the picture over there in device pixels; 0 if it is hidden, -1 if that is not known
 * @height: likewise
 *
 * The smallest rung is sent that is not smaller than this. May come from a stranger.
 */
void
alcove_ladder_view_set_size (AlcoveLadderView *self,
                             int width,
                             int height)
{
  if (alcove_ladder_view_note_size (self, width, height))
    alcove_ladder_choose (self->ladder);
}

/**
 * alcove_ladder_view_request_key_frame:
 * @self: a view
 *
 * The far side can't go on without a key frame. Only the encoder that it watches is asked. Any
 * thread.
 */
void
alcove_ladder_view_request_key_frame (AlcoveLadderView *self)
{
  g_autoptr (AlcoveRungEncoder) current = NULL;
  g_autoptr (AlcoveRungEncoder) next = NULL;

  g_mutex_lock (&self->lock);
  g_set_object (&current, self->current);
  g_set_object (&next, self->next);
  g_mutex_unlock (&self->lock);

  if (current != NULL)
    alcove_rung_encoder_request_key (current);
  if (next != NULL)
    alcove_rung_encoder_request_key (next);
  if (current != NULL || next != NULL)
    alcove_ladder_refresh (self->ladder);
}

/**
 * alcove_ladder_view_get_rung:
 * @self: a view
 * @rung: (out caller-allocates): what it gets; before the first picture, what it will get; all
 *   empty if it is closed
 *
 * Any thread.
 */
void
alcove_ladder_view_get_rung (AlcoveLadderView *self,
                             AlcoveRung *rung)
{
  g_autoptr (AlcoveRungEncoder) encoder = NULL;
  AlcoveRungSize size;

  *rung = (AlcoveRung) { .codec = self->codec };
  g_mutex_lock (&self->lock);
  encoder = self->current != NULL ? self->current : self->next;
  if (encoder != NULL)
    g_object_ref (encoder);
  g_mutex_unlock (&self->lock);
  if (encoder == NULL)
    return;

  alcove_rung_encoder_describe (encoder, &size, &rung->fps, &rung->codec);
  rung->width = size.width;
  rung->height = size.height;
  rung->bitrate = size.bitrate;
  g_snprintf (rung->name, sizeof rung->name, "%d×%d", size.width, size.height);
}

/**
 * alcove_ladder_view_close:
 * @self: a view
 *
 * When this returns nothing is pushed to its source any more.
 */
void
alcove_ladder_view_close (AlcoveLadderView *self)
{
  g_autoptr (AlcoveRungEncoder) current = NULL;
  g_autoptr (AlcoveRungEncoder) next = NULL;
  gboolean closed;

  g_mutex_lock (&self->lock);
  closed = self->closed;
  self->closed = TRUE;
  current = g_steal_pointer (&self->current);
  next = g_steal_pointer (&self->next);
  clear_queue (&self->held);
  clear_queue (&self->ahead);
  g_mutex_unlock (&self->lock);

  if (!closed)
    alcove_ladder_forget (self->ladder, self);
}
