/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-draw-pace"

#include "config.h"

#include "alcove-draw-pace.h"

/**
 * AlcoveDrawPace:
 *
 * Draws the pictures of one window together. Each drawing of a window without a graphics card costs
 * as much as several pictures, whatever has changed: GTK clears a buffer of the window's size, walks
 * the widgets and compares what they draw. A wall's pictures come at different times, and drawn as
 * they come the window is drawn with each tick of the screen, twice as often as any of them changes.
 * With a few pictures or a card that is no matter, and they are drawn at once. Main thread.
 */

#define DATA "alcove-draw-pace"

struct _AlcoveDrawPace {
  GObject parent_instance;

  GdkFrameClock *clock; /* not owned: it lives at least as long as a widget is in it */
  gulong paint_id;
  GPtrArray *widgets; /* not owned */
  GPtrArray *waiting; /* of them */
  gint64 begun;       /* monotonic time of the last drawing */
  guint timer;
};

G_DEFINE_FINAL_TYPE (AlcoveDrawPace, alcove_draw_pace, G_TYPE_OBJECT)

static void
draw (AlcoveDrawPace *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  for (guint i = 0; i < self->waiting->len; i++)
    gtk_widget_queue_draw (self->waiting->pdata[i]);
  g_ptr_array_set_size (self->waiting, 0);
}

static gboolean
due_cb (gpointer data)
{
  AlcoveDrawPace *self = data;

  self->timer = 0;
  draw (self);

  return G_SOURCE_REMOVE;
}

/* Something else is drawn: whoever waits is drawn with it. */
static void
before_paint_cb (AlcoveDrawPace *self)
{
  self->begun = g_get_monotonic_time ();
  draw (self);
}

static void
alcove_draw_pace_finalize (GObject *object)
{
  AlcoveDrawPace *self = ALCOVE_DRAW_PACE (object);

  g_assert (self->widgets->len == 0 && self->timer == 0);
  g_ptr_array_unref (self->widgets);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (alcove_draw_pace_parent_class)->finalize (object);
}

static void
alcove_draw_pace_class_init (AlcoveDrawPaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_draw_pace_finalize;
}

static void
alcove_draw_pace_init (AlcoveDrawPace *self)
{
  self->widgets = g_ptr_array_new ();
  self->waiting = g_ptr_array_new ();
}

/**
 * alcove_draw_pace_for_clock:
 * @clock: the frame clock of a window
 *
 * Returns: (transfer full): the pace of that window, which is the same for all who ask
 */
AlcoveDrawPace *
alcove_draw_pace_for_clock (GdkFrameClock *clock)
{
  AlcoveDrawPace *self = g_object_get_data (G_OBJECT (clock), DATA);

  if (self != NULL)
    return g_object_ref (self);

  self = g_object_new (ALCOVE_TYPE_DRAW_PACE, NULL);
  self->clock = clock;
  g_object_set_data_full (G_OBJECT (clock), DATA, g_object_ref (self), g_object_unref);
  return self;
}

/**
 * alcove_draw_pace_add:
 * @self: a pace
 * @widget: (transfer none): a widget in its window, until alcove_draw_pace_remove()
 */
void
alcove_draw_pace_add (AlcoveDrawPace *self,
                      GtkWidget *widget)
{
  if (self->widgets->len == 0)
    self->paint_id = g_signal_connect_swapped (self->clock, "before-paint",
                                               G_CALLBACK (before_paint_cb), self);
  g_ptr_array_add (self->widgets, widget);
}

/**
 * alcove_draw_pace_remove:
 * @self: a pace
 * @widget: a widget that was added
 */
void
alcove_draw_pace_remove (AlcoveDrawPace *self,
                         GtkWidget *widget)
{
  g_ptr_array_remove_fast (self->waiting, widget);
  g_ptr_array_remove_fast (self->widgets, widget);
  if (self->waiting->len == 0)
    g_clear_handle_id (&self->timer, g_source_remove);
  if (self->widgets->len == 0)
    g_clear_signal_handler (&self->paint_id, self->clock);
}

static gboolean
is_cheap (AlcoveDrawPace *self,
          GtkWidget *widget)
{
  GtkNative *native = gtk_widget_get_native (widget);

  return self->widgets->len <= ALCOVE_DRAW_PACE_FEW || native == NULL
         || !GSK_IS_CAIRO_RENDERER (gtk_native_get_renderer (native));
}

/**
 * alcove_draw_pace_queue:
 * @self: a pace
 * @widget: a widget that was added
 *
 * As gtk_widget_queue_draw(), at once or with the others.
 */
void
alcove_draw_pace_queue (AlcoveDrawPace *self,
                        GtkWidget *widget)
{
  gint64 rest = self->begun + ALCOVE_DRAW_PACE_INTERVAL - g_get_monotonic_time ();

  if (is_cheap (self, widget))
    {
      gtk_widget_queue_draw (widget);
      return;
    }

  if (!g_ptr_array_find (self->waiting, widget, NULL))
    g_ptr_array_add (self->waiting, widget);
  if (rest <= 0)
    draw (self);
  else if (self->timer == 0)
    self->timer = g_timeout_add ((guint) ((rest + 999) / 1000), due_cb, self);
}

/**
 * alcove_draw_pace_get_waiting:
 * @self: a pace
 *
 * Returns: how many widgets wait to be drawn with the others
 */
guint
alcove_draw_pace_get_waiting (AlcoveDrawPace *self)
{
  return self->waiting->len;
}
