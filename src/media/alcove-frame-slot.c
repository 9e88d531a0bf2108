/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame-slot"

#include "config.h"

#include "alcove-frame-slot.h"

#include "alcove-frame-pace.h"
#include "alcove-media-thread.h"

/* Longer than from one tick of any screen to the next. What waits longer for its turn is late if
 * drawing is why; a window that is covered gets its turn seldom, and does nothing meanwhile. */
#define LATE (50 * G_TIME_SPAN_MILLISECOND)
#define LATE_BUSY 3 /* one part of so many */

enum {
  FRAME_READY,
  SOURCE_SIZE_CHANGED,
  VIEW_SIZE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _AlcoveFrameSlot {
  GObject parent_instance;

  AlcoveMediaHandle *handle;
  /* main context */
  gboolean drawn; /* somebody has asked for a size, or for none */
  gboolean whole;
  int divisor;

  GMutex lock;
  /* the rest under the lock */
  AlcoveFrame *frame;
  gboolean announced;
  int width;
  int height;
  gboolean mirrored;
  gboolean planar;
  int source_width;
  int source_height;
  AlcoveFramePace pace;
  gint64 waiting_since; /* while announced */
  guint64 n_drawn;
  guint64 n_late;
};

G_DEFINE_FINAL_TYPE (AlcoveFrameSlot, alcove_frame_slot, G_TYPE_OBJECT)

static void
on_frame_ready (gpointer object,
                gpointer data)
{
  g_signal_emit (object, signals[FRAME_READY], 0);
}

static void
on_source_size_changed (gpointer object,
                        gpointer data)
{
  g_signal_emit (object, signals[SOURCE_SIZE_CHANGED], 0);
}

static void
alcove_frame_slot_finalize (GObject *object)
{
  AlcoveFrameSlot *self = ALCOVE_FRAME_SLOT (object);

  g_clear_pointer (&self->frame, alcove_frame_unref);
  g_clear_pointer (&self->handle, alcove_media_handle_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (alcove_frame_slot_parent_class)->finalize (object);
}

static void
alcove_frame_slot_class_init (AlcoveFrameSlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = alcove_frame_slot_finalize;

  /**
   * AlcoveFrameSlot::frame-ready:
   * @self: the slot
   *
   * A frame waits to be taken.
   */
  signals[FRAME_READY] = g_signal_new ("frame-ready", ALCOVE_TYPE_FRAME_SLOT, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * AlcoveFrameSlot::source-size-changed:
   * @self: the slot
   *
   * The size of the picture as it is sent has changed.
   */
  signals[SOURCE_SIZE_CHANGED]
      = g_signal_new ("source-size-changed", ALCOVE_TYPE_FRAME_SLOT, G_SIGNAL_RUN_LAST, 0, NULL,
                      NULL, NULL, G_TYPE_NONE, 0);

  /**
   * AlcoveFrameSlot::view-size-changed:
   * @self: the slot
   *
   * The size in which pictures are drawn has changed.
   */
  signals[VIEW_SIZE_CHANGED]
      = g_signal_new ("view-size-changed", ALCOVE_TYPE_FRAME_SLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 0);
}

static void
alcove_frame_slot_init (AlcoveFrameSlot *self)
{
  g_mutex_init (&self->lock);
  self->handle = alcove_media_handle_new (self);
  self->divisor = 1;
}

/**
 * alcove_frame_slot_new:
 *
 * Returns: (transfer full): an empty slot that asks for no frames yet
 */
AlcoveFrameSlot *
alcove_frame_slot_new (void)
{
  return g_object_new (ALCOVE_TYPE_FRAME_SLOT, NULL);
}

/**
 * alcove_frame_slot_take:
 * @self: a slot
 *
 * Returns: (transfer full) (nullable): the newest frame, which is no longer in the slot then
 */
AlcoveFrame *
alcove_frame_slot_take (AlcoveFrameSlot *self)
{
  AlcoveFrame *frame;

  g_mutex_lock (&self->lock);
  frame = g_steal_pointer (&self->frame);
  self->announced = FALSE;
  g_mutex_unlock (&self->lock);

  return frame;
}

/**
 * alcove_frame_slot_draw:
 * @self: a slot
 * @time: now, monotonic microseconds
 * @rest_begin: when drawing, of this or anything else in the same window, ended last
 * @rest_end: when it began again
 *
 * As alcove_frame_slot_take(), and counts for alcove_frame_slot_count(). A frame is late if it, or
 * the ones before that it replaced, waited for longer than a screen takes from one picture to the
 * next, and that because something else was being drawn.
 *
 * Returns: (transfer full) (nullable): the newest frame, which is no longer in the slot then
 */
AlcoveFrame *
alcove_frame_slot_draw (AlcoveFrameSlot *self,
                        gint64 time,
                        gint64 rest_begin,
                        gint64 rest_end)
{
  AlcoveFrame *frame;
  gint64 wait, rest;

  g_mutex_lock (&self->lock);
  wait = time - self->waiting_since;
  rest = MAX (rest_end - MAX (rest_begin, self->waiting_since), 0);
  frame = g_steal_pointer (&self->frame);
  self->announced = FALSE;
  if (frame != NULL)
    {
      self->n_drawn++;
      if (wait > LATE && wait - rest > wait / LATE_BUSY)
        self->n_late++;
    }
  g_mutex_unlock (&self->lock);

  return frame;
}

/**
 * alcove_frame_slot_set_size:
 * @self: a slot
 * @width: device pixels to fit the picture into; 0 asks for no frames at all
 * @height: device pixels, likewise
 *
 * Pictures keep their aspect ratio, so a frame may be smaller on one side.
 */
void
alcove_frame_slot_set_size (AlcoveFrameSlot *self,
                            int width,
                            int height)
{
  gboolean changed;

  width = MAX (width, 0);
  height = MAX (height, 0);
  g_mutex_lock (&self->lock);
  changed = !self->drawn || self->width != width || self->height != height;
  self->width = width;
  self->height = height;
  g_mutex_unlock (&self->lock);

  self->drawn = TRUE;
  if (changed)
    g_signal_emit (self, signals[VIEW_SIZE_CHANGED], 0);
}

/**
 * alcove_frame_slot_set_whole:
 * @self: a slot
 * @whole: whether pictures are wanted as large as they can be sent, whatever they are drawn in
 *
 * Who asks for it still says in which size frames are to come, by alcove_frame_slot_set_size().
 */
void
alcove_frame_slot_set_whole (AlcoveFrameSlot *self,
                             gboolean whole)
{
  if (self->whole == whole)
    return;

  self->whole = whole;
  g_signal_emit (self, signals[VIEW_SIZE_CHANGED], 0);
}

/**
 * alcove_frame_slot_get_view_size:
 * @self: a slot
 * @width: (out): device pixels in which pictures are wanted; 0 if they are hidden,
 *   %ALCOVE_FRAME_WHOLE if they are wanted as large as they can be sent
 * @height: (out): likewise
 *
 * What the far side is told: that in which they are drawn, or less where that is too much to draw.
 *
 * Returns: whether that is known; it is not before the first alcove_frame_slot_set_size()
 */
gboolean
alcove_frame_slot_get_view_size (AlcoveFrameSlot *self,
                                 int *width,
                                 int *height)
{
  alcove_frame_slot_get_size (self, width, height);
  if (*width > 0 && *height > 0)
    {
      *width = MAX (*width / self->divisor, 1);
      *height = MAX (*height / self->divisor, 1);
    }
  if (self->whole)
    *width = *height = ALCOVE_FRAME_WHOLE;

  return self->drawn || self->whole;
}

/**
 * alcove_frame_slot_set_mirrored:
 * @self: a slot
 * @mirrored: whether frames are wanted with left and right exchanged
 *
 * A frame that comes all the same as it is says so: mirroring is only done where it is cheap.
 */
void
alcove_frame_slot_set_mirrored (AlcoveFrameSlot *self,
                                gboolean mirrored)
{
  g_mutex_lock (&self->lock);
  self->mirrored = mirrored;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_frame_slot_set_planar:
 * @self: a slot
 * @planar: whether who draws can make something of the decoder's own planes
 *
 * A frame that comes as BGRA all the same says so: not every picture can be passed on as it is.
 */
void
alcove_frame_slot_set_planar (AlcoveFrameSlot *self,
                              gboolean planar)
{
  g_mutex_lock (&self->lock);
  self->planar = planar;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_frame_slot_get_source_size:
 * @self: a slot
 * @width: (out): of the picture before scaling, 0 before the first
 * @height: (out): likewise
 */
void
alcove_frame_slot_get_source_size (AlcoveFrameSlot *self,
                                   int *width,
                                   int *height)
{
  g_mutex_lock (&self->lock);
  *width = self->source_width;
  *height = self->source_height;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_frame_slot_set_interval:
 * @self: a slot
 * @interval: in microseconds, 0 for all frames
 *
 * Asks for one frame in this time at most, on the whole: one that comes a little early may pass.
 */
void
alcove_frame_slot_set_interval (AlcoveFrameSlot *self,
                                gint64 interval)
{
  g_mutex_lock (&self->lock);
  alcove_frame_pace_set_interval (&self->pace, interval);
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_frame_slot_set_divisor:
 * @self: a slot
 * @divisor: 1 or more
 *
 * Has the far side asked for pictures of that fraction of the size in which they are drawn. One that
 * is wanted whole is not meant.
 */
void
alcove_frame_slot_set_divisor (AlcoveFrameSlot *self,
                               int divisor)
{
  divisor = MAX (divisor, 1);
  if (self->divisor == divisor)
    return;

  self->divisor = divisor;
  if (self->drawn)
    g_signal_emit (self, signals[VIEW_SIZE_CHANGED], 0);
}

/**
 * alcove_frame_slot_count:
 * @self: a slot
 * @drawn: (out): frames that were taken to be drawn since the beginning
 * @late: (out): those of them that this machine was too slow for
 *
 * May be called from any thread.
 */
void
alcove_frame_slot_count (AlcoveFrameSlot *self,
                         guint64 *drawn,
                         guint64 *late)
{
  g_mutex_lock (&self->lock);
  *drawn = self->n_drawn;
  *late = self->n_late;
  g_mutex_unlock (&self->lock);
}

/**
 * alcove_frame_slot_put:
 * @self: a slot
 * @frame: (transfer full): a frame
 *
 * Replaces the frame that was not taken yet. May be called from any thread.
 */
void
alcove_frame_slot_put (AlcoveFrameSlot *self,
                       AlcoveFrame *frame)
{
  AlcoveFrame *old;
  gboolean announce;
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  old = self->frame;
  self->frame = frame;
  announce = !self->announced;
  self->announced = TRUE;
  if (announce)
    self->waiting_since = now;
  alcove_frame_pace_take (&self->pace, now);
  g_mutex_unlock (&self->lock);

  if (old != NULL)
    alcove_frame_unref (old);
  if (announce)
    alcove_media_hop (self->handle, on_frame_ready, NULL, NULL);
}

/**
 * alcove_frame_slot_set_source_size:
 * @self: a slot
 * @width: of the picture before scaling
 * @height: likewise
 *
 * May be called from any thread.
 */
void
alcove_frame_slot_set_source_size (AlcoveFrameSlot *self,
                                   int width,
                                   int height)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = self->source_width != width || self->source_height != height;
  self->source_width = width;
  self->source_height = height;
  g_mutex_unlock (&self->lock);

  if (changed)
    alcove_media_hop (self->handle, on_source_size_changed, NULL, NULL);
}

/**
 * alcove_frame_slot_get_size:
 * @self: a slot
 * @width: (out): device pixels to fit the picture into
 * @height: (out): likewise
 *
 * May be called from any thread.
 *
 * Returns: whether a frame is wanted now
 */
gboolean
alcove_frame_slot_get_size (AlcoveFrameSlot *self,
                            int *width,
                            int *height)
{
  gboolean wanted;

  g_mutex_lock (&self->lock);
  *width = self->width;
  *height = self->height;
  wanted = self->width > 0 && self->height > 0
           && alcove_frame_pace_is_due (&self->pace, g_get_monotonic_time ());
  g_mutex_unlock (&self->lock);

  return wanted;
}

/**
 * alcove_frame_slot_get_mirrored:
 * @self: a slot
 *
 * May be called from any thread.
 *
 * Returns: whether frames are wanted with left and right exchanged
 */
gboolean
alcove_frame_slot_get_mirrored (AlcoveFrameSlot *self)
{
  gboolean mirrored;

  g_mutex_lock (&self->lock);
  mirrored = self->mirrored;
  g_mutex_unlock (&self->lock);

  return mirrored;
}

/**
 * alcove_frame_slot_get_planar:
 * @self: a slot
 *
 * May be called from any thread.
 *
 * Returns: whether a frame may be the decoder's own planes
 */
gboolean
alcove_frame_slot_get_planar (AlcoveFrameSlot *self)
{
  gboolean planar;

  g_mutex_lock (&self->lock);
  planar = self->planar;
  g_mutex_unlock (&self->lock);

  return planar;
}
