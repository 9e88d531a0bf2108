/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-picture"

#include "config.h"

#include "alcove-picture.h"

#include <glib/gi18n.h>

#include "alcove-draw-pace.h"
#include "alcove-error.h"
#include "alcove-frame-painter.h"
#include "alcove-picture-view.h"
#include "alcove-plane-texture.h"

/**
 * AlcovePicture:
 *
 * Draws the newest frame of an #AlcoveFrameSlot, whole, in the middle of its space. It asks
 * the slot for exactly the device pixels it covers, so that a frame is drawn one to
 * one, and for nothing while nobody can see it.
 */

/* A picture that is drawn only a little larger than it is sent is sent no larger for that. */
#define STRETCH_PERCENT 115

/* How long a larger picture is waited for before the one that comes has to do: the way to them and
 * back, and the start of an encoder over there. */
#define CAPTURE_MS 1000

enum {
  PROP_0,
  PROP_FILLED,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

struct _AlcovePicture {
  GtkWidget parent_instance;

  GdkSurface *surface;

  /* the window's, while we are mapped; monotonic times of its last drawing */
  GdkFrameClock *clock;
  AlcoveDrawPace *pace;
  gint64 draw_begin;
  gint64 draw_end;

  AlcoveFrameSlot *slot;
  AlcoveFramePainter *painter;
  gulong ready_id;
  gulong size_id;
  guint resize_id;

  /* GTask that want a picture as it was sent, not scaled to our space */
  GPtrArray *captures;
  guint capture_id;
  int capture_width; /* a picture wider than that ends the waiting */

  gboolean mirrored;
  gboolean dimmed;
  gboolean waiting;
};

G_DEFINE_FINAL_TYPE (AlcovePicture, alcove_picture, GTK_TYPE_WIDGET)

static gboolean
is_visible (AlcovePicture *self)
{
  GdkToplevelState state = 0;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return FALSE;

  if (GDK_IS_TOPLEVEL (self->surface))
    state = gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface));

  return alcove_picture_view_is_seen (state);
}

/* Of the picture @source_width by @source_height, in device pixels. For the time we are mapped. */
static void
get_fitted_size (AlcovePicture *self,
                 int source_width,
                 int source_height,
                 int *width,
                 int *height)
{
  alcove_picture_view_fit (source_width, source_height, gtk_widget_get_width (GTK_WIDGET (self)),
                           gtk_widget_get_height (GTK_WIDGET (self)),
                           alcove_picture_view_get_scale (self->surface), width, height);
}

static GskRenderer *
get_renderer (AlcovePicture *self)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));

  return native != NULL ? gtk_native_get_renderer (native) : NULL;
}

/* The first frame is not kept waiting for the trial. */
static gboolean
is_planar (AlcovePicture *self)
{
  GskRenderer *renderer = get_renderer (self);

  return renderer != NULL && alcove_picture_get_filled (self)
         && alcove_plane_texture_pays (renderer);
}

static void
request_size (AlcovePicture *self)
{
  int source_width = 0, source_height = 0, width = 0, height = 0;
  gboolean visible = is_visible (self);

  if (self->slot == NULL)
    return;

  if (visible)
    {
      alcove_frame_slot_get_source_size (self->slot, &source_width, &source_height);
      get_fitted_size (self, source_width, source_height, &width, &height);
      if (self->captures->len > 0 && source_width > 0 && source_height > 0)
        {
          width = source_width;
          height = source_height;
        }
    }

  /* what is saved shows us as others see us */
  alcove_frame_slot_set_mirrored (self->slot, self->mirrored && self->captures->len == 0);
  alcove_frame_slot_set_planar (self->slot, visible && is_planar (self));
  alcove_frame_slot_set_size (self->slot, width, height);
  /* they send no more than is drawn, unless they are told */
  alcove_frame_slot_set_whole (self->slot, visible && self->captures->len > 0);
}

static gboolean
resize_cb (gpointer data)
{
  AlcovePicture *self = data;

  self->resize_id = 0;
  request_size (self);

  return G_SOURCE_REMOVE;
}

/* A window being dragged by its edge passes through many sizes; one request after the layout is
 * enough for all of them. Before the next drawing, or it would wait for as long as drawing takes
 * all the time there is. */
static void
queue_request (AlcovePicture *self)
{
  if (self->resize_id == 0)
    self->resize_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, resize_cb, self, NULL);
}

/* What was drawn lies between the pixels of another scale. */
static void
scale_cb (AlcovePicture *self)
{
  queue_request (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
frame_ready_cb (AlcovePicture *self)
{
  self->waiting = TRUE;

  if (is_visible (self))
    alcove_draw_pace_queue (self->pace, GTK_WIDGET (self));
}

static void
surface_state_cb (AlcovePicture *self)
{
  request_size (self);

  if (self->waiting && is_visible (self))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
before_paint_cb (AlcovePicture *self)
{
  self->draw_begin = g_get_monotonic_time ();
}

static void
after_paint_cb (AlcovePicture *self)
{
  self->draw_end = g_get_monotonic_time ();
}

static gboolean
filled_cb (gpointer data)
{
  AlcovePicture *self = data;

  /* nobody asks for a size here: another picture may show the slot by now */
  if (self->slot != NULL && is_visible (self))
    alcove_frame_slot_set_planar (self->slot, is_planar (self));
  g_object_notify_by_pspec (data, props[PROP_FILLED]);

  return G_SOURCE_REMOVE;
}

/* Answers everybody who waits, with what there is. */
static void
finish_captures (AlcovePicture *self)
{
  g_autoptr (GPtrArray) captures = g_steal_pointer (&self->captures);
  g_autoptr (GdkTexture) texture = NULL;

  self->captures = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_handle_id (&self->capture_id, g_source_remove);
  if (captures->len > 0)
    texture = alcove_frame_painter_make_texture (self->painter);
  for (guint i = 0; i < captures->len; i++)
    if (texture != NULL)
      g_task_return_pointer (captures->pdata[i], g_object_ref (texture), g_object_unref);
    else
      g_task_return_new_error (captures->pdata[i], ALCOVE_ERROR, ALCOVE_ERROR_FAILED, "%s",
                               _("There is no picture to save."));
  if (captures->len > 0)
    queue_request (self);
}

static gboolean
capture_cb (gpointer data)
{
  AlcovePicture *self = data;

  self->capture_id = 0;
  finish_captures (self);

  return G_SOURCE_REMOVE;
}

/* What is drawn smaller than it is sent, or just as large, is perhaps sent smaller than it could
 * be. */
static void
begin_waiting (AlcovePicture *self)
{
  int source_width = 0, source_height = 0, width = 0, height = 0;

  alcove_frame_slot_get_source_size (self->slot, &source_width, &source_height);
  get_fitted_size (self, source_width, source_height, &width, &height);
  self->capture_width = width * 100 > source_width * STRETCH_PERCENT ? 0 : source_width;
  self->capture_id = g_timeout_add (CAPTURE_MS, capture_cb, self);
}

/* A frame is whole if it has the size that was sent, and that is no longer the small one that was
 * enough before. */
static gboolean
is_whole (AlcovePicture *self)
{
  AlcoveFrame *frame = alcove_frame_painter_get_frame (self->painter);
  int width = 0, height = 0;

  if (self->slot == NULL || frame == NULL)
    return FALSE;

  alcove_frame_slot_get_source_size (self->slot, &width, &height);
  return frame->width == width && frame->height == height && width > self->capture_width;
}

static void
take_frame (AlcovePicture *self)
{
  g_autoptr (AlcoveFrame) frame = NULL;
  gboolean first = alcove_frame_painter_get_frame (self->painter) == NULL;

  self->waiting = FALSE;
  frame = alcove_frame_slot_draw (self->slot, g_get_monotonic_time (), self->draw_end,
                                  self->draw_begin);
  if (frame == NULL)
    return;

  alcove_frame_painter_set_frame (self->painter, frame);
  /* not within a snapshot: whoever waits or listens changes widgets, and a task that was made in an
   * earlier turn of the main loop calls back at once */
  if (self->captures->len > 0 && is_whole (self))
    {
      g_clear_handle_id (&self->capture_id, g_source_remove);
      self->capture_id = g_idle_add_full (G_PRIORITY_DEFAULT, capture_cb, self, NULL);
    }
  if (first)
    g_idle_add_full (G_PRIORITY_DEFAULT, filled_cb, g_object_ref (self), g_object_unref);
}

static void
alcove_picture_snapshot (GtkWidget *widget,
                         GtkSnapshot *snapshot)
{
  AlcovePicture *self = ALCOVE_PICTURE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  GskRenderer *renderer = get_renderer (self);
  AlcoveFrameLook look = 0;
  AlcoveFrame *frame;
  graphene_point_t origin;
  graphene_rect_t bounds;
  double scale;

  if (self->slot != NULL && self->waiting)
    take_frame (self);
  frame = alcove_frame_painter_get_frame (self->painter);
  if (frame == NULL || self->surface == NULL || width <= 0 || height <= 0)
    return;

  if (self->mirrored)
    look |= ALCOVE_FRAME_LOOK_MIRRORED;
  if (self->dimmed)
    look |= ALCOVE_FRAME_LOOK_DIMMED;
  scale = alcove_picture_view_get_scale (self->surface);
  alcove_picture_view_get_origin (widget, &origin);
  alcove_picture_view_place (frame->width, frame->height, width, height, scale, &origin, &bounds);
  alcove_frame_painter_append (self->painter, snapshot, renderer, &bounds, scale, look);

  if (frame->format != ALCOVE_FRAME_FORMAT_BGRA
      && (renderer == NULL || !alcove_plane_texture_pays (renderer)))
    queue_request (self);
}

static void
alcove_picture_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  /* a preview has the shape of a camera's picture where nothing else decides */
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size > 0)
    *natural = for_size * 9 / 16;
}

static GtkSizeRequestMode
alcove_picture_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
alcove_picture_size_allocate (GtkWidget *widget,
                              int width,
                              int height,
                              int baseline)
{
  queue_request (ALCOVE_PICTURE (widget));
}

static void
alcove_picture_map (GtkWidget *widget)
{
  AlcovePicture *self = ALCOVE_PICTURE (widget);

  GTK_WIDGET_CLASS (alcove_picture_parent_class)->map (widget);

  self->surface = gtk_native_get_surface (gtk_widget_get_native (widget));
  if (GDK_IS_TOPLEVEL (self->surface))
    g_signal_connect_swapped (self->surface, "notify::state", G_CALLBACK (surface_state_cb), self);
  /* GTK before 4.12 knows of whole numbers only */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (self->surface), "scale") != NULL)
    g_signal_connect_swapped (self->surface, "notify::scale", G_CALLBACK (scale_cb), self);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (widget));
  g_signal_connect_swapped (self->clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  self->pace = alcove_draw_pace_for_clock (self->clock);
  alcove_draw_pace_add (self->pace, widget);
  /* what waited until now did so because it was hidden */
  self->draw_begin = g_get_monotonic_time ();
  self->draw_end = 0;
  request_size (self);
}

static void
alcove_picture_unmap (GtkWidget *widget)
{
  AlcovePicture *self = ALCOVE_PICTURE (widget);

  GTK_WIDGET_CLASS (alcove_picture_parent_class)->unmap (widget);

  if (self->surface != NULL)
    g_signal_handlers_disconnect_by_data (self->surface, self);
  self->surface = NULL;
  if (self->pace != NULL)
    alcove_draw_pace_remove (self->pace, widget);
  g_clear_object (&self->pace);
  if (self->clock != NULL)
    g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
  request_size (self);
}

static void
alcove_picture_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec)
{
  AlcovePicture *self = ALCOVE_PICTURE (object);

  switch (id)
    {
    case PROP_FILLED:
      g_value_set_boolean (value, alcove_picture_get_filled (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_picture_dispose (GObject *object)
{
  AlcovePicture *self = ALCOVE_PICTURE (object);

  alcove_picture_set_slot (self, NULL);
  if (self->captures != NULL)
    finish_captures (self);
  g_clear_handle_id (&self->resize_id, g_source_remove);
  alcove_frame_painter_set_frame (self->painter, NULL);

  G_OBJECT_CLASS (alcove_picture_parent_class)->dispose (object);
}

static void
alcove_picture_finalize (GObject *object)
{
  AlcovePicture *self = ALCOVE_PICTURE (object);

  g_ptr_array_unref (self->captures);
  alcove_frame_painter_free (self->painter);

  G_OBJECT_CLASS (alcove_picture_parent_class)->finalize (object);
}

static void
alcove_picture_class_init (AlcovePictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = alcove_picture_get_property;
  object_class->dispose = alcove_picture_dispose;
  object_class->finalize = alcove_picture_finalize;
  widget_class->snapshot = alcove_picture_snapshot;
  widget_class->measure = alcove_picture_measure;
  widget_class->get_request_mode = alcove_picture_get_request_mode;
  widget_class->size_allocate = alcove_picture_size_allocate;
  widget_class->map = alcove_picture_map;
  widget_class->unmap = alcove_picture_unmap;

  /**
   * AlcovePicture:filled:
   *
   * Whether a frame was drawn since the last alcove_picture_clear().
   */
  props[PROP_FILLED]
      = g_param_spec_boolean ("filled", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "picture");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
alcove_picture_init (AlcovePicture *self)
{
  self->captures = g_ptr_array_new_with_free_func (g_object_unref);
  self->painter = alcove_frame_painter_new ();
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (queue_request), NULL);
}

/**
 * alcove_picture_new:
 *
 * Returns: (transfer floating): an empty picture
 */
GtkWidget *
alcove_picture_new (void)
{
  return g_object_new (ALCOVE_TYPE_PICTURE, NULL);
}

/**
 * alcove_picture_set_slot:
 * @self: a picture
 * @slot: (nullable): where frames come from
 *
 * Draws from @slot from now on. What was drawn last stays until the first frame of
 * @slot comes, so that a repaired pair does not flash. The slot before is asked for
 * nothing any more.
 */
void
alcove_picture_set_slot (AlcovePicture *self,
                         AlcoveFrameSlot *slot)
{
  if (self->slot == slot)
    return;

  if (self->slot != NULL)
    {
      g_clear_signal_handler (&self->ready_id, self->slot);
      g_clear_signal_handler (&self->size_id, self->slot);
      alcove_frame_slot_set_size (self->slot, 0, 0);
      alcove_frame_slot_set_whole (self->slot, FALSE);
      alcove_frame_slot_set_planar (self->slot, FALSE);
      g_clear_object (&self->slot);
    }

  self->waiting = FALSE;

  if (slot != NULL)
    {
      self->slot = g_object_ref (slot);
      self->ready_id = g_signal_connect_swapped (slot, "frame-ready", G_CALLBACK (frame_ready_cb),
                                                 self);
      self->size_id = g_signal_connect_swapped (slot, "source-size-changed",
                                                G_CALLBACK (request_size), self);
      request_size (self);
      /* one may be waiting already, and is announced only once */
      frame_ready_cb (self);
    }
}

/**
 * alcove_picture_set_mirrored:
 * @self: a picture
 * @mirrored: whether left and right are exchanged, as people expect of themselves
 */
void
alcove_picture_set_mirrored (AlcovePicture *self,
                             gboolean mirrored)
{
  if (self->mirrored == mirrored)
    return;

  self->mirrored = mirrored;
  request_size (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * alcove_picture_set_dimmed:
 * @self: a picture
 * @dimmed: whether it is grey and dark, because it is old
 */
void
alcove_picture_set_dimmed (AlcovePicture *self,
                           gboolean dimmed)
{
  if (self->dimmed == dimmed)
    return;

  self->dimmed = dimmed;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * alcove_picture_clear:
 * @self: a picture
 *
 * Forgets what was drawn last, and what waits to be.
 */
void
alcove_picture_clear (AlcovePicture *self)
{
  if (self->slot != NULL && self->waiting)
    {
      AlcoveFrame *frame = alcove_frame_slot_take (self->slot);

      g_clear_pointer (&frame, alcove_frame_unref);
      self->waiting = FALSE;
    }
  if (alcove_picture_get_filled (self))
    {
      alcove_frame_painter_set_frame (self->painter, NULL);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FILLED]);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * alcove_picture_get_filled:
 * @self: a picture
 *
 * Returns: whether there is a picture to see
 */
gboolean
alcove_picture_get_filled (AlcovePicture *self)
{
  return alcove_frame_painter_get_frame (self->painter) != NULL;
}

/**
 * alcove_picture_capture_async:
 * @self: a picture
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * Asks for a picture as large as it can be sent and gets it, neither mirrored nor dimmed. Where no
 * larger one comes soon, one as it is sent or shown has to do.
 */
void
alcove_picture_capture_async (AlcovePicture *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, alcove_picture_capture_async);
  g_ptr_array_add (self->captures, task);
  if (self->slot == NULL || !is_visible (self))
    {
      finish_captures (self);
      return;
    }

  request_size (self);
  if (self->capture_id == 0)
    begin_waiting (self);
}

/**
 * alcove_picture_capture_finish:
 * @self: a picture
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_FAILED if there is no picture at all.
 *
 * Returns: (transfer full): a picture, or %NULL
 */
GdkTexture *
alcove_picture_capture_finish (AlcovePicture *self,
                               GAsyncResult *result,
                               GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
