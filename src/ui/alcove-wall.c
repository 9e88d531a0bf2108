/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-wall"

#include "config.h"

#include "alcove-wall.h"

#include <glib/gi18n.h>

/**
 * AlcoveWall:
 *
 * A room for a wall: everybody's tiles and nothing else. With nobody there it
 * says quietly what it waits for, and shows the time, so that a screen that hangs can be told
 * from one that waits.
 */

struct _AlcoveWall {
  AdwBin parent_instance;

  AlcoveStage *stage;
  GtkWidget *waiting_box;
  GtkLabel *clock_label;
  GtkLabel *text_label;
  GtkLabel *line_label;

  AlcoveRoom *room;
  char *trouble;
  guint clock_id;
};

G_DEFINE_FINAL_TYPE (AlcoveWall, alcove_wall, ADW_TYPE_BIN)

static void
update (AlcoveWall *self)
{
  AlcoveRoomState state
      = self->room != NULL ? alcove_room_get_state (self->room) : ALCOVE_ROOM_IDLE;
  guint n = self->room != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->room)) : 0;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");
  const char *trouble = self->room != NULL ? alcove_room_get_trouble (self->room) : NULL;
  g_autofree char *text = NULL;

  if (trouble == NULL)
    trouble = self->trouble;
  if (state == ALCOVE_ROOM_RECONNECTING && trouble == NULL)
    text = g_strdup (_("The server is away. Trying again…"));
  else if (state == ALCOVE_ROOM_JOINED)
    /* Translators: %s is the name of a room */
    text = g_strdup_printf (_("Waiting for somebody to come into “%s”"),
                            alcove_room_get_name (self->room));
  else if (trouble != NULL)
    text = g_strdup_printf ("%s\n%s", trouble, _("Trying again…"));
  else
    text = g_strdup (_("Connecting…"));

  gtk_label_set_text (self->clock_label, time);
  gtk_label_set_text (self->text_label, text);
  gtk_label_set_text (self->line_label, text);
  gtk_widget_set_visible (self->waiting_box, n == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->line_label),
                          n > 0 && state == ALCOVE_ROOM_RECONNECTING);
}

static gboolean
clock_cb (gpointer data)
{
  update (data);

  return G_SOURCE_CONTINUE;
}

static void
alcove_wall_dispose (GObject *object)
{
  AlcoveWall *self = ALCOVE_WALL (object);

  g_clear_handle_id (&self->clock_id, g_source_remove);
  if (self->room != NULL)
    g_signal_handlers_disconnect_by_data (self->room, self);
  g_clear_object (&self->room);

  G_OBJECT_CLASS (alcove_wall_parent_class)->dispose (object);
}

static void
alcove_wall_finalize (GObject *object)
{
  g_free (ALCOVE_WALL (object)->trouble);

  G_OBJECT_CLASS (alcove_wall_parent_class)->finalize (object);
}

static void
alcove_wall_class_init (AlcoveWallClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_wall_dispose;
  object_class->finalize = alcove_wall_finalize;

  g_type_ensure (ALCOVE_TYPE_STAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-wall.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcoveWall, stage);
  gtk_widget_class_bind_template_child (widget_class, AlcoveWall, waiting_box);
  gtk_widget_class_bind_template_child (widget_class, AlcoveWall, clock_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveWall, text_label);
  gtk_widget_class_bind_template_child (widget_class, AlcoveWall, line_label);
}

static void
alcove_wall_init (AlcoveWall *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "none");
  self->clock_id = g_timeout_add_seconds (1, clock_cb, self);
  update (self);
}

/**
 * alcove_wall_new:
 *
 * Returns: (transfer floating): a wall without a room
 */
GtkWidget *
alcove_wall_new (void)
{
  return g_object_new (ALCOVE_TYPE_WALL, NULL);
}

/**
 * alcove_wall_set_room:
 * @self: a wall
 * @room: (nullable): the room to show
 */
void
alcove_wall_set_room (AlcoveWall *self,
                      AlcoveRoom *room)
{
  if (self->room == room)
    return;

  if (self->room != NULL)
    g_signal_handlers_disconnect_by_data (self->room, self);
  g_set_object (&self->room, room);
  alcove_stage_set_participants (self->stage, room != NULL ? G_LIST_MODEL (room) : NULL);
  if (room != NULL)
    {
      g_signal_connect_swapped (room, "items-changed", G_CALLBACK (update), self);
      g_signal_connect_swapped (room, "notify::state", G_CALLBACK (update), self);
      g_signal_connect_swapped (room, "notify::trouble", G_CALLBACK (update), self);
    }
  update (self);
}

/**
 * alcove_wall_set_trouble:
 * @self: a wall
 * @error: (nullable): why there is no room
 */
void
alcove_wall_set_trouble (AlcoveWall *self,
                         const GError *error)
{
  g_free (self->trouble);
  self->trouble = error != NULL ? g_strdup (error->message) : NULL;
  update (self);
}

/**
 * alcove_wall_get_stage:
 * @self: a wall
 *
 * Returns: (transfer none): the stage with everybody's tiles
 */
AlcoveStage *
alcove_wall_get_stage (AlcoveWall *self)
{
  return self->stage;
}

/**
 * alcove_wall_get_text:
 * @self: a wall
 *
 * Returns: (transfer none): what it says it waits for
 */
const char *
alcove_wall_get_text (AlcoveWall *self)
{
  return gtk_label_get_text (self->text_label);
}
