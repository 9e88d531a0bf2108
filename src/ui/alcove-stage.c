/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-stage"

#include "config.h"

#include "alcove-stage.h"

#include "alcove-stage-layout.h"

/**
 * AlcoveStage:
 *
 * A tile for each participant of a room, in the order of the room, and our own after them.
 */

#define SPACING 8

struct _AlcoveStage {
  GtkWidget parent_instance;

  GtkWidget *self_tile;
  gboolean dispatching;
  gboolean with_menus;

  GListModel *participants;
  GPtrArray *tiles;
};

G_DEFINE_FINAL_TYPE (AlcoveStage, alcove_stage, GTK_TYPE_WIDGET)

static void
items_changed_cb (AlcoveStage *self,
                  guint position,
                  guint removed,
                  guint added)
{
  for (guint i = 0; i < removed; i++)
    {
      gtk_widget_unparent (g_ptr_array_index (self->tiles, position));
      g_ptr_array_remove_index (self->tiles, position);
    }

  for (guint i = 0; i < added; i++)
    {
      g_autoptr (AlcoveParticipant) participant
          = g_list_model_get_item (self->participants, position + i);
      GtkWidget *tile = alcove_tile_new (participant);
      GtkWidget *before
          = position + i > 0 ? g_ptr_array_index (self->tiles, position + i - 1) : NULL;

      alcove_tile_set_dispatching (ALCOVE_TILE (tile), self->dispatching);
      alcove_tile_set_with_menu (ALCOVE_TILE (tile), self->with_menus);
      gtk_widget_insert_after (tile, GTK_WIDGET (self), before);
      g_ptr_array_insert (self->tiles, (int) (position + i), tile);
    }
}

static void
alcove_stage_dispose (GObject *object)
{
  AlcoveStage *self = ALCOVE_STAGE (object);

  alcove_stage_set_participants (self, NULL);
  alcove_stage_set_self_tile (self, NULL);

  G_OBJECT_CLASS (alcove_stage_parent_class)->dispose (object);
}

static void
alcove_stage_finalize (GObject *object)
{
  AlcoveStage *self = ALCOVE_STAGE (object);

  g_ptr_array_unref (self->tiles);

  G_OBJECT_CLASS (alcove_stage_parent_class)->finalize (object);
}

static void
alcove_stage_class_init (AlcoveStageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = alcove_stage_dispose;
  object_class->finalize = alcove_stage_finalize;

  gtk_widget_class_set_css_name (widget_class, "stage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
alcove_stage_init (AlcoveStage *self)
{
  self->tiles = g_ptr_array_new ();
  gtk_widget_set_layout_manager (GTK_WIDGET (self), alcove_stage_layout_new (SPACING));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * alcove_stage_new:
 *
 * Returns: (transfer floating): an empty stage
 */
GtkWidget *
alcove_stage_new (void)
{
  return g_object_new (ALCOVE_TYPE_STAGE, NULL);
}

/**
 * alcove_stage_set_dispatching:
 * @self: a stage
 * @dispatching: whether the participants are guests that we call
 */
void
alcove_stage_set_dispatching (AlcoveStage *self,
                              gboolean dispatching)
{
  self->dispatching = dispatching;
  for (guint i = 0; i < self->tiles->len; i++)
    alcove_tile_set_dispatching (self->tiles->pdata[i], dispatching);
}

/**
 * alcove_stage_set_with_menus:
 * @self: a stage
 * @with_menus: whether each tile has a menu
 */
void
alcove_stage_set_with_menus (AlcoveStage *self,
                             gboolean with_menus)
{
  self->with_menus = with_menus;
  for (guint i = 0; i < self->tiles->len; i++)
    alcove_tile_set_with_menu (self->tiles->pdata[i], with_menus);
}

static gboolean
is_meant (GtkWidget *tile)
{
  GtkRoot *root = gtk_widget_get_root (tile);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return (gtk_widget_get_state_flags (tile) & GTK_STATE_FLAG_PRELIGHT) != 0
         || (focus != NULL && gtk_widget_is_ancestor (focus, tile));
}

/**
 * alcove_stage_find_tile:
 * @self: a stage
 * @id: a participant's id; empty for our own tile
 *
 * Returns: (transfer none) (nullable): the tile
 */
AlcoveTile *
alcove_stage_find_tile (AlcoveStage *self,
                        const char *id)
{
  if (*id == '\0')
    return self->self_tile != NULL ? ALCOVE_TILE (self->self_tile) : NULL;

  for (guint i = 0; i < self->tiles->len; i++)
    {
      AlcoveTile *tile = self->tiles->pdata[i];

      if (g_str_equal (alcove_participant_get_id (alcove_tile_get_participant (tile)), id))
        return tile;
    }

  return NULL;
}

/**
 * alcove_stage_find_meant:
 * @self: a stage
 *
 * What a shortcut is about: the tile that has the pointer or the keyboard, else the first.
 *
 * Returns: (transfer none) (nullable): a tile, which may be our own
 */
AlcoveTile *
alcove_stage_find_meant (AlcoveStage *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    if (is_meant (self->tiles->pdata[i]))
      return self->tiles->pdata[i];
  if (self->self_tile != NULL && is_meant (self->self_tile))
    return ALCOVE_TILE (self->self_tile);

  return self->tiles->len > 0 ? self->tiles->pdata[0] : NULL;
}

/**
 * alcove_stage_set_participants:
 * @self: a stage
 * @participants: (nullable): a list of #AlcoveParticipant, such as an #AlcoveRoom
 */
void
alcove_stage_set_participants (AlcoveStage *self,
                               GListModel *participants)
{
  if (self->participants == participants)
    return;

  if (self->participants != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->participants, self);
      items_changed_cb (self, 0, self->tiles->len, 0);
      g_clear_object (&self->participants);
    }

  if (participants != NULL)
    {
      self->participants = g_object_ref (participants);
      g_signal_connect_swapped (participants, "items-changed", G_CALLBACK (items_changed_cb),
                                self);
      items_changed_cb (self, 0, 0, g_list_model_get_n_items (participants));
    }
}

/**
 * alcove_stage_set_self_tile:
 * @self: a stage
 * @tile: (nullable): our own tile, shown after everybody else's
 */
void
alcove_stage_set_self_tile (AlcoveStage *self,
                            AlcoveTile *tile)
{
  g_clear_pointer (&self->self_tile, gtk_widget_unparent);

  if (tile != NULL)
    {
      self->self_tile = GTK_WIDGET (tile);
      gtk_widget_insert_before (self->self_tile, GTK_WIDGET (self), NULL);
    }
}

/**
 * alcove_stage_get_n_tiles:
 * @self: a stage
 *
 * Returns: how many participants have a tile, ourselves not counted
 */
guint
alcove_stage_get_n_tiles (AlcoveStage *self)
{
  return self->tiles->len;
}

/**
 * alcove_stage_get_n_live:
 * @self: a stage
 *
 * Returns: how many of them are shown as live
 */
guint
alcove_stage_get_n_live (AlcoveStage *self)
{
  guint n = 0;

  for (guint i = 0; i < self->tiles->len; i++)
    if (alcove_tile_get_live (g_ptr_array_index (self->tiles, i)))
      n++;

  return n;
}

/**
 * alcove_stage_get_tile:
 * @self: a stage
 * @position: of the participant in the room
 *
 * Returns: (transfer none) (nullable): the tile
 */
AlcoveTile *
alcove_stage_get_tile (AlcoveStage *self,
                       guint position)
{
  return position < self->tiles->len ? g_ptr_array_index (self->tiles, position) : NULL;
}
