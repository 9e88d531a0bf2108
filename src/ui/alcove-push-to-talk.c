/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-push-to-talk"

#include "config.h"

#include "alcove-push-to-talk.h"

/**
 * AlcovePushToTalk:
 *
 * Talking for as long as the space bar is held on a page. Where Space means something else it
 * keeps meaning that: in whatever is written in, and on a button that was reached by keyboard.
 *
 * Property `talking` (boolean, read-only).
 */

struct _AlcovePushToTalk {
  GObject parent_instance;

  GtkWidget *page; /* weak */
  GtkEventController *key;
  GtkWindow *window; /* weak, while talking */
  guint code;        /* of the key that is held, while talking */
  gboolean enabled;
  gboolean talking;
};

enum {
  PROP_0,
  PROP_TALKING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (AlcovePushToTalk, alcove_push_to_talk, G_TYPE_OBJECT)

static void stop (AlcovePushToTalk *self);

static void
active_cb (AlcovePushToTalk *self,
           GParamSpec *pspec,
           GtkWindow *window)
{
  /* the key may be let go where nobody tells us */
  if (!gtk_window_is_active (window))
    stop (self);
}

static void
set_window (AlcovePushToTalk *self,
            GtkRoot *root)
{
  if (self->window != NULL)
    g_signal_handlers_disconnect_by_data (self->window, self);
  g_set_weak_pointer (&self->window, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  if (self->window != NULL)
    g_signal_connect_object (self->window, "notify::is-active", G_CALLBACK (active_cb), self,
                             G_CONNECT_SWAPPED);
}

static void
set_talking (AlcovePushToTalk *self,
             gboolean talking)
{
  if (self->talking == talking)
    return;

  self->talking = talking;
  set_window (self, talking ? gtk_widget_get_root (self->page) : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TALKING]);
}

static void
stop (AlcovePushToTalk *self)
{
  set_talking (self, FALSE);
}

static gboolean
is_taken (AlcovePushToTalk *self)
{
  GtkRoot *root = gtk_widget_get_root (self->page);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL)
    return FALSE;
  if (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus))
    return TRUE;
  /* where nobody sees it, nobody means it */
  return gtk_window_get_focus_visible (GTK_WINDOW (root));
}

static gboolean
pressed_cb (AlcovePushToTalk *self,
            guint key,
            guint code,
            GdkModifierType state)
{
  if (key != GDK_KEY_space || !self->enabled)
    return GDK_EVENT_PROPAGATE;
  /* it repeats while it is held */
  if (self->talking)
    return GDK_EVENT_STOP;
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK | GDK_SUPER_MASK)) != 0
      || is_taken (self))
    return GDK_EVENT_PROPAGATE;

  self->code = code;
  set_talking (self, TRUE);
  return GDK_EVENT_STOP;
}

static void
released_cb (AlcovePushToTalk *self,
             guint key,
             guint code)
{
  /* what the key stands for may have changed since, by Shift or another layout */
  if (code == self->code)
    stop (self);
}

static void
alcove_push_to_talk_get_property (GObject *object,
                                  guint id,
                                  GValue *value,
                                  GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TALKING:
      g_value_set_boolean (value, ALCOVE_PUSH_TO_TALK (object)->talking);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
alcove_push_to_talk_dispose (GObject *object)
{
  AlcovePushToTalk *self = ALCOVE_PUSH_TO_TALK (object);

  if (self->page != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->page, self);
      if (self->key != NULL)
        gtk_widget_remove_controller (self->page, self->key);
    }
  self->key = NULL;
  g_clear_weak_pointer (&self->page);
  set_window (self, NULL);

  G_OBJECT_CLASS (alcove_push_to_talk_parent_class)->dispose (object);
}

static void
alcove_push_to_talk_class_init (AlcovePushToTalkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = alcove_push_to_talk_get_property;
  object_class->dispose = alcove_push_to_talk_dispose;

  props[PROP_TALKING]
      = g_param_spec_boolean ("talking", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
alcove_push_to_talk_init (AlcovePushToTalk *self)
{
}

/**
 * alcove_push_to_talk_new:
 * @page: the widget within which the space bar counts
 *
 * Returns: (transfer full): push to talk, not enabled
 */
AlcovePushToTalk *
alcove_push_to_talk_new (GtkWidget *page)
{
  AlcovePushToTalk *self = g_object_new (ALCOVE_TYPE_PUSH_TO_TALK, NULL);

  g_set_weak_pointer (&self->page, page);
  self->key = gtk_event_controller_key_new ();
  gtk_event_controller_set_name (self->key, "alcove-push-to-talk");
  /* before the button that has the focus, as is_taken() says */
  gtk_event_controller_set_propagation_phase (self->key, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->key, "key-pressed", G_CALLBACK (pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->key, "key-released", G_CALLBACK (released_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "unmap", G_CALLBACK (stop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (page, self->key);

  return self;
}

/**
 * alcove_push_to_talk_set_enabled:
 * @self: push to talk
 * @enabled: whether the space bar counts now; else talking ends
 */
void
alcove_push_to_talk_set_enabled (AlcovePushToTalk *self,
                                 gboolean enabled)
{
  self->enabled = enabled;
  if (!enabled)
    stop (self);
}

/**
 * alcove_push_to_talk_get_talking:
 * @self: push to talk
 *
 * Returns: whether the space bar is held
 */
gboolean
alcove_push_to_talk_get_talking (AlcovePushToTalk *self)
{
  return self->talking;
}
