/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-pairs-window"

#include "config.h"

#include "alcove-pairs-window.h"

#include <glib/gi18n.h>

#include "alcove-json.h"

/**
 * AlcovePairsWindow:
 *
 * Who of the room sees whom: a row for each who sees, a column for each who is seen, ourselves the
 * first of both. What a page sees, nobody tells, and it is shown as not known.
 */

/* Of a larger room the first ones are shown: more would fit on no screen. */
#define MAX_PEOPLE 33

#define NAME_CHARACTERS 12

/* Pictures a second of a camera below which nobody calls it moving any more. */
#define FEWEST_FPS 5

struct _AlcovePairsWindow {
  AdwWindow parent_instance;

  GtkGrid *grid;
  GtkWidget *more_label;

  AlcoveRoom *room;
  /* AlcoveParticipant; NULL for ourselves */
  GPtrArray *people;
  /* GtkLabel, row by row */
  GPtrArray *cells;
};

G_DEFINE_FINAL_TYPE (AlcovePairsWindow, alcove_pairs_window, ADW_TYPE_WINDOW)

static const char *
get_name (AlcoveParticipant *participant)
{
  const char *name;

  if (participant == NULL)
    return _("You");

  name = alcove_participant_get_name (participant);
  return name != NULL && *name != '\0' ? name : _("Somebody");
}

/* Whether pictures of @seen come, and too few of them for a camera. Who looks at none has none of
 * any age. */
static gboolean
is_slow (AlcovePairsWindow *self,
         AlcoveParticipant *seen,
         const AlcovePair *pair)
{
  return pair->state == ALCOVE_PAIR_LIVE && pair->fps >= 0 && pair->fps < FEWEST_FPS
         && pair->frame_age_ms >= 0 && alcove_room_is_filmed (self->room, seen);
}

/* What a cell says, what it says in full, and the class of its colour. */
static void
describe (const AlcovePair *pair,
          gboolean slow,
          char **text,
          char **spoken,
          const char **class)
{
  *class = "pair-wait";
  switch (pair->state)
    {
    case ALCOVE_PAIR_LIVE:
      if (slow)
        {
          /* Translators: pictures per second, in a small space, where they are too few */
          *text = g_strdup_printf (_("⚠ %d fps"), (int) pair->fps);
          *spoken = g_strdup (_("few pictures"));
          break;
        }
      *class = "pair-good";
      /* Translators: pictures per second, in a small space */
      *text = pair->fps >= 0 ? g_strdup_printf (_("✓ %d fps"), (int) pair->fps) : g_strdup ("✓");
      *spoken = g_strdup (_("live"));
      break;
    case ALCOVE_PAIR_STALE:
      *class = "pair-bad";
      if (pair->frame_age_ms >= 0)
        /* Translators: seconds since the last picture, in a small space */
        *text = g_strdup_printf (_("✕ %d s"), (int) MIN (pair->frame_age_ms / 1000, 99999));
      else
        *text = g_strdup ("✕");
      *spoken = g_strdup (_("no picture"));
      break;
    case ALCOVE_PAIR_REPAIRING:
      *class = "pair-bad";
      *text = g_strdup ("↻");
      *spoken = g_strdup (_("reconnecting"));
      break;
    case ALCOVE_PAIR_CONNECTING:
      *text = g_strdup ("…");
      *spoken = g_strdup (_("connecting"));
      break;
    case ALCOVE_PAIR_DATA_ONLY:
      *class = "pair-good";
      *text = g_strdup ("✓");
      *spoken = g_strdup (_("data only"));
      break;
    case ALCOVE_PAIR_RESTING:
      *class = "pair-good";
      *text = g_strdup ("–");
      *spoken = g_strdup (_("no call"));
      break;
    case ALCOVE_PAIR_UNKNOWN:
    default:
      *class = "pair-unknown";
      *text = g_strdup ("?");
      *spoken = g_strdup (_("not known"));
      break;
    }
}

/* A cell has room for a sign only. */
static char *
name_pair (AlcoveParticipant *viewer,
           AlcoveParticipant *seen,
           const char *state)
{
  if (viewer == NULL)
    /* Translators: who is seen, and how: such as “live” or “no picture” */
    return g_strdup_printf (_("You see %s: %s"), get_name (seen), state);
  if (seen == NULL)
    /* Translators: who sees us, and how: such as “live” or “no picture” */
    return g_strdup_printf (_("%s sees you: %s"), get_name (viewer), state);

  /* Translators: who sees, who is seen, and how: such as “live” or “no picture” */
  return g_strdup_printf (_("%s sees %s: %s"), get_name (viewer), get_name (seen), state);
}

static void
update_cell (AlcovePairsWindow *self,
             GtkLabel *cell,
             AlcoveParticipant *viewer,
             AlcoveParticipant *seen)
{
  static const char *const classes[]
      = { "pair-good", "pair-bad", "pair-wait", "pair-unknown" };
  g_autofree char *text = NULL;
  g_autofree char *state = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GString) spoken = NULL;
  const char *class;
  AlcovePair pair;

  alcove_room_get_pair (self->room, viewer, seen, &pair);
  describe (&pair, is_slow (self, seen, &pair), &text, &state, &class);
  gtk_label_set_text (cell, text);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_equal (classes[i], class))
      gtk_widget_add_css_class (GTK_WIDGET (cell), classes[i]);
    else
      gtk_widget_remove_css_class (GTK_WIDGET (cell), classes[i]);

  name = name_pair (viewer, seen, state);
  spoken = g_string_new (name);
  if (pair.frame_age_ms >= 0)
    {
      g_string_append (spoken, "\n");
      g_string_append_printf (spoken, _("Age of the picture: %.1f s"),
                              (double) pair.frame_age_ms / 1000.0);
    }
  if (pair.loss >= 0)
    {
      g_string_append (spoken, "\n");
      g_string_append_printf (spoken, _("Lost packets: %.1f %%"), (double) pair.loss / 10.0);
    }
  if (pair.rtt_ms >= 0)
    {
      g_string_append (spoken, "\n");
      g_string_append_printf (spoken, _("Round trip: %d ms"), (int) pair.rtt_ms);
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (cell), spoken->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken->str, -1);
}

static void
update (AlcovePairsWindow *self)
{
  guint n = self->people->len;

  for (guint i = 0; i < n * n; i++)
    if (self->cells->pdata[i] != NULL)
      update_cell (self, self->cells->pdata[i], self->people->pdata[i / n],
                   self->people->pdata[i % n]);
}

static void
add_name (AlcovePairsWindow *self,
          AlcoveParticipant *participant,
          int column,
          int row)
{
  GtkWidget *label = gtk_label_new (get_name (participant));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), NAME_CHARACTERS);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0.0f : 0.5f);
  gtk_widget_set_tooltip_text (label, get_name (participant));
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static void
add_cell (AlcovePairsWindow *self,
          guint row,
          guint column)
{
  GtkWidget *cell;

  if (row == column)
    {
      g_ptr_array_add (self->cells, NULL);
      return;
    }

  cell = gtk_label_new (NULL);
  gtk_widget_add_css_class (cell, "pair");
  gtk_widget_add_css_class (cell, "numeric");
  gtk_widget_set_hexpand (cell, TRUE);
  gtk_grid_attach (self->grid, cell, (int) column + 1, (int) row + 1, 1, 1);
  g_ptr_array_add (self->cells, cell);
}

static void
build (AlcovePairsWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->room));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (guint i = 0; i < self->people->len; i++)
    if (self->people->pdata[i] != NULL)
      g_signal_handlers_disconnect_by_data (self->people->pdata[i], self);
  g_ptr_array_set_size (self->people, 0);
  g_ptr_array_set_size (self->cells, 0);

  g_ptr_array_add (self->people, NULL);
  for (guint i = 0; i < n && self->people->len < MAX_PEOPLE; i++)
    {
      AlcoveParticipant *participant = g_list_model_get_item (G_LIST_MODEL (self->room), i);

      g_ptr_array_add (self->people, participant);
      g_signal_connect_swapped (participant, "notify::name", G_CALLBACK (build), self);
      g_signal_connect_swapped (participant, "notify::state", G_CALLBACK (update), self);
    }
  gtk_widget_set_visible (self->more_label, n >= MAX_PEOPLE);

  for (guint i = 0; i < self->people->len; i++)
    {
      add_name (self, self->people->pdata[i], (int) i + 1, 0);
      add_name (self, self->people->pdata[i], 0, (int) i + 1);
      for (guint j = 0; j < self->people->len; j++)
        add_cell (self, i, j);
    }
  update (self);
}

static void
copy_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  g_autofree char *text = alcove_pairs_window_dup_json (ALCOVE_PAIRS_WINDOW (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
unref_person (gpointer data)
{
  if (data != NULL)
    g_object_unref (data);
}

static void
alcove_pairs_window_dispose (GObject *object)
{
  AlcovePairsWindow *self = ALCOVE_PAIRS_WINDOW (object);

  for (guint i = 0; i < self->people->len; i++)
    if (self->people->pdata[i] != NULL)
      g_signal_handlers_disconnect_by_data (self->people->pdata[i], self);
  g_ptr_array_set_size (self->people, 0);
  if (self->room != NULL)
    g_signal_handlers_disconnect_by_data (self->room, self);
  g_clear_object (&self->room);

  G_OBJECT_CLASS (alcove_pairs_window_parent_class)->dispose (object);
}

static void
alcove_pairs_window_finalize (GObject *object)
{
  AlcovePairsWindow *self = ALCOVE_PAIRS_WINDOW (object);

  g_ptr_array_unref (self->people);
  g_ptr_array_unref (self->cells);

  G_OBJECT_CLASS (alcove_pairs_window_parent_class)->finalize (object);
}

static void
alcove_pairs_window_class_init (AlcovePairsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = alcove_pairs_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = alcove_pairs_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/alcove/Alcove/alcove-pairs-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AlcovePairsWindow, grid);
  gtk_widget_class_bind_template_child (widget_class, AlcovePairsWindow, more_label);
  gtk_widget_class_install_action (widget_class, "pairs.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "pairs.copy",
                                       NULL);
}

static void
alcove_pairs_window_init (AlcovePairsWindow *self)
{
  self->people = g_ptr_array_new_with_free_func (unref_person);
  self->cells = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * alcove_pairs_window_new:
 * @parent: (nullable): the window it belongs to
 * @room: a room
 *
 * Returns: (transfer none): a window, to be presented
 */
GtkWidget *
alcove_pairs_window_new (GtkWindow *parent,
                         AlcoveRoom *room)
{
  AlcovePairsWindow *self
      = g_object_new (ALCOVE_TYPE_PAIRS_WINDOW, "transient-for", parent, NULL);

  self->room = g_object_ref (room);
  g_signal_connect_swapped (room, "items-changed", G_CALLBACK (build), self);
  g_signal_connect_swapped (room, "pairs-changed", G_CALLBACK (update), self);
  build (self);

  return GTK_WIDGET (self);
}

/**
 * alcove_pairs_window_get_text:
 * @self: a window
 * @viewer: the row, 0 for ourselves
 * @seen: the column, 0 for ourselves
 *
 * Returns: (transfer none) (nullable): what the cell says; %NULL if there is none
 */
const char *
alcove_pairs_window_get_text (AlcovePairsWindow *self,
                              guint viewer,
                              guint seen)
{
  guint n = self->people->len;
  GtkLabel *cell = viewer < n && seen < n ? self->cells->pdata[viewer * n + seen] : NULL;

  return cell != NULL ? gtk_label_get_text (cell) : NULL;
}

static void
add_text (JsonBuilder *builder,
          const char *member,
          const char *text)
{
  json_builder_set_member_name (builder, member);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_figure (JsonBuilder *builder,
            const char *member,
            gint64 value,
            double unit)
{
  json_builder_set_member_name (builder, member);
  if (value >= 0)
    json_builder_add_double_value (builder, (double) value * unit);
  else
    json_builder_add_null_value (builder);
}

static const char *
get_id (AlcovePairsWindow *self,
        AlcoveParticipant *participant)
{
  return participant != NULL ? alcove_participant_get_id (participant)
                             : alcove_room_get_self_id (self->room);
}

static void
add_pair (AlcovePairsWindow *self,
          JsonBuilder *builder,
          AlcoveParticipant *viewer,
          AlcoveParticipant *seen)
{
  AlcovePair pair;

  alcove_room_get_pair (self->room, viewer, seen, &pair);
  json_builder_begin_object (builder);
  add_text (builder, "viewer", get_id (self, viewer));
  add_text (builder, "seen", get_id (self, seen));
  add_text (builder, "state", alcove_pair_state_to_text (pair.state));
  add_figure (builder, "frame_age_ms", pair.frame_age_ms, 1.0);
  add_figure (builder, "fps", pair.fps, 1.0);
  add_figure (builder, "loss", pair.loss, 0.001);
  add_figure (builder, "rtt_ms", pair.rtt_ms, 1.0);
  json_builder_end_object (builder);
}

/**
 * alcove_pairs_window_dup_json:
 * @self: a window
 *
 * Everybody, and how everybody sees everybody else; the state of what nobody tells is `unknown`.
 *
 * Returns: (transfer full): JSON
 */
char *
alcove_pairs_window_dup_json (AlcovePairsWindow *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "room", alcove_room_get_name (self->room));
  json_builder_set_member_name (builder, "time");
  json_builder_add_int_value (builder, g_get_real_time () / 1000);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->people->len; i++)
    {
      AlcoveParticipant *participant = self->people->pdata[i];

      json_builder_begin_object (builder);
      add_text (builder, "id", get_id (self, participant));
      add_text (builder, "name", get_name (participant));
      json_builder_set_member_name (builder, "alcove");
      json_builder_add_boolean_value (
          builder, participant == NULL || alcove_participant_get_is_alcove (participant));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "pairs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->people->len; i++)
    for (guint j = 0; j < self->people->len; j++)
      if (i != j)
        add_pair (self, builder, self->people->pdata[i], self->people->pdata[j]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return alcove_json_to_text (root);
}
